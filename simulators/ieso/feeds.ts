/** What the simulated IESO publishes, and when. EST all year; nodal prices since the market renewal of 1 May 2025. */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { type DemandProcess, type Fuel, generationOf, loadOf, quantityFeed } from '../demand-process.ts';
import { draw, wordOf } from '../draw.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import {
  type MarketTraits,
  meanOf,
  nodeOf,
  type PriceNode,
  type PriceProcess,
  partsAt,
  rounded,
  totalOf,
} from '../price-process.ts';
import { delayOf, regularIntervals, type Series } from '../series.ts';

/** Eastern Standard Time all year. */
export const IESO_ZONE = '-05:00';
/** First day of nodal prices. */
export const RENEWAL = daysFromCivil(2025, 5, 1);

/** Trade day of an instant. */
export function iesoDayOf(at: Micros): number {
  return marketDayOf(IESO_ZONE, at);
}

/** Bounds of a trade day: always 24 hours. */
export function iesoDay(day: number): Interval {
  return marketDayBounds(IESO_ZONE, day);
}

/** A fuel, and in unit reports a unit. */
export interface Generator extends Place {
  readonly fuel: Fuel;
}

/** All datasets of the market. */
export interface IesoFeeds {
  readonly process: PriceProcess;
  readonly dayAheadNodes: Feed<PriceNode>;
  readonly realTimeNodes: Feed<PriceNode>;
  readonly dayAheadZone: Feed<PriceNode>;
  readonly realTimeZone: Feed<PriceNode>;
  readonly uniform: Feed;
  readonly totals: Feed;
  readonly demand: Feed;
  readonly zones: Feed;
  /** Sum of the zones, and how far it is from the load of Ontario. */
  readonly zoneSums: Feed;
  readonly fuels: Feed<Generator>;
  readonly units: Feed<Generator>;
}

const FIVE = 5 * MINUTE;
const ONTARIO = 'ONTARIO';
const VIRTUAL_ZONES = [
  'EAST:HUB',
  'ESSA:HUB',
  'NIAGARA:HUB',
  'NORTHEAST:HUB',
  'OTTAWA:HUB',
  'TORONTO:HUB',
  'WEST:HUB',
];

/** When the day-ahead results of a day come: about half past twelve the day before. */
export function dayAheadAt(process: PriceProcess, day: number): Micros {
  return iesoDay(day).start - 11 * HOUR - 30 * MINUTE + delayOf(process, 'da', day, 0, 300);
}

/** When the file of an hour comes. */
export function hourFileAt(process: PriceProcess, hour: Micros): Micros {
  return hour + HOUR + delayOf(process, 'hour', hour, 180, 400);
}

/** When a day's files are written once more; null for most days. */
export function revisedAt(process: PriceProcess, day: number): Micros | null {
  if (draw(process.seed, 111, day) >= 0.4) return null;
  return iesoDay(day).end + 10 * HOUR + delayOf(process, 'revision', day, 0, 1800);
}

/** `count` pricing locations, at least the virtual zones. */
export function iesoFeeds(seed: number, count: number, traits: MarketTraits = {}): IesoFeeds {
  const process: PriceProcess = {
    seed,
    market: 'IESO',
    zone: IESO_ZONE,
    decimals: 2,
    level: 34,
    sun: 20,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'IESO', zone: IESO_ZONE, level: 15_500 };
  const nodes: PriceNode[] = VIRTUAL_ZONES.map((name) => nodeOf(process, name));
  for (let i = 0; nodes.length < count; i++) nodes.push(nodeOf(process, `SIMLAKE-LT.G${i + 1}:LMP`));
  const ontario = [nodeOf(process, ONTARIO)];
  const corrections: Series['corrections'] = ({ start }) => {
    const at = revisedAt(process, iesoDayOf(start));
    return at === null ? [] : [{ at, share: 0.02 }];
  };
  const dayAhead: Series = {
    dataset: 'da_lmp',
    run: 'da',
    step: HOUR,
    publishedAt: ({ start }) => renewed(start, dayAheadAt(process, iesoDayOf(start))),
    corrections,
  };
  const realTime: Series = {
    dataset: 'rt_lmp',
    run: 'rt',
    step: FIVE,
    publishedAt: ({ start }) => renewed(start, hourFileAt(process, Math.floor(start / HOUR) * HOUR)),
    corrections,
  };
  const fields = [PRICE.lmp, PRICE.loss, PRICE.congestion];
  const demandOf = demandFeed(demand);
  const zones = zoneFeed(demand);
  return {
    process,
    dayAheadNodes: priceFeed(process, dayAhead, nodes, fields),
    realTimeNodes: withGaps(process, priceFeed(process, realTime, nodes, fields)),
    dayAheadZone: priceFeed(process, dayAhead, ontario, fields),
    realTimeZone: priceFeed(process, realTime, ontario, fields),
    uniform: uniformFeed(process),
    totals: totalsFeed(process, demand),
    demand: demandOf,
    zones,
    zoneSums: zoneSumFeed(demandOf, zones),
    fuels: fuelFeed(demand),
    units: unitFeed(demand),
  };
}

