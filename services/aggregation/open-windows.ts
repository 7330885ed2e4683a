/**
 * Open windows: the bars in the making of one partition, in columns, with the clock of each dataset.
 *
 * A window has a slot from its first tick on. When its dataset's known time has passed its end plus lateness, or all
 * expected intervals have landed, it is closed; the slot is kept for a while all the same, so that late values in the
 * order of their known times can be folded without asking the store.
 */

import { clearBar } from '../../core/math/bars.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { type TickBatch, wider } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Window } from './bar-history.ts';
import { DatasetClocks } from './dataset-clocks.ts';
import { WindowIndex } from './window-index.ts';

/** What a slot stands for. */
export const SlotState = {
  free: 0,
  open: 1,
  /** Its bar is stated, with `status` as the last statement has it, and may be added to. */
  closed: 2,
  /** Made again after a restart; the clock alone may have closed it before, so its bar may be stated already. */
  reopened: 3,
} as const;

/** Slots of windows past their deadline that are kept, at most. */
const KEPT = 50_000;

/**
 * The windows in the making of one partition. Times are UTC micros; a slot is used again once its window is gone.
 */
export class OpenWindows {
  /** The clocks by which slots close. */
  readonly clocks: DatasetClocks;
  /** One row per slot. */
  readonly bars: BarBatch;
  state = new Uint8Array(64);
  /** When a slot closes by its clock; Infinity once that has happened. */
  closesAt = new Float64Array(64);
  /** Of a closed slot: the known time from which on each known time has a statement of its own. */
  statedFrom = new Float64Array(64);
  /** Micros of the window that interval-valued ticks cover. */
  covered = new Float64Array(64);
  clock = new Uint32Array(64);
  /**
   * Start and end of the window at hand. Times that are handed from function to function one by one are put on the
   * heap, and there are several per value.
   */
  readonly span = new Float64Array(2);
  private isKept = new Uint8Array(64);
  private readonly index: WindowIndex;
  private readonly free: number[] = [];
  private kept: number[] = [];
  private readonly atDeadline: number[] = [];

  /** `latenessOf` gives the lateness of a dataset by its dense id. */
  constructor(names: Names, latenessOf: (dataset: number) => Micros) {
    this.bars = new BarBatch(names, 64);
    this.index = new WindowIndex(this.bars);
    this.clocks = new DatasetClocks(latenessOf);
  }

  /** Bars of all open slots, as they stand. */
  provisional(): BarBatch {
    const open = new BarBatch(this.bars.names);
    for (let slot = 0; slot < this.bars.length; slot++)
      if (this.state[slot] === SlotState.open && this.bars.count[slot] > 0) open.append(this.bars, slot);
    return open;
  }

  /** The slot found last for an instrument, with its window in `span`, when that holds `at[i]`; -1 says nothing. */
  latestWith(tenant: number, instrument: number, interval: number, at: Float64Array, i: number): number {
    const slot = this.index.latestWith(tenant, instrument, interval, at, i);
    if (slot === -1) return -1;
    this.span[0] = this.bars.start[slot];
    this.span[1] = this.bars.end[slot];
    return slot;
  }

  /** The slot of the window that `span` holds, or -1. */
  findSpan(tenant: number, instrument: number, interval: number): number {
    return this.index.find(tenant, instrument, interval, this.span);
  }

  /** The slot of a window, or -1. */
  find(tenant: number, instrument: number, interval: number, start: Micros): number {
    this.span[0] = start;
    return this.index.find(tenant, instrument, interval, this.span);
  }

  /** Opens a slot for a window whose closing lies ahead of the clock. */
  open(window: Window, clock: number): number {
    const slot = this.take(this.spanOf(window), window.instrument, window.interval, clock);
    this.closesAt[slot] = window.closesAt;
    this.clocks.deadlinesOf(clock).expect(this.closesAt, slot);
    return slot;
  }

  /** The same for the window that `span` holds; it closes at its end plus the lateness of its dataset. */
  begin(tenant: number, instrument: number, interval: number, clock: number): number {
    const slot = this.take(tenant, instrument, interval, clock);
    const deadlines = this.clocks.deadlinesOf(clock);
    this.closesAt[slot] = this.span[1] + deadlines.lateness;
    deadlines.expect(this.closesAt, slot);
    return slot;
  }

  /** A slot for a window that is past its deadline already: it is only kept. */
  keepClosed(window: Window, clock: number): number {
    const slot = this.take(this.spanOf(window), window.instrument, window.interval, clock);
    this.closesAt[slot] = Infinity;
    this.keep(slot);
    return slot;
  }

  /** Puts a window into `span`; returns its tenant. */
  private spanOf(window: Window): number {
    this.span[0] = window.start;
    this.span[1] = window.end;
    return window.tenant;
  }

  private take(tenant: number, instrument: number, interval: number, clock: number): number {
    const slot = this.free.pop() ?? this.bars.reserve();
    if (slot >= this.state.length) this.grow();
    const bars = this.bars;
    clearBar(bars, slot);
    bars.tenant[slot] = tenant;
    bars.instrument[slot] = instrument;
    bars.interval[slot] = interval;
    bars.start[slot] = this.span[0];
    bars.end[slot] = this.span[1];
    bars.status[slot] = BarStatus.provisional;
    this.state[slot] = SlotState.open;
    this.statedFrom[slot] = Infinity;
    this.covered[slot] = 0;
    this.clock[slot] = clock;
    this.index.add(slot);
    return slot;
  }

