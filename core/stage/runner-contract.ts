/** What a runner asks for: chains, which are made in `app/pipeline`; ports to work with; settings that bind it. */

import type { DeadLetter, StageName } from '../model/dead-letter.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, LogSlice } from '../ports/event-log.ts';
import type { HotCache } from '../ports/hot-cache.ts';
import type { ReferenceStore } from '../ports/reference-store.ts';
import type { Telemetry, TelemetryEvent } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import type { Micros } from '../time/instant.ts';
import type { Balance } from './conservation.ts';
import type { Emission } from './emission.ts';
import type { Plan, SourcePositions } from './plan.ts';

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
