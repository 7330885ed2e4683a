/** How NYISO serves its files: a day's on its own for a week, then in the archive of its month. */

import { civilFromDays, daysFromCivil, daysInMonth, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { compactDate } from '../local-time.ts';
import type { Answer, Member, Refusal } from '../market.ts';
import { CSV_HEADERS } from '../report.ts';
import type { Series } from '../series.ts';
import type { Table } from '../table.ts';
import { DAILY_DAYS, NYISO_ZONE, nyisoDay, nyisoDayOf } from './publication.ts';

/** A family of daily files. */
export interface FileSet {
  readonly dataset: string;
  readonly folder: string;
  /** Name of a file without date and ending. */
  readonly file: string;
  /** Null while nothing of the day is published. */
  tableOf(day: number, at: Micros): Table | null;
  /** When the file of a day, as it is at an instant, was written. */
  writtenAt(day: number, at: Micros): Micros;
  render(table: Table): string;
}

/** When a day's intervals were last written: the newest of them, or a correction after that. */
export function lastWritten(
  of: Pick<Series, 'publishedAt'> & Partial<Pick<Series, 'corrections'>>,
  intervalsOf: (window: Interval) => Iterable<Interval>,
): FileSet['writtenAt'] {
  return (day, at) => {
    let last = 0;
    for (const interval of intervalsOf(nyisoDay(day))) {
      const corrections = of.corrections?.(interval) ?? [];
      for (const time of [of.publishedAt(interval), ...corrections.map((each) => each.at)])
        if (time <= at && time > last) last = time;
    }
    return last;
  };
}

/** Path of the file of a day. */
export function dailyPath(set: FileSet, day: number): string {
  return `/public/csv/${set.folder}/${compactDate(day)}${set.file}.csv`;
}

/** Path of the archive of the month of a day. */
export function archivePath(set: FileSet, day: number): string {
  return `/public/csv/${set.folder}/${compactDate(monthStart(day))}${set.file}_csv.zip`;
}

/** The answer for a path under `/public/csv/`. */
export function fileAnswer(sets: readonly FileSet[], path: string, at: Micros): Answer {
  const m = /^\/public\/csv\/(\w+)\/(\d{4})(\d{2})(\d{2})(\w+?)(_csv\.zip|\.csv)$/.exec(path);
  const set = sets.find(({ folder, file }) => m !== null && folder === m[1] && file === m[5]);
  if (m === null || set === undefined) return notFound();
  const day = daysFromCivil(Number(m[2]), Number(m[3]), Number(m[4]));
  return m[6] === '.csv' ? dailyAnswer(set, day, at) : monthlyAnswer(set, day, at);
}

function dailyAnswer(set: FileSet, day: number, at: Micros): Answer {
  if (nyisoDayOf(at) - day > DAILY_DAYS) return notFound();
  const member = memberOf(set, day, at);
  if (member === null) return notFound();
  return {
    kind: 'report',
    dataset: set.dataset,
    headers: CSV_HEADERS,
    members: [member],
    container: 'plain',
    zone: NYISO_ZONE,
    lastModified: member.modifiedAt,
    neighbour: () => dailyAnswer(set, day - 1, at),
  };
}

/** The days of a month that are over, one member each; it grows with the month. */
function monthlyAnswer(set: FileSet, first: number, at: Micros): Answer {
  if (monthStart(first) !== first) return notFound();
  const [year, month] = civilFromDays(first);
  const end = Math.min(first + daysInMonth(year, month), nyisoDayOf(at));
  const members: Member[] = [];
  for (let day = first; day < end; day++) {
    const member = memberOf(set, day, at);
    if (member !== null) members.push(member);
  }
  if (members.length === 0) return notFound();
  return {
    kind: 'report',
    dataset: set.dataset,
    headers: { 'content-type': 'application/zip' },
    members,
    container: 'zip',
    zone: NYISO_ZONE,
    lastModified: Math.max(...members.map(({ modifiedAt }) => modifiedAt)),
    neighbour: null,
  };
}

function memberOf(set: FileSet, day: number, at: Micros): Member | null {
  const table = set.tableOf(day, at);
  if (table === null) return null;
  const name = `${compactDate(day)}${set.file}.csv`;
  return { name, modifiedAt: set.writtenAt(day, at), table, render: set.render };
}

/** First day of the month of a day. */
function monthStart(day: number): number {
  const [year, month] = civilFromDays(day);
  return daysFromCivil(year, month, 1);
}

/** The page for what is not there. */
export function notFound(): Refusal {
  const body = [
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">',
    '<html><head>',
    '<title>404 Not Found</title>',
    '</head><body>',
    '<h1>Not Found</h1>',
    '<p>The requested URL was not found on this server.</p>',
    '</body></html>',
    '',
  ].join('\n');
  return { kind: 'refusal', status: 404, headers: { 'content-type': 'text/html; charset=iso-8859-1' }, body };
}
