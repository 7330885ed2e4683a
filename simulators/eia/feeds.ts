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
  readonly amount: (start: Micros, at: Micros) => number;
}

/** A balancing area. */
export interface Area {
  readonly code: string;
  readonly name: string;
  readonly zone: string;
  readonly level: number;
}

/** All datasets. */
export interface EiaFeeds {
  readonly gas: Feed<GasSeries>;
  readonly region: Feed<GridPlace>;
  readonly fuels: Feed<GridPlace>;
  readonly interchange: Feed<GridPlace>;
  readonly parts: Feed<GridPlace>;
}

const AREAS: readonly Area[] = [
  { code: 'BPAT', name: 'Bonneville Power Administration', zone: 'America/Los_Angeles', level: 6500 },
  { code: 'DUK', name: 'Duke Energy Carolinas', zone: 'America/New_York', level: 11_500 },
  { code: 'PACE', name: 'PacifiCorp East', zone: 'America/Denver', level: 6000 },
  { code: 'SOCO', name: 'Southern Company Services, Inc. - Trans', zone: 'America/New_York', level: 27_000 },
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
  const region = AREAS.flatMap((area): GridPlace[] => {
    const process = processOf(area);
    const types: readonly (readonly [code: string, name: string, amount: GridPlace['amount']])[] = [
      ['D', 'Demand', (start) => loadOf(process, area.code, 1, start)],
      ['DF', 'Day-ahead demand forecast', (start) => forecastOf(process, area.code, 1, start, start - DAY)],
      ['NG', 'Net generation', (start) => loadOf(process, `${area.code}/NG`, 1.04, start)],
      ['TI', 'Total interchange', (start) => area.level * 0.1 * knots(process, 'TI', start, 5 * HOUR, 34)],
    ];
    return types.map(([code, name, amount]) => ({
      name: area.code,
      series: code,
      area,
      cells: [area.code, area.name, code, name],
      amount,
    }));
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
  const parts = ['EAST', 'WEST'].map(
    (part, k): GridPlace => ({
      name: `SOCO-${part}`,
      area: AREAS[3],
      cells: [`SOCO-${part}`, `Southern ${part.toLowerCase()}`, 'SOCO', AREAS[3].name],
      amount: (start) => loadOf(processOf(AREAS[3]), `part/${part}`, k === 0 ? 0.6 : 0.4, start),
    }),
  );
  return {
    gas: gasFeed(seed),
    region: gridFeed(seed, 'load_hourly', 'load', region),
    fuels: gridFeed(seed, 'fuel_mix', 'generation', fuels),
    interchange: gridFeed(seed, 'interchange', 'interchange', interchange),
    parts: gridFeed(seed, 'load_by_part', 'load', parts),
  };
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
      const { start } = interval;
      return places.map((place) => {
        const words = [wordOf(`${dataset}/${place.name}/${place.series ?? ''}`), start];
        const amount = rounded(place.amount(start, at));
        const isChanged = at >= replacedAt(interval) && draw(seed, 121, ...words) < 0.02;
        const change = isChanged ? 1 + Math.floor(draw(seed, 122, ...words) * 90) : 0;
        return { place, numbers: [draw(seed, 123, ...words) < 1 / 400 ? null : amount + change] };
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
