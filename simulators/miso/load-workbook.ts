/**
 * The workbook of forecast and actual load by zone, `YYYYMMDD_df_al.xls`: the day before with both, then six days of
 * forecast, each under the header once more and a line with its date. Form: reference 2.1.
 */

import { civilFromDays, daysFromCivil, type Micros } from '../../core/time/instant.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, publishedIntervals, valuesOf } from '../feed.ts';
import { isoDate, slashDate, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import type { PriceProcess } from '../price-process.ts';
import { plainReport, tableOf } from '../report.ts';
import type { Fact, Table, TableRow } from '../table.ts';
import { type WrittenCell, xlsOf } from '../xls-writer.ts';
import { blobNotFound } from './blob-errors.ts';
import { type LoadZone, WORKBOOK_DAYS, workbookAt } from './feeds.ts';
import { MISO_ZONE, misoDayOf, misoMidnight } from './publication.ts';

/** First workbook whose header is two lines lower, with columns that hold nothing among the others. */
const LOWER_SINCE = daysFromCivil(2026, 4, 27);

const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `July 8, 2025`. */
function longDate(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${MONTH_NAMES[month - 1]} ${date}, ${year}`;
}

/** The workbook that is named after a day. */
export function loadWorkbook(process: PriceProcess, feed: Feed<LoadZone>, day: number, at: Micros): Answer {
  const from = workbookAt(process, day);
  if (at < from) return blobNotFound(at);
  return plainReport({
    dataset: feed.dataset,
    name: 'df_al.xls',
    headers: { 'content-type': 'application/octet-stream' },
    table: workbookTable(feed, day, from),
    zone: MISO_ZONE,
    modifiedAt: from,
    isDated: true,
    render: (table) => xlsOf('Sheet1', cellsOf(table, day)),
    neighbour: () => loadWorkbook(process, feed, day - 1, at),
  });
}

/** A row for each hour; the date and the hour stand in its first two cells. */
function workbookTable(feed: Feed<LoadZone>, day: number, asOf: Micros): Table {
  const window = { start: misoMidnight(day - 1), end: misoMidnight(day + WORKBOOK_DAYS) };
  let zones: readonly LoadZone[] = [];
  const rows = [...publishedIntervals(feed, window, asOf)].map((interval): TableRow => {
    const entries: readonly Entry<LoadZone>[] = feed.entries(interval, asOf);
    zones = entries.map(({ place }) => place);
    const texts = entries.flatMap(({ numbers }) =>
      numbers.map((number) => (number === null ? '' : plainText(number, feed.decimals))),
    );
    const hour = String(wallAt(MISO_ZONE, interval.start).hour + 1);
    const facts = (): Fact[] =>
      entries.flatMap((entry, z) =>
        valuesOf(feed, interval, entry).map((value) => ({
          ...value,
          column: 2 + 2 * z + feed.fields.indexOf(value.field),
        })),
      );
    return { cells: [isoDate(misoDayOf(interval.start)), hour, ...texts], facts };
  });
  const columns = zones.flatMap(({ name }) => [`${name} MTLF (MWh)`, `${name} ActualLoad (MWh)`]);
  const preamble = [
    'Daily Forecast and Actual Load by Local Resource Zone (LRZ)',
    `Publish Date: ${slashDate(day)}`,
    'All Hours-Ending are Eastern Standard Time (EST)',
    'MTLF: medium term load forecast',
  ];
  return tableOf(['Market Day', 'HourEnding', ...columns], rows, { preamble });
}

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell as a workbook holds it: dates and numbers as such, blanks not at all. */
function written(text: string): WrittenCell {
  if (text === '') return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { date: text };
  return NUMBER.test(text) ? Number(text) : text;
}

/** The sheet: the lines above, then each day under the header and its date, and a line below. */
function cellsOf({ preamble, header, rows }: Table, day: number): WrittenCell[][] {
  const isLower = day >= LOWER_SINCE;
  // A column that holds nothing, after the hour.
  const spread = (cells: readonly WrittenCell[]): WrittenCell[] =>
    isLower ? [...cells.slice(0, 2), null, ...cells.slice(2)] : [...cells];
  const sheet: WrittenCell[][] = preamble.map((line) => [line]);
  if (isLower) sheet.push([], []);
  for (const [date, ofDay] of Map.groupBy(rows, ({ cells }) => cells[0])) {
    sheet.push(spread(header));
    sheet.push([longDate(Date.parse(date) / 86_400_000)]);
    for (const { cells } of ofDay) sheet.push(spread(cells.map(written)));
  }
  sheet.push(['Values are not of settlement quality.']);
  return sheet;
}
