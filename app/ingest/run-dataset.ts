/** One dataset of a run: its requests from the first to the last act, or a later act on what an extract has archived. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DatasetRun, isOver, recorded } from './dataset-run.ts';
import { fetchBody } from './fetch-body.ts';
import { requestsAfter } from './further-requests.ts';
import { loadBody, validateBody } from './load-body.ts';
import type { DatasetReport } from './run-report.ts';
import { advanceCursor, cursorOf, planOf, windowOf } from './run-window.ts';

/** Most ledger rows of one run that an act looks at. */
const RUN_ROWS = 100_000;

/** Extract, and unless that is all, transform and load: as many requests at a time as the manifest allows. */
export async function runDataset(run: DatasetRun): Promise<DatasetReport> {
  const before = await cursorBefore(run);
  const window = windowOf(run, before);
  const requests = planOf(run, window);
  const results = new Map<string, FetchRecord>();
  const pages = new Map<string, SourceRequest[]>();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < requests.length && !isOver(run)) {
      const first = requests[next++] as SourceRequest;
      const further: SourceRequest[] = [];
      pages.set(first.name, further);
      for (let k = 0; k <= further.length && !isOver(run); k++) {
        const request = k === 0 ? first : (further[k - 1] as SourceRequest);
        const record = await oneRequest(run, request);
        results.set(request.name, record);
        run.request.onProgress?.(results.size, Math.max(requests.length, results.size), record);
        further.push(...(await requestsAfter(run, request, record, further.length + 1)));
      }
    }
  };
  // A store that fails ends the run, but not before what is in flight in the other lanes.
  const lanes = await Promise.allSettled(Array.from({ length: run.manifest.max_concurrency }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  const all = requests.flatMap((request) => [request, ...(pages.get(request.name) ?? [])]);
  const inOrder = all.flatMap(({ name }) => results.get(name) ?? []);
  const cursor =
    run.request.act === undefined ? await advanceCursor(run, window, all, results, before) : before;
  return reportOf(run, window, all, inOrder, cursor);
}

function cursorBefore({ stores, connector, dataset }: DatasetRun): Promise<Micros | null> {
  return cursorOf(stores.reference, stores.runtime.tenant, connector.name, dataset.name);
}

async function oneRequest(run: DatasetRun, request: SourceRequest): Promise<FetchRecord> {
  const { record, bytes } = await fetchBody(run, request);
  // A listing has nothing to load; what it names follows it.
  if (request.lists === true && bytes !== null) return recorded(run, { ...record, outcome: 'published' });
  if (bytes === null || run.request.act === 'extract') return record;
  return loadBody(run, record, bytes);
}

/** Validate or load what the extract of the same run has archived. Rows with a final outcome stay as they are. */
export async function runLaterAct(run: DatasetRun): Promise<DatasetReport> {
  const { reference, archive, runtime } = run.stores;
  const rows = await reference.listFetches({
    tenant: runtime.tenant,
    connector: run.connector.name,
    dataset: run.dataset.name,
    runId: run.request.runId,
    limit: RUN_ROWS,
  });
  const newest = new Map<string, FetchRecord>();
  for (const row of rows)
    if (row.attempt > (newest.get(row.request)?.attempt ?? 0)) newest.set(row.request, row);
  const records = [...newest.values()].sort(
    (a, b) => a.window.start - b.window.start || a.startedAt - b.startedAt,
  );
  const act = run.request.act === 'load' ? loadBody : validateBody;
  const results: FetchRecord[] = [];
  for (const record of records) {
    if (isOver(run)) break;
    const bytes =
      record.outcome === 'archived' && record.sha256 !== null ? await archive.get(record.sha256) : null;
    const done = bytes === null ? record : await act(run, record, bytes);
    results.push(done);
    run.request.onProgress?.(results.length, records.length, done);
  }
  const window = spanOf(records);
  const requests = records.map(({ request, window: covered }) => ({ name: request, window: covered }));
  return reportOf(run, window, requests, results, await cursorBefore(run));
}

function spanOf(records: readonly FetchRecord[]): Interval {
  if (records.length === 0) return { start: 0, end: 0 };
  return {
    start: Math.min(...records.map(({ window }) => window.start)),
    end: Math.max(...records.map(({ window }) => window.end)),
  };
}

function reportOf(
  run: DatasetRun,
  window: Interval,
  requests: readonly Pick<SourceRequest, 'name' | 'window'>[],
  results: readonly FetchRecord[],
  cursor: number | null,
): DatasetReport {
  const done = new Set(results.map(({ request }) => request));
  const left = requests.filter(({ name }) => !done.has(name));
  return {
    dataset: run.dataset.name,
    window,
    planned: requests.length,
    results,
    left: left.length,
    leftFrom: left[0]?.window.start ?? null,
    cursor,
  };
}
