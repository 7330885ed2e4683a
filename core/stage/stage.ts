/**
 * The stage contract: a pure, synchronous, deterministic function over a columnar batch.
 *
 * The runner calls `questions`, fetches the answers, calls `apply`, and, when the result holds values back for
 * answers of its own (`held`), fetches those and calls `settle`. The state belongs to the runner's partition and is
 * changed in place; after a failure the runner throws it away and opens a new one (DESIGN 5b, "State").
 */

import type { Anomaly } from '../model/anomaly.ts';
import type { DeadLetter, StageName } from '../model/dead-letter.ts';
import type { Names } from '../model/names.ts';
import type { TelemetryEvent } from '../ports/telemetry.ts';
import type { Balance } from './conservation.ts';
import type { Plan } from './plan.ts';
import type { Answers, Question } from './question.ts';

/** What a stage may see beside its batch and state. */
export interface StageContext {
  readonly names: Names;
  readonly plan: Plan;
}

/** What became of a batch. */
export interface StageResult<Out> {
  readonly output: Out;
  readonly rejected: readonly DeadLetter[];
  readonly anomalies: readonly Anomaly[];
  readonly balance: Balance;
  /** Questions whose answers `settle` needs; empty when nothing is held. */
  readonly held: readonly Question[];
  /** What telemetry is told of the batch; a few events, whatever its size. */
  readonly events?: readonly TelemetryEvent[];
}

/** One step of the chain. No method waits, reads a clock, or keeps anything outside `State`. */
export interface Stage<State, In, Out> {
  readonly name: StageName;
  /** A new state for a partition, and the questions whose answers rebuild it. */
  open(plan: Plan): { state: State; rebuild: readonly Question[] };
  /** Takes the answers of `rebuild` into a new state; returns further questions until it has all it needs. */
  restore(state: State, answers: Answers, context: StageContext): readonly Question[];
  /** What must be known before `apply` can give every value its fate. */
  questions(input: In, state: State, context: StageContext): readonly Question[];
  /** Gives every value of the batch one fate. Changes `state`. */
  apply(input: In, state: State, answers: Answers, context: StageContext): StageResult<Out>;
  /**
   * Finishes what `apply` held back. The result replaces that of `apply`: same balance with nothing held. Only called
   * when something was held.
   */
  settle(result: StageResult<Out>, state: State, answers: Answers, context: StageContext): StageResult<Out>;
}
