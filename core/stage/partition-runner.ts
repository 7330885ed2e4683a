/**
 * The runner: does all the waiting for one partition of one input topic.
 *
 * Per plan: cut and store it → read, ask, apply → blocks into the warehouse with tokens → records into the log →
 * cache → plan done → offset committed. A crash anywhere leaves either no plan, or an open one that is run again with
 * exactly its values (DESIGN 5b, "Exactly once").
 */

import { giveBack } from '../codec/lent-memory.ts';
import { CarbonError } from '../errors.ts';
import type { LogSlice } from '../ports/event-log.ts';
import type { Micros } from '../time/instant.ts';
import { PartitionClaim } from './partition-claim.ts';
import type { Plan, SourcePositions } from './plan.ts';
import { eventOfPlan, planFailed, planFinished } from './plan-events.ts';
import { PlanWriter } from './plan-writer.ts';
import type { Chain, ChainOutcome, Chains, Decoded, RunnerPorts, RunnerSettings } from './runner-contract.ts';
import { RunTotals } from './totals.ts';

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
  private readonly writer: PlanWriter;
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
    this.writer = new PlanWriter(this.claim, ports, settings, chains);
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

  /** Leaves the states, which were made of stored rows that are others now: the next plan asks for them again. */
  forget(): void {
    this.chain.discard();
  }

  /** Writes what is worth showing of open windows; harmless to repeat. */
  async drain(): Promise<void> {
    for (const emission of this.chain.drain())
      if (emission.kind === 'block') await this.writer.insert(emission, null);
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
      await this.writer.write(plan, this.chain.name, outcome.emissions);
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

  /** The error itself goes on to whoever drives the runner; telemetry hears which stage and range it met. */
  private tellOfFailure(plan: Plan, error: unknown, started: Micros): void {
    const stage = this.chain.running ?? 'runner';
    const event = planFailed(this.settings.service, plan, stage, error, this.millisSince(started));
    this.ports.telemetry.emit(event);
  }

  private count(plan: Plan, outcome: ChainOutcome, started: Micros): void {
    const { service } = this.settings;
    const { telemetry } = this.ports;
    this.totals.addPlan(plan.to - plan.from, outcome.balances);
    telemetry.emit(planFinished(service, plan, outcome.rejected.length, this.millisSince(started)));
    const planMs = this.millisSince(started);
    for (const event of outcome.events) telemetry.emit(eventOfPlan(service, plan, event, planMs));
  }

  private millisSince(started: Micros): number {
    return (this.ports.clock.now() - started) / 1000;
  }
}

/** The records of a plan are done with; their batches mostly lie in one memory. */
function giveBackSlices(slices: readonly LogSlice[]): void {
  for (const { bytes } of slices) giveBack(bytes);
}
