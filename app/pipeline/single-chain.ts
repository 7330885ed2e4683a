/** A chain of one stage: what `stage-chains.ts` fills in for each. */

import type { StageName } from '../../core/model/dead-letter.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Plan } from '../../core/stage/plan.ts';
import type { Chain, ChainOutcome, Decoded } from '../../core/stage/runner-contract.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import { StageRun } from '../../core/stage/stage-run.ts';
import { type ChainParts, lastDuration, Outcome } from './chain-parts.ts';
import type { TickInput } from './decode-input.ts';
import { StageWatch } from './stage-watch.ts';

/** What the chains of one stage share. */
export abstract class SingleChain<State, In, Out, Input> implements Chain<Input> {
  readonly name: StageName;
  protected readonly parts: ChainParts;
  protected readonly run: StageRun<State, In, Out>;
  private readonly watch = new StageWatch();

  constructor(parts: ChainParts, stage: Stage<State, In, Out>) {
    this.parts = parts;
    this.name = stage.name;
    this.run = new StageRun(stage);
  }

  get running(): StageName | null {
    return this.watch.running;
  }

  abstract decode(slices: readonly LogSlice[], from: number, to: number): Decoded<Input>;
  protected abstract inputOf(decoded: Input): In;
  /** What the decoder did not hand on. */
  protected abstract setAside(decoded: Input): SetAside;
  protected abstract emissions(result: StageResult<Out>, input: In, plan: Plan): readonly Emission[];
  /** What telemetry is told of the batch beside the balance. `durationMs` is how long the stage took. */
  protected abstract tellOf(input: Input, output: Out, durationMs: number): readonly TelemetryEvent[];

  reset(plan: Plan): Promise<void> {
    return this.run.reset({ names: this.parts.names, plan }, this.parts.ask);
  }

  discard(): void {
    this.run.discard();
  }

  async process(input: Input, plan: Plan): Promise<ChainOutcome> {
    const context = { names: this.parts.names, plan };
    const outcome = new Outcome();
    const { events } = outcome;
    this.watch.begin();
    const result = await this.watch.over(
      this.run,
      this.inputOf(input),
      context,
      this.parts.ask,
      events,
      (own) => withSetAside(own, this.setAside(input)),
    );
    events.push(...this.tellOf(input, result.output, lastDuration(events)));
    outcome.add(this.name, result, this.emissions(result, this.inputOf(input), plan));
    await this.follow(result.output, context, this.watch, outcome);
    return outcome;
  }

  /** What follows from the output of the stage in the same plan. */
  protected async follow(
    _output: Out,
    _context: StageContext,
    _watch: StageWatch,
    _outcome: Outcome,
  ): Promise<void> {}

  nextDeadline(): number | null {
    return Infinity;
  }

  drain(): readonly Emission[] {
    return [];
  }
}

/** Records that could not be read, and how many values stood there twice. */
export type SetAside = Pick<TickInput, 'undecodable' | 'redelivered'>;

/** A record that could not be read counts as one value in and rejected, a value that stood there twice as dropped. */
function withSetAside<Out>(
  result: StageResult<Out>,
  { undecodable, redelivered }: SetAside,
): StageResult<Out> {
  if (undecodable.length + redelivered === 0) return result;
  const { balance } = result;
  const again = redelivered + (balance.dropped.REDELIVERED ?? 0);
  return {
    ...result,
    rejected: [...undecodable, ...result.rejected],
    balance: {
      ...balance,
      in: balance.in + undecodable.length + redelivered,
      rejected: balance.rejected + undecodable.length,
      dropped: again === 0 ? balance.dropped : { ...balance.dropped, REDELIVERED: again },
    },
  };
}
