/** How windows close: by their clock, or with the last value that was expected. A closed bar is stated once. */

import { type BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { SlotSet } from '../../core/model/slot-set.ts';
import type { AggregationState, Bars } from './aggregation-state.ts';
import type { HeldWindows } from './held-windows.ts';
import { type OpenWindows, SlotState } from './open-windows.ts';

/** States the bars of slots whose deadline has passed, unless they were stated or are held, and keeps the slots. */
export function closeDue(
  due: number[],
  windows: OpenWindows,
  held: HeldWindows,
  touched: SlotSet,
  released: number[],
  statements: BarBatch,
): void {
  const { bars } = windows;
  for (let k = 0; k < due.length; k++) {
    const slot = due[k];
    const isHeld = held.has(bars.tenant[slot], bars.instrument[slot], bars.interval[slot], bars.start[slot]);
    if (isHeld || bars.count[slot] === 0) {
      windows.forget(slot);
      touched.delete(slot);
      released.push(slot);
      continue;
    }
    if (windows.state[slot] !== SlotState.closed) {
      stateBar(windows, slot, statements);
      touched.delete(slot);
    }
    windows.keep(slot);
  }
  due.length = 0;
}

/**
 * States the bars of touched windows that are closed, or that the batch has completed; the others are shown at the
 * next flush.
 */
export function flushTouched(
  touched: SlotSet,
  state: AggregationState,
  held: HeldWindows,
  output: Bars,
): void {
  const { windows, unseen } = state;
  const { bars } = windows;
  for (let place = 0; place < touched.length; place++) {
    const slot = touched.at(place);
    if (slot === -1) continue;
    if (held.has(bars.tenant[slot], bars.instrument[slot], bars.interval[slot], bars.start[slot])) continue;
    if (windows.state[slot] === SlotState.closed) output.statements.append(bars, slot);
    else if (windows.isComplete(slot)) {
      windows.statedFrom[slot] = bars.knownAt[slot];
      stateBar(windows, slot, output.statements);
    } else unseen.add(slot);
  }
}

/** States the bar of a slot as final and closes it. */
function stateBar(windows: OpenWindows, slot: number, statements: BarBatch): void {
  windows.bars.status[slot] = BarStatus.final;
  windows.state[slot] = SlotState.closed;
  statements.append(windows.bars, slot);
}
