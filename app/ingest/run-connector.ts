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
import type { Micros } from '../../core/time/instant.ts';
import { connectorNamed } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, type Manifest, settingsOf } from '../connectors/manifest.ts';
import { reportGapsOf } from '../ledger/report-gaps.ts';
import type { Stores } from '../stores/open-stores.ts';
import { chosenDatasets, requireOrigin } from './chosen-datasets.ts';
import { addressOf, type DatasetRun } from './dataset-run.ts';
import { runDataset, runLaterAct } from './run-dataset.ts';
import { holdLeases } from './run-lease.ts';
import { type DatasetReport, type RunReport, type RunRequest, statusOf, totalsOf } from './run-report.ts';
import { placeOf, planOf, windowOf } from './run-window.ts';
import type { Variables } from './secrets.ts';
import { signedInHosts } from './source-auth.ts';

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
  return { connector, manifest, datasets: chosenDatasets(connector, manifest, request) };
}

const isLaterAct = ({ act }: RunRequest): boolean => act === 'validate' || act === 'load';

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
