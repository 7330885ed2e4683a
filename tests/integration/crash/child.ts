/**
 * A process of the crash tests: `node child.ts <orders as JSON>`. For each order it opens the stores of a data directory,
 * publishes pieces of the log and runs services, and dies or fails at the write points that the order names. Says what it
 * did as JSON.
 */

import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceName, startWorker } from '../../../app/pipeline/worker.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { CarbonError } from '../../../core/errors.ts';
import { type Report, reportOf } from './report.ts';
import { runtimeIn } from './runtime.ts';
import type { LogSpec } from './world.ts';
import { type Strike, type When, withWritePoints } from './write-points.ts';

/** A piece of work: publish pieces of the log, run a service until it has caught up, or pull from a source. */
export type Step =
  | { readonly publish: readonly [from: number, to: number] }
  | { readonly run: ServiceName; readonly now?: number }
  | { readonly pull: Pull };

/** One run of a connector, at a time at which the clock stands still. Times are UTC micros. */
export interface Pull {
  readonly connector: string;
  readonly dataset: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly origin: string;
}

/** What a process is to do. */
export interface Order {
  readonly dataDir: string;
  readonly log: LogSpec;
  readonly steps: readonly Step[];
  readonly maxBatchBytes: number;
  /** Policies with fewer bar topics, and no curves beside them. */
  readonly policies: string | null;
  /** Keeps the store from merging, so that a row written twice stays visible. */
  readonly stopMerges: boolean;
  /** What is read back in the end; recomputed: beside what is stored, too. */
  readonly report: 'none' | 'stored' | 'recomputed';
  readonly fault:
    | { readonly kind: 'none' }
    | { readonly kind: 'kill'; readonly at: number; readonly when: When }
    /** The process stops itself after every point, until its parent lets it go on. */
    | { readonly kind: 'stand' }
    /** The store does not answer, once, at each of the points. */
    | { readonly kind: 'fail'; readonly at: readonly number[]; readonly when: When };
}

/** What it says at its end. */
export interface Answer {
  /** Names of the write points in their order. */
  readonly points: string[];
  readonly report: Report | null;
}

/** Where the parent hears of the points after which this process stands still. */
const TOLD = 3;

async function work(order: Order): Promise<Answer> {
  const points: string[] = [];
  const strike: Strike = (point, when, name) => {
    if (when === 'before') points.push(name);
    const { fault } = order;
    if (fault.kind === 'kill' && fault.at === point && fault.when === when) {
      process.kill(process.pid, 'SIGKILL');
      for (;;); // Nothing may happen between the signal and the end.
    }
    if (fault.kind === 'stand' && when === 'after') {
      writeSync(TOLD, `${point}\n`);
      process.kill(process.pid, 'SIGSTOP');
    }
    if (fault.kind === 'fail' && fault.when === when && fault.at.includes(point))
      throw new CarbonError('STORE_UNREACHABLE', `made to fail ${when} ${name}`);
  };
  const env =
    order.policies === null
      ? {}
      : {
          AGGREGATION_POLICIES_PATH: order.policies,
          CURVE_POLICIES_PATH: join(import.meta.dirname, 'no-curves.yaml'),
        };
  const runtime = runtimeIn(order.dataDir, order.maxBatchBytes, env);
  const opened = await openStores(runtime, { service: 'crash-test', serve: false });
  // A blank before the JSON of the answer says that the work begins.
  process.stdout.write(' ');
  const stores = withWritePoints(opened, strike);
  if (order.stopMerges) await opened.warehouse.execute('SYSTEM STOP MERGES');
  const services = new Set<ServiceName>();
  for (const step of order.steps) {
    // Most orders are to recover only: what they do not need is not loaded.
    if ('publish' in step) await (await import('./world.ts')).publish(opened, order.log, ...step.publish);
    else if ('pull' in step) await pull(stores, step.pull);
    else {
      services.add(step.run);
      await runService(stores, step.run, step.now);
    }
  }
  const { report: wanted } = order;
  const report =
    wanted === 'none' ? null : await reportOf(opened, [...services], { recomputes: wanted === 'recomputed' });
  await opened.close();
  return { points, report };
}

async function pull(stores: Stores, { connector, dataset, from, to, at, origin }: Pull): Promise<void> {
  const clock = { ...stores.clock, now: () => at };
  const { runConnector } = await import('../../../app/ingest/run-connector.ts');
  const { status, datasets } = await runConnector(
    { ...stores, clock },
    {
      connector,
      datasets: [dataset],
      window: { start: from, end: to },
      runId: `pull-${at}`,
      origin,
      patience: { retries: 0, minIntervalMs: 0 },
    },
  );
  if (status !== 'success') throw new Error(`the pull ended as ${status}: ${JSON.stringify(datasets)}`);
}

async function runService(stores: Stores, service: ServiceName, now: number | undefined): Promise<void> {
  const clock = now === undefined ? stores.clock : { ...stores.clock, now: () => now };
  const impatient = { ...clock, sleep: () => Promise.resolve() };
  const worker = await startWorker(service, { ...stores, clock: impatient });
  try {
    await worker.catchUp();
  } finally {
    await worker.close();
  }
}

const answers: Answer[] = [];
for (const order of JSON.parse(process.argv[2]) as Order[])
  try {
    answers.push(await work(order));
  } catch (cause) {
    throw new Error(`in ${order.dataDir}`, { cause });
  }
process.stdout.write(JSON.stringify(answers));
