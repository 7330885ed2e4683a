/** Pulls yesterday and today from the markets of the demo, one dataset after the other. */

import { CarbonError } from '../../core/errors.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { runConnector } from '../ingest/run-connector.ts';
import { type Patience, type RunReport, totalsOf } from '../ingest/run-report.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { DemoDataset, DemoMarket } from './markets.ts';

/** How the markets are asked. */
export interface PullRequest {
  /** Address of each simulator by connector; null to ask the markets themselves. */
  readonly origins: Readonly<Record<string, string>> | null;
  readonly patience: Patience;
  /** Days before now. */
  readonly days: number;
  /** Name of all runs in the ledger. */
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Hears what is being done, for a line of progress. */
  readonly watch: (text: string) => void;
}

/** What became of a market. */
export interface Pulled {
  readonly reports: readonly RunReport[];
  /** Why the market brought nothing at all; null when it brought something. */
  readonly failure: CarbonError | null;
}

/** Pulls the datasets of a market. One that does not answer for the first dataset is not asked for the next. */
export async function pullMarket(stores: Stores, market: DemoMarket, request: PullRequest): Promise<Pulled> {
  const reports: RunReport[] = [];
  for (const dataset of market.datasets) {
    if (request.signal.aborted) break;
    const report = await pull(stores, market, dataset, request);
    reports.push(report);
    if (isUnreachable(report)) break;
  }
  const isFruitless = reports.length > 0 && reports.every(isUnreachable);
  return { reports, failure: isFruitless ? failureOf(reports) : null };
}

function pull(
  stores: Stores,
  { connector }: DemoMarket,
  dataset: DemoDataset,
  { origins, patience, days, runId, signal, watch }: PullRequest,
): Promise<RunReport> {
  const isSimulated = origins !== null;
  return runConnector(
    stores,
    {
      connector,
      datasets: [dataset.name],
      window: windowOf(dataset, days, stores.clock.now()),
      runId,
      patience,
      ...(isSimulated ? { origin: origins[connector] as string } : {}),
      // A market is spared what a simulator is not: all of today's intervals of every node.
      ...(isSimulated && dataset.options !== undefined ? { options: dataset.options } : {}),
      onProgress: (done, planned, record) =>
        watch(`${connector} ${dataset.name}: ${done} of ${planned} requests, ${record.outcome}`),
    },
    signal,
  );
}

/** From so many days ago to now, and a day further for what is published ahead. */
function windowOf({ isAhead }: DemoDataset, days: number, now: Micros): Interval {
  return { start: now - days * DAY, end: isAhead ? now + DAY : now };
}

function isUnreachable(report: RunReport): boolean {
  const results = report.datasets.flatMap((dataset) => dataset.results);
  return results.length > 0 && results.every(({ code }) => code === 'SOURCE_UNREACHABLE');
}

function failureOf(reports: readonly RunReport[]): CarbonError {
  const [{ connector, market, datasets }] = reports as [RunReport];
  const last = datasets.flatMap(({ results }) => results).at(0);
  const { planned } = totalsOf(datasets);
  return new CarbonError(
    'SOURCE_UNREACHABLE',
    `${market} cannot be reached: ${last?.message ?? 'no answer'}`,
    { position: { got: last?.url ?? '' }, context: { connector, requests: planned } },
  );
}
