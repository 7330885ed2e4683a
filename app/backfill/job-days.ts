/** The chunks of a job: a day of its window, and of that day a page of instruments with a bounded number of ticks. */

import { LONGEST_DAY } from '../../core/math/bar-interval.ts';
import type { BackfillRequest } from '../../core/model/job.ts';
import type { Queries, SqlParameters } from '../../core/ports/warehouse.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import type { WindowScope } from '../../services/aggregation/bar-differences.ts';
import { sqlTime } from '../read/sql-time.ts';

/** About how many ticks a chunk has: a second of work, on a small machine. One instrument's day is never cut. */
const MOST_TICKS = 60_000;
/** Instruments of a chunk at most. */
export const MOST_INSTRUMENTS_AT_ONCE = 500;

/**
 * The bar windows of each day in turn: those that begin on it. With the first day go those that began before and reach into
 * the window of the job, so that each bar that overlaps it is looked at once.
 */
export function daysOf({ window }: Pick<BackfillRequest, 'window'>): WindowScope[] {
  const days: WindowScope[] = [];
  for (let at = window.start; at < window.end; at += DAY) {
    const start = at === window.start ? at - LONGEST_DAY : at;
    days.push({ starts: { start, end: Math.min(at + DAY, window.end) }, endsAfter: window.start });
  }
  return days;
}

/** The event times of all ticks that the bar windows of a day may hold. */
export function tickRangeOf({ starts }: WindowScope): { readonly from: Micros; readonly to: Micros } {
  return { from: inStore(starts.start), to: inStore(starts.end + LONGEST_DAY) };
}

/** The store's times are of 1970 to 2100. */
const inStore = (at: Micros): Micros => Math.min(Math.max(at, 0), 4_102_444_800_000_000);

/** Which instruments a job is about. */
export type JobScope = Pick<BackfillRequest, 'tenant' | 'instruments' | 'market'>;

/** How many instruments have ticks or bars on a day. */
export async function countOn(warehouse: Queries, scope: JobScope, day: WindowScope): Promise<number> {
  const { sql, parameters } = knownOn(scope, day, '');
  const [row] = await warehouse.queryRows(
    `SELECT toString(uniqExact(instrument_id)) AS n FROM (${sql})`,
    parameters,
  );
  return Number(row?.['n'] ?? 0);
}

/** The next instruments of a day, from the one after `after` on, in order; none ends the day. */
export async function pageOn(
  warehouse: Queries,
  scope: JobScope,
  day: WindowScope,
  after: string,
): Promise<string[]> {
  const { sql, parameters } = knownOn(scope, day, after);
  const rows = await warehouse.queryRows(
    `SELECT instrument_id, toString(sum(n)) AS n FROM (${sql}) GROUP BY instrument_id ORDER BY instrument_id
LIMIT ${MOST_INSTRUMENTS_AT_ONCE}`,
    parameters,
  );
  const page: string[] = [];
  let ticks = 0;
  for (const row of rows) {
    ticks += Number(row['n']);
    if (page.length > 0 && ticks > MOST_TICKS) break;
    page.push(String(row['instrument_id']));
  }
  return page;
}

/** Instruments of the job that have ticks or bars in its window, in order, from the one after `after` on. */
export async function instrumentsIn(
  warehouse: Queries,
  scope: JobScope & Pick<BackfillRequest, 'window'>,
  after: string,
): Promise<string[]> {
  // Those that are named are looked at whether or not they have anything in the window.
  if (scope.instruments.length > 0)
    return scope.instruments.filter((id) => id > after).slice(0, MOST_INSTRUMENTS_AT_ONCE);
  const days = daysOf(scope);
  const starts = { start: days[0].starts.start, end: scope.window.end };
  const { sql, parameters } = knownOn(scope, { starts, endsAfter: scope.window.start }, after);
  const rows = await warehouse.queryRows(
    `SELECT DISTINCT instrument_id FROM (${sql}) ORDER BY instrument_id LIMIT ${MOST_INSTRUMENTS_AT_ONCE}`,
    parameters,
  );
  return rows.map((row) => String(row['instrument_id']));
}

/** Instruments with the number of their ticks, those that only have bars too. */
function knownOn(
  { tenant, instruments, market }: JobScope,
  day: WindowScope,
  after: string,
): { readonly sql: string; readonly parameters: SqlParameters } {
  const { from, to } = tickRangeOf(day);
  const which = [
    'tenant_id = {tenant:String} AND instrument_id > {after:String}',
    ...(instruments.length === 0 ? [] : ['instrument_id IN {instruments:Array(String)}']),
    ...(market === null ? [] : ['market = {market:String}']),
  ].join(' AND ');
  const sql = `SELECT instrument_id, count() AS n FROM silver_ticks
WHERE ${which} AND ts >= '${sqlTime(from)}' AND ts < '${sqlTime(to)}' GROUP BY instrument_id
UNION ALL
SELECT DISTINCT instrument_id, 0 AS n FROM bars
WHERE ${which} AND interval_start >= '${sqlTime(from)}' AND interval_start < '${sqlTime(inStore(day.starts.end))}'`;
  return { sql, parameters: { tenant, instruments, market: market ?? '', after } };
}
