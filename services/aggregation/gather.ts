/**
 * Gather: trades of one batch folded once, by instrument and finest window, and handed on to the windows of all
 * intervals together. Folding is commutative, so a bar is the same whether its ticks come one by one or gathered.
 *
 * Only ticks that a window takes without a question are gathered: of one instant, with a price, replacing nothing, and
 * only after a first tick of the same instrument and minute has found all its windows open.
 */

import type { BarInterval } from '../../core/math/bar-interval.ts';
import { clearBar, foldTick, mergeBar } from '../../core/math/bars.ts';
import { BarBatch } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { Present, type TickBatch, wider } from '../../core/model/tick-batch.ts';
import { MINUTE } from '../../core/time/instant.ts';
import { type OpenWindows, SlotState } from './open-windows.ts';

/** Market days begin on whole quarters of an hour, so a window that divides one lies within one day. */
const QUARTER = 15 * MINUTE;

/** The bars in the making of one batch, one row per instrument and finest window. */
export class Gather {
  private readonly intervals: readonly BarInterval[];
  private readonly finest: number;
  private readonly rows: BarBatch;
  private clock = new Uint32Array(64);
  /** Slots of a row's windows, one per interval. */
  private slots: Int32Array;
  /** Row + 1 by instrument: the one that took its last tick. */
  private rowOf = new Int32Array(64);
  private used = 0;

  constructor(intervals: readonly BarInterval[], names: Names) {
    this.intervals = intervals;
    this.finest = finestOf(intervals);
    this.rows = new BarBatch(names, 64);
    this.slots = new Int32Array(64 * intervals.length);
  }

  /** True when a tick may be gathered, if its windows are open. */
  suits(ticks: TickBatch, i: number): boolean {
    return (
      this.finest !== -1 &&
      ticks.eventStart[i] === ticks.eventEnd[i] &&
      (ticks.present[i] & Present.PRICE) !== 0 &&
      (ticks.flags[i] & (Flag.REVISED | Flag.CANCELLED)) === 0
    );
  }

  /** Folds a tick that suits, when a row of its instrument, finest window and clock is at hand; else false. */
  take(ticks: TickBatch, i: number, clock: number): boolean {
    const instrument = ticks.instrument[i];
    if (instrument >= this.rowOf.length) return false;
    const row = this.rowOf[instrument] - 1;
    if (row === -1 || this.clock[row] !== clock || this.rows.tenant[row] !== ticks.tenant[i]) return false;
    const at = ticks.eventStart[i];
    if (at < this.rows.start[row] || at >= this.rows.end[row]) return false;
    foldTick(this.rows, row, ticks, i);
    return true;
  }

  /** Opens a row for a tick that was folded into open windows; later ticks like it are gathered there. */
  open(ticks: TickBatch, i: number, clock: number, windows: OpenWindows, slotOf: Int32Array): void {
    const width = this.intervals.length;
    for (let k = 0; k < width; k++) {
      const slot = slotOf[k];
      if (slot === -1 || windows.state[slot] !== SlotState.open || windows.clock[slot] !== clock) return;
    }
    const row = this.used++;
    if (row === this.rows.length) this.rows.reserve();
    if (row >= this.clock.length) {
      this.clock = wider(this.clock, new Uint32Array(2 * row));
      this.slots = wider(this.slots, new Int32Array(2 * row * width));
    }
    const instrument = ticks.instrument[i];
    if (instrument >= this.rowOf.length)
      this.rowOf = wider(this.rowOf, new Int32Array(Math.max(instrument + 1, 2 * this.rowOf.length)));
    this.rowOf[instrument] = row + 1;
    this.clock[row] = clock;
    clearBar(this.rows, row);
    this.rows.tenant[row] = ticks.tenant[i];
    this.rows.instrument[row] = instrument;
    this.rows.start[row] = windows.bars.start[slotOf[this.finest]];
    this.rows.end[row] = windows.bars.end[slotOf[this.finest]];
    for (let k = 0; k < width; k++) this.slots[row * width + k] = slotOf[k];
  }

  /** Adds what was gathered to the windows and begins again. Windows must not be looked at, or closed, before. */
  flush(windows: OpenWindows): void {
    const width = this.intervals.length;
    for (let row = 0; row < this.used; row++) {
      this.rowOf[this.rows.instrument[row]] = 0;
      if (this.rows.count[row] === 0) continue;
      for (let k = 0; k < width; k++) mergeBar(windows.bars, this.slots[row * width + k], this.rows, row);
    }
    this.used = 0;
  }
}

/** The interval whose windows lie within those of all others; -1 when there is none. */
function finestOf(intervals: readonly BarInterval[]): number {
  let finest = -1;
  for (let k = 0; k < intervals.length; k++)
    if (intervals[k].length > 0 && (finest === -1 || intervals[k].length < intervals[finest].length))
      finest = k;
  if (finest === -1 || QUARTER % intervals[finest].length !== 0) return -1;
  const fits = intervals.every(({ length }) => length % intervals[finest].length === 0);
  return fits ? finest : -1;
}
