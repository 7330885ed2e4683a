/** What the simulated ISO New England publishes, and when: preliminary real-time prices, and final ones days later. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import {
  type DemandProcess,
  type Fuel,
  forecastOf,
  generationOf,
  loadOf,
  quantityFeed,
} from '../demand-process.ts';
import { type Feed, type Place, PRICE, priceFeed } from '../feed.ts';
import { type MarketTraits, meanPartsIn, type PriceProcess, rounded } from '../price-process.ts';
import { delayOf, regularIntervals, type Series } from '../series.ts';
import { flowFeed, type Interface } from './flows.ts';
import { type IsoneLocation, isoneLocations } from './locations.ts';
import { ISONE_ZONE, isoneDay, isoneDayOf } from './market-day.ts';
import { type IsoneReserves, isoneReserves } from './reserves.ts';
import { type WeekForecast, weekForecasts } from './week-forecasts.ts';

/** A fuel of the whole region. */
export interface RegionFuel extends Place {
  readonly fuel: Fuel;
}

/** All datasets of the market. */
export interface IsoneFeeds {
  readonly process: PriceProcess;
  readonly locations: readonly IsoneLocation[];
  readonly dayAhead: Feed<IsoneLocation>;
  readonly fiveMinute: Feed<IsoneLocation>;
  readonly hourly: Feed<IsoneLocation>;
  readonly load: Feed;
  readonly hourlyLoad: Feed;
  readonly forecast: Feed;
  readonly fuels: Feed<RegionFuel>;
  readonly reserves: IsoneReserves;
  readonly flows: Feed<Interface>;
  /** Of wind and of sun. */
  readonly weekForecasts: readonly WeekForecast[];
}

const FIVE = 5 * MINUTE;
const FIELDS = [PRICE.lmp, PRICE.energy, PRICE.congestion, PRICE.loss];

/** When the final real-time prices of a day come. */
export function finalAt(process: PriceProcess, day: number): Micros {
  return isoneDay(day).end + 5 * DAY + 14 * HOUR + delayOf(process, 'final', day, 0, 3600);
}

/** `count` locations, at least hub and zones. */
export function isoneFeeds(seed: number, count: number, traits: MarketTraits = {}): IsoneFeeds {
  const process: PriceProcess = {
    seed,
    market: 'ISONE',
    zone: ISONE_ZONE,
    decimals: 2,
    level: 44,
    sun: 38,
    calm: traits.calm,
  };
  const demand: DemandProcess = { seed, market: 'ISONE', zone: ISONE_ZONE, level: 13_500 };
  const locations = isoneLocations(process, count).slice(0, traits.places);
  const corrections: Series['corrections'] = ({ start }) => [
    { at: finalAt(process, isoneDayOf(start)), share: 0.02 },
  ];
  return {
    process,
    locations,
    dayAhead: priceFeed(
      process,
      {
        dataset: 'da_lmp',
        run: 'da',
        step: HOUR,
        publishedAt: ({ start }) => {
          const day = isoneDayOf(start);
          return isoneDay(day - 1).end - 11 * HOUR + delayOf(process, 'da', day, -1200, 600);
        },
        corrections: () => [],
      },
      locations,
      FIELDS,
    ),
    fiveMinute: priceFeed(
      process,
      {
        dataset: 'rt_lmp',
        run: 'rt',
        step: FIVE,
        publishedAt: ({ start, end }) => end + delayOf(process, 'rt', start, 60, 120),
        corrections,
      },
      locations,
      FIELDS,
    ),
    hourly: priceFeed(
      process,
      {
        dataset: 'rt_lmp_hourly',
        run: 'rt',
        step: HOUR,
        publishedAt: ({ start, end }) => end + delayOf(process, 'hourly', start, 600, 1800),
        corrections,
        parts: (node, interval) => meanPartsIn(process, 'rt', node, interval, FIVE),
      },
      locations,
      FIELDS,
    ),
    load: loadFeed(demand, 'load', FIVE, 3 * MINUTE),
    hourlyLoad: loadFeed(demand, 'load_hourly', HOUR, 40 * MINUTE),
    forecast: forecastFeed(demand),
    fuels: fuelFeed(demand),
    reserves: isoneReserves(process),
    flows: flowFeed(demand),
    weekForecasts: weekForecasts(demand),
  };
}

/** Load, what of it is native, and what pumps and batteries take. */
function loadFeed(demand: DemandProcess, dataset: string, step: Micros, delay: Micros): Feed {
  return {
    dataset,
    step,
    decimals: 3,
    fields: ['load', 'load_native', 'load_asset_related'],
    intervals: (window) => regularIntervals(window, step),
    publishedAt: ({ end }) => end + delay,
    entries: ({ start }, at) => {
      if (at < start + step + delay) return [];
      const native = rounded(loadOf(demand, 'NEPOOL', 1, start) * 1000);
      const stored = rounded(native * 0.004);
      return [{ place: { name: 'ISONE' }, numbers: [native + stored, native, stored] }];
    },
  };
}

/** The forecast of a day is made at ten o'clock, from two days before it on until the day itself. */
export function forecastIssue(day: number, at: Micros): Micros {
  for (let back = 0; back < 3; back++) {
    const issue = isoneDay(day - back).start + 10 * HOUR;
    if (issue <= at) return issue;
  }
  return isoneDay(day - 2).start + 10 * HOUR;
}

function forecastFeed(demand: DemandProcess): Feed {
  return {
    dataset: 'load_forecast',
    step: HOUR,
    decimals: 0,
    fields: ['load_forecast', 'net_load_forecast'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ start }) => isoneDay(isoneDayOf(start) - 2).start + 10 * HOUR,
    entries: ({ start }, at) => {
      const issue = forecastIssue(isoneDayOf(start), at);
      const load = rounded(forecastOf(demand, 'NEPOOL', 1, start, issue));
      return [{ place: { name: 'ISONE' }, numbers: [load, load - rounded(load * 0.03)] }];
    },
  };
}

const FUELS: readonly Fuel[] = [
  { name: 'Coal', share: 0.003, habit: 'flat' },
  { name: 'Hydro', share: 0.08, habit: 'following' },
  { name: 'Landfill Gas', share: 0.002, habit: 'flat' },
  { name: 'Natural Gas', share: 0.52, habit: 'following' },
  { name: 'Nuclear', share: 0.25, habit: 'flat' },
  { name: 'Oil', share: 0.004, habit: 'flat' },
  { name: 'Refuse', share: 0.02, habit: 'flat' },
  { name: 'Solar', share: 0.03, habit: 'sun' },
  { name: 'Wind', share: 0.05, habit: 'wind' },
  { name: 'Wood', share: 0.02, habit: 'flat' },
];

function fuelFeed(demand: DemandProcess): Feed<RegionFuel> {
  const feed = quantityFeed<RegionFuel>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: FIVE,
    decimals: 0,
    publishedAt: ({ start }) => start + 4 * MINUTE,
    places: FUELS.map((fuel) => ({ name: 'ISONE', series: fuel.name, fuel })),
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
  return {
    ...feed,
    // A reading is that of an instant.
    *intervals(window) {
      for (const { start } of feed.intervals(window)) yield { start, end: start };
    },
  };
}
