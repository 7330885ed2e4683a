/** What the reports of the simulated IESO have in common: what a file covers, how its rows and its text are made. */

import { civilFromDays, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, type Place, publishedIntervals, rowOf } from '../feed.ts';
import { clockText, isoDate, wallAt } from '../local-time.ts';
import { csvOf, type Table, type TableRow } from '../table.ts';
import { type DocumentKind, documentOf, type Edition } from './documents.ts';
import { hourOfDay, IESO_ZONE, iesoDay, iesoDayOf } from './trade-day.ts';

/** One report: a folder under `/public/`. */
export interface IesoReport {
  readonly name: string;
  readonly ending: 'csv' | 'xml';
  readonly period: 'hour' | 'day' | 'year';
  readonly feed: Feed;
  /** First and last day, null where it still goes on or has always been. */
  readonly since: number | null;
  readonly until: number | null;
  /** True where the file grows in place: it has no versions. */
  readonly isGrowing?: boolean;
  /** How far back a file of a year reaches here; left out, to the begin of the year. */
  readonly reach?: Micros;
  /** Times until `at` at which a file is written, each of them a version; left out, when its last value is there. */
  written?(window: Interval, at: Micros): Micros[];
  table(window: Interval, at: Micros): Table;
  render(table: Table, edition: Edition): string;
}

/** A number as printed; blank where there is none. */
export const number = (amount: number | null, decimals: number): string =>
  amount === null ? '' : plainText(amount, decimals);

/** Rows of all published intervals of a window. */
export function rowsOver<P extends Place>(
  feed: Feed<P>,
  window: Interval,
  at: Micros,
  row: (
    interval: Interval,
    entry: Entry<P>,
  ) => readonly [cells: string[], columnOf: (field: string) => number],
): TableRow[] {
  return [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const [cells, columnOf] = row(interval, entry);
      return rowOf(feed, interval, entry, cells, columnOf);
    }),
  );
}

const slashes = (date: string): string => date.replaceAll('-', '/');

/** `CREATED AT 2025/05/01 23:14:53 FOR 2025/05/02` before the header. */
export function createdCsv(table: Table, { createdAt, date }: Edition): string {
  const made = `${slashes(isoDate(iesoDayOf(createdAt)))} ${clockText(wallAt(IESO_ZONE, createdAt), true)}`;
  return csvOf({ ...table, preamble: [`CREATED AT ${made} FOR ${slashes(date)}`] });
}

/** `\\` lines before the header. */
export function commentedCsv(title: string) {
  return (table: Table, { createdAt, date }: Edition): string => {
    const made = `${isoDate(iesoDayOf(createdAt))} ${clockText(wallAt(IESO_ZONE, createdAt), true)}`;
    const preamble = [`\\\\${title}`, `\\\\Created at ${made}`, `\\\\For ${date.slice(0, 4)}`];
    return csvOf({ ...table, preamble });
  };
}

/** The renderer of a kind of document. */
export const xml =
  (kind: DocumentKind, body: (table: Table, edition: Edition) => string[]) =>
  (table: Table, edition: Edition): string =>
    documentOf(kind, edition, body(table, edition));

/** A kind of document. */
export const document = (
  id: string,
  title: string,
  root: DocumentKind['root'] = 'Document',
  schema = 'r1',
): DocumentKind => ({
  id,
  title,
  root,
  schema,
});

/** What the file of a stamp covers: `2025`, `20250502`, `2025050213`; null for a stamp of another length. */
export function windowOf({ period }: IesoReport, stamp: string): Interval | null {
  const [year, month, day, hour] = [
    stamp.slice(0, 4),
    stamp.slice(4, 6),
    stamp.slice(6, 8),
    stamp.slice(8),
  ].map(Number);
  if (stamp.length !== { year: 4, day: 8, hour: 10 }[period]) return null;
  if (period === 'year')
    return {
      start: iesoDay(daysFromCivil(year, 1, 1)).start,
      end: iesoDay(daysFromCivil(year + 1, 1, 1)).start,
    };
  const window = iesoDay(daysFromCivil(year, month, day));
  if (period === 'day') return window;
  if (hour < 1 || hour > 24) return null;
  return { start: window.start + (hour - 1) * HOUR, end: window.start + hour * HOUR };
}

/** The stamp of the file that holds an instant. */
export function stampOf({ period }: IesoReport, at: Micros): string {
  const day = iesoDayOf(at);
  const date = isoDate(day).replaceAll('-', '');
  if (period === 'year') return String(civilFromDays(day)[0]);
  return period === 'day' ? date : `${date}${String(hourOfDay(at)).padStart(2, '0')}`;
}

/** The last instant of which a report may hold something. */
export function latestTime(report: IesoReport, at: Micros): Micros {
  const ahead = report.name.startsWith('DA') ? 36 * HOUR : 0;
  return at + ahead - MINUTE;
}
