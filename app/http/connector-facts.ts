/** What the connector registry tells of connectors: versions, schedules, health, last runs, completeness, catalogue. */

import { join } from 'node:path';
import { calendarZone } from '../../connectors/kit/completeness.ts';
import type { Connector, Dataset } from '../../connectors/kit/contract.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { formatDay } from '../../core/time/calendar-day.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import { connectorsFolder, loadManifest, type Manifest, settingsOf } from '../connectors/manifest.ts';
import { nextTime } from '../ingest/connector-schedule.ts';
import { cursorOf } from '../ingest/run-window.ts';
import { missingSecrets } from '../ingest/source-auth.ts';
import { calendarOf, scopeOf } from '../ledger/calendar.ts';
import type { Stores } from '../stores/open-stores.ts';

/**
 * `off` (switched off), `locked` (a secret is not set), `idle` (never fetched), `failing` (the last fetches brought
 * nothing but failures), `late` (intervals are missing), `good`. The gravest of the datasets is the connector's.
 */
export type Health = 'good' | 'idle' | 'off' | 'locked' | 'late' | 'failing';

/** Gravest last. */
const HEALTH: readonly Health[] = ['good', 'idle', 'off', 'locked', 'late', 'failing'];
/** Fetches in a row that have to fail. */
const FAILURES = 3;

type FactStores = Pick<Stores, 'reference' | 'runtime' | 'clock'>;

/** A connector with its manifest. Throws CONNECTOR_INVALID. */
export async function manifestFor({ name }: Connector): Promise<Manifest> {
  return loadManifest(join(connectorsFolder(), name, 'connector.yaml'));
}

/** What is told of a connector in a list; `health` without what the interval ledger says. */
export interface ConnectorSummary {
  readonly health: Health;
  readonly [fact: string]: unknown;
}

/** One connector in a list: without what takes long to find out. */
export async function connectorSummary(stores: FactStores, connector: Connector): Promise<ConnectorSummary> {
  const manifest = await manifestFor(connector);
  const datasets = [];
  for (const dataset of connector.datasets)
    datasets.push(await datasetSummary(stores, connector, dataset, manifest));
  return {
    name: manifest.name,
    version: manifest.version,
    market: manifest.market,
    mode: manifest.mode,
    enabled: manifest.enabled,
    health: gravest(datasets.map(({ health }) => health)),
    output_topic: manifest.output_topic,
    owner: manifest.owner,
    description: manifest.description,
    needs: missingSecrets(manifest.auth, stores.runtime.env),
    datasets,
    pushed: connector.pushed,
  };
}

/** One connector with its last run and the completeness of yesterday and today. */
export async function connectorDetail(stores: FactStores, connector: Connector): Promise<object> {
  const manifest = await manifestFor(connector);
  const summary = await connectorSummary(stores, connector);
  const ledger = [];
  for (const dataset of connector.datasets)
    ledger.push(...(await recentDays(stores, connector, dataset, manifest)));
  const [last] = await stores.reference.listFetches({
    tenant: stores.runtime.tenant,
    connector: connector.name,
    limit: 1,
  });
  const health = gravest([summary.health, ledger.some(({ missing }) => missing > 0) ? 'late' : 'good']);
  return { ...summary, health, last_run: last === undefined ? null : await runFacts(stores, last), ledger };
}

/** One dataset for people who look for data: what it says, in which unit, how it tells the time, since when. */
export async function catalogueEntry(
  stores: FactStores,
  connector: Connector,
  dataset: Dataset,
): Promise<object> {
  const manifest = await manifestFor(connector);
  const first = await stores.reference.firstLanded(scopeOf(stores.runtime.tenant, { connector, dataset }));
  const { time } = dataset;
  return {
    market: connector.market,
    connector: connector.name,
    version: manifest.version,
    dataset: dataset.name,
    title: dataset.title,
    fields: dataset.fields,
    time: {
      convention: time.name,
      zone: time.zone,
      stamp: time.stamp,
      seconds: time.length / 1_000_000,
      day: calendarZone(connector.market, dataset),
    },
    topic: manifest.output_topic,
    schema: `connectors/${connector.name}/${settingsOf(manifest, dataset.name).schema}`,
    owner: manifest.owner,
    first_landed: first === null ? null : formatInstant(first),
  };
}

