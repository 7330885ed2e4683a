/** `carbon replay FILE`: a payload through the whole pipeline, from bytes to served values. */

import { readFile } from 'node:fs/promises';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../../core/errors.ts';
import type { Micros } from '../../../core/time/instant.ts';
import { type Loaded, type LoadRequest, loadPayload, previewPayload } from '../../ingest/load.ts';
import { startWorker, type Worker } from '../../pipeline/worker.ts';
import { servedSummary } from '../../read/summary.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { type GlobalOptions, note, show, withStores } from '../session.ts';

interface ReplayOptions {
  readonly market?: string;
  readonly dataset?: string;
  readonly partial?: boolean;
  readonly dryRun?: boolean;
}

/** Exit code 4 when values were rejected on the way. */
export async function replay(file: string, options: ReplayOptions, globals: GlobalOptions): Promise<number> {
  const request: LoadRequest = {
    name: file,
    bytes: await bytesOf(file),
    partial: options.partial === true,
    ...(options.market === undefined ? {} : { market: options.market }),
    ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
  };
  if (options.dryRun === true) {
    const { market, dataset, topic, rows, values } = await previewPayload(request);
    await show([{ would_publish: rows, values, market, dataset, topic }], globals);
    return 0;
  }
  return withStores(globals, true, async (stores) => {
    const loaded = await loadPayload(stores, request);
    note(`archived ${loaded.sha256}${loaded.isNew ? '' : ' (known before)'}`);
    note(
      `published ${loaded.rows} rows, ${loaded.values} values of ${loaded.market}/${loaded.dataset} to ${loaded.topic}`,
    );
    const worker = await workerOrNull(stores);
    if (worker === null) await waitForDaemon(stores, loaded.topic);
    else {
      try {
        await worker.catchUp();
      } finally {
        worker.close();
      }
    }
    return summarise(stores, loaded, worker, globals);
  });
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${file}`, { position: { file }, cause });
  }
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

const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Waits until the process or processes that run the stages have worked through all that the topic holds now. */
async function waitForDaemon(stores: Stores, topic: string): Promise<void> {
  note('the pipeline runs in another process; waiting for it');
  const deadline = stores.clock.now() + PATIENCE_MS * 1000;
  const doneBy = await waitForGroups(stores, topic, ['pipeline', 'normalization'], deadline);
  if (!doneBy.has('normalization')) return;
  // The stages run apart: each has to come to the end of what the one before it wrote.
  await waitForGroups(stores, Topic.normalizedTicks, ['enrichment'], deadline);
  await waitForGroups(stores, Topic.enrichedTicks, ['aggregation'], deadline);
  await waitForGroups(stores, Topic.enrichedTicks, ['projection'], deadline);
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

async function summarise(
  stores: Stores,
  loaded: Loaded,
  worker: Worker | null,
  globals: GlobalOptions,
): Promise<number> {
  let rejected = 0;
  if (worker !== null)
    for (const [stage, balance] of worker.totals().stages) {
      const drops = Object.entries(balance.dropped).map(([reason, n]) => `${n} ${reason}`);
      const parts = [`${balance.in} in`, `${balance.out} out`, ...drops];
      if (balance.rejected > 0) parts.push(`${balance.rejected} REJECTED`);
      if (balance.reinstated > 0) parts.push(`${balance.reinstated} reinstated`);
      note(`${stage}: ${parts.join(', ')}`);
      rejected += balance.rejected;
    }
  await show(await servedSummary(stores.warehouse, stores.runtime.tenant, loaded.market), globals);
  note('next: carbon latest, carbon bars <instrument>, carbon why <instrument> --interval 1h');
  return rejected > 0 ? 4 : 0;
}
