/** What the simulated MISO publishes beside prices of energy: reserves, load and its forecasts, fuels, interchange, sun and wind. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
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
import type { Feed, Place } from '../feed.ts';
import { knots, type PriceProcess, rounded } from '../price-process.ts';
import { type ReserveProduct, reserveFeed } from '../reserve-feed.ts';
import { delayOf, regularIntervals, type Series } from '../series.ts';
import { MISO_ZONE, misoDayOf, misoMidnight } from './publication.ts';

const FIVE = 5 * MINUTE;
const WHOLE = 'MISO';

/** A resource with the reserve zone that it lies in; the whole market has none. */
export interface ReservePlace extends Place {
  readonly zone: number | null;
}

/** A zone with its share of the load. */
export interface LoadZone extends Place {
  readonly share: number;
}

/** All feeds beside prices of energy. */
export interface MisoFeeds {
  readonly dayAheadReserves: Feed<ReservePlace>;
  readonly hourlyReserves: Feed<ReservePlace>;
  readonly load: Feed;
  readonly hourLoad: Feed;
  readonly fuelMix: Feed<FuelPlace>;
  readonly fuelTotal: Feed;
  readonly scheduled: Feed;
  readonly flow: Feed;
  readonly renewables: Feed;
  readonly zoneLoad: Feed<LoadZone>;
}

/** Products by their words in the files. */
export const RESERVES: readonly (ReserveProduct & { readonly word: string })[] = [
  { word: 'DEMREGMCP', field: 'mcp_demreg', family: 'reserve', rank: 0 },
  { word: 'GENREGMCP', field: 'mcp_genreg', family: 'reserve', rank: 0 },
  { word: 'DEMSPINMCP', field: 'mcp_demspin', family: 'reserve', rank: 1 },
  { word: 'GENSPINMCP', field: 'mcp_genspin', family: 'reserve', rank: 1 },
  { word: 'DEMSUPPMCP', field: 'mcp_demsupp', family: 'reserve', rank: 2 },
  { word: 'GENSUPPMCP', field: 'mcp_gensupp', family: 'reserve', rank: 2 },
  { word: 'SERREGMCP', field: 'mcp_serreg', family: 'reserve', rank: 0 },
];

/** Where the system's own prices stand. */
export const SYSTEM_WIDE = 'MISO Wide';

const FUELS: readonly Fuel[] = [
  { name: 'Battery Storage', share: 0.005, habit: 'battery' },
  { name: 'Coal', share: 0.28, habit: 'following' },
  { name: 'Imports', share: 0.04, habit: 'following' },
  { name: 'Natural Gas', share: 0.36, habit: 'following' },
  { name: 'Nuclear', share: 0.14, habit: 'flat' },
  { name: 'Other', share: 0.03, habit: 'flat' },
  { name: 'Solar', share: 0.04, habit: 'sun' },
  { name: 'Wind', share: 0.15, habit: 'wind' },
];

/** Neighbours with the most that is scheduled with them, MW. */
const NEIGHBOURS: readonly (readonly [name: string, most: number])[] = [
  ['AECI', 500],
  ['LGEE', 400],
  ['MHEB', 1500],
  ['ONT', 900],
  ['PJM', 3500],
  ['SOCO', 800],
  ['SPA', 200],
  ['SWPP', 1200],
  ['TVA', 1500],
];

const ZONES: readonly LoadZone[] = [
  { name: 'LRZ1', share: 0.15 },
  { name: 'LRZ2_7', share: 0.24 },
  { name: 'LRZ3_5', share: 0.14 },
  { name: 'LRZ4', share: 0.08 },
  { name: 'LRZ6', share: 0.14 },
  { name: 'LRZ8_9_10', share: 0.25 },
];

/** Wind and sun as they are told of by the hour. */
const WIND: Fuel = { name: 'Wind', share: 0.15, habit: 'wind' };
const SUN: Fuel = { name: 'Solar', share: 0.04, habit: 'sun' };

