/**
 * Bars of open windows that have changed since they were last shown. A changed bar is shown at most once per flush,
 * however many ticks and plans it got in between; what is shown is what it is then.
 */

import type { BarBatch } from '../../core/model/bar-batch.ts';
import { SlotSet } from '../../core/model/slot-set.ts';
import type { Micros } from '../../core/time/instant.ts';
import { type OpenWindows, SlotState } from './open-windows.ts';

/** Slots that wait for a flush, by the clock of the plans. */
export class UnseenBars {
  private readonly slots = new SlotSet();
  private readonly every: Micros;
  private shownAt: Micros = -Infinity;

  /** `every` is the shortest time between two flushes. */
  constructor(every: Micros) {
    this.every = every;
  }

  /** When the clock alone has something to show; Infinity for nothing. */
  get dueAt(): Micros {
    return this.slots.length === 0 ? Infinity : this.shownAt + this.every;
  }

  /** Notes that the bar of a slot has changed. */
  add(slot: number): void {
    this.slots.add(slot);
  }

  /** Appends the changed bars of windows that are open to `provisional`, when a flush is due at `clock`. */
  show(windows: OpenWindows, clock: Micros, provisional: BarBatch): void {
    if (clock < this.dueAt) return;
    for (let place = 0; place < this.slots.length; place++) {
      const slot = this.slots.at(place);
      const isOpen = slot !== -1 && windows.state[slot] === SlotState.open;
      if (isOpen && windows.bars.count[slot] > 0) provisional.append(windows.bars, slot);
    }
    this.slots.clear();
    this.shownAt = clock;
  }
}
