/**
 * The worker of a service: one runner per topic and partition of its input that it owns, driven round and round.
 *
 * Between rounds it looks at the world: edited policies, other processes that share the work, readers that lag.
 */

import { CarbonError } from '../../core/errors.ts';
import {
  type PartitionShare,
  partitionsText,
  type TopicPartition,
} from '../../core/ports/partition-share.ts';
import { PartitionRunner } from '../../core/stage/partition-runner.ts';
import { RunTotals } from '../../core/stage/totals.ts';
import type { Stores } from '../stores/open-stores.ts';
import { CODE_VERSION } from '../version.ts';
import { countArraysWithHeap } from './array-memory.ts';
import { BackPressure } from './back-pressure.ts';
import { LiveChains } from './live-chains.ts';
import { groupOf, SERVICE_NAMES, type ServiceName, WORK } from './services.ts';
import type { StageSettings } from './settings.ts';

export { SERVICE_NAMES, type ServiceName };

/** How long an idle worker waits for news before it looks at the clock, in milliseconds. */
const IDLE_MS = 500;
/** How often a worker looks at the world around it, in microseconds. */
const LOOK_EVERY = 1_000_000;
/** Pauses between attempts while a store does not answer, in milliseconds. */
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];

/** What a worker is made of. */
interface Parts {
  readonly service: ServiceName;
  readonly stores: Stores;
  readonly chains: LiveChains;
  readonly share: PartitionShare;
}

/** How a worker is getting on. */
export interface Pulse {
  /** How long the oldest piece of work at hand has been under way, in milliseconds; 0 when there is none. */
  readonly busyMs: number;
  /** Code of what a piece of work waits for while a store does not answer; null when none does. */
  readonly waitingFor: string | null;
}

/** A piece of work at hand: since when, in micros, and what it waits for. */
interface Piece {
  since: number;
  waitingFor: string | null;
}

/** A running service. */
export class Worker {
  private readonly parts: Parts;
  private readonly stores: Stores;
  private readonly topics: readonly string[];
  private readonly pressure: BackPressure;
  private runners: readonly PartitionRunner<unknown>[] = [];
  private readonly past = new RunTotals();
  private lookedAt = -Infinity;
  private droppedTold = 0;
  private readonly atHand = new Set<Piece>();

  constructor(parts: Parts) {
    const { service, stores } = parts;
    this.parts = parts;
    this.stores = stores;
    this.topics = WORK[service].topics();
    this.pressure = new BackPressure(service, stores);
    this.takePartitions();
  }

  /** Works until there is nothing left to read, lets the clock close what is due, and shows what is still open. */
  async catchUp(): Promise<void> {
    while (await this.round()) {
      // A round without progress says that all partitions are at their end.
    }
    for (const runner of this.runners) await this.persist(() => runner.closeByClock());
    await this.drain();
  }

  /**
   * Works until the signal aborts, then finishes the plan at hand and drains. Who was told to stop does not wait for a
   * store that is gone: a plan that is open is finished by whoever comes next, and what a drain writes is provisional,
   * and comes again from the silver ticks.
   */
  async follow(signal: AbortSignal): Promise<void> {
    this.tellOfShare([], this.parts.share.owned, []);
    try {
      while (!signal.aborted) {
        await this.persist(() => this.look(), signal);
        if (await this.turn(signal)) continue;
        for (const runner of this.runners)
          if (!signal.aborted) await this.orLose(runner, () => runner.closeByClock(), signal);
        if (!signal.aborted) await this.stores.log.waitForAppend(this.topics, IDLE_MS);
      }
      for (const runner of this.runners) await this.persist(() => runner.drain(), signal);
    } catch (error) {
      if (!signal.aborted || !(error instanceof CarbonError)) throw error;
      if (error.remedy !== 'retry' && !isLost(error)) throw error;
      const facts = { code: error.code, error: error.message };
      this.stores.telemetry.emit({ name: 'drain.left', level: 'warning', facts });
    }
  }

  /** Gives partitions and stages back to whoever wants them next. */
  async close(): Promise<void> {
    this.parts.chains.close();
    await this.parts.share.close();
  }

  /** Counts of all runners together, those of partitions given away included. */
  totals(): RunTotals {
    const sum = new RunTotals();
    sum.merge(this.past);
    for (const { totals } of this.runners) sum.merge(totals);
    return sum;
  }

