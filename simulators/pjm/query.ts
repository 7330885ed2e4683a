/** What a query of Data Miner asks for: pages, columns, filters, a stretch of time. Form: reference 5.2. */

import {
  civilFromDays,
  DAY,
  daysFromCivil,
  HOUR,
  MINUTE,
  type Micros,
  SECOND,
} from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { resolveWall } from '../../core/time/zone.ts';
import { wallAt } from '../local-time.ts';
import type { DataFeed } from './figure-rows.ts';
import { PJM_ZONE, pjmDay, pjmDayOf } from './market-day.ts';

/** What is wrong with a query: a field and words. */
export interface QueryProblem {
  readonly field: string;
  readonly message: string;
}

/** A query that is understood. */
export interface PjmQuery {
  readonly startRow: number;
  readonly rowCount: number;
  readonly sort: string | null;
  readonly order: 'Asc' | 'Desc';
  /** Columns in the order asked for; null for all. */
  readonly fields: readonly string[] | null;
  readonly isDownload: boolean;
  readonly format: 'json' | 'csv';
  /** Values allowed by column. */
  readonly filters: ReadonlyMap<string, readonly string[]>;
  /** As it was written: for the echo. */
  readonly written: readonly (readonly [name: string, text: string])[];
  /** Null where no stamp is named. */
  readonly window: Interval | null;
}

const MOST_ROWS = 50_000;
const KNOWN = [
  'startrow',
  'rowcount',
  'sort',
  'order',
  'fields',
  'isactivemetadata',
  'download',
  'format',
  'subscription-key',
];

/** Reads a query; names of parameters count in any case. */
export function readQuery(feed: DataFeed, query: URLSearchParams, at: Micros): PjmQuery | QueryProblem {
  const given = new Map([...query].map(([name, text]) => [name.toLowerCase(), text]));
  const written = [...query].filter(([name]) => !KNOWN.includes(name.toLowerCase()));
  const [startRow, rowCount] = [given.get('startrow'), given.get('rowcount')].map((text) =>
    Number(text ?? 1),
  );
  if ((written.length > 0 || given.has('fields')) && !(given.has('startrow') && given.has('rowcount')))
    return { field: 'rowCount', message: 'startRow and rowCount are required with other parameters.' };
  if (!Number.isInteger(startRow) || startRow < 1)
    return { field: 'startRow', message: 'must be 1 or more.' };
  if (!Number.isInteger(rowCount) || rowCount < 1 || rowCount > MOST_ROWS)
    return { field: 'rowCount', message: `must be between 1 and ${MOST_ROWS}.` };
  const fields =
    given
      .get('fields')
      ?.split(',')
      .map((name) => name.trim()) ?? null;
  const sort = given.get('sort') ?? null;
  const unknown = [...(fields ?? []), ...(sort === null ? [] : [sort])].find(
    (name) => !feed.columns.includes(name),
  );
  if (unknown !== undefined) return { field: unknown, message: 'is not a field of this feed.' };
  const filters = new Map<string, readonly string[]>();
  let window: Interval | null = null;
  for (const [name, text] of written) {
    const column = name.toLowerCase();
    if (column === `${feed.stamp}_utc` || column === `${feed.stamp}_ept`) {
      window = windowOf(text, column.endsWith('_utc') ? 'UTC' : PJM_ZONE, at);
      if (window === null) return { field: name, message: `${text} is not a date or a range.` };
    } else if (feed.columns.includes(column))
      filters.set(
        column,
        text.split(';').map((each) => each.trim().toLowerCase()),
      );
    else return { field: name, message: 'is not a field that can be filtered.' };
  }
  return {
    startRow,
    rowCount: given.has('rowcount') ? rowCount : MOST_ROWS,
    sort,
    order: given.get('order')?.toLowerCase() === 'desc' ? 'Desc' : 'Asc',
    fields,
    isDownload: given.get('download')?.toLowerCase() === 'true',
    format: given.get('format')?.toLowerCase() === 'csv' ? 'csv' : 'json',
    filters,
    written,
    window,
  };
}

/** Both ends of a range count. A time that is repeated means its first instant as a begin and its second as an end. */
function windowOf(text: string, zone: string, at: Micros): Interval | null {
  const today = pjmDayOf(at);
  const word = text.toLowerCase();
  if (word === 'today') return pjmDay(today);
  if (word === 'yesterday') return pjmDay(today - 1);
  const ago = /^(\d{1,3})(minutes|hours|days)ago$/.exec(word);
  if (ago !== null) {
    const unit = { minutes: MINUTE, hours: HOUR, days: DAY }[ago[2]] ?? DAY;
    return { start: at - Number(ago[1]) * unit, end: at + SECOND };
  }
  const [first, last = first] = text.split(/\s*to\s*/);
  const start = instantOf(first, zone, false);
  const end = instantOf(last, zone, true);
  return start === null || end === null ? null : { start, end: end + SECOND };
}

const SLASHES = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const DASHES = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;

function instantOf(text: string, zone: string, isEnd: boolean): Micros | null {
  const slashes = SLASHES.exec(text);
  const m =
    slashes === null ? DASHES.exec(text) : [text, slashes[3], slashes[1], slashes[2], ...slashes.slice(4)];
  if (m === null) return null;
  const [year, month, day, hour, minute, second] = m.slice(1).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
  const found = resolveWall(zone, { year, month, day, hour, minute, second });
  if (found.kind === 'unique') return found.at;
  if (found.kind === 'repeated') return isEnd ? found.second : found.first;
  // A time that is left out means the moment at which it is.
  return pjmDay(daysFromCivil(year, month, day)).start + 2 * HOUR;
}

/** Why the archive refuses a query; null when it does not, or is not asked. */
export function archiveProblem(
  feed: DataFeed,
  { window, filters, sort }: PjmQuery,
  at: Micros,
): QueryProblem | null {
  if (feed.archivedAfterDays === null || window === null) return null;
  const boundary = pjmDay(pjmDayOf(at) - feed.archivedAfterDays).start;
  const field = `${feed.stamp}_ept`;
  if (window.start >= boundary) return null;
  if (window.end > boundary)
    return { field, message: 'The range must not cross from standard to archived data.' };
  if (filters.size > 0 || sort !== null)
    return { field, message: 'Archived data can neither be filtered nor sorted.' };
  if (window.end - window.start > 366 * DAY) return { field, message: 'At most 366 days of archived data.' };
  if (wallAt(PJM_ZONE, window.start).year !== wallAt(PJM_ZONE, window.end - SECOND).year)
    return { field, message: 'The range of archived data must lie in one calendar year.' };
  return null;
}

/** `6/9/2026 4:00:00 AM`: stamps of CSV. */
export function usStamp(iso: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(iso);
  if (m === null) return iso;
  const [year, month, day] = civilFromDays(daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3])));
  const hour = Number(m[4]);
  return `${month}/${day}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${m[5]}:${m[6]} ${hour < 12 ? 'AM' : 'PM'}`;
}
