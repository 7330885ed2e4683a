/** Reports of OASIS with one figure in a row, as CSV and as XML: unsorted inside a group, at most five decimals. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { shuffled, wordOf } from '../draw.ts';
import { type Feed, type Place, publishedIntervals, valuesOf } from '../feed.ts';
import { tableOf } from '../report.ts';
import type { Fact, Table, TableRow } from '../table.ts';
import { caisoDayOf } from './publication.ts';

/** One run of a report. */
export interface Sheet {
  readonly feed: Feed;
  /** Value of `market_run_id`; blank in reports without runs. */
  readonly run: string;
  /** Value of `execution_type`, where the run has more than one. */
  readonly execution: string | null;
  readonly label: string;
  /** `SYS_FCST_DA_MW`. */
  itemOf(place: Place, field: string): string;
}

/** A number of a report with all that its row says of it. */
export interface Figure {
  readonly sheet: Sheet;
  readonly interval: Interval;
  readonly place: Place;
  readonly field: string;
  readonly item: string;
  /** An integer at the decimals of the feed, and as printed. */
  readonly number: number;
  readonly text: string;
  /** Number of its group: items within trade days. */
  readonly group: number;
}

/** A report by its name and version. */
export interface FigureReport {
  readonly queryname: string;
  readonly version: string;
  readonly unit: string;
  readonly sheets: readonly Sheet[];
  /** Columns of the CSV, in their order. */
  readonly columns: readonly (readonly [name: string, cellOf: (figure: Figure) => string])[];
  /** Tags of REPORT_DATA, in their order. */
  readonly tags: readonly (readonly [name: string, cellOf: (figure: Figure) => string])[];
  /** False for rows that the parameters of a query leave out. */
  isAsked(query: URLSearchParams, place: Place, field: string): boolean;
}

/** The figures of a window that are published until `at` and asked for, group by group. */
export function figuresOf(
  report: FigureReport,
  sheet: Sheet,
  query: URLSearchParams,
  window: Interval,
  at: Micros,
  seed: number,
): Figure[] {
  const { feed } = sheet;
  const groups = new Map<string, Figure[]>();
  for (const interval of publishedIntervals(feed, window, at))
    for (const { place, numbers } of feed.entries(interval, at))
      feed.fields.forEach((field, k) => {
        const number = numbers[k];
        if (number === null || number === undefined || !report.isAsked(query, place, field)) return;
        const item = sheet.itemOf(place, field);
        const key = `${caisoDayOf(interval.start)} ${item}`;
        const figures = groups.getOrInsertComputed(key, () => []);
        const group = figures[0]?.group ?? groups.size;
        const text = plainText(number, feed.decimals);
        figures.push({ sheet, interval, place, field, item, number, text, group });
      });
  const word = wordOf(report.queryname);
  return [...groups.values()].flatMap((figures, k) => shuffled(figures, seed, word, window.start, k));
}

/** The figures as a table; rows about the past can be stamped anew. */
export function figureTable(
  columns: FigureReport['columns'],
  figures: readonly Figure[],
  valueColumn: string,
): Table {
  const header = columns.map(([name]) => name);
  const column = header.indexOf(valueColumn);
  const shown = new Map<TableRow, Figure>();
  const cellsOf = (figure: Figure): string[] => columns.map(([, cellOf]) => cellOf(figure));
  const rows = figures.map((figure): TableRow => {
    const { sheet, interval, place, field, number } = figure;
    const facts = (): Fact[] => {
      const numbers = sheet.feed.fields.map((each) => (each === field ? number : null));
      return valuesOf(sheet.feed, interval, { place, numbers }).map((value) => ({ ...value, column }));
    };
    const row = { cells: cellsOf(figure), facts };
    shown.set(row, figure);
    return row;
  });
  const isAhead = figures.some(({ sheet, interval }) => sheet.feed.publishedAt(interval) < interval.start);
  if (isAhead) return tableOf(header, rows, { isOrderFree: true });
  return tableOf(header, rows, {
    isOrderFree: true,
    restamped: (row, later) => {
      const figure = shown.get(row);
      if (figure === undefined) return row.cells;
      const { start, end } = figure.interval;
      return cellsOf({ ...figure, interval: { start: start + later, end: end + later } });
    },
  });
}
