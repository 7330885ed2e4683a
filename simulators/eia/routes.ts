/** Data routes of EIA's API: columns, facets, units, and what a period is. Form: reference 10. */

import { DAY, daysFromCivil, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, rowOf } from '../feed.ts';
import { isoDate, padded, wallAt } from '../local-time.ts';
import type { TableRow } from '../table.ts';
import { type EiaFeeds, type GasSeries, type GridPlace, REGION_TYPES } from './feeds.ts';

/** One route under `/v2/`. */
export interface EiaRoute {
  readonly path: string;
  readonly feed: Feed;
  readonly frequency: 'daily' | 'hourly';
  readonly dateFormat: string;
  readonly description: string;
  readonly columns: readonly string[];
  /** Columns that may be asked for by `facets[…][]`. */
  readonly facets: readonly string[];
  rows(interval: Interval, at: Micros): TableRow[];
}

const HOURLY_FORMAT = 'YYYY-MM-DD"T"HH24';
const MONITOR = '\n    Source: Form EIA-930\n    Product: Hourly Electric Grid Monitor';

/** `2025-07-08T05`: the hour that ends then. */
export function hourPeriod({ end }: Pick<Interval, 'end'>): string {
  return `${isoDate(Math.floor(end / DAY))}T${padded(wallAt('UTC', end).hour)}`;
}

/** All routes. */
export function eiaRoutes({ gas, region, fuels, interchange, parts }: EiaFeeds): EiaRoute[] {
  const grid = (
    name: string,
    feed: Feed<GridPlace>,
    keys: readonly string[],
    facets: readonly string[],
    what: string,
  ): EiaRoute => ({
    path: `electricity/rto/${name}`,
    feed,
    frequency: 'hourly',
    dateFormat: HOURLY_FORMAT,
    description: `${what}  ${MONITOR}`,
    columns: ['period', ...keys, 'value', 'value-units'],
    facets,
    rows: (interval, at) =>
      feed.entries(interval, at).map((entry) => {
        const [number] = entry.numbers;
        const value = number === null ? '' : plainText(number, 0);
        const cells = [hourPeriod(interval), ...entry.place.cells, value, 'megawatthours'];
        return rowOf(feed, interval, entry, cells, () => 1 + keys.length);
      }),
  });
  return [
    gasRoute(gas),
    regionRoute(region),
    grid(
      'fuel-type-data',
      fuels,
      ['respondent', 'respondent-name', 'fueltype', 'type-name'],
      ['respondent', 'fueltype'],
      'Hourly net generation by balancing authority and energy source.',
    ),
    grid(
      'interchange-data',
      interchange,
      ['fromba', 'fromba-name', 'toba', 'toba-name'],
      ['fromba', 'toba'],
      'Daily interchange between neighboring balancing authorities.',
    ),
    grid(
      'region-sub-ba-data',
      parts,
      ['subba', 'subba-name', 'parent', 'parent-name'],
      ['subba', 'parent'],
      'Hourly demand by subregion.',
    ),
  ];
}

function regionRoute(feed: EiaFeeds['region']): EiaRoute {
  const columns = ['period', 'respondent', 'respondent-name', 'type', 'type-name', 'value', 'value-units'];
  const what =
    'Hourly demand, day-ahead demand forecast, net generation, and interchange by balancing authority.';
  return {
    path: 'electricity/rto/region-data',
    feed,
    frequency: 'hourly',
    dateFormat: HOURLY_FORMAT,
    description: `${what}  ${MONITOR}`,
    columns,
    facets: ['respondent', 'type'],
    rows: (interval, at) =>
      feed.entries(interval, at).flatMap((entry) =>
        REGION_TYPES.map(([code, name, field], k) => {
          const { area } = entry.place;
          const number = entry.numbers[k];
          const value = number === null ? '' : plainText(number, 0);
          const cells = [hourPeriod(interval), area.code, area.name, code, name, value, 'megawatthours'];
          return rowOf(feed, interval, entry, cells, (each) => (each === field ? 5 : -1));
        }),
      ),
  };
}

function gasRoute(feed: Feed<GasSeries>): EiaRoute {
  const columns = [
    'period',
    'duoarea',
    'area-name',
    'product',
    'product-name',
    'process',
    'process-name',
    'series',
    'series-description',
    'value',
    'units',
  ];
  return {
    path: 'natural-gas/pri/fut',
    feed,
    frequency: 'daily',
    dateFormat: 'YYYY-MM-DD',
    description: 'Natural gas spot and futures prices.',
    columns,
    facets: ['duoarea', 'product', 'process', 'series'],
    rows: (interval, at) =>
      feed.entries(interval, at).map((entry) => {
        const { name, description, process, area } = entry.place;
        const cells = [
          isoDate(Math.floor(interval.start / DAY)),
          ...area,
          'EPG0',
          'Natural Gas',
          ...process,
          name,
          description,
          plainText(entry.numbers[0] ?? 0, 3),
          '$/MMBTU',
        ];
        return rowOf(feed, interval, entry, cells, () => columns.indexOf('value'));
      }),
  };
}

/** The instant of a bound of a query, `YYYY-MM-DD` with or without an hour; null for anything else. */
export function boundOf(text: string): Micros | null {
  const m = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}))?)?)?$/.exec(text);
  if (m === null) return null;
  return daysFromCivil(Number(m[1]), Number(m[2] ?? 1), Number(m[3] ?? 1)) * DAY + Number(m[4] ?? 0) * HOUR;
}
