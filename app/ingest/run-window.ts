/** Which window a run takes, and how far a dataset has come: its cursor. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DAY, formatInstant, type Micros, parseInstant } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { DatasetRun } from './dataset-run.ts';

/** Day-ahead results are about the next day; what is not published yet is left out of the plan. */
const AHEAD: Micros = 2 * DAY;
/** A run that catches up goes back this far at most; older gaps are a backfill's work. */
const FURTHEST: Micros = 31 * DAY;

/** Name of a dataset's cursor and of its lease. */
export function placeOf(tenant: string, connector: string, dataset: string): string {
  return `connector/${tenant}/${connector}/${dataset}`;
}

const cursorName = (run: DatasetRun): string =>
  placeOf(run.stores.runtime.tenant, run.connector.name, run.dataset.name);

/** How far the dataset has come, in UTC micros; null before the first run. */
export async function cursorOf(run: DatasetRun): Promise<Micros | null> {
  const text = await run.stores.reference.loadCursor(cursorName(run));
  if (text === null) return null;
  const { until } = JSON.parse(text) as { until?: unknown };
  return typeof until === 'string' ? parseInstant(until) : null;
}

/** The window of a run; for `due` from the cursor or the lookback, whichever is earlier, to what may be published. */
export async function windowOf(run: DatasetRun): Promise<Interval> {
  if (run.request.window !== 'due') return run.request.window;
  const now = run.startedAt;
  const lookback = parseDuration(run.settings.lookback) ?? DAY;
  const cursor = (await cursorOf(run)) ?? now;
  return { start: Math.max(Math.min(cursor, now - lookback), now - FURTHEST), end: now + AHEAD };
}

/**
 * The requests of a window in order. A due run leaves out those about the future that are not expected to be there.
 * Throws CONNECTOR_INVALID for a plan that asks for one name twice: its fetches could not be told apart.
 */
export function planOf(run: DatasetRun, window: Interval): SourceRequest[] {
  const now = run.startedAt;
  const options = { ...run.settings.options, ...run.request.options };
  const requests = run.dataset
    .plan(window, { now, options })
    .filter(
      ({ expectedAt, window: covered }) =>
        run.request.window !== 'due' || covered.start <= now || expectedAt <= now,
    );
  const names = new Set<string>();
  for (const { name } of requests) {
    if (names.has(name))
      throw new CarbonError(
        'CONNECTOR_INVALID',
        `the plan of ${run.dataset.name} asks for ${name} more than once`,
        { position: { field: 'plan', expected: 'names that differ', got: name } },
      );
    names.add(name);
  }
  return requests;
}

/**
 * Moves the cursor to where the row of settled requests ends: never past now, never back, and only when the run began
 * where the cursor stood or before. What could not be reached, or is not there yet, holds it. Returns the cursor.
 */
export async function advanceCursor(
  run: DatasetRun,
  window: Interval,
  requests: readonly SourceRequest[],
  results: ReadonlyMap<string, FetchRecord>,
): Promise<Micros | null> {
  const before = await cursorOf(run);
  if (before !== null && window.start > before) return before;
  let until: Micros | null = before;
  for (const { name, window: covered, expectedAt } of requests) {
    const record = results.get(name);
    if (record === undefined || !isSettled(record, expectedAt, run.startedAt)) break;
    until = Math.max(until ?? 0, Math.min(covered.end, run.startedAt));
  }
  if (until === null || until === before) return before;
  const value = JSON.stringify({ until: formatInstant(until), run: run.request.runId });
  await run.stores.reference.saveCursor(cursorName(run), value);
  return until;
}

/** What is missing or refused stays in the ledger, and comes again within the lookback; it does not hold the rest. */
function isSettled(record: FetchRecord, expectedAt: Micros, now: Micros): boolean {
  if (record.outcome === 'failed') return record.code === 'SOURCE_MISSING';
  if (record.outcome === 'no_data') return now >= expectedAt;
  return record.outcome !== 'archived' && record.outcome !== 'retried';
}
