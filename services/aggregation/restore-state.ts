/**
 * Rebuilds the state of aggregation from what is stored: the clocks of the datasets, and the ticks of windows that are
 * still open by them.
 */

import {
  type BarInterval,
  fitsDelivery,
  LONGEST_DAY,
  windowEnd,
  windowStart,
} from '../../core/math/bar-interval.ts';
import type { Names } from '../../core/model/names.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { StageContext } from '../../core/stage/stage.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { AggregationState } from './aggregation-state.ts';
import { HeldWindows } from './held-windows.ts';

/** Which windows there are, and how long they stay open: what the policy says of it. */
export interface WindowRules {
  readonly intervals: readonly BarInterval[];
  /** Lateness of a dataset by its dense id. */
  lateness(dataset: number): Micros;
  /** Zone whose midnight begins the 1d window of an instrument. */
  zoneOf(instrument: number): string;
}

/**
 * One round of the rebuilding: takes the answers to the questions asked before, and returns what is to be asked next;
 * nothing once the state is whole. First the known times of the datasets, by which the clocks are set; then the ticks of
 * all windows that these leave open; last the older ticks of windows that another dataset may have begun.
 */
export function restoreState(
  state: AggregationState,
  answers: Answers,
  { names, plan }: StageContext,
  rules: WindowRules,
): readonly Question[] {
  const questions: Question[] = [];
  const ticks = new TickBatch(names, 1);
  for (const answer of answers) {
    if (answer.kind === 'ticks') for (let i = 0; i < answer.ticks.length; i++) ticks.append(answer.ticks, i);
    if (answer.kind !== 'known-times') continue;
    for (const { tenant, source, dataset, knownAt } of answer.times) {
      const id = names.datasets.idOf(dataset);
      state.windows.advance(
        state.windows.clocks.idOf(names.tenants.idOf(tenant), names.sources.idOf(source), id),
        knownAt,
        [],
      );
      questions.push({
        kind: 'partition-ticks',
        partition: plan.partition,
        tenant,
        source,
        dataset,
        from: knownAt - rules.lateness(id) - LONGEST_DAY,
        before: plan.since,
      });
    }
  }
  if (questions.length > 0) return questions;
  if (state.reopening === null) {
    state.reopening = restoreWindows(state, ticks, names, rules);
    const more = state.reopening.ticksBefore(plan.partition, plan.since);
    if (more.length > 0) return more;
  } else reseed(state.reopening, ticks, state, rules);
  state.reopening = null;
  state.windows.markReopened(plan.clock);
  return [];
}

/**
 * Makes the slots of windows that are not past their deadline, from the ticks that silver has of them. Returns those
 * of which another dataset may have older ticks.
 */
function restoreWindows(
  state: AggregationState,
  ticks: TickBatch,
  names: Names,
  rules: WindowRules,
): HeldWindows {
  const { intervals } = rules;
  const held = new HeldWindows(names);
  const elsewhere = new HeldWindows(names);
  for (let i = 0; i < ticks.length; i++) {
    const clock = state.windows.clocks.idOf(ticks.tenant[i], ticks.source[i], ticks.dataset[i]);
    for (let k = 0; k < intervals.length; k++) {
      if (!fitsDelivery(intervals[k], ticks.eventEnd[i] - ticks.eventStart[i])) continue;
      const zone = rules.zoneOf(ticks.instrument[i]);
      const start = windowStart(intervals[k], zone, ticks.eventStart[i]);
      const end = windowEnd(intervals[k], zone, start);
      const closesAt = state.windows.clocks.closingBy(clock, end);
      if (closesAt <= state.windows.clocks.knownAt(clock)) continue;
      const [tenant, instrument] = [ticks.tenant[i], ticks.instrument[i]];
      const group = state.windows.clocks.mayHaveValues(tenant, clock, end) ? elsewhere : held;
      group.add({ tenant, instrument, interval: k, start, end, closesAt }, clock);
    }
  }
  reseed(held, ticks, state, rules);
  return elsewhere;
}

function reseed(held: HeldWindows, ticks: TickBatch, state: AggregationState, rules: WindowRules): void {
  held.reseed(ticks, state.windows, rules.intervals, (instrument) => rules.zoneOf(instrument));
}
