/**
 * The JSON behind ERCOT's dashboards, https://www.ercot.com/api/1/services/read/dashboards/: what they share. Stamps have
 * a blank and an offset without colon (`2025-10-08 00:04:56-0500`). On the days on which the clock changes the stamps of
 * hours are wrong, so that hours are read by their number and flag, and an instant printed twice is refused.
 */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Payload, Rejection, SourceRow } from '../kit/contract.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
} from '../kit/readers/json.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { ERCOT_ZONE } from './body.ts';
import { HOUR_ENDING } from './clock.ts';

/** Instants whose offset is printed, and checked against the season. */
export const OFFSET_INSTANT: TimeConvention = {
  name: 'central-instant-with-offset',
  zone: ERCOT_ZONE,
  pattern: 'YYYY-MM-DD[ ][T]hh:mm[:ss]',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'zone', words: { '-0500': -5 * HOUR, '-0600': -6 * HOUR } },
};

/** Hours by the date of their day, their number and their flag. */
export const NUMBERED_HOUR: TimeConvention = { ...HOUR_ENDING, pattern: 'YYYY-MM-DD h' };

/** One entry of a day, with the day's date as printed. */
export interface DayEntry {
  readonly entry: JsonObject;
  readonly date: string;
  /** Number of the entry in the body, counted from 1. */
  readonly row: number;
}

const DAYS = ['previousDay', 'currentDay', 'nextDay'];

/** Entries of a day list; older answers had an object with numbers as keys in its place. */
export function entriesOf(value: Json | undefined): readonly Json[] | null {
  if (isJsonArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : null;
}

/**
 * The lists under `previous` and `current`, in order of time, as dashboards have them that name no date of a day: a list of
 * entries, one inside a day, or entries by their milliseconds.
 */
export function dayLists(body: Json): (readonly Json[])[] {
  return ['previous', 'current'].flatMap((key) => {
    const day = isJsonObject(body) ? body[key] : undefined;
    const list = entriesOf(isJsonObject(day) && day['data'] !== undefined ? day['data'] : day);
    return list === null ? [] : [list];
  });
}

/** All entries of the days of a dashboard, in order. Throws SOURCE_MALFORMED where a day has none. */
export function dayEntries(body: Json, payload: Payload): DayEntry[] {
  const entries: DayEntry[] = [];
  for (const key of DAYS) {
    const day = isJsonObject(body) ? body[key] : undefined;
    if (day === undefined || day === null) continue;
    const list = isJsonObject(day) ? entriesOf(day['data']) : null;
    if (!isJsonObject(day) || list === null)
      throw malformedRecord(payload, entries.length + 1, `a day with entries under ${key}`, day);
    const date = textOf(day['dayDate'] ?? day['date']).slice(0, 10);
    for (const entry of list) {
      if (!isJsonObject(entry))
        throw malformedRecord(payload, entries.length + 1, 'an entry of a day', entry);
      entries.push({ entry, date, row: entries.length + 1 });
    }
  }
  return entries;
}

/** A text, and '' for everything else. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

/** A stamp without its offset, and the offset as the hint of its hour. */
export function splitOffset(stamp: string): { words: string; hint: string } {
  const parts = /^(.*?)(?:\.\d+)?\s*([+-]\d{2}:?\d{2})$/.exec(stamp);
  if (parts === null) return { words: stamp, hint: '' };
  return { words: parts[1] ?? '', hint: (parts[2] ?? '').replace(':', '') };
}

/** The instant of `lastUpdated`; null when it is absent or no stamp. */
export function lastUpdated(body: Json): Micros | null {
  const { words, hint } = splitOffset(isJsonObject(body) ? textOf(body['lastUpdated']) : '');
  const wall = parseStamp(OFFSET_INSTANT.pattern, words);
  const sign = hint.startsWith('-') ? -1 : 1;
  if (wall === null || hint === '') return null;
  return wall - sign * (Number(hint.slice(1, 3)) * HOUR + (Number(hint.slice(3)) * HOUR) / 60);
}

/** Values of an entry by the names of its keys; keys that are absent give none. */
export function valuesOf(
  entry: JsonObject,
  fields: Readonly<Record<string, string>>,
  unit: string,
): SourceRow['values'] {
  const values: SourceRow['values'] = [];
  for (const [key, field] of Object.entries(fields)) {
    const value = entry[key];
    if (typeof value === 'string' || value === null) values.push({ field, value, unit });
  }
  return values;
}

/** Takes out rows whose instant stands twice under one label: which of them is which cannot be told. */
export function withoutDoubles(rows: readonly SourceRow[]): { rows: SourceRow[]; rejected: Rejection[] } {
  const counts = new Map<string, number>();
  const keyOf = (row: SourceRow): string => `${row.sourceTime}\u0000${row.timeHint}\u0000${row.series ?? ''}`;
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const kept: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const row of rows) {
    if (counts.get(keyOf(row)) === 1) kept.push(row);
    else
      rejected.push({
        row: row.row,
        code: 'TIME_AMBIGUOUS',
        message: `line ${row.row}: the instant ${row.sourceTime} stands in the body more than once`,
        field: 'time',
        expected: 'one entry for an instant',
        got: row.sourceTime.slice(0, 80),
        location: row.location,
        series: row.series,
      });
  }
  return { rows: kept, rejected };
}
