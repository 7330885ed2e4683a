/**
 * The runner: does all the waiting for one partition of one input topic.
 *
 * Per plan: cut and store it → read, ask, apply → blocks into the warehouse with tokens → records into the log →
 * cache → plan done → offset committed. A crash anywhere leaves either no plan, or an open one that is run again with
 * exactly its values (DESIGN 5b, "Exactly once").
 */

import { giveBack } from '../codec/lent-memory.ts';
import { CarbonError } from '../errors.ts';
import type { DeadLetter, StageName } from '../model/dead-letter.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, LogSlice } from '../ports/event-log.ts';
import type { HotCache } from '../ports/hot-cache.ts';
import type { ReferenceStore } from '../ports/reference-store.ts';
import type { Telemetry, TelemetryEvent } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import type { Micros } from '../time/instant.ts';
import type { Balance } from './conservation.ts';
import type { BlockEmission, Emission, RecordsEmission } from './emission.ts';
import { PartitionClaim } from './partition-claim.ts';
import { insertToken, type Plan, type SourcePositions } from './plan.ts';
import { RunTotals } from './totals.ts';

/** What a chain has to say about a plan. */
export interface ChainOutcome {
  readonly emissions: readonly Emission[];
  readonly balances: readonly (readonly [stage: StageName, balance: Balance])[];
  readonly rejected: readonly DeadLetter[];
  /** What the stages tell of the batch; emitted when the plan is finished. */
  readonly events: readonly TelemetryEvent[];
}

/** Records as the input of a chain. */
export interface Decoded<Input> {
  readonly input: Input;
  readonly since: SourcePositions;
  readonly until: SourcePositions;
}

/** One stage, or several fused, over the records of one partition. */
export interface Chain<Input> {
  /** Part of the insert tokens: `fused`, `normalization` … */
  readonly name: string;
  /** The stage at work, or the one that failed last; null between the stages, where the runner itself works. */
  readonly running?: StageName | null;
  /**
   * Reads records `[from, to)` of the slices, and says from and up to which raw positions they reach, as far as the
   * records themselves tell; the runner knows the rest from the plan before.
   */
  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<Input>;
  /** Opens new states as of the beginning of a plan. */
  reset(plan: Plan): Promise<void>;
  /** Throws the states away. */
  discard(): void;
  process(input: Input, plan: Plan): Promise<ChainOutcome>;
  /** The earliest known time at which the clock alone has something to do; Infinity for none, null without states. */
  nextDeadline(): Micros | null;
  /** What is worth showing of work in progress when the runner stops: provisional bars. */
  drain(): readonly Emission[];
}

/** What a runner works with. */
export interface RunnerPorts {
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly reference: ReferenceStore;
  readonly cache: HotCache;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What a runner is bound to. */
export interface RunnerSettings {
  readonly service: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly codeVersion: string;
  /** About how many bytes of records one plan takes. */
  readonly maxBytes: number;
  /** About how many records: whole record batches, at least one; 0 for no limit. */
  readonly maxRecords: number;
}

/**
 * The chain of the settings in force, and those of settings that an open plan was made with. What is in force may change
 * between two plans: it is asked before each is cut.
 */
export interface Chains<Input> {
  readonly current: Chain<Input>;
  /** Hash of the settings in force. */
  readonly settingsHash: string;
  /** How long entries of the hot cache live by them. */
  readonly cacheTtlSeconds: number;
  /** Version of the reference data that the next plan is to see; of no meaning where nothing is looked up. */
  referenceVersion(): Promise<number>;
  /** Null when the settings of that hash are no longer at hand. */
  ofSettings(hash: string): Promise<Chain<Input> | null>;
}

/** Pause before a log is asked again for what it does not show yet, in milliseconds. */
const SHOWN_MS = 50;

/**
 * Drives one chain over one partition of one topic, plan after plan. Errors of the ports pass through; the open
 * plan stays for the next attempt.
 */
export class PartitionRunner<Input> {
  /** Counts since the start. */
  readonly totals = new RunTotals();
  private readonly chains: Chains<Input>;
  private chain: Chain<Input>;
  /** Hash of the settings of `chain`. */
  private hash: string;
  private readonly ports: RunnerPorts;
  private readonly settings: RunnerSettings;
  private readonly claim: PartitionClaim;
  private next: number | null = null;
  private since: SourcePositions = {};
  private unfinished: Plan | null = null;
  private isCommitted = true;
  private behind = false;

