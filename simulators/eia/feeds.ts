/** What the simulated EIA publishes: daily gas prices, and the hourly grid monitor. Values are replaced in silence. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, type Fuel, forecastOf, generationOf, loadOf } from '../demand-process.ts';
import { draw, drawSigned, wordOf } from '../draw.ts';
import type { Feed, Place } from '../feed.ts';
import { knots, rounded } from '../price-process.ts';
import { regularIntervals } from '../series.ts';
import { isTradingDay } from './business-days.ts';

/** A series of the gas route. */
export interface GasSeries extends Place {
  readonly description: string;
  readonly process: readonly [code: string, name: string];
  readonly area: readonly [code: string, name: string];
}

/** One row of the grid monitor: who, and of what. */
export interface GridPlace extends Place {
  readonly area: Area;
  /** Facets of its row in the order of the columns, without the period: codes and names by turns. */
  readonly cells: readonly string[];
  readonly amount: (start: Micros) => number;
}

/** A balancing area. */
export interface Area {
  readonly code: string;
  readonly name: string;
  readonly zone: string;
  readonly level: number;
}

/** A balancing area as a place. */
export interface RegionPlace extends Place {
  readonly area: Area;
}

/** All datasets. */
export interface EiaFeeds {
  readonly gas: Feed<GasSeries>;
  readonly region: Feed<RegionPlace>;
  readonly fuels: Feed<GridPlace>;
  readonly interchange: Feed<GridPlace>;
  readonly parts: Feed<GridPlace>;
}

const AREAS: readonly Area[] = [
  {
    code: 'CISO',
    name: 'California Independent System Operator',
    zone: 'America/Los_Angeles',
    level: 26_000,
  },
  {
    code: 'ERCO',
    name: 'Electric Reliability Council of Texas, Inc.',
    zone: 'America/Chicago',
    level: 52_000,
  },
  {
    code: 'MISO',
    name: 'Midcontinent Independent System Operator, Inc.',
    zone: 'America/Chicago',
    level: 74_000,
  },
  { code: 'PJM', name: 'PJM Interconnection, LLC', zone: 'America/New_York', level: 90_000 },
  { code: 'SWPP', name: 'Southwest Power Pool', zone: 'America/Chicago', level: 31_000 },
  { code: 'TVA', name: 'Tennessee Valley Authority', zone: 'America/Chicago', level: 18_500 },
];

const FUELS: readonly (Fuel & { readonly code: string })[] = [
  { code: 'COL', name: 'Coal', share: 0.2, habit: 'following' },
  { code: 'NG', name: 'Natural Gas', share: 0.38, habit: 'following' },
  { code: 'NUC', name: 'Nuclear', share: 0.25, habit: 'flat' },
  { code: 'OTH', name: 'Other', share: 0.01, habit: 'flat' },
  { code: 'SUN', name: 'Solar', share: 0.04, habit: 'sun' },
  { code: 'WAT', name: 'Hydro', share: 0.1, habit: 'following' },
  { code: 'WND', name: 'Wind', share: 0.05, habit: 'wind' },
];

/** When an hour of the grid monitor comes, and when it is replaced. */
export function gridAt({ end }: Interval): Micros {
  return end + 75 * MINUTE;
}

const replacedAt = ({ end }: Interval): Micros => end + 2 * DAY + 5 * HOUR;

/** When the gas prices of a day come: some days later. */
export function gasAt({ start }: Interval): Micros {
  return start + 3 * DAY + 15 * HOUR;
}

/** All feeds over a seed. */
export function eiaFeeds(seed: number): EiaFeeds {
  const processOf = (area: Area): DemandProcess => ({
    seed,
    market: `EIA/${area.code}`,
    zone: area.zone,
    level: area.level,
  });
  const fuels = AREAS.flatMap((area) =>
    FUELS.map(
      (fuel): GridPlace => ({
        name: area.code,
        series: fuel.code,
        area,
        cells: [area.code, area.name, fuel.code, fuel.name],
        amount: (start) => generationOf(processOf(area), fuel, start),
      }),
    ),
  );
  const pairs = AREAS.flatMap((from, k) => AREAS.slice(k + 1).map((to) => [from, to] as const));
  const interchange = pairs.map(
    ([from, to]): GridPlace => ({
      name: from.code,
      series: to.code,
      area: from,
      cells: [from.code, from.name, to.code, to.name],
      amount: (start) => 600 * knots(processOf(from), `to/${to.code}`, start, 4 * HOUR, 35),
    }),
  );
  const parts = ['PGAE', 'SCE', 'SDGE', 'VEA'].map(
    (part, k): GridPlace => ({
      name: AREAS[0].code,
      series: part,
      area: AREAS[0],
      cells: [part, PARTS[k], AREAS[0].code, AREAS[0].name],
      amount: (start) => loadOf(processOf(AREAS[0]), `part/${part}`, [0.43, 0.44, 0.12, 0.01][k], start),
    }),
  );
  return {
    gas: gasFeed(seed),
    region: regionFeed(seed, processOf),
    fuels: gridFeed(seed, 'fuel_mix', 'generation', fuels),
    interchange: gridFeed(seed, 'interchange', 'interchange', interchange),
    parts: gridFeed(seed, 'load_by_part', 'load', parts),
  };
}

