/**
 * Made-up prices that behave like those of a power market, as a pure function of (seed, market, run, node, interval).
 *
 * Energy is common to all nodes: season, hour, noise, a dip below zero at midday in spring, rare spikes of one or two
 * intervals. Congestion is near zero mostly and rarely large, of both signs; losses are a few percent of the energy.
 * Parts are rounded to the market's decimals first and the total is their exact sum. No published number is in here.
 */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros } from '../core/time/instant.ts';
import { contains, type Interval } from '../core/time/interval.ts';
import { offsetAt } from '../core/time/zone.ts';
import { draw, drawSigned, wordOf } from './draw.ts';

/** What a market's prices look like. */
export interface PriceProcess {
  readonly seed: number;
  readonly market: string;
  /** Clock that people live by there: `America/New_York`, `-05:00`. */
  readonly zone: string;
  /** Digits after the point that the market prints. */
  readonly decimals: number;
  /** Level of the energy price, USD/MWh. */
  readonly level: number;
  /** How deep the sun pushes the midday price in spring, USD/MWh. */
  readonly sun: number;
  /** Left out: prices of a real market, with its surprises. */
  readonly calm?: Calm | undefined;
}

/** What makes a market other than its usual self. */
export interface MarketTraits {
  /** A market whose only surprises are those of the events; left out, it has its own. */
  readonly calm?: Calm;
  /** Most places with prices, hubs and zones included; left out, a market has all of its hubs and zones. */
  readonly places?: number;
}

/**
 * A market without surprises of its own: no spikes, no midday below zero, no rare congestion. What happens are the events,
 * so that who looks for anomalies knows where all of them are.
 */
export interface Calm {
  readonly events: readonly PriceEvent[];
}

/** One energy price for all intervals of a run (`da`, `rt`) that begin in the window. USD/MWh. */
export interface PriceEvent {
  readonly run: string;
  readonly window: Interval;
  readonly energy: number;
}

/** The parts of one price as integers at the market's decimals. The total is their sum. */
export interface PriceParts {
  readonly energy: number;
  readonly congestion: number;
  readonly loss: number;
  readonly greenhouse: number;
}

/** A place with a price, by its traits. */
export interface PriceNode {
  readonly name: string;
  readonly lossFactor: number;
  /** Sensitivity to each constraint, -1 to 1. */
  readonly shifts: readonly number[];
  /** Share of the greenhouse gas charge that the node bears; 0 for most. */
  readonly greenhouse: number;
}

const CONSTRAINTS = 4;

/** The traits of a node come from its name alone: a longer list of nodes leaves the prices of the others as they were. */
export function nodeOf(process: PriceProcess, name: string, greenhouse = 0): PriceNode {
  const word = wordOf(`${process.market}/${name}`);
  const shifts = Array.from({ length: CONSTRAINTS }, (_, k) => drawSigned(process.seed, word, k) ** 3);
  return { name, lossFactor: 0.01 + 0.07 * drawSigned(process.seed, word, 99), shifts, greenhouse };
}

/** A reference bus: no losses, no congestion. */
export function referenceNode(name: string): PriceNode {
  return { name, lossFactor: 0, shifts: [], greenhouse: 0 };
}

/** Prices of one interval of a run (`da`, `rt`, …). `step` is the length of the run's intervals. */
export function partsAt(
  process: PriceProcess,
  run: string,
  node: PriceNode,
  start: Micros,
  step: Micros,
): PriceParts {
  const unit = 10 ** process.decimals;
  const { energy, constraints } = sharedAt(process, run, start, step);
  const greenhouse =
    node.greenhouse === 0
      ? 0
      : -node.greenhouse * (4 + 3 * knots(process, 'greenhouse', start, HOUR * 6, 1)) * unit;
  return {
    energy: rounded(energy * unit),
    congestion: rounded(congestionAt(node, constraints) * unit),
    loss: rounded(energy * node.lossFactor * unit),
    greenhouse: rounded(greenhouse),
  };
}

/** The mean of a run's steps in an interval, each part rounded for itself, so that the total stays their sum. */
export function meanPartsIn(
  process: PriceProcess,
  run: string,
  node: PriceNode,
  { start, end }: Interval,
  step: Micros,
): PriceParts {
  const parts = Array.from({ length: (end - start) / step }, (_, k) =>
    partsAt(process, run, node, start + k * step, step),
  );
  const mean = (key: keyof PriceParts): number =>
    rounded(parts.reduce((sum, part) => sum + part[key], 0) / parts.length);
  return {
    energy: mean('energy'),
    congestion: mean('congestion'),
    loss: mean('loss'),
    greenhouse: mean('greenhouse'),
  };
}

/** The whole price. */
export function totalOf(parts: PriceParts): number {
  return parts.energy + parts.congestion + parts.loss + parts.greenhouse;
}

/** Half away from zero, and never a minus zero. */
export function rounded(value: number): number {
  const whole = Math.floor(Math.abs(value) + 0.5);
  return whole === 0 ? 0 : value < 0 ? -whole : whole;
}

/** Load over the day as a multiple of its mean, by local hour. */
const SHAPE = [
  0.72, 0.68, 0.66, 0.66, 0.7, 0.82, 1.02, 1.14, 1.1, 1.05, 1.02, 1.0, 0.98, 0.97, 0.98, 1.02, 1.12, 1.28,
  1.42, 1.38, 1.24, 1.08, 0.92, 0.8,
];

