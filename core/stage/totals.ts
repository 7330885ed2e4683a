/** Totals: the balances of many plans added up, per stage. */

import type { StageName } from '../model/dead-letter.ts';
import type { Balance } from './conservation.ts';

/** What became of the values that a stage has seen so far. */
export interface StageTotal {
  in: number;
  out: number;
  rejected: number;
  reinstated: number;
  readonly dropped: Record<string, number>;
}

/** Counts of one runner, or of several together. */
export class RunTotals {
  plans = 0;
  records = 0;
  readonly stages = new Map<StageName, StageTotal>();

  /** Counts one plan with its records and the balance of each stage. */
  addPlan(records: number, balances: readonly (readonly [stage: StageName, balance: Balance])[]): void {
    this.plans++;
    this.records += records;
    for (const [stage, balance] of balances) this.addStage(stage, balance);
  }

  /** Adds the counts of another runner. */
  merge(other: RunTotals): void {
    this.plans += other.plans;
    this.records += other.records;
    for (const [stage, total] of other.stages) this.addStage(stage, total);
  }

  private addStage(
    stage: StageName,
    more: Pick<Balance, 'in' | 'out' | 'rejected' | 'reinstated' | 'dropped'>,
  ): void {
    let total = this.stages.get(stage);
    if (total === undefined)
      this.stages.set(stage, (total = { in: 0, out: 0, rejected: 0, reinstated: 0, dropped: {} }));
    total.in += more.in;
    total.out += more.out;
    total.rejected += more.rejected;
    total.reinstated += more.reinstated;
    for (const [reason, n] of Object.entries(more.dropped))
      total.dropped[reason] = (total.dropped[reason] ?? 0) + n;
  }
}
