/** Folders and names of SPP's files, and what an answer of the portal looks like. Form: reference 8. */

import { civilFromDays, daysFromCivil, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { compactDate, padded } from '../local-time.ts';
import type { Answer, Refusal } from '../market.ts';
import { CSV_HEADERS, plainReport } from '../report.ts';
import { csvOf, type Table } from '../table.ts';
import { endStamp, intervalStamp, SPP_ZONE, sppDay, sppDayOf } from './clock.ts';

/** Root of the file browser. */
export const ROOT = '/file-browser-api/download/';

/** What is not there has no body. */
export function notThere(): Refusal {
  return { kind: 'refusal', status: 404, headers: {}, body: '' };
}

/** One file. */
export function fileOf(
  dataset: string,
  file: string,
  modifiedAt: Micros,
  table: Table,
  neighbour?: () => Answer,
): Answer {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const headers = { ...CSV_HEADERS, 'content-disposition': `attachment; filename="${name}"` };
  return plainReport({
    dataset,
    name,
    headers,
    table,
    zone: SPP_ZONE,
    modifiedAt,
    render: csvOf,
    ...(neighbour === undefined ? {} : { neighbour }),
  });
}

/** Folder of a month: `/2025/03`. */
export function monthFolder(day: number): string {
  const [year, month] = civilFromDays(day);
  return `/${year}/${padded(month)}`;
}

/** Folder of a day: `/2025/03/09`. */
export function dateFolder(day: number): string {
  return `${monthFolder(day)}/${padded(civilFromDays(day)[2])}`;
}

/** The folder of an hour is named by its end. */
export function hourFolder(mark: Micros): string {
  return endStamp(Math.floor(mark / HOUR) * HOUR + HOUR).slice(11, 13);
}

/** Folder and name of an interval's file: the folder by the begin, the name by the end. */
export function intervalPath(stem: string, { start, end }: Interval, inner = 'By_Interval'): string {
  const day = sppDayOf(start);
  const date = padded(civilFromDays(day)[2]);
  return `${monthFolder(day)}/${inner}/${date}/${stem}-${intervalStamp(end)}.csv`;
}

/** Folder and name of the file of a whole real-time day. */
export function dailyPath(stem: string, day: number): string {
  return `${monthFolder(day)}/By_Day/${stem}-${compactDate(day)}.csv`;
}

/** The day in a name, `…-20250309….csv`; null for a name without one. */
export function dayOf(file: string): number | null {
  const m = /-(\d{4})(\d{2})(\d{2})(?:\d{2}){0,2}d?\.csv$/.exec(file);
  return m === null ? null : daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
}

/** The mark on the grid that a name stands for; null for none. */
export function markOf(file: string, step: Micros, stampOf: (mark: Micros) => string): Micros | null {
  const day = /-\d{12}d?\.csv$/.test(file) ? dayOf(file) : null;
  if (day === null) return null;
  const { start, end } = sppDay(day);
  for (let mark = start; mark < end; mark += step) if (file.endsWith(`-${stampOf(mark)}.csv`)) return mark;
  return null;
}
