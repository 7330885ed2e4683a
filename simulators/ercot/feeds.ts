/** What the simulated ERCOT publishes, and when. Prices have no parts. */

import { DAY, daysFromCivil, HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, forecastOf, loadOf, quantityFeed } from '../demand-process.ts';
import { draw, drawIndex } from '../draw.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import {
  type MarketTraits,
  meanPartsIn,
  type PriceNode,
  type PriceProcess,
  partsAt,
  rounded,
  totalOf,
} from '../price-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { ERCOT_ZONE, ercotDay, ercotDayOf } from './clock.ts';
import { realTimePoints, type SettlementPoint, settlementPoints } from './points.ts';
import { type RealTimeReserves, realTimeReserves } from './real-time-reserves.ts';
import { type ErcotSource, ercotSources } from './renewables.ts';

/** An area with its share of the load. */
export interface Area extends Place {
  readonly share: number;
}

/** All datasets of the market. */
export interface ErcotFeeds {
  readonly process: PriceProcess;
  readonly demand: DemandProcess;
  readonly dayAhead: Feed<SettlementPoint>;
  readonly quarterHour: Feed<SettlementPoint>;
  readonly sced: Feed<SettlementPoint>;
  readonly capacity: Feed;
  readonly weatherZones: Feed<Area>;
  readonly forecastZones: Feed<Area>;
  readonly forecast: Feed<Area>;
  /** Forecasts of several models by weather zone: the API has those. */
  readonly modelForecast: Feed<Area>;
  readonly sources: readonly ErcotSource[];
  readonly reserves: RealTimeReserves;
}

const FIVE = 5 * MINUTE;
const QUARTER = 15 * MINUTE;
/** The fifth reserve was new on 10 June 2023. */
const ECRS_SINCE = daysFromCivil(2023, 6, 10);

/** Ancillary products in the order of the files. */
export const PRODUCTS = ['REGDN', 'REGUP', 'RRS', 'NSPIN', 'ECRS'];

/** Forecast zones and weather zones share some names. */
const FORECAST = 'forecast zone';
const WEATHER = 'weather zone';

const areas = (shares: Readonly<Record<string, number>>, series: string): Area[] =>
  Object.entries(shares).map(([name, share]) => ({ name, series, share }));

const WEATHER_ZONES = areas(
  {
    COAST: 0.27,
    EAST: 0.04,
    FAR_WEST: 0.12,
    NORTH: 0.03,
    NORTH_C: 0.27,
    SOUTHERN: 0.09,
    SOUTH_C: 0.16,
    WEST: 0.02,
  },
  WEATHER,
);
const FORECAST_ZONES = areas({ NORTH: 0.33, SOUTH: 0.26, WEST: 0.15, HOUSTON: 0.26 }, FORECAST);
const MODEL_ZONES = areas({ North: 0.33, South: 0.26, West: 0.15, Houston: 0.26 }, FORECAST);

/** `count` settlement points, at least the hubs and zones. */
export function ercotFeeds(seed: number, count: number, traits: MarketTraits = {}): ErcotFeeds {
  const process: PriceProcess = {
    seed,
    market: 'ERCOT',
    zone: ERCOT_ZONE,
    decimals: 2,
    level: 33,
    sun: 32,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'ERCOT', zone: ERCOT_ZONE, level: 52_000 };
  const points = settlementPoints(process, count).slice(0, traits.places);
  const dayAheadAt = dayAheadTime(process);
  const afterTheHour = ({ start, end }: Interval): Micros =>
    end + 40 * MINUTE + delayOf(process, 'load', start, 0, 60);
  return {
    process,
    demand,
    dayAhead: priceFeed(
      process,
      {
        dataset: 'da_lmp',
        run: 'da',
        step: HOUR,
        publishedAt: dayAheadAt,
        corrections: ({ start }) => [{ at: correctionTime(process, ercotDayOf(start)), share: 0.004 }],
      },
      points,
      [PRICE.lmp],
    ),
    quarterHour: quarterHourFeed(process, realTimePoints(process, points)),
    sced: scedFeed(process, points),
    capacity: capacityFeed(process, dayAheadAt),
    weatherZones: loadFeed(demand, 'load_hourly', WEATHER_ZONES, 'TOTAL', afterTheHour),
    forecastZones: loadFeed(demand, 'load_by_forecast_zone', FORECAST_ZONES, 'TOTAL', afterTheHour),
    forecast: forecastFeed(demand),
    modelForecast: modelForecastFeed(demand),
    sources: ercotSources(demand),
    reserves: realTimeReserves(process),
  };
}

/** About 12:32 the day before. */
function dayAheadTime(process: PriceProcess): (interval: Interval) => Micros {
  return ({ start }) => {
    const day = ercotDayOf(start);
    return ercotDay(day - 1).end - 11 * HOUR - 28 * MINUTE + delayOf(process, 'dam', day, -180, 180);
  };
}

/** When the corrections of a day's results come out, if there are any. */
export function correctionTime(process: PriceProcess, day: number): Micros {
  return ercotDay(day).end + 2 * DAY + 14 * HOUR + delayOf(process, 'correction', day, 0, 3600);
}

/** When a quarter hour is published once more with other prices; null for most. */
export function retryTime(process: PriceProcess, { start, end }: Interval): Micros | null {
  if (draw(process.seed, 95, start) >= 1 / 40) return null;
  return end + 40 * MINUTE + delayOf(process, 'retry', start, 0, 600);
}