  /** How the work at hand is getting on: for whoever asks whether it goes on at all. */
  pulse(): Pulse {
    const now = this.stores.clock.now();
    let busyMs = 0;
    let waitingFor: string | null = null;
    for (const piece of this.atHand) {
      busyMs = Math.max(busyMs, (now - piece.since) / 1000);
      waitingFor ??= piece.waitingFor;
    }
    return { busyMs, waitingFor };
  }

  /** Partitions that this process works on now. */
  get partitions(): readonly TopicPartition[] {
    return this.parts.share.owned;
  }

  /**
   * A round, and a rest: while the reader keeps up, rounds begin at most once in the flush time, because what a plan
   * costs the stores hardly depends on its size. A reader that is behind does not rest.
   */
  async turn(signal?: AbortSignal): Promise<boolean> {
    const { clock, runtime } = this.stores;
    const began = clock.now();
    if (!(await this.round(signal))) return false;
    const rest = runtime.flushMs - (clock.now() - began) / 1000;
    if (rest > 0 && !this.runners.some((runner) => runner.isBehind)) await clock.sleep(rest, signal);
    return true;
  }

  /**
   * One plan for each partition that has something to read, and one after the other for those that are behind, until it
   * is time to look around: while one of them computes, another's plan is being stored. False when none had anything, or
   * readers have to catch up first.
   */
  async round(signal?: AbortSignal): Promise<boolean> {
    let progressed = false;
    if (this.pressure.holds) return false;
    const queue = [...this.runners];
    const until = this.stores.clock.now() + LOOK_EVERY;
    const lane = async (): Promise<void> => {
      for (let runner = queue.shift(); runner !== undefined; runner = queue.shift()) {
        if (signal?.aborted === true) return;
        if (!(await this.step(runner, signal))) continue;
        progressed = true;
        if (runner.isBehind && this.stores.clock.now() < until) queue.push(runner);
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: this.stores.runtime.parallelWorkers }, lane));
    for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
    return progressed && signal?.aborted !== true;
  }

  /** Whoever works on and on gives a partition up that another has claimed; a command that ends by itself fails. */
  private step(runner: PartitionRunner<unknown>, signal?: AbortSignal): Promise<boolean> {
    return this.orLose(runner, () => runner.step(), signal);
  }

  private async orLose(
    runner: PartitionRunner<unknown>,
    work: () => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    // Lost while its turn was coming.
    if (!this.runners.includes(runner)) return false;
    try {
      return await this.persist(work, signal);
    } catch (error) {
      if (signal === undefined || !isLost(error)) throw error;
      this.lose(runner, error);
      return false;
    }
  }

  /**
   * Another process has claimed the partition: its runner ends where it is, without a last word. Should it be ours all
   * the same, the next look takes it again, with a claim of its own.
   */
  private lose(runner: PartitionRunner<unknown>, why: CarbonError): void {
    const { share, service } = this.parts;
    const { topic, partition } = runner;
    this.dropRunners([runner]);
    share.release({ topic, partition });
    this.stores.telemetry.emit({
      name: 'partition.lost',
      level: 'warning',
      facts: { service, topic, partition, code: why.code, error: why.message },
    });
  }

  /** Edited policies, other processes, readers that lag: looked at once a second. */
  private async look(): Promise<void> {
    const now = this.stores.clock.now();
    if (now - this.lookedAt < LOOK_EVERY) return;
    this.lookedAt = now;
    const { policies, telemetry } = this.stores;
    const edited = await policies.changed(telemetry);
    if (edited !== null && (await this.prepared(edited))) policies.adopt(edited, telemetry);
    this.tellOfDrops();
    await this.balance();
    await this.pressure.look();
  }

  /** Keys that the cache could not be told of since the last look; it removes them by itself when it is back. */
  private tellOfDrops(): void {
    const { dropped } = this.stores.cache.stats();
    const keys = dropped - this.droppedTold;
    this.droppedTold = dropped;
    if (keys === 0) return;
    const facts = { service: this.parts.service, keys };
    this.stores.telemetry.emit({ name: 'cache.dropped', level: 'warning', facts });
  }

  /** Edited settings are in force in every chain, or in none: one that has no registered schema to write with is not. */
  private async prepared(edited: StageSettings): Promise<boolean> {
    const { policies, telemetry } = this.stores;
    try {
      await this.parts.chains.adopt(edited);
      return true;
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      policies.putBack(error, telemetry);
      return false;
    }
  }

  /** Drops what was lost, gives up what is asked back, and takes what is free. */
  private async balance(): Promise<void> {
    const { share } = this.parts;
    const lost = share.lost();
    this.dropRunners(lost);
    const surplus = share.surplus();
    for (const lane of surplus) {
      try {
        for (const runner of this.runnersOf([lane])) await runner.drain();
      } catch (error) {
        if (!isLost(error)) throw error;
      }
      this.dropRunners([lane]);
      share.release(lane);
    }
    this.tellOfShare(lost, this.takePartitions(), surplus);
  }

  private tellOfShare(
    lost: readonly TopicPartition[],
    taken: readonly TopicPartition[],
    given: readonly TopicPartition[],
  ): void {
    if (lost.length + given.length + taken.length === 0) return;
    const { share, service } = this.parts;
    this.stores.telemetry.emit({
      name: 'partitions.shared',
      level: lost.length === 0 ? 'info' : 'warning',
      facts: {
        service,
        owned: partitionsText(share.owned),
        taken: partitionsText(taken),
        given: partitionsText(given),
        lost: partitionsText(lost),
      },
    });
  }

  private runnersOf(lanes: readonly TopicPartition[]): PartitionRunner<unknown>[] {
    return this.runners.filter((runner) =>
      lanes.some(({ topic, partition }) => topic === runner.topic && partition === runner.partition),
    );
  }

  private dropRunners(lanes: readonly TopicPartition[]): void {
    const leaving = this.runnersOf(lanes);
    for (const { totals } of leaving) this.past.merge(totals);
    this.runners = this.runners.filter((runner) => !leaving.includes(runner));
  }

  /** One runner for each partition taken; each claims its own before it reads a thing. */
  private takePartitions(): readonly TopicPartition[] {
    const { service, chains, share, stores } = this.parts;
    const { runtime } = stores;
    const taken = share.take();
    const runners = taken.map(
      ({ topic, partition }) =>
        new PartitionRunner(chains.ofPartition(), stores, {
          service,
          group: groupOf(service, runtime.engines),
          topic,
          partition,
          codeVersion: CODE_VERSION,
          maxBytes: runtime.maxBatchBytes,
          maxRecords: runtime.maxBatchSize,
        }),
    );
    this.runners = [...this.runners, ...runners];
    return taken;
  }

  private async drain(): Promise<void> {
    for (const runner of this.runners) await this.persist(() => runner.drain());
  }

  /** Repeats what fails for want of a store, for as long as it takes; everything else is the caller's to hear of. */
  private async persist<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | false> {
    const { clock, telemetry } = this.stores;
    const piece: Piece = { since: clock.now(), waitingFor: null };
    this.atHand.add(piece);
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          piece.since = clock.now();
          return await work();
        } catch (error) {
          if (!(error instanceof CarbonError) || error.remedy !== 'retry' || signal?.aborted === true)
            throw error;
          piece.waitingFor = error.code;
          telemetry.emit({
            name: 'work.delayed',
            level: 'warning',
            facts: { code: error.code, error: error.message, attempt },
          });
          await clock.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], signal);
        }
      }
    } finally {
      this.atHand.delete(piece);
    }
  }
}

/** The partition has another owner now. */
function isLost(error: unknown): error is CarbonError {
  return error instanceof CarbonError && error.code === 'PLAN_CONFLICT';
}

/** How a service is started. */
export interface WorkerOptions {
  /**
   * True: partitions are shared with other processes that run the same single stage. The fused chain is four stages in
   * one and always alone.
   */
  readonly shared?: boolean;
}

/** Starts a service: takes its stages and its partitions. Throws PLAN_CONFLICT when another process runs them. */
export async function startWorker(
  service: ServiceName,
  stores: Stores,
  options: WorkerOptions = {},
): Promise<Worker> {
  countArraysWithHeap();
  const { stages, topics } = WORK[service];
  const counts = new Map(topics().map((topic) => [topic, stores.partitions.get(topic) ?? 0]));
  const { clock } = stores;
  const share = await stores.joinWork({
    service,
    group: groupOf(service, stores.runtime.engines),
    stages,
    counts,
    shared: options.shared === true,
    clock,
  });
  try {
    const chains = await LiveChains.open(service, stores);
    return new Worker({ service, stores, chains, share });
  } catch (error) {
    await share.close();
    throw error;
  }
}
