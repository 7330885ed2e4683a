/** One stage with its state, as a runner drives it: questions, apply, settle, and the balance checked each time. */

import type { StageName } from '../model/dead-letter.ts';
import { checkBalance } from './conservation.ts';
import type { Answers, Question } from './question.ts';
import type { Stage, StageContext, StageResult } from './stage.ts';

/** Fetches the answers to a stage's questions, in their order. */
export type Ask = (questions: readonly Question[]) => Promise<Answers>;

/** Runs one stage and owns its state; the first batch after `discard` opens a new one. */
export class StageRun<State, In, Out> {
  readonly stage: Stage<State, In, Out>;
  private state: State | null = null;
  private settled = false;

  constructor(stage: Stage<State, In, Out>) {
    this.stage = stage;
  }

  get name(): StageName {
    return this.stage.name;
  }

  /** The state; only between `reset` and the next failure. */
  get current(): State | null {
    return this.state;
  }

  /** Whether the last batch held values back and was settled. */
  get hasSettled(): boolean {
    return this.settled;
  }

  /** Throws the state away: after any failure past `apply`, nothing of it can be trusted. */
  discard(): void {
    this.state = null;
  }

  /** Opens a new state as of the beginning of a plan. */
  async reset(context: StageContext, ask: Ask): Promise<void> {
    const { state, rebuild } = this.stage.open(context.plan);
    let questions = rebuild;
    while (questions.length > 0) questions = this.stage.restore(state, await ask(questions), context);
    this.state = state;
  }

  /** Gives every value of a batch its fate. Throws BALANCE_BROKEN when the stage did not. */
  async process(input: In, context: StageContext, ask: Ask): Promise<StageResult<Out>> {
    if (this.state === null) await this.reset(context, ask);
    const state = this.state as State;
    const questions = this.stage.questions(input, state, context);
    const answers = questions.length === 0 ? [] : await ask(questions);
    let result = this.stage.apply(input, state, answers, context);
    checkBalance(this.stage.name, result.balance);
    this.settled = result.held.length > 0;
    if (this.settled) {
      result = this.stage.settle(result, state, await ask(result.held), context);
      checkBalance(this.stage.name, result.balance);
    }
    return result;
  }
}