function quarterHourFeed(process: PriceProcess, points: readonly SettlementPoint[]): Feed<SettlementPoint> {
  const series = {
    dataset: 'rt_lmp',
    run: 'rt',
    step: QUARTER,
    publishedAt: ({ start, end }: Interval) => end + delayOf(process, 'spp', start, 90, 150),
    corrections: (interval: Interval) => {
      const at = retryTime(process, interval);
      return at === null ? [] : [{ at, share: 0.3 }];
    },
    parts: (node: PriceNode, interval: Interval) => meanPartsIn(process, 'rt', node, interval, FIVE),
  };
  return priceFeed(process, series, points, [PRICE.lmp]);
}

/** A dispatch run every five minutes, some seconds after the mark. A price is that of an instant. */
function scedFeed(process: PriceProcess, points: readonly SettlementPoint[]): Feed<SettlementPoint> {
  const stampOf = (mark: Micros): Micros => mark + (8 + drawIndex(20, process.seed, 96, mark)) * SECOND;
  return {
    dataset: 'rt_lmp_sced',
    step: FIVE,
    decimals: process.decimals,
    fields: ['lmp'],
    *intervals({ start, end }) {
      for (let mark = Math.floor(start / FIVE) * FIVE; mark < end; mark += FIVE) {
        const stamp = stampOf(mark);
        if (stamp >= start && stamp < end) yield { start: stamp, end: stamp };
      }
    },
    publishedAt: ({ start }) => start + delayOf(process, 'sced', start, 8, 15),
    entries: ({ start }) => {
      const mark = Math.floor(start / FIVE) * FIVE;
      return points.map((place) => ({
        place,
        numbers: [totalOf(partsAt(process, 'rt', place, mark, FIVE))],
      }));
    },
  };
}

/** Clearing prices of reserves follow the energy price at a distance. */
function capacityFeed(process: PriceProcess, publishedAt: (interval: Interval) => Micros): Feed {
  const hub = { name: 'ERCOT', lossFactor: 0, shifts: [], greenhouse: 0 };
  return {
    dataset: 'da_as_prices',
    step: HOUR,
    decimals: 2,
    fields: PRODUCTS.map((product) => `mcp_${product.toLowerCase()}`),
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: ({ start }) => {
      const energy = Math.max(0, totalOf(partsAt(process, 'da', hub, start, HOUR)));
      const numbers = PRODUCTS.map((product, k) =>
        product === 'ECRS' && ercotDayOf(start) < ECRS_SINCE
          ? null
          : rounded(energy * (0.05 + 0.4 * draw(process.seed, 97, k, start))),
      );
      return [{ place: { name: 'ERCOT' }, numbers }];
    },
  };
}

function loadFeed(
  demand: DemandProcess,
  dataset: string,
  places: readonly Area[],
  total: string,
  publishedAt: (interval: Interval) => Micros,
): Feed<Area> {
  return quantityFeed<Area>({
    dataset,
    field: 'load',
    step: HOUR,
    decimals: 2,
    publishedAt,
    places,
    total: { name: total, series: places[0].series ?? '', share: 1 },
    amountOf: ({ name, share }, { start }) => loadOf(demand, name, share, start),
  });
}

/** The newest issue until an instant that still tells of a day: at half past each hour. */
export function forecastIssue(day: number, at: Micros): Micros {
  const last = Math.min(at, ercotDay(day).end - 1);
  return Math.floor((last - 30 * MINUTE) / HOUR) * HOUR + 30 * MINUTE;
}

function forecastFeed(demand: DemandProcess): Feed<Area> {
  return quantityFeed<Area>({
    dataset: 'load_forecast',
    field: 'load_forecast',
    step: HOUR,
    decimals: 4,
    publishedAt: ({ start }) => ercotDay(ercotDayOf(start) - 7).start + 30 * MINUTE,
    places: MODEL_ZONES,
    total: { name: 'SystemTotal', series: FORECAST, share: 1 },
    amountOf: ({ name, share }, { start }, at) =>
      forecastOf(demand, name.toUpperCase(), share, start, forecastIssue(ercotDayOf(start), at)),
  });
}

const MODELS = ['E3', 'M'];
const ZONE_COLUMNS: Readonly<Record<string, number>> = {
  Coast: 0.27,
  East: 0.04,
  FarWest: 0.12,
  North: 0.03,
  NorthCentral: 0.27,
  SouthCentral: 0.16,
  Southern: 0.09,
  West: 0.02,
};

/** Made at half past each hour too; the first model is the one in use. */
function modelForecastFeed(demand: DemandProcess): Feed<Area> {
  const feeds = MODELS.map((series) =>
    quantityFeed<Area>({
      dataset: 'load_forecast',
      field: 'load_forecast',
      step: HOUR,
      decimals: 2,
      publishedAt: ({ start }) => ercotDay(ercotDayOf(start) - 7).start + 30 * MINUTE,
      places: areas(ZONE_COLUMNS, WEATHER).map((area) => ({ ...area, series })),
      total: { name: 'SystemTotal', series, share: 1 },
      amountOf: ({ name, share }, { start }, at) =>
        forecastOf(demand, `${name}/${series}`, share, start, forecastIssue(ercotDayOf(start), at)),
    }),
  );
  return { ...feeds[0], entries: (interval, at) => feeds.flatMap((feed) => feed.entries(interval, at)) };
}