/** The feeds over a price process; `series` are those of the day-ahead and of the hourly prices. */
export function misoFeeds(
  process: PriceProcess,
  series: { readonly exPost: Series; readonly hourly: Series },
  resources: number,
): MisoFeeds {
  const demand: DemandProcess = { seed: process.seed, market: 'MISO', zone: MISO_ZONE, level: 74_000 };
  const places: ReservePlace[] = [
    { name: SYSTEM_WIDE, zone: null },
    ...Array.from({ length: Math.min(8, resources) }, (_, k) => ({ name: `SIM.RES${k + 1}`, zone: k + 1 })),
  ];
  const reserves = (dataset: string, like: Series): Feed<ReservePlace> =>
    reserveFeed(process, { ...like, dataset }, RESERVES, () => places);
  const soon = (what: string) => (interval: Interval) =>
    interval.end + delayOf(process, what, interval.end, 60, 120);
  const fuelMix = quantityFeed<FuelPlace>({
    dataset: 'fuel_mix',
    field: 'generation',
    step: FIVE,
    decimals: 0,
    publishedAt: soon('fuels'),
    places: FUELS.map((fuel) => ({ name: WHOLE, series: fuel.name, fuel })),
    amountOf: ({ fuel }, { start }) => generationOf(demand, fuel, start),
  });
  return {
    dayAheadReserves: reserves('da_as_prices', series.exPost),
    hourlyReserves: reserves('rt_as_prices_hourly', series.hourly),
    load: quantityFeed({
      dataset: 'load',
      field: 'load',
      step: FIVE,
      decimals: 0,
      publishedAt: soon('load'),
      places: [{ name: WHOLE }],
      amountOf: (_, { start }) => loadOf(demand, WHOLE, 1, start),
    }),
    hourLoad: hourLoadFeed(demand),
    fuelMix,
    fuelTotal: sumFeed(fuelMix, 'generation_total'),
    ...interchangeFeeds(process, soon('interchange')),
    renewables: renewableFeed(demand),
    zoneLoad: zoneLoadFeed(process, demand),
  };
}

/** The feeds one by one. */
export function feedsOf(feeds: MisoFeeds): readonly Feed[] {
  return Object.values(feeds);
}

/** The sum over all places, under a field of its own. */
function sumFeed(feed: Feed, field: string): Feed {
  return {
    ...feed,
    fields: [field],
    entries: (interval, at) => {
      const entries = feed.entries(interval, at);
      const sum = entries.reduce((total, { numbers }) => total + (numbers[0] ?? 0), 0);
      return entries.length === 0 ? [] : [{ place: { name: WHOLE }, numbers: [sum] }];
    },
  };
}

