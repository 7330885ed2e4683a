/** What the acts of one dataset in one run work with. */

import type { Connector, Dataset, SourceRequest } from '../../connectors/kit/contract.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';
import type { DatasetSettings, Manifest } from '../connectors/manifest.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { RunRequest } from './run-report.ts';

/** Requests are begun for this long; what then remains is left to the next run. */
const BEGIN_WITHIN: Micros = 240 * SECOND;
/** No attempt begins later than this: a run stays under five minutes (A12). */
const ATTEMPT_WITHIN: Micros = 280 * SECOND;

/** One dataset of a connector in one run. */
export interface DatasetRun {
  readonly stores: Stores;
  readonly connector: Connector;
  readonly manifest: Manifest;
  readonly dataset: Dataset;
  readonly settings: DatasetSettings;
  readonly request: RunRequest;
  /** Hosts at which we have an account, or a key of our own. */
  readonly signedIn: readonly string[];
  /** When the run began, in UTC micros. */
  readonly startedAt: Micros;
  readonly signal: AbortSignal | undefined;
}

/** True when no further request may be begun: the time is up, or the run was stopped. */
export function isOver({ stores, startedAt, signal }: DatasetRun): boolean {
  return signal?.aborted === true || stores.clock.now() >= startedAt + BEGIN_WITHIN;
}

/** True when an attempt after a pause would begin in time. */
export function hasTimeFor(run: DatasetRun, pauseMs: number): boolean {
  return (
    run.signal?.aborted !== true && run.stores.clock.now() + pauseMs * 1000 < run.startedAt + ATTEMPT_WITHIN
  );
}

/** The address that is asked: the operator's, or its path and query at the origin that stands in for it. */
export function addressOf({ origin }: Pick<RunRequest, 'origin'>, request: SourceRequest): URL {
  const url = new URL(request.url);
  return origin === undefined ? url : new URL(`${url.pathname}${url.search}`, origin);
}

/** A ledger row of an attempt that has brought nothing so far. */
export function newRecord(
  run: DatasetRun,
  request: Pick<SourceRequest, 'name' | 'window'>,
  url: URL,
  attempt: number,
): FetchRecord {
  const now = run.stores.clock.now();
  return {
    tenant: run.stores.runtime.tenant,
    connector: run.connector.name,
    dataset: run.dataset.name,
    runId: run.request.runId,
    request: request.name,
    attempt,
    url: url.href,
    window: request.window,
    outcome: 'failed',
    status: null,
    sha256: null,
    etag: null,
    lastModified: null,
    knownAt: null,
    bytes: 0,
    rows: 0,
    values: 0,
    rejected: 0,
    code: null,
    message: null,
    startedAt: now,
    endedAt: now,
  };
}

/** Writes a row as it stands now, and returns it. */
export async function recorded(run: DatasetRun, record: FetchRecord): Promise<FetchRecord> {
  const ended = { ...record, endedAt: run.stores.clock.now() };
  await run.stores.reference.recordFetch(ended);
  return ended;
}

/** The facts of a row for telemetry. */
export function factsOf(record: FetchRecord): Record<string, string | number> {
  return {
    connector: record.connector,
    dataset: record.dataset,
    run_id: record.runId,
    request: record.request,
    attempt: record.attempt,
    status: record.outcome,
    ...(record.status === null ? {} : { http_status: record.status }),
    ...(record.sha256 === null ? {} : { sha256: record.sha256 }),
    bytes: record.bytes,
    records: record.rows,
    values: record.values,
    rejected: record.rejected,
    ...(record.code === null ? {} : { code: record.code }),
    ...(record.message === null ? {} : { error: record.message }),
    duration_ms: Math.round((record.endedAt - record.startedAt) / 1000),
  };
}
