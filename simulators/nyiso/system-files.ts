/**
 * Files of reserves, loads, forecasts, fuels, flows and sun of NYISO: a row for each stamp and place but for the forecast
 * of load, which prints its zones side by side. Form: reference 6.
 */

import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type Entry, type Feed, type Place, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { clockText, localDay, offsetText, slashDate, wallAt } from '../local-time.ts';
import { tableOf } from '../report.ts';
import { bareCell, quotedCell, type Table, type TableRow } from '../table.ts';
import { type FlowPlace, FUEL_SECONDS_SINCE, NO_LIMIT, type NyisoFeeds, type Zone } from './feeds.ts';
import { NYISO_ZONE, nyisoDay } from './publication.ts';
import { RESERVES, ZONAL_SINCE } from './reserve-columns.ts';

/** How a file with a row for each place is printed. */
interface LongForm<P extends Place> {
  readonly header: readonly string[];
  /** Text in quotes, or as it is. */
  readonly text: (word: string) => string;
  /** The instant of an interval that is printed, and whether with seconds. */
  readonly stamped: 'start' | 'end';
  readonly hasSeconds: boolean;
  readonly hasZone: boolean;
  /** Cells after the stamp, from texts on. */
  cellsOf(entry: Entry<P>, decimals: number): readonly string[];
}

/** `MM/DD/YYYY HH:MM` on the market's clock. */
function stampText(at: Micros, hasSeconds: boolean): string {
  return `${slashDate(localDay(NYISO_ZONE, at))} ${clockText(wallAt(NYISO_ZONE, at), hasSeconds)}`;
}

/** `EST` or `EDT`. */
function zoneWord(at: Micros): string {
  return offsetText(NYISO_ZONE, at) === '-05:00' ? 'EST' : 'EDT';
}

/** The rows of a window; null before the first of them is published. */
function longTable<P extends Place>(
  feed: Feed<P>,
  form: LongForm<P>,
  window: Interval,
  at: Micros,
): Table | null {
  const { header, text, hasZone } = form;
  const stampCells = (interval: Interval): string[] => {
    const stamp = interval[form.stamped];
    const cells = [stampText(stamp, form.hasSeconds), ...(hasZone ? [zoneWord(stamp)] : [])];
    return cells.map(text);
  };
  const rows: TableRow[] = [];
  let width = 0;
  for (const interval of publishedIntervals(feed, window, at))
    for (const entry of feed.entries(interval, at)) {
      const before = stampCells(interval);
      const cells = [...before, ...form.cellsOf(entry, feed.decimals)];
      const first = cells.length - feed.fields.length;
      width = before.length;
      rows.push(rowOf(feed, interval, entry, cells, (field) => first + feed.fields.indexOf(field)));
    }
  if (rows.length === 0) return null;
  return tableOf(header.map(text), rows, {
    textCell: text,
    ...(hasZone ? { isOrderFree: true } : {}),
    restamped: (row, later) => {
      const [{ start, end }] = row.facts();
      return [...stampCells({ start: start + later, end: end + later }), ...row.cells.slice(width)];
    },
  });
}

/** The file of a day that holds the intervals which begin in it. */
export type DayTable = (day: number, at: Micros) => Table | null;

const ZONE_COLUMNS = ['Time Stamp', 'Time Zone', 'Name', 'PTID'];

/** Loads: `Load` at instants, `Integrated Load` of hours. */
export function loadFile(feed: Feed<Zone>, column: string, hasSeconds: boolean): DayTable {
  const form: LongForm<Zone> = {
    header: [...ZONE_COLUMNS, column],
    text: quotedCell,
    stamped: 'start',
    hasSeconds,
    hasZone: true,
    cellsOf: ({ place, numbers: [load] }, decimals) => [
      quotedCell(place.name),
      String(place.ptid),
      plainText(load ?? 0, decimals),
    ],
  };
  return (day, at) => longTable(feed, form, nyisoDay(day), at);
}

/** Generation by fuel, nothing quoted; in old files `Gen MWh`, and stamps without seconds. */
export function fuelFile({ fuelMix }: NyisoFeeds): DayTable {
  return (day, at) => {
    const isNew = day >= FUEL_SECONDS_SINCE;
    const form: LongForm<Place> = {
      header: ['Time Stamp', 'Time Zone', 'Fuel Category', isNew ? 'Gen MW' : 'Gen MWh'],
      text: bareCell,
      stamped: 'start',
      hasSeconds: isNew,
      hasZone: true,
      cellsOf: ({ place, numbers: [amount] }, decimals) => [
        place.series ?? '',
        plainText(amount ?? 0, decimals),
      ],
    };
    return longTable(fuelMix, form, nyisoDay(day), at);
  };
}

