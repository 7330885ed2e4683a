/** What was just published, taken through the pipeline before a command ends: by this process, or by whoever runs it. */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { RunTotals } from '../../core/stage/totals.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';
import { groupOf } from './services.ts';
import { startWorker, type Worker } from './worker.ts';

/** Hears of how it goes: `totals` of this process, or null while another one works. */
export type WorkWatcher = (totals: RunTotals | null) => void;

const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
const WATCH_MS = 200;

/**
 * Resolves when the pipeline has worked through all that the raw topics hold now: with the totals of this process, or
 * null when another process did the work. Throws STORE_BUSY when that one does not get there within a minute.
 */
export async function workThrough(
  stores: Stores,
  topics: readonly string[],
  watch: WorkWatcher = () => {},
): Promise<RunTotals | null> {
  const worker = await workerOrNull(stores);
  if (worker === null) {
    watch(null);
    for (const topic of topics) await waitForDaemon(stores, topic);
    await waitForCurves(stores);
    return null;
  }
  const timer = setInterval(() => watch(worker.totals()), WATCH_MS);
  try {
    await worker.catchUp();
  } finally {
    clearInterval(timer);
    await worker.close();
  }
  return worker.totals();
}

/** Null when another process runs the pipeline: it does the work then. */
async function workerOrNull(stores: Stores): Promise<Worker | null> {
  try {
    return await startWorker('pipeline', stores);
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'PLAN_CONFLICT') return null;
    throw error;
  }
}

/** Waits until the process or processes that run the stages have worked through all that the topic holds now. */
async function waitForDaemon(stores: Stores, topic: string): Promise<void> {
  const deadline = stores.clock.now() + PATIENCE_MS * 1000;
  const normalization = groupOf('normalization', stores.runtime.engines);
  const doneBy = await waitForGroups(stores, topic, ['pipeline', normalization], deadline);
  if (!doneBy.has(normalization)) return;
  // The stages run apart: each has to come to the end of what the one before it wrote.
  await waitForGroups(stores, Topic.normalizedTicks, ['enrichment'], deadline);
  await waitForGroups(stores, Topic.enrichedTicks, ['aggregation'], deadline);
  await waitForGroups(stores, Topic.enrichedTicks, ['projection'], deadline);
}

/** Curves are made beside the chain, in whichever process it is that makes their inputs. */
async function waitForCurves(stores: Stores): Promise<void> {
  const deadline = stores.clock.now() + PATIENCE_MS * 1000;
  await waitForGroups(stores, Topic.curvePrestage, ['curves'], deadline);
}

/** Waits until one of the groups has read each partition to its present end; returns those that were first. */
async function waitForGroups(
  stores: Stores,
  topic: string,
  groups: readonly string[],
  deadline: Micros,
): Promise<Set<string>> {
  const first = new Set<string>();
  for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++) {
    const { end } = await stores.log.bounds(topic, partition);
    for (let done = end === 0; !done; ) {
      for (const group of groups) {
        if (done || ((await stores.log.committed(group, topic, partition)) ?? 0) < end) continue;
        done = true;
        first.add(group);
      }
      if (done) break;
      if (stores.clock.now() >= deadline)
        throw new CarbonError(
          'STORE_BUSY',
          `${topic}/${partition} was not worked through within ${PATIENCE_MS / 1000} s`,
          { context: { topic, partition, end } },
        );
      await stores.clock.sleep(LOOK_MS);
    }
  }
  return first;
}