/** Prices by node were never published for days before the renewal. */
function renewed(start: Micros, at: Micros): Micros {
  return iesoDayOf(start) < RENEWAL ? Number.POSITIVE_INFINITY : at;
}

/** Some prices are blank. */
function withGaps(process: PriceProcess, feed: Feed<PriceNode>): Feed<PriceNode> {
  return {
    ...feed,
    entries: (interval, at) =>
      feed
        .entries(interval, at)
        .map((entry) =>
          draw(process.seed, 112, wordOf(entry.place.name), interval.start) < 1 / 600
            ? { ...entry, numbers: entry.numbers.map(() => null) }
            : entry,
        ),
  };
}

/** The single price of Ontario, hour by hour, until the renewal. */
function uniformFeed(process: PriceProcess): Feed {
  const ontario = nodeOf(process, 'uniform');
  return {
    dataset: 'rt_lmp_hourly',
    step: HOUR,
    decimals: 2,
    fields: ['lmp'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ start, end }) =>
      iesoDayOf(start) < RENEWAL ? end + 30 * MINUTE : Number.POSITIVE_INFINITY,
    entries: ({ start }) => {
      const parts = Array.from({ length: 12 }, (_, k) =>
        partsAt(process, 'rt', ontario, start + k * FIVE, FIVE),
      );
      return [{ place: { name: ONTARIO }, numbers: [totalOf(meanOf(parts))] }];
    },
  };
}

/** Market quantities by their names in the reports, with their fields. */
export const QUANTITIES: readonly (readonly [name: string, field: string])[] = [
  ['Total Energy', 'total_energy'],
  ['Total Loss', 'total_loss'],
  ['Total Load', 'total_load'],
  ['Total Dispatch Load', 'total_dispatch_load'],
  ['Total 10S', 'total_10s'],
  ['Total 10N', 'total_10n'],
  ['Total 30R', 'total_30r'],
  ['ONTARIO DEMAND', 'ontario_demand'],
];

function totalsFeed(process: PriceProcess, demand: DemandProcess): Feed {
  return {
    dataset: 'totals',
    step: FIVE,
    decimals: 1,
    fields: QUANTITIES.map(([, field]) => field),
    intervals: (window) => regularIntervals(window, FIVE),
    publishedAt: ({ start }) => hourFileAt(process, Math.floor(start / HOUR) * HOUR),
    entries: ({ start }, at) => {
      if (at < hourFileAt(process, Math.floor(start / HOUR) * HOUR)) return [];
      const ontario = rounded(loadOf(demand, 'ONTARIO', 1, start) * 10);
      const loss = rounded(ontario * 0.028);
      const load = ontario + rounded(ontario * 0.14);
      return [{ place: { name: ONTARIO }, numbers: [load + loss, loss, load, 0, 2370, 7080, 4730, ontario] }];
    },
  };
}

