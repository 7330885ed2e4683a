/** One empty cluster per run: stores on it, the raw topic, its producer, and how far the services have come. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { runtimeSettings } from '../../app/config/runtime.ts';
import { workThrough } from '../../app/pipeline/work-through.ts';
import { openStores, type Stores } from '../../app/stores/open-stores.ts';
import { rawTopics } from '../../app/stores/topics.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { ClusterEngines, Variables } from '../../tests/integration/cluster/engines.ts';
import type { Feed, Sent } from '../trades/feeder.ts';

/** How the producer sends: as fast as it can, or so many ticks a second, and so many at most. */
export interface Pace {
  readonly rate: number | null;
  readonly limit: number;
}

/** A run's own topics and databases. */
export class BenchWorld {
  readonly stores: Stores;
  readonly variables: Variables;
  /** The raw topic that the ticks go to. */
  readonly topic: string;
  private readonly folder: string;

  private constructor(stores: Stores, variables: Variables, folder: string) {
    this.stores = stores;
    this.variables = variables;
    this.folder = folder;
    [this.topic] = rawTopics();
  }

  /** `settings`: variables of the product beside the addresses. */
  static async open(engines: ClusterEngines, settings: Variables): Promise<BenchWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'carbon-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const variables = {
      ...(await engines.emptied()),
      DATA_PROC_DATA_DIR: folder,
      DATA_PROC_CLICKHOUSE_TIMEOUT_MS: '600000',
      ...settings,
    };
    const runtime = runtimeSettings({}, { ...variables, DATA_PROC_LOG_LEVEL: 'error' });
    return new BenchWorld(await openStores(runtime, { service: 'bench', serve: false }), variables, folder);
  }

  get partitions(): number {
    return this.stores.partitions.get(this.topic) ?? 1;
  }

  /** Appends the lines of a file to the raw topic from a thread of its own; resolves when all are acknowledged. */
  feed(file: string, { rate, limit }: Pace, sent: (note: Sent) => void = () => {}): Promise<void> {
    const feed: Feed = {
      file,
      log: { bootstrap: this.stores.runtime.engines.kafkaBootstrap },
      topic: this.topic,
      partitions: this.partitions,
      rate,
      lead: Infinity,
      limit,
      counters: new SharedArrayBuffer(16),
    };
    const worker = new Worker(new URL('../trades/feeder.ts', import.meta.url), { workerData: feed });
    return new Promise((done, fail) => {
      worker.on('message', (note: Sent | 'done') => {
        if (note === 'done') done();
        else sent(note);
      });
      worker.on('error', fail);
    });
  }

  /** Resolves when the services have worked through all that the raw topic holds now. `check` is called meanwhile. */
  async workedThrough(check: () => void): Promise<void> {
    for (;;) {
      check();
      try {
        await workThrough(this.stores, [this.topic]);
        return;
      } catch (error) {
        // It has a patience of its own, which a long backlog outlasts.
        if (!(error instanceof CarbonError) || error.code !== 'STORE_BUSY') throw error;
      }
    }
  }

  /** Offset of a raw partition up to which every one of the groups has finished its plans. */
  async doneBy(groups: readonly string[], partition: number): Promise<number> {
    const ends = groups.map(async (group) => {
      const input = group === 'pipeline' ? this.topic : Topic.enrichedTicks;
      const last = await this.stores.reference.lastFinishedPlan(group, input, partition);
      return last?.until[this.topic] ?? 0;
    });
    return Math.min(...(await Promise.all(ends)));
  }

  async close(): Promise<void> {
    await this.stores.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