  constructor(chains: Chains<Input>, ports: RunnerPorts, settings: RunnerSettings) {
    this.chains = chains;
    this.chain = chains.current;
    this.hash = chains.settingsHash;
    this.ports = ports;
    this.settings = settings;
    this.claim = new PartitionClaim(ports.reference, ports.clock, settings);
  }

  /** The topic that it works on. */
  get topic(): string {
    return this.settings.topic;
  }

  /** The partition of it. */
  get partition(): number {
    return this.settings.partition;
  }

  /** Where the runner stands: the next offset it will read; null before `start`. */
  get position(): number | null {
    return this.next;
  }

  /**
   * Claims the partition and finds where the work stopped: an open plan first, else the offset after the last finished
   * plan, which may be ahead of the commit when the process died between the two.
   */
  async start(): Promise<void> {
    const { group, topic, partition } = this.settings;
    const { log } = this.ports;
    const { open, last } = await this.claim.take();
    this.unfinished = open;
    const committed = await log.committed(group, topic, partition);
    const { earliest } = await log.bounds(topic, partition);
    this.since = last?.until ?? {};
    this.next = Math.max(last?.to ?? committed ?? earliest, earliest);
    this.isCommitted = (committed ?? earliest) >= this.next;
    if (this.unfinished === null) return;
    this.chain = await this.chainOf(this.unfinished);
    this.hash = this.unfinished.settingsHash;
  }

  /** A plan is finished with the settings that it was cut with, whatever they are now. */
  private async chainOf(plan: Plan): Promise<Chain<Input>> {
    if (plan.settingsHash === this.chains.settingsHash) return this.chains.current;
    const chain = await this.chains.ofSettings(plan.settingsHash);
    if (chain !== null) return chain;
    throw new CarbonError(
      'SETTINGS_CHANGED',
      `an open plan of ${plan.topic}/${plan.partition} was made with other settings`,
      {
        context: { settings: plan.settingsHash, now: this.chains.settingsHash },
      },
    );
  }

  /** True when the last plan was about as large as plans may be: there is more to read, and no time to lose. */
  get isBehind(): boolean {
    return this.behind;
  }

  /** Runs one plan. Returns false when the partition has nothing to do. */
  async step(): Promise<boolean> {
    this.behind = false;
    if (this.next === null) await this.start();
    await this.commit();
    if (this.unfinished !== null) {
      const plan = { ...this.unfinished, fence: this.claim.fence };
      await this.claim.storePlan(plan);
      const slices = await this.readRange(plan.from, plan.to);
      const { input } = this.chain.decode(slices, plan.from, plan.to);
      await this.run(plan, input);
      giveBackSlices(slices);
      return true;
    }
    this.adoptSettings();
    const from = this.next as number;
    const slices = this.upToLimit(
      from,
      await this.ports.log.read(this.settings.topic, this.settings.partition, from, this.settings.maxBytes),
    );
    if (slices.length === 0) return false;
    const to = slices[slices.length - 1].to;
    const bytes = slices.reduce((sum, slice) => sum + slice.bytes.length, 0);
    this.behind = 2 * bytes >= this.settings.maxBytes;
    const decoded = this.chain.decode(slices, from, to);
    await this.run(await this.cut(from, to, decoded), decoded.input);
    giveBackSlices(slices);
    return true;
  }

  /**
   * Lets the clock close windows when a deadline has passed and no record came to say so; after a restart or a failure
   * the states are opened for that. Also finishes such a plan when it was begun. False: nothing was due.
   */
  async closeByClock(): Promise<boolean> {
    if (this.next === null) await this.start();
    if (this.unfinished !== null) return this.step();
    await this.commit();
    this.adoptSettings();
    const at = this.next as number;
    const decoded = this.chain.decode([], at, at);
    if (this.chain.nextDeadline() === null) {
      if (Object.keys(this.since).length === 0) return false;
      await this.chain.reset(await this.draft(at, at, decoded));
    }
    if ((this.chain.nextDeadline() ?? Infinity) > this.ports.clock.now()) return false;
    await this.run(await this.cut(at, at, decoded), decoded.input);
    return true;
  }