/** Flows and their limits, nothing quoted, the repeated hour told by order alone. */
export function flowFile({ interchange }: NyisoFeeds): DayTable {
  const form: LongForm<FlowPlace> = {
    header: [
      'Timestamp',
      'Interface Name',
      'Point ID',
      'Flow (MWH)',
      'Positive Limit (MWH)',
      'Negative Limit (MWH)',
    ],
    text: bareCell,
    stamped: 'start',
    hasSeconds: false,
    hasZone: false,
    cellsOf: ({ place, numbers: [flow, most, least] }, decimals) => [
      place.name,
      String(place.point),
      fixedText(flow ?? 0, decimals),
      most === null ? String(NO_LIMIT) : plainText(most, decimals),
      least === null ? String(-NO_LIMIT) : plainText(least, decimals),
    ],
  };
  return (day, at) => longTable(interchange, form, nyisoDay(day), at);
}

/** Sun behind the meter. */
export function solarFile(feed: Feed<Zone>): DayTable {
  const form: LongForm<Zone> = {
    header: ['Time Stamp', 'Time Zone', 'Zone Name', 'MW Value'],
    text: quotedCell,
    stamped: 'start',
    hasSeconds: false,
    hasZone: true,
    cellsOf: ({ place, numbers: [amount] }, decimals) => [
      quotedCell(place.name),
      plainText(amount ?? 0, decimals),
    ],
  };
  return (day, at) => longTable(feed, form, nyisoDay(day), at);
}

/** Reserves by zone, before 2015 by area; in real time stamped by their ends. */
export function reserveFile(feed: Feed<Zone>, isRealTime: boolean): DayTable {
  const shown = RESERVES.filter(({ field }) => feed.fields.includes(field));
  const form: LongForm<Zone> = {
    header: [...ZONE_COLUMNS, ...shown.map(({ column }) => column)],
    text: quotedCell,
    stamped: isRealTime ? 'end' : 'start',
    hasSeconds: isRealTime,
    hasZone: true,
    cellsOf: ({ place, numbers }, decimals) => [
      quotedCell(place.name),
      String(place.ptid),
      ...numbers.map((number) => fixedText(number ?? 0, decimals)),
    ],
  };
  return (day, at) => {
    const { start, end } = nyisoDay(day);
    // A file of real time holds the intervals that end in its day, also an extra run that began before it.
    const window = isRealTime ? { start: start - feed.step + 1, end: end - feed.step + 1 } : { start, end };
    return day < ZONAL_SINCE ? areaTable(feed, form, window, at) : longTable(feed, form, window, at);
  };
}

/** Both areas side by side, each with its products. */
function areaTable(feed: Feed<Zone>, form: LongForm<Zone>, window: Interval, at: Micros): Table | null {
  const products = RESERVES.filter(({ areaColumn }) => areaColumn !== '');
  const areas: string[] = [];
  const rows = [...publishedIntervals(feed, window, at)].map((interval): TableRow => {
    const entries = feed.entries(interval, at);
    areas.splice(0, areas.length, ...entries.map(({ place }) => place.name));
    const stamp = interval[form.stamped];
    const numbers = entries.flatMap((entry) => entry.numbers.slice(0, products.length));
    const texts = numbers.map((number) => fixedText(number ?? 0, feed.decimals));
    const cells = [quotedCell(stampText(stamp, form.hasSeconds)), quotedCell(zoneWord(stamp)), ...texts];
    const facts = (): ReturnType<TableRow['facts']> =>
      entries.flatMap((entry, k) =>
        rowOf(feed, interval, entry, cells, (field) => {
          const product = products.findIndex((each) => each.field === field);
          return product < 0 ? -1 : 2 + k * products.length + product;
        }).facts(),
      );
    return { cells, facts };
  });
  if (rows.length === 0) return null;
  const columns = areas.flatMap((area) => products.map(({ areaColumn }) => `${area} ${areaColumn}`));
  return tableOf(['Time Stamp', 'Time Zone', ...columns].map(quotedCell), rows, { textCell: quotedCell });
}

/** The forecast of six days, as it was made on the first of them. */
export function forecastFile(
  { loadForecast }: NyisoFeeds,
  days: number,
  issuedAt: (day: number) => Micros,
): DayTable {
  return (day, at) => {
    const issued = issuedAt(day);
    if (issued > at) return null;
    const window = { start: nyisoDay(day).start, end: nyisoDay(day + days - 1).end };
    let names: string[] = [];
    // What a later forecast says is not in this one.
    const until = Math.min(at, issued + DAY / 2);
    const rows = [...publishedIntervals(loadForecast, window, until)].map((interval) => {
      const entries = loadForecast.entries(interval, until);
      names = entries.map(({ place }) => place.name);
      const cells = entries.map(({ numbers: [load] }) => plainText(load ?? 0, loadForecast.decimals));
      return wideRowOf(
        loadForecast,
        interval,
        entries,
        [quotedCell(stampText(interval.start, false)), ...cells],
        ({ name }) => 1 + names.indexOf(name),
      );
    });
    const header = ['Time Stamp', ...names].map(quotedCell);
    return tableOf(header, rows, { textCell: quotedCell });
  };
}
