/**
 * The worker of a service: one runner per partition of its input topics, driven round and round.
 *
 * `pipeline` is the fused chain; `normalization`, `enrichment`, `aggregation`, `projection` are the stages alone.
 */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { StageName } from '../../core/model/dead-letter.ts';
import { type Chain, PartitionRunner } from '../../core/stage/partition-runner.ts';
import { RunTotals } from '../../core/stage/totals.ts';
import { askStores } from '../../core/store/answers.ts';
import type { Stores } from '../stores/open-stores.ts';
import { lockStages } from '../stores/stage-lock.ts';
import { allTopics, rawTopics } from '../stores/topics.ts';
import { CODE_VERSION } from '../version.ts';
import {
  AggregationChain,
  type ChainParts,
  EnrichmentChain,
  FusedChain,
  NormalizationChain,
  ProjectionChain,
} from './chains.ts';
import { type StageSettings, settingsFromText, settingsHashOf, settingsText } from './settings.ts';
import { openWire } from './wire.ts';

/** A service that works on topics. */
export type ServiceName = 'pipeline' | StageName;

interface Work {
  readonly stages: readonly StageName[];
  readonly topics: () => string[];
  /** Feeds the tick topics whatever the policy says: the next service reads them. */
  readonly feedsTicks: boolean;
}

const STAGES: readonly StageName[] = ['normalization', 'enrichment', 'aggregation', 'projection'];

const WORK: Readonly<Record<ServiceName, Work>> = {
  pipeline: { stages: STAGES, topics: rawTopics, feedsTicks: false },
  normalization: { stages: ['normalization'], topics: rawTopics, feedsTicks: true },
  enrichment: { stages: ['enrichment'], topics: () => [Topic.normalizedTicks], feedsTicks: true },
  aggregation: { stages: ['aggregation'], topics: () => [Topic.enrichedTicks], feedsTicks: false },
  projection: { stages: ['projection'], topics: () => [Topic.enrichedTicks], feedsTicks: false },
};

export const SERVICE_NAMES = Object.keys(WORK) as ServiceName[];

/** How long an idle worker waits for news before it looks at the clock, in milliseconds. */
const IDLE_MS = 500;
/** Pauses between attempts while a store does not answer, in milliseconds. */
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];

/** A running service. */
export class Worker {
  private readonly runners: readonly PartitionRunner<unknown>[];
  private readonly stores: Stores;
  private readonly topics: readonly string[];
  private readonly unlock: () => void;

  constructor(
    stores: Stores,
    topics: readonly string[],
    runners: readonly PartitionRunner<unknown>[],
    unlock: () => void,
  ) {
    this.stores = stores;
    this.topics = topics;
    this.runners = runners;
    this.unlock = unlock;
  }

  /** Works until there is nothing left to read, lets the clock close what is due, and shows what is still open. */
  async catchUp(): Promise<void> {
    while (await this.round()) {
      // A round without progress says that all partitions are at their end.
    }
    for (const runner of this.runners) await this.persist(() => runner.closeByClock());
    await this.drain();
  }

  /** Works until the signal aborts, then finishes the plan at hand and drains. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.round(signal)) continue;
      for (const runner of this.runners)
        if (!signal.aborted) await this.persist(() => runner.closeByClock(), signal);
      if (!signal.aborted) await this.stores.log.waitForAppend(this.topics, IDLE_MS);
    }
    await this.drainOrLeave(signal);
  }

  /** Gives the stages back to whoever wants them next. */
  close(): void {
    this.unlock();
  }

  /** Counts of all runners together. */
  totals(): RunTotals {
    const sum = new RunTotals();
    for (const { totals } of this.runners) sum.merge(totals);
    return sum;
  }

  /** One plan for each partition that has something to read; false when none had. */
  async round(signal?: AbortSignal): Promise<boolean> {
    let progressed = false;
    for (const runner of this.runners) {
      if (signal?.aborted === true) return false;
      if (await this.persist(() => runner.step(), signal)) progressed = true;
    }
    return progressed;
  }

