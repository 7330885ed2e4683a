/** What the simulated PJM publishes, and when: unverified prices first, verified ones on the next business day. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import {
  type DemandProcess,
  type Fuel,
  forecastOf,
  generationOf,
  loadOf,
  quantityFeed,
} from '../demand-process.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import { type MarketTraits, meanPartsIn, type PriceProcess } from '../price-process.ts';
import { delayOf, type Series } from '../series.ts';
import { nextBusinessDay, PJM_ZONE, pjmDay, pjmDayOf } from './market-day.ts';
import { LOAD_ZONES, type PjmNode, pjmNodes } from './nodes.ts';
import { type PjmSource, pjmRenewables } from './renewables.ts';
import { type PjmReserves, pjmReserves } from './reserves.ts';
import { type PjmTies, pjmTies } from './ties.ts';

/** A load area with its share. */
export interface LoadArea extends Place {
  readonly share: number;
}

/** A fuel of the whole market. */
export interface FuelOfAll extends Place {
  readonly fuel: Fuel;
}

/** All datasets of the market. */
export interface PjmFeeds {
  readonly process: PriceProcess;
  readonly nodes: readonly PjmNode[];
  readonly dayAhead: Feed<PjmNode>;
  readonly fiveMinute: Feed<PjmNode>;
  readonly hourly: Feed<PjmNode>;
  readonly load: Feed<LoadArea>;
  readonly metered: Feed<LoadArea>;
  readonly forecast: Feed<LoadArea>;
  readonly fuels: Feed<FuelOfAll>;
  readonly reserves: PjmReserves;
  readonly renewables: readonly PjmSource[];
  readonly ties: PjmTies;
}

const FIVE = 5 * MINUTE;
const FIELDS = [PRICE.lmp, PRICE.energy, PRICE.congestion, PRICE.loss];

/** When the verified prices of a day come: on the next business day. */
export function verifiedAt(process: PriceProcess, day: number): Micros {
  return pjmDay(nextBusinessDay(day)).start + 14 * HOUR + delayOf(process, 'verified', day, 0, 3600);
}

/** When verified prices get a second version, where they do. */
export function versionAt(process: PriceProcess, day: number): Micros {
  return pjmDay(day).end + 9 * DAY + 10 * HOUR + delayOf(process, 'version', day, 0, 3600);
}

/** `count` nodes, at least zones and hubs. */
export function pjmFeeds(seed: number, count: number, traits: MarketTraits = {}): PjmFeeds {
  const process: PriceProcess = {
    seed,
    market: 'PJM',
    zone: PJM_ZONE,
    decimals: 6,
    level: 36,
    sun: 14,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'PJM', zone: PJM_ZONE, level: 88_000 };
  const nodes = pjmNodes(process, count).slice(0, traits.places);
  const corrections: Series['corrections'] = ({ start }) => {
    const day = pjmDayOf(start);
    return [
      { at: verifiedAt(process, day), share: 0.05 },
      { at: versionAt(process, day), share: 0.01 },
    ];
  };
  return {
    process,
    nodes,
    dayAhead: priceFeed(
      process,
      {
        dataset: 'da_lmp',
        run: 'da',
        step: HOUR,
        publishedAt: ({ start }) => {
          const day = pjmDayOf(start);
          return pjmDay(day - 1).end - 11 * HOUR + delayOf(process, 'da', day, -1800, 1800);
        },
        corrections: ({ start }) => [{ at: versionAt(process, pjmDayOf(start)), share: 0.005 }],
      },
      nodes,
      FIELDS,
    ),
    fiveMinute: unverifiedFirst(
      process,
      priceFeed(
        process,
        {
          dataset: 'rt_lmp',
          run: 'rt',
          step: FIVE,
          publishedAt: ({ start, end }) => end + delayOf(process, 'rt', start, 30, 120),
          corrections,
        },
        nodes,
        FIELDS,
      ),
    ),
    hourly: unverifiedFirst(
      process,
      priceFeed(
        process,
        {
          dataset: 'rt_lmp_hourly',
          run: 'rt',
          step: HOUR,
          publishedAt: ({ start, end }) => end + delayOf(process, 'hourly', start, 900, 1500),
          corrections,
          parts: (node, interval) => meanPartsIn(process, 'rt', node, interval, FIVE),
        },
        nodes,
        FIELDS,
      ),
    ),
    load: loadFeed(demand, 'load', FIVE, ({ start }) => start + 2 * MINUTE, 'PJM RTO'),
    metered: loadFeed(
      demand,
      'load_hourly',
      HOUR,
      ({ start }) => pjmDay(pjmDayOf(start)).end + 10 * HOUR,
      'RTO',
    ),
    forecast: forecastFeed(demand),
    fuels: fuelFeed(demand),
    reserves: pjmReserves(process),
    renewables: pjmRenewables(demand),
    ties: pjmTies(demand),
  };
}

