/** The second part of the demo: time goes on, markets are asked again, trades come in, the pipeline works. */

import { ConnectorSchedule, type ScheduledJob, scheduledJobs } from '../ingest/connector-schedule.ts';
import { type RunReport, totalsOf } from '../ingest/run-report.ts';
import type { Worker } from '../pipeline/worker.ts';
import type { Stores } from '../stores/open-stores.ts';
import { DEMO_MARKETS, SIMULATED_PATIENCE, type SimulatedMarkets } from './markets.ts';
import type { TradeFeed } from './trade-feed.ts';

/** What goes on. */
export interface Following {
  readonly stores: Stores;
  readonly worker: Worker;
  /** Null when the markets themselves are asked. */
  readonly markets: SimulatedMarkets | null;
  readonly trades: TradeFeed | null;
  readonly signal: AbortSignal;
}

/**
 * Goes on until the signal, and ends with nothing left undone. `tell` hears of each run that brought something. What
 * fails for good ends everything, and is thrown.
 */
export async function followMarkets(
  { stores, worker, markets, trades, signal }: Following,
  tell: (text: string) => void,
): Promise<void> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const schedule = new ConnectorSchedule(stores, await jobsOf(markets !== null), {
    ...(markets === null ? {} : { origins: markets.origins, patience: SIMULATED_PATIENCE, jitterMs: 0 }),
    onRun: (report) => {
      const line = lineOf(report);
      if (line !== null) tell(line);
    },
  });
  // Half a demo would go unnoticed.
  const endsAll = (error: unknown): never => {
    stop.abort();
    throw error;
  };
  const sources = [schedule.follow(ended), trades?.follow(ended)];
  const works = [worker.follow(ended), ...sources].map((work) => work?.catch(endsAll));
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

/** The datasets of the demo: simulators at its own pace, markets by the schedules of their manifests. */
async function jobsOf(isSimulated: boolean): Promise<ScheduledJob[]> {
  if (isSimulated)
    return DEMO_MARKETS.flatMap(({ connector, datasets }) =>
      datasets.map(({ name, pace }) => ({ connector, schedule: pace, datasets: [name] })),
    );
  const jobs = await scheduledJobs(DEMO_MARKETS.map(({ connector }) => connector));
  return jobs.flatMap((job) => {
    const market = DEMO_MARKETS.find(({ connector }) => connector === job.connector);
    const wanted = job.datasets.filter((name) => market?.datasets.some((dataset) => dataset.name === name));
    return wanted.length === 0 ? [] : [{ ...job, datasets: wanted }];
  });
}

/** `nyiso rt_lmp: 1 published, 45 rows`; null for a run that brought nothing new. */
function lineOf({ connector, datasets }: RunReport): string | null {
  const { outcomes, rows, rejected } = totalsOf(datasets);
  const counts = Object.entries(outcomes).flatMap(([outcome, n]) =>
    n > 0 && outcome !== 'unchanged' && outcome !== 'no_data' ? [`${n} ${outcome}`] : [],
  );
  if (counts.length === 0) return null;
  const names = datasets.map(({ dataset }) => dataset).join(', ');
  return `${connector} ${names}: ${counts.join(', ')}; ${rows} rows${rejected > 0 ? `, ${rejected} rejected` : ''}`;
}
