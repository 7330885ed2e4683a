/** What a path of the web services asks for: a day, an hour, what is current. Form: reference 7.1. */

import { daysFromCivil, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, type Place, publishedIntervals, rowOf } from '../feed.ts';
import { isoStamp, offsetText } from '../local-time.ts';
import type { TableRow } from '../table.ts';
import { ISONE_ZONE, isoneDay } from './market-day.ts';
import type { RecordTags } from './nested-body.ts';

/** What a path asks for, before it is made into a body. */
export interface Wanted {
  readonly feed: Feed;
  readonly tags: RecordTags;
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

/** `2026-03-08T00:00:00.000-05:00`. */
export function stampText(at: Micros): string {
  return `${isoStamp(ISONE_ZONE, at)}.000${offsetText(ISONE_ZONE, at)}`;
}

/** The day of `…/day/YYYYMMDD`; null when there is none. */
export function dayIn(parts: readonly string[]): number | null {
  const m = /^(\d{4})(\d{2})(\d{2})$/.exec(parts[parts.indexOf('day') + 1] ?? '');
  if (m === null || !parts.includes('day') || Number(m[2]) > 12 || Number(m[3]) > 31) return null;
  return daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
}

/** What `current` or `day/D` covers. */
export function spanOf(feed: Feed, parts: readonly string[], at: Micros): Interval | null {
  const day = dayIn(parts);
  if (day !== null) return isoneDay(day);
  if (!parts.includes('current')) return null;
  const newest = [...publishedIntervals(feed, { start: at - 3 * HOUR, end: at }, at)].at(-1);
  return newest === undefined ? { start: at, end: at } : { start: newest.start, end: newest.start + 1 };
}

/** A service whose records are the numbers of one place in one interval. */
export interface PlainService<P extends Place> {
  readonly feed: Feed<P>;
  readonly tags: RecordTags;
  /** Columns before the numbers, and their cells. */
  readonly head: readonly string[];
  headOf(interval: Interval, place: P): string[];
  /** Columns of the fields of the feed, in their order. */
  readonly numbers: readonly string[];
  /** Columns after them, all of one cell. */
  readonly rest?: readonly (readonly [name: string, cell: string])[];
}

/** The records of what a path asks for. */
export function plainRecords<P extends Place>(
  service: PlainService<P>,
  parts: readonly string[],
  at: Micros,
): Wanted | null {
  const { feed, tags, head, numbers, rest = [] } = service;
  const span = spanOf(feed, parts, at);
  if (span === null) return null;
  const row = (interval: Interval, entry: Entry<P>): TableRow => {
    const amounts = entry.numbers.map((number) => plainText(number ?? 0, feed.decimals));
    const cells = [...service.headOf(interval, entry.place), ...amounts, ...rest.map(([, cell]) => cell)];
    return rowOf(feed, interval, entry, cells, (field) => head.length + feed.fields.indexOf(field));
  };
  const rows = [...publishedIntervals(feed, span, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => row(interval, entry)),
  );
  return { feed, tags, header: [...head, ...numbers, ...rest.map(([name]) => name)], rows };
}