function demandFeed(process: DemandProcess): Feed {
  return {
    dataset: 'load_hourly',
    step: HOUR,
    decimals: 0,
    fields: ['market_demand', 'load'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ end }) => end + 35 * MINUTE,
    entries: ({ start, end }, at) => {
      if (at < end + 35 * MINUTE) return [];
      const ontario = rounded(loadOf(process, 'ONTARIO', 1, start));
      return [{ place: { name: ONTARIO }, numbers: [ontario + rounded(ontario * 0.15), ontario] }];
    },
  };
}

/** Demand zones of Ontario with their shares. */
export const DEMAND_ZONES: Readonly<Record<string, number>> = {
  Northwest: 0.03,
  Northeast: 0.09,
  Ottawa: 0.07,
  East: 0.06,
  Toronto: 0.35,
  Essa: 0.08,
  Bruce: 0.01,
  Southwest: 0.19,
  Niagara: 0.04,
  West: 0.1,
};

/** Load by zone, in the same dataset as that of the whole. */
function zoneFeed(process: DemandProcess): Feed {
  return quantityFeed({
    dataset: 'load_hourly',
    field: 'load',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ end }) => end + 35 * MINUTE,
    places: Object.keys(DEMAND_ZONES).map((name) => ({ name })),
    amountOf: ({ name }, { start }) => loadOf(process, `zone/${name}`, DEMAND_ZONES[name], start),
  });
}

function zoneSumFeed(demand: Feed, zones: Feed): Feed {
  return {
    ...demand,
    fields: ['zones_total', 'zones_difference'],
    entries: (interval, at) => {
      const [whole] = demand.entries(interval, at);
      if (whole === undefined) return [];
      const ontario = whole.numbers[demand.fields.indexOf('load')] ?? 0;
      const sum = zones.entries(interval, at).reduce((total, { numbers }) => total + (numbers[0] ?? 0), 0);
      return [{ place: { name: ONTARIO }, numbers: [sum, sum - ontario] }];
    },
  };
}

const FUELS: readonly Fuel[] = [
  { name: 'NUCLEAR', share: 0.55, habit: 'flat' },
  { name: 'GAS', share: 0.12, habit: 'following' },
  { name: 'HYDRO', share: 0.24, habit: 'following' },
  { name: 'WIND', share: 0.09, habit: 'wind' },
  { name: 'SOLAR', share: 0.004, habit: 'sun' },
  { name: 'BIOFUEL', share: 0.002, habit: 'flat' },
];

function fuelFeed(demand: DemandProcess): Feed<Generator> {
  return quantityFeed<Generator>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ start }) => iesoDay(iesoDayOf(start)).end + 8 * HOUR,
    places: FUELS.map((fuel) => ({ name: ONTARIO, series: fuel.name, fuel })),
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
}

function unitFeed(demand: DemandProcess): Feed<Generator> {
  const unit = (name: string, kind: number, share: number): Generator => ({
    name,
    series: FUELS[kind].name,
    fuel: { name, share, habit: FUELS[kind].habit },
  });
  const output = quantityFeed<Generator>({
    dataset: 'generation_by_unit',
    field: 'generation',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ end }) => end + 18 * MINUTE,
    places: [
      unit('SIMPOINT A-G1', 0, 0.05),
      unit('SIMPOINT A-G2', 0, 0.05),
      unit('SIMGAS-G1', 1, 0.02),
      unit('SIMFALLS-AG1', 2, 0.03),
      unit('SIMRIDGE WIND', 3, 0.01),
      unit('SIMSUN SOLAR', 4, 0.003),
    ],
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
  return {
    ...output,
    fields: ['generation', 'capability'],
    entries: (interval, at) =>
      output.entries(interval, at).map(({ place, numbers: [number] }) => ({
        place,
        numbers: [number, (number ?? 0) + 40],
      })),
  };
}

/** Hours of a trade day by number, 1 to 24. */
export function hourOfDay(at: Micros): number {
  return Math.floor((at - iesoDay(iesoDayOf(at)).start) / HOUR) + 1;
}

/** Five-minute interval of its hour, 1 to 12. */
export function intervalOfHour(at: Micros): number {
  return Math.floor((at % HOUR) / FIVE) + 1;
}

/** How long files are kept here. */
export const KEPT_DAYS = 45;
