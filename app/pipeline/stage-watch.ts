/** Watches the stages of one chain at work: which one runs, and how long each took for the batch at hand. */

import type { StageName } from '../../core/model/dead-letter.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { StageContext, StageResult } from '../../core/stage/stage.ts';
import type { Ask, StageRun } from '../../core/stage/stage-run.ts';

/** A monotonic clock in milliseconds. */
export type Stopwatch = () => number;

const micros = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/** One for each chain. After a failure `running` still names the stage that failed, until the next batch. */
export class StageWatch {
  private readonly clock: Stopwatch;
  private stage: StageName | null = null;

  constructor(clock: Stopwatch = () => performance.now()) {
    this.clock = clock;
  }

  /** The stage at work, or the one that failed last; null between batches. */
  get running(): StageName | null {
    return this.stage;
  }

  /** Begins a batch: no stage is at work. */
  begin(): void {
    this.stage = null;
  }

  /**
   * Runs a stage that follows another one of the same name in the same batch, and has no values of its own. Returns its
   * result, and how long it took in milliseconds.
   */
  async behind<State, In, Out>(
    run: StageRun<State, In, Out>,
    input: In,
    context: StageContext,
    ask: Ask,
  ): Promise<{ readonly result: StageResult<Out>; readonly durationMs: number }> {
    this.stage = run.name;
    const started = this.clock();
    const result = await run.process(input, context, ask);
    const durationMs = micros(this.clock() - started);
    this.stage = null;
    return { result, durationMs };
  }

  /**
   * Runs a stage over a batch and adds `stage.finished` to `events`: its balance, how long it took with the waiting
   * for answers, and how much of that went into what it held back (`recompute_ms`, absent when nothing was held).
   * `complete` adds what befell values before the stage saw them.
   */
  async over<State, In, Out>(
    run: StageRun<State, In, Out>,
    input: In,
    context: StageContext,
    ask: Ask,
    events: TelemetryEvent[],
    complete: (result: StageResult<Out>) => StageResult<Out> = (result) => result,
  ): Promise<StageResult<Out>> {
    this.stage = run.name;
    const started = this.clock();
    let asked = started;
    const own = await run.process(input, context, (questions) => {
      asked = this.clock();
      return ask(questions);
    });
    const result = complete(own);
    const ended = this.clock();
    this.stage = null;
    const { balance } = result;
    const facts: Record<string, string | number> = {
      stage: run.name,
      batch_size: balance.in,
      out: balance.out,
      rejected: balance.rejected,
      reinstated: balance.reinstated,
      duration_ms: micros(ended - started),
      status: 'success',
    };
    for (const [reason, count] of Object.entries(balance.dropped))
      facts[`dropped_${reason.toLowerCase()}`] = count;
    if (run.hasSettled) facts['recompute_ms'] = micros(ended - asked);
    events.push({ name: 'stage.finished', level: 'debug', facts });
    return result;
  }
}