  /** Between two plans the settings in force become those of the next one; the states of the former ones are left. */
  private adoptSettings(): void {
    if (this.chain === this.chains.current) return;
    this.chain.discard();
    this.chain = this.chains.current;
    this.hash = this.chains.settingsHash;
  }

  private upToLimit(from: number, slices: LogSlice[]): LogSlice[] {
    const { maxRecords } = this.settings;
    if (maxRecords === 0) return slices;
    return slices.filter((slice, k) => k === 0 || slice.to - from <= maxRecords);
  }

  /** Writes what is worth showing of open windows; harmless to repeat. */
  async drain(): Promise<void> {
    for (const emission of this.chain.drain())
      if (emission.kind === 'block') await this.insert(emission, null);
  }

  /** Cuts a plan and stores it: from here on it will be finished, by this process or another. */
  private async cut(from: number, to: number, decoded: Decoded<Input>): Promise<Plan> {
    const plan = await this.draft(from, to, decoded);
    try {
      await this.claim.storePlan(plan);
    } catch (error) {
      // It may be stored all the same: the next attempt has to look.
      this.next = null;
      throw error;
    }
    return plan;
  }

  private async draft(from: number, to: number, decoded: Decoded<Input>): Promise<Plan> {
    const since = { ...this.since, ...decoded.since };
    const { group, topic, partition, codeVersion } = this.settings;
    return {
      group,
      topic,
      partition,
      from,
      to,
      since,
      until: { ...since, ...decoded.until },
      settingsHash: this.hash,
      referenceVersion: await this.chains.referenceVersion(),
      clock: this.ports.clock.now(),
      codeVersion,
      fence: this.claim.fence,
    };
  }

  private async readRange(from: number, to: number): Promise<LogSlice[]> {
    const slices: LogSlice[] = [];
    for (let at = from; at < to; ) {
      const more = await this.ports.log.read(
        this.settings.topic,
        this.settings.partition,
        at,
        this.settings.maxBytes,
      );
      if (more.length === 0) await this.mustHold(from, to, at);
      else at = more[more.length - 1].to;
      for (const slice of more) if (slice.from < to) slices.push(slice);
    }
    return slices;
  }

  /**
   * A log that was just started again may show less than was read of it before, for a moment; what it says of its end is
   * the truth. Throws LOG_OFFSET_OUT_OF_RANGE when a planned range is no longer there.
   */
  private async mustHold(from: number, to: number, at: number): Promise<void> {
    const { topic, partition } = this.settings;
    const { end } = await this.ports.log.bounds(topic, partition);
    if (end >= to) return this.ports.clock.sleep(SHOWN_MS);
    throw new CarbonError(
      'LOG_OFFSET_OUT_OF_RANGE',
      `a planned range ends at ${to}, but the log ends at ${Math.min(at, end)}`,
      { context: { topic, partition, from, to, end } },
    );
  }

  private async run(plan: Plan, input: Input): Promise<void> {
    const started = this.ports.clock.now();
    this.unfinished = plan;
    let outcome: ChainOutcome;
    try {
      outcome = await this.chain.process(input, plan);
      await this.write(plan, outcome.emissions);
      await this.claim.finishPlan(plan);
    } catch (error) {
      this.tellOfFailure(plan, error, started);
      this.chain.discard();
      throw error;
    }
    this.unfinished = null;
    this.since = plan.until;
    this.next = plan.to;
    this.isCommitted = false;
    this.count(plan, outcome, started);
    await this.commit();
  }

  /** Commits the position, now or, when the process died or the log failed after the plan was done, the next time. */
  private async commit(): Promise<void> {
    if (this.isCommitted || this.next === null) return;
    const { group, topic, partition } = this.settings;
    await this.claim.confirm();
    await this.ports.log.commit(group, topic, partition, this.next);
    this.isCommitted = true;
  }

