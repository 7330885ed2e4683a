/** What the simulated NYISO publishes beside its prices of energy: reserves, loads, forecasts, fuels, flows. */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import {
  type DemandProcess,
  type Fuel,
  type FuelPlace,
  forecastOf,
  generationOf,
  loadOf,
  quantityFeed,
} from '../demand-process.ts';
import { draw, wordOf } from '../draw.ts';
import type { Feed, Place } from '../feed.ts';
import { isRepeatedHour } from '../local-time.ts';
import { knots, type PriceProcess, rounded } from '../price-process.ts';
import { reserveFeed } from '../reserve-feed.ts';
import { delayOf, type Series } from '../series.ts';
import type { NyisoLocation } from './locations.ts';
import {
  dayAheadAt,
  dayAheadCorrections,
  dispatchInstants,
  NYISO_ZONE,
  nyisoDay,
  nyisoDayOf,
  realTimeIntervals,
  rewritten,
} from './publication.ts';
import { RESERVES, ZONAL_SINCE } from './reserve-columns.ts';

const FIVE = 5 * MINUTE;
const WHOLE = 'NYISO';

/** A zone with its number and its share of the load and of the sun. */
export interface Zone extends Place {
  readonly ptid: number;
  readonly share: number;
}

/** A line or interface with its number, what flows at most, and whether a limit has no number. */
export interface FlowPlace extends Place {
  readonly point: number;
  readonly most: number;
  readonly isUnbounded: boolean;
}

/** All feeds beside the prices of energy. */
export interface NyisoFeeds {
  readonly process: PriceProcess;
  readonly dayAheadReserves: Feed<Zone>;
  readonly realTimeReserves: Feed<Zone>;
  readonly load: Feed<Zone>;
  readonly hourlyLoad: Feed<Zone>;
  readonly loadForecast: Feed<Zone>;
  readonly fuelMix: Feed<FuelPlace>;
  readonly interchange: Feed<FlowPlace>;
  readonly solarActual: Feed<Zone>;
  readonly solarForecast: Feed<Zone>;
}

const FUELS: readonly Fuel[] = [
  { name: 'Dual Fuel', share: 0.3, habit: 'following' },
  { name: 'Natural Gas', share: 0.16, habit: 'following' },
  { name: 'Nuclear', share: 0.18, habit: 'flat' },
  { name: 'Other Fossil Fuels', share: 0.002, habit: 'flat' },
  { name: 'Other Renewables', share: 0.015, habit: 'flat' },
  { name: 'Wind', share: 0.04, habit: 'wind' },
  { name: 'Hydro', share: 0.17, habit: 'following' },
];

/** First day of fuels with seconds in their stamps, in MW; before, the column said MWh. */
export const FUEL_SECONDS_SINCE = daysFromCivil(2017, 1, 1);

const FLOWS: readonly (readonly [name: string, point: number, most: number, isUnbounded: boolean])[] = [
  ['CENTRAL EAST - VC', 23330, 2900, true],
  ['DYSINGER EAST', 23326, 3150, true],
  ['MOSES SOUTH', 23327, 3150, true],
  ['SCH - HQ - NY', 325274, 1320, false],
  ['SCH - NE - NY', 325154, 1400, false],
  ['SCH - NPX_CSC', 325277, 330, false],
  ['SCH - OH - NY', 325157, 1900, false],
  ['SCH - PJ - NY', 325162, 2100, false],
  ['SCH - PJM_NEPTUNE', 325305, 660, false],
  ['TOTAL EAST', 23329, 6500, true],
  ['UPNY CONED', 23331, 5800, true],
  ['WEST CENTRAL', 23328, 9999, true],
];

/** The feeds over the zones of a market. */
export function nyisoFeeds(process: PriceProcess, zones: readonly NyisoLocation[]): NyisoFeeds {
  const demand: DemandProcess = { seed: process.seed, market: 'NYISO', zone: NYISO_ZONE, level: 17_500 };
  const areas = zones.map(
    ({ name, ptid }): Zone => ({ name, ptid, share: 0.03 + 0.11 * draw(1, wordOf(`NYISO/zone/${name}`)) }),
  );
  const zonesOn = ({ start }: Interval): Zone[] =>
    nyisoDayOf(start) >= ZONAL_SINCE ? areas : ['East', 'West'].map((name) => ({ name, ptid: 0, share: 0 }));
  const soon = (set: string) => (interval: Interval) =>
    interval.end + delayOf(process, set, interval.end, 30, 90);
  return {
    process,
    dayAheadReserves: reserveFeed(
      process,
      seriesOf('da_as_prices', 'da', HOUR, dayAheadAt(process, 'damasp'), dayAheadCorrections),
      RESERVES.slice(0, 4),
      zonesOn,
    ),
    realTimeReserves: {
      ...reserveFeed(
        process,
        seriesOf('rt_as_prices', 'rt', FIVE, soon('rtasp'), rewritten(process, 'rtasp')),
        RESERVES,
        zonesOn,
      ),
      intervals: ({ start, end }) => realTimeIntervals(process, start + FIVE - 1, end + FIVE - 1),
    },
    load: {
      ...quantityFeed<Zone>({
        dataset: 'load',
        field: 'load',
        step: FIVE,
        decimals: 4,
        publishedAt: soon('pal'),
        places: areas,
        amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start),
      }),
      intervals: (window) => dispatchInstants(process, window),
    },
    hourlyLoad: quantityFeed<Zone>({
      dataset: 'load_hourly',
      field: 'load',
      step: HOUR,
      decimals: 1,
      publishedAt: ({ end }) => end + delayOf(process, 'palIntegrated', end, 300, 600),
      places: areas,
      amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start + HOUR / 2),
    }),
    loadForecast: forecastFeed(process, demand, areas),
    fuelMix: {
      ...quantityFeed<FuelPlace>({
        dataset: 'fuel_mix',
        field: 'generation',
        step: FIVE,
        decimals: 0,
        publishedAt: soon('rtfuelmix'),
        places: FUELS.map((fuel) => ({ name: WHOLE, series: fuel.name, fuel })),
        amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
      }),
      *intervals(window) {
        for (const { start } of dispatchInstants(process, window)) {
          const isOld = nyisoDayOf(start) < FUEL_SECONDS_SINCE;
          const at = isOld ? Math.floor(start / MINUTE) * MINUTE : start;
          yield { start: at, end: at };
        }
      },
    },
    interchange: flowFeed(process, soon('ExternalLimitsFlows')),
    solarActual: solarFeed(demand, areas, 'solar_generation', ({ start }) => {
      const day = nyisoDayOf(start);
      return nyisoDay(day).end + 8 * HOUR + delayOf(process, 'BTMEstimatedActual', day, -900, 0);
    }),
    solarForecast: solarFeed(demand, areas, 'solar_forecast', ({ start }) => {
      const day = nyisoDayOf(start);
      return nyisoDay(day - 1).end - 16 * HOUR + delayOf(process, 'btmdaforecast', day, -900, 0);
    }),
  };
}

