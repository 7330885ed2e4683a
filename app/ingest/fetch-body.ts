/**
 * Extract, the first act: one request of a plan to its archived body. Attempts are repeated by the remedy of their
 * failure, with exponential pauses and jitter or as the source asks; every attempt is a row of the ledger.
 */

import { ExponentialBackoff, halfJitterGenerator, type IBackoff } from 'cockatiel';
import type { SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { HttpResponse } from '../../core/ports/http.ts';
import type { Archived } from '../../core/ports/payload-archive.ts';
import type { Micros } from '../../core/time/instant.ts';
import { failureOfAnswer } from './answer.ts';
import { addressOf, type DatasetRun, factsOf, hasTimeFor, newRecord, recorded } from './dataset-run.ts';
import { isKnownRefusal, refuseBody } from './dead-letters.ts';
import { exchangeWith } from './exchange.ts';
import { redactedBody } from './redacted-body.ts';
import { faultOf, outcomeOf } from './run-report.ts';
import { doorOf } from './source-door.ts';

/** Longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 120_000;
/** Earlier bodies of a request that are looked at. */
const BODIES = 50;

/** A request after its last attempt; `bytes` where the row says `archived`. */
export interface Fetched {
  readonly record: FetchRecord;
  readonly bytes: Uint8Array | null;
}

/**
 * Fetches until there is an outcome: `archived` with the bytes, or a final one. Only failures of the source are
 * outcomes; a store that fails is thrown. The bytes are durable before the row says so.
 */
export async function fetchBody(run: DatasetRun, request: SourceRequest): Promise<Fetched> {
  const url = addressOf(run.request, request);
  const known = await run.stores.reference.bodiesOf(...nameOf(run, request), BODIES);
  const last = known.find((row) => row.outcome === 'published') ?? null;
  const first = (await attemptsBefore(run, request)) + 1;
  const retries = run.request.patience?.retries ?? run.manifest.retries;
  let pauses = backoffOf(run);
  for (let attempt = first; ; attempt++) {
    const row = newRecord(run, request, url, attempt);
    const { response, failure } = await ask(run, request, url, last);
    const archived = response === null ? null : await archive(run, url, response);
    const seen: FetchRecord = {
      ...row,
      status: response?.status ?? null,
      sha256: archived?.sha256 ?? null,
      etag: response?.headers['etag'] ?? null,
      lastModified: response?.headers['last-modified'] ?? null,
      bytes: response?.body.length ?? 0,
    };
    if (failure === null && response !== null) return took(run, seen, response, archived, known, last);
    const error = failure as CarbonError;
    const pause = pauseOf(run, error, pauses.duration);
    pauses = pauses.next(undefined);
    const goesOn =
      error.remedy === 'retry' &&
      error.context['breaker'] !== 'open' &&
      attempt - first < retries &&
      hasTimeFor(run, pause);
    if (!goesOn) return { record: await failed(run, seen, archived, error), bytes: null };
    const retried = await recorded(run, { ...seen, outcome: 'retried', ...faultOf(error) });
    run.stores.telemetry.emit({
      name: 'fetch.retried',
      level: 'warning',
      facts: { ...factsOf(retried), pause_ms: Math.round(pause) },
    });
    await run.stores.clock.sleep(pause, run.signal);
    if (run.signal?.aborted === true) {
      const stopped = newRecord(run, request, url, attempt + 1);
      return { record: await failed(run, stopped, null, error), bytes: null };
    }
  }
}

const nameOf = (run: DatasetRun, request: SourceRequest): [string, string, string, string] => [
  run.stores.runtime.tenant,
  run.connector.name,
  run.dataset.name,
  request.name,
];

/** Attempts of the same request that a run of the same name has made before. */
async function attemptsBefore(run: DatasetRun, request: SourceRequest): Promise<number> {
  const [tenant, connector, dataset, name] = nameOf(run, request);
  const question = { tenant, connector, dataset, runId: run.request.runId, request: name, limit: 1 };
  return (await run.stores.reference.listFetches(question))[0]?.attempt ?? 0;
}

interface Asked {
  readonly response: HttpResponse | null;
  readonly failure: CarbonError | null;
}

/** One exchange through the door, judged. The failure of an answer counts for the breaker, and keeps the answer. */
async function ask(
  run: DatasetRun,
  request: SourceRequest,
  url: URL,
  last: FetchRecord | null,
): Promise<Asked> {
  const { stores, manifest, connector } = run;
  const { patience } = run.request;
  const pace = {
    minIntervalMs: gapOf(run),
    maxConcurrency: manifest.max_concurrency,
  };
  let response: HttpResponse | null = null;
  await stores.http.prepare();
  try {
    const door = doorOf(stores, connector.name, patience?.breakSeconds);
    await door.pass(
      url.host,
      pace,
      async () => {
        response = await exchangeWith(run, request, url, last);
        const failure = await failureOfAnswer(connector, request, response, stores.clock.now());
        if (failure !== null) throw failure;
      },
      run.signal,
    );
    return { response, failure: null };
  } catch (error) {
    if (!(error instanceof CarbonError) || !error.code.startsWith('SOURCE_')) throw error;
    return { response, failure: error };
  }
}

/** Least time between two requests, in milliseconds. */
function gapOf({ request, settings }: DatasetRun): number {
  return request.patience?.minIntervalMs ?? settings.min_interval_ms;
}

async function archive(run: DatasetRun, url: URL, response: HttpResponse): Promise<Archived | null> {
  if (response.body.length === 0) return null;
  const etag = response.headers['etag'];
  return run.stores.archive.put(redactedBody(run.connector.market, response.body), {
    url: url.href,
    market: run.connector.market,
    dataset: run.dataset.name,
    archivedAt: run.stores.clock.now(),
    status: response.status,
    ...(etag === undefined ? {} : { etag }),
  });
}

/** A good answer: nothing new, or a body with its known time, written down before anything is made of it. */
async function took(
  run: DatasetRun,
  seen: FetchRecord,
  response: HttpResponse,
  archived: Archived | null,
  known: readonly FetchRecord[],
  last: FetchRecord | null,
): Promise<Fetched> {
  if (response.status === 304 || (archived !== null && archived.sha256 === last?.sha256)) {
    const unchanged: FetchRecord = {
      ...seen,
      outcome: 'unchanged',
      sha256: last?.sha256 ?? null,
      knownAt: last?.knownAt ?? null,
    };
    const record = await recorded(run, unchanged);
    run.stores.telemetry.emit({ name: 'payload.unchanged', level: 'info', facts: factsOf(record) });
    return { record, bytes: null };
  }
  if (archived === null) {
    const empty = new CarbonError(
      'SOURCE_EMPTY',
      `${seen.request}: the answer (${response.status}) has no bytes`,
      {
        position: { file: seen.request },
        context: { status: response.status },
      },
    );
    return { record: await failed(run, seen, null, empty), bytes: null };
  }
  const knownAt = knownTimeOf(archived, known, run.stores.clock.now());
  const record = await recorded(run, { ...seen, outcome: 'archived', knownAt });
  run.stores.telemetry.emit({ name: 'payload.fetched', level: 'info', facts: factsOf(record) });
  return { record, bytes: response.body };
}

/**
 * When a body became known. The first time that it was archived, unless another body of the same request was
 * published since: a market that goes back to what it said before says so now. What a killed run wrote down stands.
 */
function knownTimeOf(archived: Archived, known: readonly FetchRecord[], now: Micros): Micros {
  if (archived.isNew) return archived.exchange.archivedAt;
  for (const row of known) {
    if (row.outcome === 'published') return now;
    if (row.sha256 === archived.sha256 && row.knownAt !== null) return row.knownAt;
  }
  return archived.exchange.archivedAt;
}

/** The last word on a request that brought nothing. A body that says something else is a dead letter. */
async function failed(
  run: DatasetRun,
  seen: FetchRecord,
  archived: Archived | null,
  error: CarbonError,
): Promise<FetchRecord> {
  const outcome = outcomeOf(error);
  const knownAt = archived?.exchange.archivedAt ?? null;
  const final: FetchRecord = { ...seen, outcome, knownAt, ...faultOf(error) };
  if (outcome === 'rejected' && !(await isKnownRefusal(run, final))) await refuseBody(run, final, error);
  const record = await recorded(run, final);
  run.stores.telemetry.emit({
    name: outcome === 'rejected' ? 'payload.rejected' : 'fetch.failed',
    level: outcome === 'no_data' ? 'info' : 'warning',
    facts: factsOf(record),
  });
  return record;
}

function backoffOf(run: DatasetRun): IBackoff<unknown> {
  const seconds = run.request.patience?.backoffSeconds ?? run.manifest.backoff_seconds;
  return new ExponentialBackoff({
    generator: halfJitterGenerator,
    initialDelay: seconds * 1000,
    maxDelay: Math.max(seconds * 1000, LONGEST_PAUSE_MS),
  }).next();
}

/**
 * The pause of the source where it names one that is longer, and never less than its gap when it asks for patience; in
 * milliseconds.
 */
function pauseOf(run: DatasetRun, error: CarbonError, own: number): number {
  const asked = error.context['retry_after_seconds'];
  const gap = error.code === 'SOURCE_BUSY' ? gapOf(run) : 0;
  return Math.max(own, gap, typeof asked === 'number' ? asked * 1000 : 0);
}