const PARTS = [
  'Pacific Gas and Electric',
  'Southern California Edison',
  'San Diego Gas and Electric',
  'Valley Electric',
];

/** Types of the region route with their names and fields. */
export const REGION_TYPES: readonly (readonly [code: string, name: string, field: string])[] = [
  ['D', 'Demand', 'load'],
  ['DF', 'Day-ahead demand forecast', 'load_forecast'],
  ['NG', 'Net generation', 'generation'],
  ['TI', 'Total interchange', 'interchange'],
];

function regionFeed(seed: number, processOf: (area: Area) => DemandProcess): Feed<RegionPlace> {
  const dataset = 'load_hourly';
  return {
    dataset,
    step: HOUR,
    decimals: 0,
    fields: REGION_TYPES.map(([, , field]) => field),
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: gridAt,
    entries: (interval, at) => {
      if (at < gridAt(interval)) return [];
      const { start } = interval;
      return AREAS.map((area) => {
        const process = processOf(area);
        const amounts = [
          loadOf(process, area.code, 1, start),
          forecastOf(process, area.code, 1, start, start - DAY),
          loadOf(process, `${area.code}/NG`, 1.04, start),
          area.level * 0.1 * knots(process, 'TI', start, 5 * HOUR, 34),
        ];
        const numbers = amounts.map((amount, k) =>
          told(seed, `${dataset}/${area.code}/${REGION_TYPES[k][0]}`, amount, interval, at),
        );
        return { place: { name: area.code, area }, numbers };
      });
    },
  };
}

/** A number as it is told at an instant: some are missing, some are replaced later. */
function told(seed: number, what: string, amount: number, interval: Interval, at: Micros): number | null {
  const words = [wordOf(what), interval.start];
  if (draw(seed, 123, ...words) < 1 / 400) return null;
  const isChanged = at >= replacedAt(interval) && draw(seed, 121, ...words) < 0.02;
  return rounded(amount) + (isChanged ? 1 + Math.floor(draw(seed, 122, ...words) * 90) : 0);
}

function gridFeed(
  seed: number,
  dataset: string,
  field: string,
  places: readonly GridPlace[],
): Feed<GridPlace> {
  return {
    dataset,
    step: HOUR,
    decimals: 0,
    fields: [field],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: gridAt,
    entries: (interval, at) => {
      if (at < gridAt(interval)) return [];
      return places.map((place) => {
        const what = `${dataset}/${place.name}/${place.series ?? ''}`;
        return { place, numbers: [told(seed, what, place.amount(interval.start), interval, at)] };
      });
    },
  };
}

const SPOT: GasSeries = {
  name: 'RNGWHHD',
  description: 'Henry Hub Natural Gas Spot Price (Dollars per Million Btu)',
  process: ['PS0', 'Spot Price'],
  area: ['RGC', 'NA'],
};
const SERIES: readonly GasSeries[] = [
  SPOT,
  ...[1, 2, 3, 4].map(
    (n): GasSeries => ({
      name: `RNGC${n}`,
      description: `Natural Gas Futures Contract ${n} (Dollars per Million Btu)`,
      process: [`PE${n}`, `Future Contract ${n}`],
      area: ['Y35NY', 'NEW YORK CITY'],
    }),
  ),
];

/** Gas days: of civil dates, told as UTC. */
function gasFeed(seed: number): Feed<GasSeries> {
  const process = { seed, market: 'EIA/gas' };
  return {
    dataset: 'gas_price',
    step: DAY,
    decimals: 3,
    fields: ['gas_price'],
    *intervals(window) {
      for (const interval of regularIntervals(window, DAY))
        if (isTradingDay(Math.floor(interval.start / DAY))) yield interval;
    },
    publishedAt: gasAt,
    entries: ({ start }, at) => {
      if (at < gasAt({ start, end: start + DAY })) return [];
      const base =
        3.2 +
        1.1 * knots(process, 'level', start, 90 * DAY, 36) +
        0.5 * knots(process, 'week', start, 7 * DAY, 37);
      return SERIES.map((place, k) => {
        const own = 0.04 * drawSigned(seed, wordOf(place.name), 38, start) + 0.05 * k;
        const isChanged = at >= start + 12 * DAY && draw(seed, 124, wordOf(place.name), start) < 0.02;
        // The spot price is told to the cent, futures to the tenth of a cent.
        const price = rounded((base + own) * (k === 0 ? 100 : 1000)) * (k === 0 ? 10 : 1);
        return { place, numbers: [price + (isChanged ? 20 : 0)] };
      });
    },
  };
}
