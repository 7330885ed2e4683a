/**
 * The runner of connectors: plan, fetch, archive, publish, in one go or act by act. It does all the waiting that
 * connectors do not.
 *
 * Order of writing: bytes into the archive, the ledger row with the known time, rows into the log, dead letters, the
 * final ledger row, the cursor. Killed anywhere, the next run finds the row and publishes the same events again, which
 * normalization knows as duplicates. Every request of a plan has one outcome, or is counted as left.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Connector, Dataset, SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { connectorNamed } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, type Manifest, settingsOf } from '../connectors/manifest.ts';
import { reportGapsOf } from '../ledger/report-gaps.ts';
import type { Stores } from '../stores/open-stores.ts';
import { addressOf, type DatasetRun, isOver, recorded } from './dataset-run.ts';
import { fetchBody } from './fetch-body.ts';
import { requestsAfter } from './further-requests.ts';
import { loadBody, validateBody } from './load-body.ts';
import { holdLeases } from './run-lease.ts';
import { type DatasetReport, type RunReport, type RunRequest, statusOf, totalsOf } from './run-report.ts';
import { advanceCursor, cursorOf, placeOf, planOf, windowOf } from './run-window.ts';
import type { Variables } from './secrets.ts';
import { signedInHosts } from './source-auth.ts';

/** Most ledger rows of one run that an act looks at. */
const RUN_ROWS = 100_000;

/**
 * Runs a connector. Failures of sources are outcomes of the report; thrown are CONNECTOR_UNKNOWN, CONNECTOR_INVALID,
 * USAGE_INVALID for an origin that is none, PLAN_CONFLICT when another run works on one of the datasets, NOT_FOUND for
 * an act on a run without its `extract`, and what the stores say. When the signal aborts, requests in flight are
 * finished, and the rest is counted as left.
 */
export async function runConnector(
  stores: Stores,
  request: RunRequest,
  signal?: AbortSignal,
): Promise<RunReport> {
  const startedAt = stores.clock.now();
  const { connector, manifest, datasets: wanted } = await prepare(request);
  const signedIn = signedInHosts(manifest.auth, stores.runtime.env);
  const runs = wanted.map(
    (dataset): DatasetRun => ({
      stores,
      connector,
      manifest,
      dataset,
      settings: settingsOf(manifest, dataset.name),
      request,
      signedIn,
      startedAt,
      signal,
    }),
  );
  const tenant = stores.runtime.tenant;
  const places = runs.map(({ dataset }) => placeOf(tenant, connector.name, dataset.name));
  const release = await holdLeases(stores, places, request.runId);
  const datasets: DatasetReport[] = [];
  try {
    for (const run of runs) {
      const report = isLaterAct(request) ? await runLaterAct(run) : await runDataset(run);
      datasets.push(report);
      // Acts before the load have landed nothing; what they are asked for says nothing of gaps.
      if (request.act === undefined || request.act === 'load')
        await reportGapsOf(
          stores,
          run,
          report.window,
          request.window === 'due',
          randomBytes(16).toString('hex'),
        );
    }
  } finally {
    await release();
  }
  if (isLaterAct(request) && datasets.every(({ planned }) => planned === 0))
    throw new CarbonError('NOT_FOUND', `the ledger has no run ${request.runId} of ${connector.name}`, {
      position: { field: '--run', expected: 'the run of an extract', got: request.runId },
    });
  const report: RunReport = {
    runId: request.runId,
    connector: connector.name,
    market: connector.market,
    act: request.act ?? null,
    status: statusOf(datasets, request.act ?? null),
    datasets,
    durationMs: Math.round((stores.clock.now() - startedAt) / 1000),
  };
  tell(stores, report);
  return report;
}

/** One exchange that a run would make. */
export interface PlannedRequest extends SourceRequest {
  readonly dataset: string;
}

