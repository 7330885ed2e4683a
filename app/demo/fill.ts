/** The first part of the demo: trades and markets through the whole pipeline, and how long the first bar took. */

import type { CarbonError } from '../../core/errors.ts';
import type { RunReport } from '../ingest/run-report.ts';
import type { Worker } from '../pipeline/worker.ts';
import type { Stores } from '../stores/open-stores.ts';
import { DEMO_MARKETS } from './markets.ts';
import { type PullRequest, pullMarket } from './pull.ts';
import { archivedBodies, type StageCount, type Stored, stageCounts, storedNow } from './stage-counts.ts';
import type { TradeFeed } from './trade-feed.ts';

/** Most ledger rows of one demo. */
const MOST_ATTEMPTS = 100_000;

/** What the first part has brought. */
export interface Filled {
  readonly counts: readonly StageCount[];
  readonly stored: Stored;
  readonly reports: readonly RunReport[];
  /** Further attempts that were needed. */
  readonly retried: number;
  /** Markets that did not answer. */
  readonly failures: readonly CarbonError[];
  /** Seconds from the start of the process until a bar could be queried; null when there is none. */
  readonly firstBarSeconds: number | null;
}

/**
 * Trades first, then market by market: each is worked through before the next is asked, so that there is something to
 * see early. When the signal aborts, the rest is left. Throws what the stores throw.
 */
export async function fillStores(
  stores: Stores,
  worker: Worker,
  trades: TradeFeed | null,
  request: PullRequest,
): Promise<Filled> {
  const before = await storedNow(stores);
  const reports: RunReport[] = [];
  const failures: CarbonError[] = [];
  let firstBarSeconds: number | null = null;
  const workThrough = async (what: string): Promise<void> => {
    request.watch(`${what}: through the pipeline`);
    await worker.catchUp(request.signal);
    if (firstBarSeconds === null && (await hasBar(stores))) firstBarSeconds = performance.now() / 1000;
  };
  if (trades !== null) {
    request.watch('trades: publishing');
    await trades.catchUp();
    await workThrough('trades');
  }
  for (const market of DEMO_MARKETS) {
    if (request.signal.aborted) break;
    request.watch(`${market.connector}: asking`);
    const pulled = await pullMarket(stores, market, request);
    reports.push(...pulled.reports);
    if (pulled.failure === null) await workThrough(market.connector);
    else failures.push(pulled.failure);
  }
  const after = await storedNow(stores);
  const { reference, runtime } = stores;
  const asked = { tenant: runtime.tenant, runId: request.runId, limit: MOST_ATTEMPTS };
  const attempts = await reference.listFetches(asked);
  const totals = worker.totals();
  const curves = worker.totalsBeside();
  const work = { reports, attempts, trades: trades?.published ?? 0, totals, curves, before, after };
  return {
    counts: stageCounts(work, await archivedBodies(stores, attempts)),
    stored: after,
    reports,
    retried: attempts.filter(({ outcome }) => outcome === 'retried').length,
    failures,
    firstBarSeconds,
  };
}

async function hasBar({ warehouse, runtime }: Stores): Promise<boolean> {
  const rows = await warehouse.queryRows(
    'SELECT interval FROM bars_current WHERE tenant_id = {tenant:String} LIMIT 1',
    { tenant: runtime.tenant },
  );
  return rows.length > 0;
}
