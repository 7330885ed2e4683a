/**
 * Displays of the system, JSON of public-api.misoenergy.org (`/api/…`): load, fuels, interchange, wind and sun. Numbers are
 * strings, stamps EST without offset but for those of the actual flow, which are UTC. Form: reference 2.2.
 */

import { MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { jsonCell, jsonObjects } from '../json-table.ts';
import { clockText, isoDate, isoStamp, localDay, MONTHS, padded, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { plainReport, tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { gatewayNotFound } from './blob-errors.ts';
import type { MisoFeeds } from './feeds.ts';
import { MISO_ZONE, misoDayOf, misoMidnight } from './publication.ts';

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' };
const FIVE = 5 * MINUTE;

/** Numbers as strings, blanks as null. */
const STRINGS = { isKeyed: true, isOrderFree: true, numbers: 'quoted' } as const;
const bare = (): 'bare' => 'bare';

/** `08-Jul-2025 - Interval 14:35 EST`. */
export function referenceText(at: Micros): string {
  const { year, month, day, hour, minute } = wallAt(MISO_ZONE, at);
  return `${padded(day)}-${MONTHS[month - 1]}-${year} - Interval ${padded(hour)}:${padded(minute)} EST`;
}

/** `2025-07-08 4:30:00 AM`, on the clock of a zone. */
function halfDayStamp(zone: string, at: Micros): string {
  const { hour, minute } = wallAt(zone, at);
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${padded(minute)}:00`;
  return `${isoDate(localDay(zone, at))} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** An operating day. */
function dayOf(day: number): Interval {
  return { start: misoMidnight(day), end: misoMidnight(day + 1) };
}

/** The answer for a path under `/api/`. */
export function misoSystem(feeds: MisoFeeds, path: string, at: Micros): Answer {
  const today = misoDayOf(at);
  switch (path) {
    case 'FuelMix':
      return fuelMix(feeds, { start: at - 3 * FIVE, end: at }, true, at);
    case 'FuelMix/Today':
      return fuelMix(feeds, dayOf(today), false, at);
    case 'FuelMix/Yesterday':
      return fuelMix(feeds, { start: misoMidnight(today - 1), end: at }, false, at);
    case 'RealTimeTotalLoad':
      return totalLoad(feeds, today, at);
    case 'Interchange/GetNsi/FiveMinute':
      return scheduled(feeds, today, at);
    case 'Interchange/GetNai/Imports':
      return flow(feeds, today, at);
    case 'WindSolar/GetCombined':
      return renewables(feeds, today, at);
    default:
      return gatewayNotFound();
  }
}

function display(
  dataset: string,
  name: string,
  table: Table,
  at: Micros,
  render: (t: Table) => string,
): Answer {
  return plainReport({
    dataset,
    name: `${name}.json`,
    headers: HEADERS,
    table,
    zone: MISO_ZONE,
    modifiedAt: at,
    render,
  });
}

/** The newest interval that is published, by its begin. */
function newestOf(feed: Feed, at: Micros): Micros {
  let start = Math.floor(at / FIVE) * FIVE;
  while (feed.publishedAt({ start, end: start + FIVE }) > at) start -= FIVE;
  return start;
}

function fuelMix(feeds: MisoFeeds, window: Interval, isNewest: boolean, at: Micros): Answer {
  const feed = feeds.fuelMix;
  const newest = newestOf(feed, at);
  const span = isNewest ? { start: newest, end: newest + FIVE } : window;
  const rows = [...publishedIntervals(feed, span, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const amount = plainText(entry.numbers[0] ?? 0, feed.decimals);
      const label = `${entry.place.series}  (${amount.replaceAll(/\B(?=(\d{3})+$)/g, ',')} MW)`;
      const cells = [halfDayStamp(MISO_ZONE, interval.start), entry.place.series ?? '', amount, label];
      return rowOf(feed, interval, entry, cells, () => 2);
    }),
  );
  const [whole] = feeds.fuelTotal.entries({ start: newest, end: newest + FIVE }, at);
  const head = { RefId: referenceText(newest), TotalMW: String(whole.numbers[0] ?? 0) };
  const table = tableOf(['INTERVALEST', 'CATEGORY', 'ACT', 'FUEL_CATEGORY'], rows, {
    ...STRINGS,
    restamped: (row, later) => [halfDayStamp(MISO_ZONE, row.facts()[0].start + later), ...row.cells.slice(1)],
  });
  return display('fuel_mix', 'FuelMix', table, at, (t) => {
    const types = jsonObjects(t, bare);
    return `${JSON.stringify(head).slice(0, -1)},"Fuel":{"Type":${types}}}`;
  });
}

/** Lists of the display of load: the key of their objects, and of the clock and the number in these. */
const LISTS: Readonly<Record<string, readonly [wrapper: string, clock: string, value: string]>> = {
  ClearedMW: ['ClearedMWHourly', 'Hour', 'Value'],
  MediumTermLoadForecast: ['Forecast', 'HourEnding', 'LoadForecast'],
  FiveMinTotalLoad: ['Load', 'Time', 'Value'],
};
const HOUR_FIELDS: Readonly<Record<string, string>> = {
  load_cleared_day_ahead: 'ClearedMW',
  load_forecast: 'MediumTermLoadForecast',
};

/** Of this display only RefId names the day. */
function totalLoad(feeds: MisoFeeds, today: number, at: Micros): Answer {
  const { load, hourLoad } = feeds;
  const rows: TableRow[] = [];
  for (const [field, list] of Object.entries(HOUR_FIELDS)) {
    const k = hourLoad.fields.indexOf(field);
    for (const interval of publishedIntervals(hourLoad, dayOf(today), at))
      for (const entry of hourLoad.entries(interval, at)) {
        const hour = wallAt(MISO_ZONE, interval.start).hour + 1;
        const cells = [list, String(hour), plainText(entry.numbers[k] ?? 0, hourLoad.decimals)];
        rows.push(rowOf(hourLoad, interval, entry, cells, (each) => (each === field ? 2 : -1)));
      }
  }
  for (const interval of publishedIntervals(load, dayOf(today), at))
    for (const entry of load.entries(interval, at)) {
      const clock = clockText(wallAt(MISO_ZONE, interval.start), false);
      const cells = ['FiveMinTotalLoad', clock, plainText(entry.numbers[0] ?? 0, load.decimals)];
      rows.push(rowOf(load, interval, entry, cells, () => 2));
    }
  const table = tableOf(['list', 'clock', 'value'], rows, { ...STRINGS, isOrderFree: false });
  const refId = referenceText(newestOf(load, at));
  return display('load', 'RealTimeTotalLoad', table, at, (t) => {
    const lists = Object.entries(LISTS).map(([list, [wrapper, clockKey, valueKey]]) => {
      const keys = [clockKey, valueKey, ...t.header.slice(3)];
      const objects = t.rows
        .filter(({ cells }) => cells[0] === list)
        .map(({ cells }) => {
          const pairs = keys.map((key, k) => `"${key}":${jsonCell(cells[k + 1], 'bare', 'quoted')}`);
          return `{"${wrapper}":{${pairs.join(',')}}}`;
        });
      return `"${list}":[${objects.join(',')}]`;
    });
    return `{"LoadInfo":{"RefId":${JSON.stringify(refId)},${lists.join(',')}}}`;
  });
}

/** Scheduled interchange; stamps end their five minutes. */
function scheduled(feeds: MisoFeeds, today: number, at: Micros): Answer {
  const feed = feeds.scheduled;
  let names: string[] = [];
  const rows = [...publishedIntervals(feed, dayOf(today), at)].map((interval) => {
    const entries = feed.entries(interval, at);
    names = entries.map(({ place }) => place.series ?? place.name);
    const amounts = entries.map(({ numbers }) => plainText(numbers[0] ?? 0, feed.decimals));
    return wideRowOf(
      feed,
      interval,
      entries,
      [isoStamp(MISO_ZONE, interval.end), ...amounts],
      ({ series, name }) => 1 + names.indexOf(series ?? name),
    );
  });
  const table = tableOf(['timestamp', ...names], rows, {
    ...STRINGS,
    restamped: (row, later) => [isoStamp(MISO_ZONE, row.facts()[0].end + later), ...row.cells.slice(1)],
  });
  return display('interchange', 'GetNsi', table, at, (t) => `{"instance":${jsonObjects(t, bare)}}`);
}

/** Actual interchange in all; stamps end their five minutes, in UTC. */
function flow(feeds: MisoFeeds, today: number, at: Micros): Answer {
  const feed = feeds.flow;
  const rows = [...publishedIntervals(feed, dayOf(today), at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const amount = plainText(entry.numbers[0] ?? 0, feed.decimals);
      return rowOf(feed, interval, entry, [halfDayStamp('UTC', interval.end), amount], () => 1);
    }),
  );
  const table = tableOf(['Time', 'Value'], rows, {
    ...STRINGS,
    restamped: (row, later) => [halfDayStamp('UTC', row.facts()[0].end + later), ...row.cells.slice(1)],
  });
  return display('interchange', 'GetNai', table, at, (t) => jsonObjects(t, bare));
}

const RENEWABLE_KEYS = [
  'ForecastDateTimeEST',
  'ForecastHourEndingEST',
  'ForecastWindValue',
  'ForecastSolarValue',
  'ActualDateTimeEST',
  'ActualHourEndingEST',
  'ActualWindValue',
  'ActualSolarValue',
];
const RENEWABLE_FIELDS: Readonly<Record<string, number>> = {
  wind_forecast: 2,
  solar_forecast: 3,
  wind_generation: 6,
  solar_generation: 7,
};

/** Hours of today and tomorrow, with what came of those that are over. */
function renewables(feeds: MisoFeeds, today: number, at: Micros): Answer {
  const feed = feeds.renewables;
  const window = { start: misoMidnight(today), end: misoMidnight(today + 2) };
  const rows = [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const stamp = halfDayStamp(MISO_ZONE, interval.start);
      const hour = String(wallAt(MISO_ZONE, interval.start).hour + 1);
      const [wind, sun, ...came] = entry.numbers.map((number) =>
        number === null ? '' : plainText(number, feed.decimals),
      );
      const cells = [stamp, hour, wind, sun, stamp, hour, ...came];
      return rowOf(feed, interval, entry, cells, (field) => RENEWABLE_FIELDS[field] ?? -1);
    }),
  );
  const { year, month, day } = wallAt(MISO_ZONE, misoMidnight(today));
  const head = { MktDay: `${padded(month)}-${padded(day)}-${year}`, RefId: referenceText(newestFive(at)) };
  const table = tableOf(RENEWABLE_KEYS, rows, STRINGS);
  return display('renewable_forecast', 'GetCombined', table, at, (t) => {
    return `${JSON.stringify(head).slice(0, -1)},"instance":${jsonObjects(t, bare)}}`;
  });
}

/** The last mark of five minutes. */
function newestFive(at: Micros): Micros {
  return Math.floor(at / FIVE) * FIVE;
}