/** What people need at an instant, as multiples of the mean: `shape` over the day, `season` over the year. */
export interface Need {
  /** Days since the epoch, hour with its fraction, and month of the local clock. */
  readonly day: number;
  readonly hour: number;
  readonly month: number;
  readonly shape: number;
  readonly season: number;
}

/** The need that was asked for last: places of an interval come one after another. */
let lastNeed: { readonly zone: string; readonly at: Micros; readonly need: Need } | null = null;

/** The need where people live by a clock. */
export function needAt(zone: string, at: Micros): Need {
  if (lastNeed?.zone !== zone || lastNeed.at !== at) lastNeed = { zone, at, need: madeNeed(zone, at) };
  return lastNeed.need;
}

function madeNeed(zone: string, at: Micros): Need {
  const local = at + offsetAt(zone, at);
  const day = Math.floor(local / DAY);
  const hour = (local - day * DAY) / HOUR;
  const low = Math.floor(hour);
  const shape = SHAPE[low] + (SHAPE[(low + 1) % 24] - SHAPE[low]) * (hour - low);
  const [, month] = civilFromDays(day);
  const season = 1 + 0.22 * Math.cos(((month - 1.5) / 6) * 2 * Math.PI);
  return { day, hour, month, shape, season };
}

/** What all nodes of an interval share. */
interface Shared {
  readonly run: string;
  readonly start: Micros;
  readonly step: Micros;
  readonly energy: number;
  /** What each constraint costs, as factors of its price; null where it does not bind. */
  readonly constraints: readonly (readonly [shadow: number, rarity: number, swing: number] | null)[];
}

/** What was asked for last, by process: nodes of an interval come one after another. */
const lastShared = new WeakMap<PriceProcess, Shared>();

function sharedAt(process: PriceProcess, run: string, start: Micros, step: Micros): Shared {
  const last = lastShared.get(process);
  if (last !== undefined && last.run === run && last.start === start && last.step === step) return last;
  const shared = {
    run,
    start,
    step,
    energy: energyAt(process, run, start, step),
    constraints: constraintsAt(process, run, start),
  };
  lastShared.set(process, shared);
  return shared;
}

function energyAt(process: PriceProcess, run: string, start: Micros, step: Micros): number {
  const event = process.calm?.events.find((each) => each.run === run && contains(each.window, start));
  if (event !== undefined) return event.energy;
  const spike = process.calm === undefined ? spikeAt(process, run, start, step) : 0;
  if (spike > 0) return spike;
  const { day, hour, month, shape, season } = needAt(process.zone, start);
  const shared = 1 + 0.12 * knots(process, 'energy', start, 3 * HOUR, 1);
  const own = 1 + (run === 'da' ? 0.03 : 0.14) * knots(process, run, start, HOUR, 2);
  const jitter = step < HOUR ? 0.9 * drawSigned(process.seed, wordOf(run), 3, start / MINUTE) : 0;
  const sun = process.calm === undefined ? sunAt(process, day, hour, month) : 0;
  return process.level * shape * season * shared * own + jitter - sun;
}

/** Some spring days are bright enough for prices below zero around noon, others are not. */
function sunAt(process: PriceProcess, day: number, hour: number, month: number): number {
  const spring = month >= 3 && month <= 5 ? 1 : 0.25;
  const brightness = draw(process.seed, wordOf(process.market), 4, day);
  return process.sun * spring * (0.3 + 0.7 * brightness) * Math.exp(-(((hour - 12.5) / 2.4) ** 2));
}

/** The height of a spike, 0 when there is none. It lasts one interval, or two. */
function spikeAt(process: PriceProcess, run: string, start: Micros, step: Micros): number {
  const word = wordOf(`${process.market}/${run}`);
  const chance = step < HOUR ? 1 / 1500 : 1 / 4000;
  for (const back of [0, 1]) {
    const slot = Math.floor(start / step) - back;
    const begins = draw(process.seed, word, 5, slot) < chance;
    if (begins && (back === 0 || draw(process.seed, word, 6, slot) < 0.4))
      return 500 + 4500 * draw(process.seed, word, 7, slot) ** 3;
  }
  return 0;
}

function constraintsAt(process: PriceProcess, run: string, start: Micros): Shared['constraints'] {
  const block = Math.floor(start / (3 * HOUR));
  const hour = Math.floor(start / HOUR);
  const market = wordOf(process.market);
  return Array.from({ length: CONSTRAINTS }, (_, k) => {
    if (draw(process.seed, market, 8, k, block) > 0.15) return null;
    const shadow = 2 + 30 * draw(process.seed, market, 9, k, block) ** 2;
    const isRare = process.calm === undefined && draw(process.seed, market, 10, k, block) < 0.04;
    return [shadow, isRare ? 12 : 1, 0.7 + 0.6 * draw(process.seed, wordOf(run), 11, k, hour)];
  });
}

function congestionAt({ shifts }: PriceNode, constraints: Shared['constraints']): number {
  let sum = 0;
  shifts.forEach((shift, k) => {
    const constraint = constraints[k] ?? null;
    if (constraint !== null) sum += shift * constraint[0] * constraint[1] * constraint[2];
  });
  return sum;
}

/** Noise in [-1, 1) that is straight between its knots, which lie `every` apart. */
export function knots(
  process: Pick<PriceProcess, 'seed' | 'market'>,
  what: string,
  at: Micros,
  every: Micros,
  purpose: number,
): number {
  const word = wordOf(`${process.market}/${what}`);
  const slot = Math.floor(at / every);
  const share = at / every - slot;
  const left = drawSigned(process.seed, word, purpose, slot);
  const right = drawSigned(process.seed, word, purpose, slot + 1);
  return left + (right - left) * share;
}