  /** Lets a slot close by another clock, when the first known value of its window turns out to be of that one. */
  closeBy(slot: number, clock: number, at: Micros): void {
    if (this.clock[slot] === clock && this.closesAt[slot] === at) return;
    this.clock[slot] = clock;
    this.closesAt[slot] = at;
    this.clocks.deadlinesOf(clock).expect(this.closesAt, slot);
  }

  /** Marks the slots that the clock alone may have closed before a restart, with a reading of at most `clock`. */
  markReopened(clock: Micros): void {
    for (let slot = 0; slot < this.bars.length; slot++)
      if (this.state[slot] === SlotState.open && this.closesAt[slot] <= clock)
        this.state[slot] = SlotState.reopened;
  }

  /**
   * Moves a clock forward and hands out the slots whose deadline it has reached, in order of deadline. They stay
   * readable until they are released.
   */
  advance(clock: number, knownAt: Micros, due: number[]): void {
    const deadlines = this.clocks.deadlinesOf(clock);
    if (knownAt <= deadlines.knownAt) return;
    deadlines.knownAt = knownAt;
    this.takeDue(clock, knownAt, due);
  }

  /**
   * Hands out the slots whose deadline is `until` or earlier, of all clocks. The clocks stay: a state that is rebuilt
   * knows the known times, not when the runner's clock closed a window, and must take the next value as this one does.
   */
  expire(until: Micros, due: number[]): void {
    for (let clock = 0; clock < this.clocks.count; clock++) this.takeDue(clock, until, due);
  }

  private takeDue(clock: number, until: Micros, due: number[]): void {
    const deadlines = this.clocks.deadlinesOf(clock);
    const { atDeadline } = this;
    for (let at = deadlines.take(atDeadline, until); at !== null; at = deadlines.take(atDeadline, until)) {
      for (let k = 0; k < atDeadline.length; k++) {
        const slot = atDeadline[k];
        // What a slot that closes by another clock now, or stands for another window, has left behind here.
        if (this.clock[slot] !== clock || this.closesAt[slot] !== at) continue;
        this.closesAt[slot] = Infinity;
        if (this.state[slot] !== SlotState.closed) this.statedFrom[slot] = at;
        due.push(slot);
      }
      atDeadline.length = 0;
    }
  }

  /**
   * True when a tick of a clock cannot simply be folded into a slot: the window is closed, or may be; the slot closes
   * by another clock; the tick was known before others that are folded already, or after the expected intervals had
   * all landed. Then the moment at which they had landed is not that of the last tick.
   */
  mustRemake(slot: number, clock: number, ticks: TickBatch, i: number): boolean {
    if (this.state[slot] !== SlotState.open || this.clock[slot] !== clock) return true;
    const known = this.bars.knownAt;
    if (ticks.eventEnd[i] > ticks.eventStart[i] && ticks.knownAt[i] < known[slot]) return true;
    return this.isComplete(slot) && ticks.knownAt[i] !== known[slot];
  }

  /**
   * True when a tick of a clock can be folded into a closed slot: it became known with the last statement, or after it
   * and at a time that has a statement of its own. Then the outcome is that of making the window anew.
   */
  mayExtend(slot: number, clock: number, ticks: TickBatch, i: number): boolean {
    const { bars } = this;
    if (this.state[slot] !== SlotState.closed || this.clock[slot] !== clock || bars.count[slot] === 0)
      return false;
    const known = ticks.knownAt[i];
    return known === bars.knownAt[slot] || (known > bars.knownAt[slot] && known >= this.statedFrom[slot]);
  }

  /** True when the expected intervals of a slot's window have all landed. */
  isComplete(slot: number): boolean {
    return this.covered[slot] >= this.bars.end[slot] - this.bars.start[slot];
  }

  /** Keeps the slot of a window that is past its deadline, for late values. */
  keep(slot: number): void {
    if (this.isKept[slot] === 1) return;
    this.isKept[slot] = 1;
    this.kept.push(slot);
  }

  /** Lets go of the windows kept longest, when there are too many; only between batches. */
  letGo(): void {
    if (this.kept.length <= KEPT) return;
    const gone = this.kept.slice(0, this.kept.length - KEPT / 2);
    this.kept = this.kept.slice(gone.length);
    for (let k = 0; k < gone.length; k++) {
      const slot = gone[k];
      this.isKept[slot] = 0;
      // A window that has been given another deadline is kept again when that has passed.
      if (this.closesAt[slot] !== Infinity) continue;
      const deadlines = this.clocks.deadlinesOf(this.clock[slot]);
      deadlines.letGoUntil = Math.max(deadlines.letGoUntil, this.bars.end[slot] + deadlines.lateness);
      this.forget(slot);
      this.free.push(slot);
    }
  }

  /** Takes a slot out of the index. */
  forget(slot: number): void {
    this.index.remove(slot);
    this.state[slot] = SlotState.free;
  }

  /** Gives slots back for reuse; only once nothing refers to them any more. */
  release(slots: readonly number[]): void {
    for (const slot of slots) this.free.push(slot);
  }

  private grow(): void {
    const n = this.state.length * 2;
    this.state = wider(this.state, new Uint8Array(n));
    this.closesAt = wider(this.closesAt, new Float64Array(n));
    this.statedFrom = wider(this.statedFrom, new Float64Array(n));
    this.covered = wider(this.covered, new Float64Array(n));
    this.clock = wider(this.clock, new Uint32Array(n));
    this.isKept = wider(this.isKept, new Uint8Array(n));
  }
}
