/**
 * The worker of a service: one runner per topic and partition of its input that it owns, driven round and round.
 *
 * Between rounds it looks at the world: edited policies, other processes that share the work, readers that lag.
 */

import { CarbonError } from '../../core/errors.ts';
import type { TopicPartition } from '../../core/ports/partition-share.ts';
import type { PartitionRunner } from '../../core/stage/partition-runner.ts';
import type { RunTotals } from '../../core/stage/totals.ts';
import { type Rebuilt, RebuiltWatch } from '../projection/rebuilt-mark.ts';
import type { Stores } from '../stores/open-stores.ts';
import { countArraysWithHeap } from './array-memory.ts';
import { BackPressure } from './back-pressure.ts';
import { LiveChains } from './live-chains.ts';
import { isLost, OwnPartitions, type WorkerParts } from './own-partitions.ts';
import { groupOf, SERVICE_NAMES, type ServiceName, WORK } from './services.ts';
import type { StageSettings } from './settings.ts';
import { type Pulse, WorkAtHand } from './work-at-hand.ts';

export { SERVICE_NAMES, type ServiceName };

/** How long an idle worker waits for news before it looks at the clock, in milliseconds. */
const IDLE_MS = 500;
/** How often a worker looks at the world around it, in microseconds. */
const LOOK_EVERY = 1_000_000;
/** A running service. */
export class Worker {
  private readonly parts: WorkerParts;
  private readonly stores: Stores;
  private readonly topics: readonly string[];
  private readonly pressure: BackPressure;
  private readonly own: OwnPartitions;
  private readonly work: WorkAtHand;
  /** Works on what this one feeds, in the same process; null for nothing. */
  private readonly beside: Worker | null;
  /** Tables of the service that others may write anew. */
  private readonly rebuilt: readonly RebuiltWatch[];
  private lookedAt = -Infinity;
  private droppedTold = 0;
  /** Ends the waiting for a store in work that ends by itself. */
  private patience: AbortSignal | undefined;

  constructor(parts: WorkerParts, beside: Worker | null = null) {
    const { service, stores } = parts;
    this.parts = parts;
    this.beside = beside;
    this.stores = stores;
    this.topics = WORK[service].topics();
    this.pressure = new BackPressure(service, stores);
    this.own = new OwnPartitions(parts);
    this.work = new WorkAtHand(stores);
    const { stages } = WORK[service];
    this.rebuilt = [
      ...(stages.includes('aggregation') ? [new RebuiltWatch(stores.reference, 'aggregation/bars')] : []),
      ...(stages.includes('projection')
        ? [new RebuiltWatch(stores.reference, 'projection/latest_prices')]
        : []),
    ];
  }

  /**
   * Works until there is nothing left to read, lets the clock close what is due, and shows what is still open. A store
   * that is away is waited for; once the signal has aborted, what it says is thrown.
   */
  async catchUp(signal?: AbortSignal): Promise<void> {
    this.patience = signal;
    while (await this.round()) {
      // A round without progress says that all partitions are at their end.
    }
    for (const runner of this.own.runners) await this.work.persist(() => runner.closeByClock(), signal);
    await this.drain();
    await this.beside?.catchUp(signal);
  }

  /**
   * Works until the signal aborts, then finishes the plan at hand and drains. Who was told to stop does not wait for a
   * store that is gone, nor for long for one that does not answer: a plan that is open is finished by whoever comes next,
   * and what a drain writes is provisional, and comes again from the silver ticks.
   */
  async follow(signal: AbortSignal): Promise<void> {
    if (this.beside === null) return this.followOwn(signal);
    // What fails for good ends the other, too: half a service would go unnoticed.
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    const endsBoth = (error: unknown): never => {
      stop.abort();
      throw error;
    };
    const works = [this.followOwn(ended), this.beside.followOwn(ended)].map((work) => work.catch(endsBoth));
    for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
  }

  private async followOwn(signal: AbortSignal): Promise<void> {
    this.own.announce();
    try {
      await this.work.untilLeft(this.goRound(signal), signal);
    } catch (error) {
      if (!signal.aborted || !(error instanceof CarbonError)) throw error;
      if (error.remedy !== 'retry' && !isLost(error)) throw error;
      const facts = { code: error.code, error: error.message };
      this.stores.telemetry.emit({ name: 'drain.left', level: 'warning', facts });
    }
  }

