/** What became of everything that a demo took in: one row per stage, each checked against the stage before it. */

import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { RunTotals } from '../../core/stage/totals.ts';
import { type RunReport, totalsOf } from '../ingest/run-report.ts';
import type { Stores } from '../stores/open-stores.ts';

/** The fates of what came to one stage. */
export interface StageCount {
  readonly stage: string;
  /** What is counted: requests, bodies, rows, events, values. */
  readonly counted: string;
  readonly in: number;
  readonly out: number;
  /** Set aside with a code. */
  readonly rejected: number;
  /** Left out on purpose or for want of an answer, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** True when in = out + rejected + dropped, and what came in is what the stage before let out. */
  readonly balanced: boolean;
}

/** What is stored for readers. */
export interface Stored {
  /** Values in the silver ticks of all versions. */
  readonly silver: number;
  /** Bars that count now, by interval. */
  readonly bars: Readonly<Record<string, number>>;
  /** Instruments with a latest value. */
  readonly latest: number;
}

/** What the demo has done. */
export interface Work {
  readonly reports: readonly RunReport[];
  /** Its rows of the ledger, attempt by attempt. */
  readonly attempts: readonly FetchRecord[];
  /** Trades put onto the raw topic. */
  readonly trades: number;
  readonly totals: RunTotals;
  /** Counts of the curves, which are made beside the stages. */
  readonly curves: RunTotals | null;
  /** What was stored before. */
  readonly before: Stored;
  readonly after: Stored;
}

/** Reads what is stored for the tenant. */
export async function storedNow({ warehouse, runtime }: Stores): Promise<Stored> {
  const parameters = { tenant: runtime.tenant };
  const [silver] = await warehouse.queryRows(
    `SELECT toString(sum(greatest(1, isNotNull(price) + isNotNull(volume) + isNotNull(bid) + isNotNull(ask)))) AS n
FROM silver_ticks WHERE tenant_id = {tenant:String}`,
    parameters,
  );
  const bars = await warehouse.queryRows(
    `SELECT interval, toString(count()) AS n FROM bars_current WHERE tenant_id = {tenant:String}
GROUP BY interval ORDER BY min(interval_end - interval_start)`,
    parameters,
  );
  const [latest] = await warehouse.queryRows(
    'SELECT toString(count()) AS n FROM served_latest_prices WHERE tenant_id = {tenant:String}',
    parameters,
  );
  return {
    silver: Number(silver?.['n'] ?? 0),
    bars: Object.fromEntries(bars.map((row) => [String(row['interval']), Number(row['n'])])),
    latest: Number(latest?.['n'] ?? 0),
  };
}

/** Bodies that the ledger names and the archive holds, whole. */
export async function archivedBodies({ archive }: Stores, attempts: readonly FetchRecord[]): Promise<number> {
  let found = 0;
  for (const sha256 of bodiesOf(attempts))
    await archive.get(sha256).then(
      () => found++,
      (error: unknown) => {
        if (!(error instanceof CarbonError)) throw error;
      },
    );
  return found;
}

const bodiesOf = (attempts: readonly FetchRecord[]): Set<string> =>
  new Set(attempts.flatMap(({ sha256 }) => sha256 ?? []));

/** One row per stage, from the first request to the stored values. `archived`: see {@link archivedBodies}. */
export function stageCounts(work: Work, archived: number): StageCount[] {
  const { reports, attempts, trades, totals, curves, before, after } = work;
  const fetched = totalsOf(reports.flatMap(({ datasets }) => datasets));
  const { outcomes } = fetched;
  const retried = attempts.filter(({ outcome }) => outcome === 'retried').length;
  const rows: StageCount[] = [
    counted('fetch', 'attempts', attempts.length, outcomes.published, outcomes.rejected, {
      retried,
      not_published_yet: outcomes.no_data,
      unchanged: outcomes.unchanged,
      failed: outcomes.failed,
    }),
    counted('archive', 'bodies', bodiesOf(attempts).size, archived, 0, {}),
    counted('decode', 'rows', fetched.rows + fetched.rejected, fetched.rows, fetched.rejected, {}),
    counted('raw log', 'events', fetched.rows + trades, totals.records, 0, {}),
  ];
  let expected: number | null = null;
  for (const [stage, total] of totals.stages) {
    const row = counted(
      stage,
      'values',
      total.in + total.reinstated,
      total.out,
      total.rejected,
      total.dropped,
    );
    rows.push(expected === null || expected === total.in ? row : { ...row, balanced: false });
    // Bars and latest values are both made from what enrichment lets out.
    if (stage === 'normalization' || stage === 'enrichment') expected = total.out;
  }
  for (const [stage, { in: into, out, rejected, dropped }] of curves?.stages ?? [])
    rows.push(counted(stage, 'inputs', into, out, rejected, dropped));
  const normalized = totals.stages.get('normalization')?.out ?? 0;
  rows.push(counted('silver', 'values', normalized, after.silver - before.silver, 0, {}));
  return rows;
}

function counted(
  stage: string,
  what: string,
  into: number,
  out: number,
  rejected: number,
  reasons: Readonly<Record<string, number>>,
): StageCount {
  const dropped = Object.fromEntries(Object.entries(reasons).filter(([, n]) => n > 0));
  const fates = Object.values(dropped).reduce((sum, n) => sum + n, out + rejected);
  return { stage, counted: what, in: into, out, rejected, dropped, balanced: into === fates };
}