/** The feeds one by one. */
export function feedsOf({ process: _, ...feeds }: NyisoFeeds): readonly Feed[] {
  return Object.values(feeds);
}

function seriesOf(
  dataset: string,
  run: string,
  step: Micros,
  publishedAt: Series['publishedAt'],
  corrections: Series['corrections'],
): Series {
  return { dataset, run, step, publishedAt, corrections };
}

/** The forecast of six days, named after the first of them. */
export const FORECAST_DAYS = 6;

/** When the forecast that is named after a day appears. */
export function forecastAt(process: PriceProcess, day: number): Micros {
  return nyisoDay(day).start + 8 * HOUR + delayOf(process, 'isolf', day, -1800, 0);
}

/** The newest forecast until an instant that tells of a day, by the day that names it. */
function issueFor(process: PriceProcess, day: number, at: Micros): number {
  let issue = Math.min(day, nyisoDayOf(at));
  while (forecastAt(process, issue) > at) issue--;
  return issue;
}

/** The forecast has the names of zones in other letters: `Capitl`, `N.Y.C.`. */
function forecastName(zone: string): string {
  return zone.includes('.')
    ? zone
    : zone.toLowerCase().replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** What a forecast says of the repeated hour is what it says of the hour before, as recorded. */
function forecastFeed(process: PriceProcess, demand: DemandProcess, zones: readonly Zone[]): Feed<Zone> {
  return quantityFeed<Zone>({
    dataset: 'load_forecast',
    field: 'load_forecast',
    step: HOUR,
    decimals: 0,
    publishedAt: ({ start }) => forecastAt(process, nyisoDayOf(start) - FORECAST_DAYS + 1),
    places: zones.map((zone) => ({ ...zone, name: forecastName(zone.name) })),
    total: { name: WHOLE, ptid: 0, share: 1 },
    amountOf: ({ name, share }, { start }, at) => {
      const issue = issueFor(process, nyisoDayOf(start), at);
      const told = isRepeatedHour(NYISO_ZONE, start) ? start - HOUR : start;
      return forecastOf(demand, name, share, told, nyisoDay(issue).start);
    },
  });
}

function flowFeed(process: PriceProcess, publishedAt: (interval: Interval) => Micros): Feed<FlowPlace> {
  const places = FLOWS.map(([name, point, most, isUnbounded]) => ({ name, point, most, isUnbounded }));
  return {
    dataset: 'interchange',
    step: FIVE,
    decimals: 2,
    fields: ['interchange', 'limit_positive', 'limit_negative'],
    *intervals({ start, end }) {
      for (let at = Math.ceil(start / FIVE) * FIVE; at < end; at += FIVE) yield { start: at, end: at };
    },
    publishedAt,
    entries: (interval, at) =>
      at < publishedAt(interval)
        ? []
        : places.map((place) => {
            const { name, most, isUnbounded } = place;
            const flow = most * (0.3 + 0.6 * knots(process, `flow/${name}`, interval.start, 2 * HOUR, 120));
            const limit = most >= NO_LIMIT ? null : most * 100;
            return { place, numbers: [rounded(flow * 100), limit, isUnbounded ? null : -most * 100] };
          }),
  };
}

/** Printed in place of a limit that there is not. */
export const NO_LIMIT = 9999;

/** Sun behind the meter by zone, and of the whole system. */
function solarFeed(
  demand: DemandProcess,
  places: readonly Zone[],
  dataset: 'solar_generation' | 'solar_forecast',
  publishedAt: (interval: Interval) => Micros,
): Feed<Zone> {
  return quantityFeed<Zone>({
    dataset,
    field: dataset,
    step: HOUR,
    decimals: 2,
    publishedAt,
    places,
    total: { name: 'SYSTEM', ptid: 0, share: 1 },
    amountOf: ({ name, share }, { start }) => {
      const fuel: Fuel = { name: `${dataset}/${name}`, share: share * 0.1, habit: 'sun' };
      return generationOf(demand, fuel, start);
    },
  });
}
