/** Which window a run takes, and how far a dataset has come: its cursor. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
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

/** How far a dataset has come, in UTC micros; null before the first run. */
export async function cursorOf(
  reference: Pick<ReferenceStore, 'loadCursor'>,
  tenant: string,
  connector: string,
  dataset: string,
): Promise<Micros | null> {
  const text = await reference.loadCursor(placeOf(tenant, connector, dataset));
  if (text === null) return null;
  const { until } = JSON.parse(text) as { until?: unknown };
  return typeof until === 'string' ? parseInstant(until) : null;
}

/** What a window and a plan depend on. */
export type PlanScope = Pick<DatasetRun, 'dataset' | 'settings' | 'request' | 'startedAt' | 'signedIn'>;

/**
 * The window of a run; for `due` from the cursor, or where its caller came to, or the lookback, whichever is earlier, to
 * what may be published.
 */
export function windowOf(scope: PlanScope, cursor: Micros | null): Interval {
  if (scope.request.window !== 'due') return scope.request.window;
  const { due } = scope.request;
  const now = due?.at ?? scope.startedAt;
  const before = due === undefined ? cursor : due.since;
  const lookback = parseDuration(scope.settings.lookback) ?? DAY;
  return { start: Math.max(Math.min(before ?? now, now - lookback), now - FURTHEST), end: now + AHEAD };
}

/**
 * The requests of a window in order. A due run leaves out those about the future that are not expected to be there.
 * Throws CONNECTOR_INVALID for a plan that asks for one name twice: its fetches could not be told apart.
 */
export function planOf(scope: PlanScope, window: Interval): SourceRequest[] {
  const now = scope.startedAt;
  const at = scope.request.due?.at ?? now;
  const options = { ...scope.settings.options, ...scope.request.options };
  const requests = scope.dataset
    .plan(window, { now, options, signedIn: scope.signedIn })
    .filter(
      ({ expectedAt, window: covered }) =>
        scope.request.window !== 'due' || covered.start <= at || expectedAt <= at,
    );
  const names = new Set<string>();
  for (const { name } of requests) {
    if (names.has(name))
      throw new CarbonError(
        'CONNECTOR_INVALID',
        `the plan of ${scope.dataset.name} asks for ${name} more than once`,
        { position: { field: 'plan', expected: 'names that differ', got: name } },
      );
    names.add(name);
  }
  return requests;
}

/**
 * Moves the cursor to where everything before is settled: never past now, never back, and only when the run began where
 * the cursor stood or before. What could not be reached, or is not there yet, holds it at its begin, whatever its place
 * in the plan. Returns the cursor.
 */
export async function advanceCursor(
  run: DatasetRun,
  window: Interval,
  requests: readonly SourceRequest[],
  results: ReadonlyMap<string, FetchRecord>,
  before: Micros | null,
): Promise<Micros | null> {
  if (before !== null && window.start > before) return before;
  let settled = Number.NEGATIVE_INFINITY;
  let held = Number.POSITIVE_INFINITY;
  for (const { name, window: covered, expectedAt } of requests) {
    const record = results.get(name);
    const isDone = record !== undefined && isSettled(record, expectedAt, run.startedAt);
    if (isDone) settled = Math.max(settled, Math.min(covered.end, run.startedAt));
    else held = Math.min(held, covered.start);
  }
  const until = Math.max(before ?? Number.NEGATIVE_INFINITY, Math.min(settled, held));
  if (until === Number.NEGATIVE_INFINITY || until === before) return before;
  // A plan that brings nothing before what holds it has not come anywhere yet.
  if (before === null && held <= window.start) return null;
  const value = JSON.stringify({ until: formatInstant(until), run: run.request.runId });
  const { stores, connector, dataset } = run;
  const name = placeOf(stores.runtime.tenant, connector.name, dataset.name);
  await stores.reference.saveCursor(name, value);
  return until;
}

/** What is missing or refused stays in the ledger, and comes again within the lookback; it does not hold the rest. */
function isSettled(record: FetchRecord, expectedAt: Micros, now: Micros): boolean {
  if (record.outcome === 'failed') return record.code === 'SOURCE_MISSING';
  if (record.outcome === 'no_data') return now >= expectedAt;
  return record.outcome !== 'archived' && record.outcome !== 'retried';
}