async function datasetSummary(
  stores: FactStores,
  connector: Connector,
  dataset: Dataset,
  manifest: Manifest,
) {
  const { reference, runtime, clock } = stores;
  const { mode, schedule, enabled } = settingsOf(manifest, dataset.name);
  const question = {
    tenant: runtime.tenant,
    connector: connector.name,
    dataset: dataset.name,
    limit: FAILURES,
  };
  const fetches = await reference.listFetches(question);
  const cursor = await cursorOf(reference, runtime.tenant, connector.name, dataset.name);
  const next = schedule === undefined || mode === 'streaming' ? null : nextTime(schedule, clock.now());
  const locked = missingSecrets(manifest.auth, runtime.env).length > 0;
  return {
    name: dataset.name,
    title: dataset.title,
    mode,
    schedule: schedule ?? null,
    next_run: next === null ? null : formatInstant(next),
    enabled,
    health: healthOf(enabled, locked, fetches),
    last_fetch: fetches[0] === undefined ? null : fetchFacts(fetches[0]),
    cursor: cursor === null ? null : formatInstant(cursor),
  };
}

function healthOf(enabled: boolean, locked: boolean, fetches: readonly FetchRecord[]): Health {
  if (!enabled) return 'off';
  if (locked) return 'locked';
  if (fetches.length === 0) return 'idle';
  const isBad = ({ outcome }: FetchRecord): boolean =>
    outcome === 'failed' || outcome === 'rejected' || outcome === 'retried';
  return fetches.length >= FAILURES && fetches.every(isBad) ? 'failing' : 'good';
}

function gravest(all: readonly Health[]): Health {
  return all.reduce<Health>(
    (worst, each) => (HEALTH.indexOf(each) > HEALTH.indexOf(worst) ? each : worst),
    'good',
  );
}

function fetchFacts(record: FetchRecord): object {
  return {
    at: formatInstant(record.startedAt),
    request: record.request,
    outcome: record.outcome,
    code: record.code,
    rows: record.rows,
    run: record.runId,
  };
}

async function runFacts({ reference, runtime }: FactStores, last: FetchRecord): Promise<object> {
  const question = { tenant: runtime.tenant, connector: last.connector, runId: last.runId, limit: 100_000 };
  const rows = await reference.listFetches(question);
  const outcomes: Record<string, number> = {};
  for (const { outcome } of rows) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    run: last.runId,
    began: formatInstant(Math.min(...rows.map(({ startedAt }) => startedAt))),
    ended: formatInstant(Math.max(...rows.map(({ endedAt }) => endedAt))),
    attempts: rows.length,
    outcomes,
    rows: rows.reduce((sum, row) => sum + row.rows, 0),
  };
}

/** Yesterday and today of a dataset that has landed something. */
async function recentDays(
  stores: FactStores,
  connector: Connector,
  dataset: Dataset,
  manifest: Manifest,
): Promise<{ readonly missing: number }[]> {
  const { reference, runtime, clock } = stores;
  const source = { connector, dataset, manifest };
  if ((await reference.firstLanded(scopeOf(runtime.tenant, source))) === null) return [];
  const now: Micros = clock.now();
  const days = await calendarOf(reference, runtime.tenant, source, { start: now - DAY, end: now + 1 }, now);
  return days.map(({ day, slots }) => {
    const count = (...states: string[]): number => slots.filter(({ state }) => states.includes(state)).length;
    return {
      dataset: dataset.name,
      day: formatDay(day),
      expected: slots.length,
      landed: count('landed', 'revised'),
      revised: count('revised'),
      missing: count('missing'),
      awaited: count('awaited'),
    };
  });
}