  private async goRound(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.work.persist(() => this.look(), signal);
      if (await this.turn(signal)) continue;
      for (const runner of this.own.runners)
        if (!signal.aborted) await this.orLose(runner, () => runner.closeByClock(), signal);
      if (!signal.aborted) await this.stores.log.waitForAppend(this.topics, IDLE_MS);
    }
    for (const runner of this.own.runners) await this.work.persist(() => runner.drain(), signal);
  }

  /** Gives partitions and stages back to whoever wants them next. */
  async close(): Promise<void> {
    this.parts.chains.close();
    try {
      await this.parts.share.close();
    } finally {
      await this.beside?.close();
    }
  }

  /** Counts of all runners together, those of partitions given away included; what works beside has its own. */
  totals(): RunTotals {
    return this.own.totals();
  }

  /** Counts of what works beside; null where nothing does. */
  totalsBeside(): RunTotals | null {
    return this.beside?.totals() ?? null;
  }

  /** How the work at hand is getting on: for whoever asks whether it goes on at all. */
  pulse(): Pulse {
    const own = this.work.pulse();
    const other = this.beside?.pulse();
    if (other === undefined) return own;
    const waiting = own.waitingFor === null ? other : own;
    return { ...waiting, busyMs: Math.max(own.busyMs, other.busyMs) };
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
    if (rest > 0 && !this.own.runners.some((runner) => runner.isBehind)) await clock.sleep(rest, signal);
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
    const queue = [...this.own.runners];
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
    if (!this.own.runners.includes(runner)) return false;
    try {
      return await this.work.persist(work, signal ?? this.patience);
    } catch (error) {
      if (signal === undefined || !isLost(error)) throw error;
      this.own.lose(runner, error);
      return false;
    }
  }

  /** Edited policies, other processes, readers that lag: looked at once a second. */
  private async look(): Promise<void> {
    const now = this.stores.clock.now();
    if (now - this.lookedAt < LOOK_EVERY) return;
    this.lookedAt = now;
    const { policies, telemetry } = this.stores;
    // Who works beside another takes over what that one finds.
    const edited = this.isBeside ? null : await policies.changed(telemetry);
    if (edited !== null && (await this.takesOver(edited))) policies.adopt(edited, telemetry);
    this.tellOfDrops();
    await this.own.balance();
    await this.pressure.look();
    for (const watch of this.rebuilt) if (await watch.isNew()) this.forget(watch.what);
  }

  /** A table was written anew by somebody else: what the states remember may be what was wrong. */
  private forget(what: Rebuilt): void {
    for (const runner of this.own.runners) runner.forget();
    const [stage, table] = what.split('/') as [string, string];
    const facts = { service: this.parts.service, projection: table };
    this.stores.telemetry.emit({ name: `${stage}.forgotten`, level: 'info', facts });
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
  private async takesOver(edited: StageSettings): Promise<boolean> {
    const { policies, telemetry } = this.stores;
    try {
      const chains = [this.parts.chains, ...(this.beside === null ? [] : [this.beside.parts.chains])];
      const taken = await Promise.all(chains.map((each) => each.prepared(edited)));
      for (const takeOver of taken) takeOver();
      return true;
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      policies.putBack(error, telemetry);
      return false;
    }
  }

  private get isBeside(): boolean {
    return !SERVICE_NAMES.includes(this.parts.service);
  }

  private async drain(): Promise<void> {
    for (const runner of this.own.runners) await this.work.persist(() => runner.drain(), this.patience);
  }
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
  const { stages, topics, beside } = WORK[service];
  const counts = new Map(topics().map((topic) => [topic, stores.partitions.get(topic) ?? 0]));
  const { clock, telemetry } = stores;
  const share = await stores.joinWork({
    service,
    group: groupOf(service, stores.runtime.engines),
    stages,
    counts,
    shared: options.shared === true,
    clock,
    telemetry,
  });
  let other: Worker | null = null;
  try {
    if (beside !== null) other = await startWorker(beside, stores, options);
    const chains = await LiveChains.open(service, stores);
    return new Worker({ service, stores, chains, share }, other);
  } catch (error) {
    await other?.close();
    await share.close();
    throw error;
  }
}
