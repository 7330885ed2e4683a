/** `carbon ledger gaps`: due intervals that have not landed, and with `--fill` the pull of their windows. */

import { formatInstant } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import type { RunReport } from '../../ingest/run-report.ts';
import { ledgerDatasets } from '../../ledger/datasets.ts';
import { fillGaps } from '../../ledger/fill-gaps.ts';
import { findGaps, type SourceGaps } from '../../ledger/find-gaps.ts';
import { withReference } from '../../stores/open-reference.ts';
import { type OutputRow, print } from '../output.ts';
import { exitOfRun, tellRun } from '../run-output.ts';
import { type GlobalOptions, note, runtimeOf, show as showRows, withStores } from '../session.ts';
import { tellStages, workThroughShown } from '../stage-report.ts';
import { SIGNAL_EXITS, stopOnSignals } from '../stop-signals.ts';
import { newRunId, patienceOf } from './connector-run.ts';
import { type LedgerOptions, windowOf } from './ledger-show.ts';

/** Options as they stand on the command line. */
export interface LedgerGapsOptions extends LedgerOptions {
  readonly fill?: boolean;
  /** Leaves out what a dataset never began with, also where a window is named. */
  readonly begun?: boolean;
  readonly origin?: string;
  readonly retries?: string;
  readonly backoffSeconds?: string;
  readonly minIntervalMs?: string;
  /** False with `--no-pipeline`. */
  readonly pipeline?: boolean;
}

/** Days searched when no window is given. */
const SEARCHED_DAYS = 31;

/** One row per gap. Exit code 0, also when there are gaps; with `--fill` as for `connector run`. */
export async function gaps(
  market: string | undefined,
  dataset: string | undefined,
  options: LedgerGapsOptions,
  globals: GlobalOptions,
): Promise<number> {
  const found = await search(market, dataset, options, globals);
  await showRows(found.flatMap(rowsOf), globals);
  const intervals = found.flatMap((each) => each.gaps).reduce((sum, gap) => sum + gap.intervals, 0);
  if (options.fill !== true || intervals === 0) {
    note(intervals === 0 ? 'no gaps' : `${intervals} intervals are missing; --fill pulls their windows`);
    return 0;
  }
  return fill(found, options, globals, () => search(market, dataset, options, globals));
}

async function search(
  market: string | undefined,
  dataset: string | undefined,
  options: LedgerGapsOptions,
  globals: GlobalOptions,
): Promise<SourceGaps[]> {
  const sources = await ledgerDatasets(market, dataset);
  const now = systemClock.now();
  const runtime = runtimeOf(globals);
  const isNamed = options.from !== undefined && options.begun !== true;
  const windowIn = (zone: string) => windowOf(options, zone, now, SEARCHED_DAYS);
  return withReference(runtime, async (reference) =>
    reference === null ? [] : findGaps(reference, runtime.tenant, sources, windowIn, isNamed, now),
  );
}

function rowsOf({ source, gaps: spans }: SourceGaps): OutputRow[] {
  return spans.map(({ interval, dueAt, intervals }) => ({
    market: source.connector.market,
    connector: source.connector.name,
    dataset: source.dataset.name,
    from: formatInstant(interval.start),
    to: formatInstant(interval.end),
    intervals,
    due: formatInstant(dueAt),
  }));
}

async function fill(
  found: readonly SourceGaps[],
  options: LedgerGapsOptions,
  globals: GlobalOptions,
  again: () => Promise<SourceGaps[]>,
): Promise<number> {
  const request = {
    runId: `gaps-${newRunId(systemClock.now())}`,
    patience: patienceOf(options),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  };
  const { signal, received } = stopOnSignals((each) => note(`${each}: finishing the requests in flight`));
  const reports: RunReport[] = [];
  let rejectedValues = 0;
  await withStores(globals, true, async (stores) => {
    for (const { source, gaps: spans } of found)
      for (const report of await fillGaps(stores, source, spans, request, signal)) {
        tellRun(report);
        reports.push(report);
      }
    const markets = new Set(reports.map(({ market }) => market.toLowerCase()));
    const topics = [...stores.partitions.keys()].filter((topic) => markets.has(topic.split('.')[1] ?? ''));
    if (options.pipeline !== false && !signal.aborted)
      rejectedValues = tellStages(
        await workThroughShown(
          stores,
          topics.filter((topic) => topic.startsWith('ingestion.')),
        ),
      );
  });
  const stopped = received();
  if (stopped !== null) return SIGNAL_EXITS[stopped];
  const left = (await again()).flatMap(({ gaps: spans }) => spans);
  const open = left.reduce((sum, gap) => sum + gap.intervals, 0);
  note(open === 0 ? 'all gaps are filled' : `${open} intervals are still missing`);
  await print('');
  return Math.max(0, ...reports.map((report) => exitOfRun(report, 0, rejectedValues)));
}