/** Forecast and cleared load of the hours of a day, told from its begin on. */
function hourLoadFeed(demand: DemandProcess): Feed {
  const publishedAt = ({ start }: Interval): Micros => misoMidnight(misoDayOf(start));
  return {
    dataset: 'load',
    step: HOUR,
    decimals: 0,
    fields: ['load_forecast', 'load_cleared_day_ahead'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: (interval, at) => {
      const issued = publishedAt(interval);
      if (at < issued) return [];
      const told = [issued, issued - 11 * HOUR].map((each) =>
        rounded(forecastOf(demand, WHOLE, 1, interval.start, each)),
      );
      return [{ place: { name: WHOLE }, numbers: told }];
    },
  };
}

/** What is scheduled with each neighbour and in all, and what flows in all. */
function interchangeFeeds(
  process: PriceProcess,
  publishedAt: (interval: Interval) => Micros,
): Pick<MisoFeeds, 'scheduled' | 'flow'> {
  const amounts = (start: Micros): number[] =>
    NEIGHBOURS.map(([name, most]) => rounded(most * knots(process, `interchange/${name}`, start, HOUR, 130)));
  const base = {
    dataset: 'interchange',
    step: FIVE,
    decimals: 0,
    intervals: (window: Interval) => regularIntervals(window, FIVE),
    publishedAt,
  };
  return {
    scheduled: {
      ...base,
      fields: ['interchange_scheduled'],
      entries: (interval, at) => {
        if (at < publishedAt(interval)) return [];
        const parts = amounts(interval.start);
        const whole = parts.reduce((sum, amount) => sum + amount, 0);
        return [
          ...NEIGHBOURS.map(([series], k) => ({ place: { name: WHOLE, series }, numbers: [parts[k]] })),
          { place: { name: WHOLE }, numbers: [whole] },
        ];
      },
    },
    flow: {
      ...base,
      fields: ['interchange'],
      entries: (interval, at) => {
        if (at < publishedAt(interval)) return [];
        const whole = amounts(interval.start).reduce((sum, amount) => sum + amount, 0);
        const off = 150 * knots(process, 'interchange/off', interval.start, FIVE, 131);
        return [{ place: { name: WHOLE }, numbers: [rounded(whole + off)] }];
      },
    },
  };
}

/** Forecasts of today and tomorrow as made at the begin of today, and what came of them an hour after their end. */
function renewableFeed(demand: DemandProcess): Feed {
  const publishedAt = ({ start }: Interval): Micros => misoMidnight(misoDayOf(start) - 1);
  const missed = (fuel: Fuel, start: Micros, issued: Micros): number =>
    rounded(
      generationOf(demand, fuel, start) *
        (1 + 0.1 * knots(demand, `${fuel.name}/miss/${issued}`, start, HOUR, 44)) *
        100,
    );
  return {
    dataset: 'renewable_forecast',
    step: HOUR,
    decimals: 2,
    fields: ['wind_forecast', 'solar_forecast', 'wind_generation', 'solar_generation'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: ({ start, end }, at) => {
      if (at < publishedAt({ start, end })) return [];
      const issued = Math.min(misoMidnight(misoDayOf(start)), misoMidnight(misoDayOf(at)));
      const came = (fuel: Fuel): number | null =>
        at < end + 10 * MINUTE ? null : rounded(generationOf(demand, fuel, start) * 100);
      const numbers = [missed(WIND, start, issued), missed(SUN, start, issued), came(WIND), came(SUN)];
      return [{ place: { name: WHOLE }, numbers }];
    },
  };
}

/** Days of forecast in a workbook, beside the day before with its actual load. */
export const WORKBOOK_DAYS = 6;

/** When the workbook that is named after a day appears. */
export function workbookAt(process: PriceProcess, day: number): Micros {
  return misoMidnight(day) + 8 * HOUR + delayOf(process, 'df_al', day, -1800, 0);
}

/** Forecast and actual load by zone, as the newest workbook that tells of a day has them. */
function zoneLoadFeed(process: PriceProcess, demand: DemandProcess): Feed<LoadZone> {
  const publishedAt = ({ start }: Interval): Micros =>
    workbookAt(process, misoDayOf(start) - WORKBOOK_DAYS + 1);
  return {
    dataset: 'load_forecast',
    step: HOUR,
    decimals: 2,
    fields: ['load_forecast', 'load'],
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt,
    entries: ({ start, end }, at) => {
      if (at < publishedAt({ start, end })) return [];
      const day = misoDayOf(start);
      let issue = Math.min(day + 1, misoDayOf(at));
      while (workbookAt(process, issue) > at) issue--;
      const issued = Math.min(misoMidnight(issue), misoMidnight(day)) - DAY / 2;
      const zones = ZONES.map((place) => ({
        place,
        numbers: [
          rounded(forecastOf(demand, place.name, place.share, start, issued) * 100),
          issue === day + 1 ? rounded(loadOf(demand, place.name, place.share, start) * 100) : null,
        ],
      }));
      const sum = (k: number): number | null =>
        zones.reduce<number | null>((total, { numbers }) => {
          const number = numbers[k] ?? null;
          return total === null || number === null ? null : total + number;
        }, 0);
      return [...zones, { place: { name: WHOLE, share: 1 }, numbers: [sum(0), sum(1)] }];
    },
  };
}
