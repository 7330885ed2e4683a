/** What aggregation remembers of a partition, and what it says of a batch. */

import type { BarBatch } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import type { SlotSet } from '../../core/model/slot-set.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import { lanesOf, type SourcePositions } from '../../core/stage/plan.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Gather } from './gather.ts';
import type { HeldWindows } from './held-windows.ts';
import type { OpenWindows } from './open-windows.ts';
import type { UnseenBars } from './unseen-bars.ts';

/** What aggregation has to say about a batch: it stands until the next one, whose bars are put in the same memory. */
export interface Bars {
  /** Rows for the table and the topics: final, revised, empty, retracted. */
  readonly statements: BarBatch;
  /** Bars of windows that were touched since the last flush and are still open; none between two flushes. */
  readonly provisional: BarBatch;
}

/** What aggregation remembers of a partition between batches. */
export interface AggregationState {
  readonly windows: OpenWindows;
  /** Windows of the batch at hand that wait for their stored ticks. */
  held: HeldWindows;
  /** Ticks of the batch at hand, for windows that are held. */
  input: TickBatch | null;
  /** Slots that the batch at hand has folded ticks into. */
  readonly touched: SlotSet;
  /** What there is to say about the batch at hand. */
  readonly output: Bars;
  readonly gather: Gather;
  /** Open windows whose bars have changed since they were last shown. */
  readonly unseen: UnseenBars;
  /** For each partition of a raw topic, by `laneOf`, the offset from which on ticks are new. */
  readonly appliedUntil: Map<number, number>;
  /** While the state is rebuilt: windows of which only the store knows all ticks. */
  reopening: HeldWindows | null;
}

/** One number for a partition of a raw topic; partitions are numbered below 2^31. */
export const laneOf = (topic: number, partition: number): number => topic * 2 ** 31 + partition;

/** The earliest time at which the clock alone has something to do: to close a window, or to show changed bars. */
export function nextWorkOf(state: AggregationState): Micros {
  return Math.min(state.windows.clocks.nextDeadline(), state.unseen.dueAt);
}

/**
 * Notes how far raw topics are applied, by the positions of a plan of the partition `own`. A producer with keys of its own
 * lets one partition of ticks draw from several of a raw topic.
 */
export function markApplied(
  state: AggregationState,
  names: Names,
  positions: SourcePositions,
  own: number,
): void {
  for (const { topic, partition, next } of lanesOf(positions, own))
    state.appliedUntil.set(laneOf(names.topics.idOf(topic), partition), next);
}