  private async drain(): Promise<void> {
    for (const runner of this.runners) await this.persist(() => runner.drain());
  }

  /**
   * Who was told to stop does not wait for a store that is gone: what a drain writes is provisional, and comes again
   * from the silver ticks.
   */
  private async drainOrLeave(stopped: AbortSignal): Promise<void> {
    try {
      for (const runner of this.runners) await this.persist(() => runner.drain(), stopped);
    } catch (error) {
      if (!(error instanceof CarbonError) || error.remedy !== 'retry') throw error;
      const facts = { code: error.code, error: error.message };
      this.stores.telemetry.emit({ name: 'drain.left', level: 'warning', facts });
    }
  }

  /** Repeats what fails for want of a store, for as long as it takes; everything else is the caller's to hear of. */
  private async persist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | false> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CarbonError) || error.remedy !== 'retry' || signal?.aborted === true)
          throw error;
        this.stores.telemetry.emit({
          name: 'work.delayed',
          level: 'warning',
          facts: { code: error.code, error: error.message, attempt },
        });
        await this.stores.clock.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], signal);
      }
    }
  }
}

/** Starts a service: takes its stages, prepares a runner for each partition. Throws PLAN_CONFLICT when they are taken. */
export async function startWorker(service: ServiceName, stores: Stores): Promise<Worker> {
  const work = WORK[service];
  const unlock = lockStages(stores.runtime.dataDir, work.stages);
  try {
    const topics = work.topics();
    const feed = work.feedsTicks ? 'all' : stores.runtime.feed;
    const wire = await openWire(
      service,
      allTopics(stores.settings.aggregation.intervals),
      stores.registry,
      stores.partitions,
      feed,
    );
    const partsOf = (settings: StageSettings): ChainParts => ({
      names: stores.names,
      settings,
      settingsHash: settingsHashOf(settings),
      wire,
      ask: askStores(stores.warehouse, stores.reference, stores.names, settings.aggregation.intervals),
    });
    // The settings of a plan must be at hand for as long as it may have to be run again.
    const settingsHash = settingsHashOf(stores.settings);
    await stores.reference.saveCursor(`settings/${settingsHash}`, settingsText(stores.settings));
    const fence = stores.clock.now();
    const runners: PartitionRunner<unknown>[] = [];
    for (const topic of topics)
      for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++) {
        const chains = {
          current: chainOf(service, partsOf(stores.settings)),
          ofSettings: async (hash: string): Promise<Chain<unknown> | null> => {
            const text = await stores.reference.loadCursor(`settings/${hash}`);
            return text === null ? null : chainOf(service, partsOf(settingsFromText(text)));
          },
        };
        runners.push(
          new PartitionRunner(chains, stores, {
            service,
            group: service,
            topic,
            partition,
            settingsHash,
            codeVersion: CODE_VERSION,
            fence,
            tenant: stores.runtime.tenant,
            maxBytes: stores.runtime.maxBatchBytes,
            cacheTtlSeconds: stores.settings.projection.latest_prices.cache_ttl_seconds,
          }),
        );
      }
    return new Worker(stores, topics, runners, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A new chain with states of its own. What it takes in is between its `decode` and its `process`. */
function chainOf(service: ServiceName, parts: ChainParts): Chain<unknown> {
  switch (service) {
    case 'pipeline':
      return erase(new FusedChain(parts));
    case 'normalization':
      return erase(new NormalizationChain(parts));
    case 'enrichment':
      return erase(new EnrichmentChain(parts));
    case 'aggregation':
      return erase(new AggregationChain(parts));
    case 'projection':
      return erase(new ProjectionChain(parts));
  }
}

function erase<Input>(chain: Chain<Input>): Chain<unknown> {
  return chain as Chain<unknown>;
}