/**
 * What a run at `now` would ask for; asks nobody and writes nothing. Throws CONNECTOR_UNKNOWN, CONNECTOR_INVALID and
 * USAGE_INVALID as the run does. `cursorFor` says how far a dataset has come, `variables` hold the secrets.
 */
export async function previewRun(
  request: RunRequest,
  now: Micros,
  cursorFor: (connector: string, dataset: string) => Promise<Micros | null>,
  variables: Variables = {},
): Promise<PlannedRequest[]> {
  const { connector, manifest, datasets } = await prepare(request);
  const planned: PlannedRequest[] = [];
  const signedIn = signedInHosts(manifest.auth, variables);
  for (const dataset of datasets) {
    const scope = {
      dataset,
      settings: settingsOf(manifest, dataset.name),
      request,
      signedIn,
      startedAt: now,
    };
    const window = windowOf(scope, await cursorFor(connector.name, dataset.name));
    for (const each of planOf(scope, window))
      planned.push({ ...each, url: addressOf(request, each).href, dataset: dataset.name });
  }
  return planned;
}

interface Prepared {
  readonly connector: Connector;
  readonly manifest: Manifest;
  readonly datasets: readonly Dataset[];
}

async function prepare(request: RunRequest): Promise<Prepared> {
  const connector = connectorNamed(request.connector);
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  requireOrigin(request.origin);
  return { connector, manifest, datasets: chosen(connector, manifest, request) };
}

/** Datasets that are fetched: those named, else all that are enabled and not streams. */
function chosen(connector: Connector, manifest: Manifest, request: RunRequest): Dataset[] {
  const names = connector.datasets.map((dataset) => dataset.name);
  const unknown = request.datasets?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new CarbonError(
      'CONNECTOR_UNKNOWN',
      `${connector.name} has no dataset ${unknown} that is fetched`,
      {
        position: { field: '--dataset', expected: names.join(', ') || 'none', got: unknown },
      },
    );
  const datasets = connector.datasets.filter(({ name }) => {
    if (request.datasets !== undefined) return request.datasets.includes(name);
    const { enabled, mode } = settingsOf(manifest, name);
    return enabled && mode !== 'streaming';
  });
  if (datasets.length > 0) return datasets;
  throw new CarbonError('CONNECTOR_UNKNOWN', `${connector.name} has no dataset that is enabled and fetched`, {
    position: { field: 'enabled', expected: 'a dataset that is fetched', got: names.join(', ') || 'none' },
  });
}

function requireOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  const url = URL.parse(origin);
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '';
  if (isPlain) return;
  throw new CarbonError('USAGE_INVALID', `--origin is no origin: ${origin}`, {
    position: { field: '--origin', expected: 'scheme, host and port, as http://127.0.0.1:8600', got: origin },
  });
}

const isLaterAct = ({ act }: RunRequest): boolean => act === 'validate' || act === 'load';

/** Extract, and unless that is all, transform and load: as many requests at a time as the manifest allows. */
async function runDataset(run: DatasetRun): Promise<DatasetReport> {
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
async function runLaterAct(run: DatasetRun): Promise<DatasetReport> {
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

function tell(stores: Stores, report: RunReport): void {
  const totals = totalsOf(report.datasets);
  stores.telemetry.emit({
    name: 'run.finished',
    level: report.status === 'success' ? 'info' : 'warning',
    facts: {
      connector: report.connector,
      dataset: report.datasets.map(({ dataset }) => dataset).join(','),
      run_id: report.runId,
      act: report.act ?? 'all',
      status: report.status,
      requests: totals.planned,
      left: totals.left,
      published: totals.outcomes.published,
      unchanged: totals.outcomes.unchanged,
      no_data: totals.outcomes.no_data,
      rejected_bodies: totals.outcomes.rejected,
      failed: totals.outcomes.failed,
      records: totals.rows,
      values: totals.values,
      rejected: totals.rejected,
      bytes: totals.bytes,
      duration_ms: report.durationMs,
    },
  });
}