/** Energy is not printed before prices are verified. */
function unverifiedFirst(process: PriceProcess, feed: Feed<PjmNode>): Feed<PjmNode> {
  const energy = feed.fields.indexOf('energy');
  return {
    ...feed,
    entries: (interval, at) => {
      const entries = feed.entries(interval, at);
      if (at >= verifiedAt(process, pjmDayOf(interval.start))) return entries;
      return entries.map(({ place, numbers }) => ({
        place,
        numbers: numbers.map((number, k) => (k === energy ? null : number)),
      }));
    },
  };
}

const AREAS: readonly LoadArea[] = LOAD_ZONES.map((name, k) => ({
  name,
  share: 0.01 + 0.0018 * ((k * 11) % 40),
}));

function loadFeed(
  demand: DemandProcess,
  dataset: string,
  step: Micros,
  publishedAt: (interval: Interval) => Micros,
  total: string,
): Feed<LoadArea> {
  return quantityFeed<LoadArea>({
    dataset,
    field: 'load',
    step,
    decimals: 3,
    publishedAt,
    places: AREAS,
    total: { name: total, share: 1 },
    amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start),
  });
}

/** Forecasts are made four times a day, for today and six days more. */
export const FORECAST_STEP = 6 * HOUR;

/** The newest forecast until an instant. */
export function forecastIssue(at: Micros): Micros {
  return Math.floor((at - 15 * MINUTE) / FORECAST_STEP) * FORECAST_STEP + 15 * MINUTE;
}

function forecastFeed(demand: DemandProcess): Feed<LoadArea> {
  return quantityFeed<LoadArea>({
    dataset: 'load_forecast',
    field: 'load_forecast',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ start }) => pjmDay(pjmDayOf(start) - 6).start,
    places: [...AREAS.slice(0, 6), { name: 'RTO_COMBINED', share: 1 }],
    // What was said last stays when the hour is over.
    amountOf: ({ name, share }, { start, end }, at) =>
      forecastOf(demand, name, share, start, forecastIssue(Math.min(at, end))),
  });
}

const FUELS: readonly (Fuel & { readonly isRenewable: boolean })[] = [
  { name: 'Coal', share: 0.16, habit: 'following', isRenewable: false },
  { name: 'Gas', share: 0.42, habit: 'following', isRenewable: false },
  { name: 'Hydro', share: 0.015, habit: 'following', isRenewable: true },
  { name: 'Multiple Fuels', share: 0.005, habit: 'flat', isRenewable: false },
  { name: 'Nuclear', share: 0.33, habit: 'flat', isRenewable: false },
  { name: 'Oil', share: 0.002, habit: 'flat', isRenewable: false },
  { name: 'Other Renewables', share: 0.006, habit: 'flat', isRenewable: true },
  { name: 'Solar', share: 0.03, habit: 'sun', isRenewable: true },
  { name: 'Storage', share: 0.002, habit: 'battery', isRenewable: false },
  { name: 'Wind', share: 0.04, habit: 'wind', isRenewable: true },
];

/** True for fuels that the market calls renewable. */
export function isRenewable(name: string): boolean {
  return FUELS.some((fuel) => fuel.name === name && fuel.isRenewable);
}

function fuelFeed(demand: DemandProcess): Feed<FuelOfAll> {
  return quantityFeed<FuelOfAll>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ end }) => end + 25 * MINUTE,
    places: FUELS.map((fuel) => ({ name: 'PJM', series: fuel.name, fuel })),
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
}