  /**
   * Blocks first, then records, then the cache: what a reader of a topic hears of is already in the store. Before each
   * write the claim is confirmed: a process that was frozen may have lost the partition meanwhile.
   */
  private async write(plan: Plan, emissions: readonly Emission[]): Promise<void> {
    // A plan left by other code may cut its blocks otherwise: it is finished through the replacing key, never by token.
    const tokens = plan.codeVersion === this.settings.codeVersion;
    const ordinals = new Map<string, number>();
    const inserts: Promise<void>[] = [];
    for (const emission of emissions) {
      if (emission.kind !== 'block') continue;
      const ordinal = ordinals.get(emission.table) ?? 0;
      ordinals.set(emission.table, ordinal + 1);
      const isTokened = tokens && emission.untokened !== true;
      const token = isTokened ? insertToken(plan, this.chain.name, emission.table, ordinal) : null;
      inserts.push(this.insert(emission, token));
    }
    await allOf(inserts);
    await this.appendAll(emissions);
    for (const emission of emissions) {
      if (emission.kind !== 'cache') continue;
      await this.claim.confirm();
      await this.warmCache(emission.entries);
    }
  }

  private async insert({ table, bytes }: BlockEmission, token: string | null): Promise<void> {
    await this.claim.confirm();
    await this.ports.warehouse.insertBlock(table, bytes, token);
    giveBack(bytes);
  }

  /** Batches of one partition in their order; those of different ones are asked for together, so that none waits idly. */
  private async appendAll(emissions: readonly Emission[]): Promise<void> {
    const lanes = new Map<string, Promise<void>>();
    for (const emission of emissions) {
      if (emission.kind !== 'records') continue;
      const lane = `${emission.topic}/${emission.partition}`;
      const before = lanes.get(lane) ?? Promise.resolve();
      lanes.set(
        lane,
        before.then(() => this.append(emission)),
      );
    }
    await allOf(lanes.values());
  }

  private async append({ topic, partition, batch }: RecordsEmission): Promise<void> {
    await this.ports.log.append(topic, partition, [batch], () => this.claim.confirm());
    giveBack(batch);
  }

  private async warmCache(entries: readonly (readonly [string, string])[]): Promise<void> {
    try {
      await this.ports.cache.setMany(entries, this.chains.cacheTtlSeconds);
    } catch (error) {
      // The cache is a convenience: readers fall back to the store, and the next value sets it again.
      this.ports.telemetry.emit({
        name: 'cache.failed',
        level: 'warning',
        facts: {
          service: this.settings.service,
          error: error instanceof Error ? error.message : String(error),
        },
      });
    }
  }

  /** The error itself goes on to whoever drives the runner; telemetry hears which stage and range it met. */
  private tellOfFailure(plan: Plan, error: unknown, started: Micros): void {
    this.ports.telemetry.emit({
      name: 'plan.failed',
      level: error instanceof CarbonError && error.remedy === 'retry' ? 'warning' : 'error',
      facts: {
        service: this.settings.service,
        stage: this.chain.running ?? 'runner',
        topic: plan.topic,
        partition: plan.partition,
        from: plan.from,
        to: plan.to,
        code: error instanceof CarbonError ? error.code : 'UNEXPECTED',
        error: error instanceof Error ? error.message : String(error),
        duration_ms: Math.round((this.ports.clock.now() - started) / 1000),
        status: 'failed',
      },
    });
  }

  private count(plan: Plan, outcome: ChainOutcome, started: Micros): void {
    this.totals.addPlan(plan.to - plan.from, outcome.balances);
    this.ports.telemetry.emit({
      name: 'plan.finished',
      level: 'debug',
      facts: {
        service: this.settings.service,
        topic: plan.topic,
        partition: plan.partition,
        from: plan.from,
        to: plan.to,
        batch_size: plan.to - plan.from,
        rejected: outcome.rejected.length,
        duration_ms: Math.round((this.ports.clock.now() - started) / 1000),
        status: 'success',
      },
    });
    const { service } = this.settings;
    const planMs = (this.ports.clock.now() - started) / 1000;
    for (const { name, level, facts } of outcome.events)
      this.ports.telemetry.emit({
        name,
        level,
        facts: { service, topic: plan.topic, partition: plan.partition, plan_ms: planMs, ...facts },
      });
  }
}

/** Waits until all have ended; throws the first failure then, when nothing is under way any more. */
async function allOf(work: Iterable<Promise<void>>): Promise<void> {
  for (const ended of await Promise.allSettled(work)) if (ended.status === 'rejected') throw ended.reason;
}

/** The records of a plan are done with; their batches mostly lie in one memory. */
function giveBackSlices(slices: readonly LogSlice[]): void {
  for (const { bytes } of slices) giveBack(bytes);
}
