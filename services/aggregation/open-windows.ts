/**
 * Open windows: the bars in the making of one partition, in columns, with the clock of each dataset.
 *
 * A window has a slot from its first tick until its dataset's known time has passed its end plus lateness. A slot whose
 * expected intervals have all landed is closed early and kept, so that what comes later is seen to be late.
 */

import { clearBar } from '../../core/math/bars.ts';
import { BarBatch } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { wider } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Window } from './bar-history.ts';

/** What a slot stands for. */
export const SlotState = {
  free: 0,
  open: 1,
  closed: 2,
  /** Made again after a restart; the clock alone may have closed it before, so its bar may be stated already. */
  reopened: 3,
} as const;

/** Deadlines of one dataset: sorted times, and the slots that close at each. */
interface Deadlines {
  readonly lateness: Micros;
  knownAt: Micros;
  readonly times: Micros[];
  readonly slots: Map<Micros, number[]>;
}

/**
 * The windows in the making of one partition. Times are UTC micros; a slot is used again once its window is gone.
 */
export class OpenWindows {
  /** One row per slot. */
  readonly bars: BarBatch;
  state = new Uint8Array(64);
  closesAt = new Float64Array(64);
  /** Micros of the window that interval-valued ticks cover. */
  covered = new Float64Array(64);
  clock = new Uint32Array(64);
  private readonly free: number[] = [];
  private readonly series = new PairIds();
  private readonly keys = new PairIds();
  private readonly slotOf: Map<Micros, number>[] = [];
  private readonly sources = new PairIds();
  private readonly clocks = new PairIds();
  private readonly deadlines: Deadlines[] = [];
  private readonly clocksOfTenant = new Map<number, number[]>();
  private readonly latenessOf: (dataset: number) => Micros;

  /** `latenessOf` gives the lateness of a dataset by its dense id. */
  constructor(names: Names, latenessOf: (dataset: number) => Micros) {
    this.bars = new BarBatch(names, 64);
    this.latenessOf = latenessOf;
  }

  /** Dense id of the clock of (tenant, source, dataset). */
  clockOf(tenant: number, source: number, dataset: number): number {
    const id = this.clocks.idOf(this.sources.idOf(tenant, source), dataset);
    if (id < this.deadlines.length) return id;
    const lateness = this.latenessOf(dataset);
    this.deadlines.push({ lateness, knownAt: -Infinity, times: [], slots: new Map() });
    const others = this.clocksOfTenant.get(tenant);
    if (others === undefined) this.clocksOfTenant.set(tenant, [id]);
    else others.push(id);
    return id;
  }

  /** The known time at which a window that ends at `end` closes by a clock. */
  closingBy(clock: number, end: Micros): Micros {
    return end + this.deadlines[clock].lateness;
  }

  /**
   * True when another dataset of the tenant is past the closing of a window that ends at `end`. If it has values of
   * the same instrument there, the window has been closed and its slot is gone: only the store knows them.
   */
  mayBeClosedElsewhere(tenant: number, clock: number, end: Micros): boolean {
    for (const other of this.clocksOfTenant.get(tenant) ?? [])
      if (other !== clock && this.knownAt(other) >= this.closingBy(other, end)) return true;
    return false;
  }

  /** The greatest known time that a clock has seen. */
  knownAt(clock: number): Micros {
    return this.deadlines[clock].knownAt;
  }

  /** The earliest known time at which a slot closes; Infinity for none. */
  nextDeadline(): Micros {
    let next = Infinity;
    for (const { times } of this.deadlines)
      if (times.length > 0) next = Math.min(next, times[times.length - 1]);
    return next;
  }

  /** Bars of all open slots, as they stand. */
  provisional(): BarBatch {
    const open = new BarBatch(this.bars.names);
    for (let slot = 0; slot < this.bars.length; slot++)
      if (this.state[slot] === SlotState.open && this.bars.count[slot] > 0) open.append(this.bars, slot);
    return open;
  }

  /** How many clocks there are. */
  get clockCount(): number {
    return this.deadlines.length;
  }

  /** The slot of a window, or -1. */
  find(tenant: number, instrument: number, interval: number, start: Micros): number {
    return this.slotOf[this.keys.idOf(this.series.idOf(tenant, instrument), interval)]?.get(start) ?? -1;
  }

  /** Opens a slot for a window whose closing lies ahead of the clock. */
  open(window: Window, clock: number): number {
    const slot = this.free.pop() ?? this.bars.reserve();
    if (slot >= this.state.length) this.grow();
    const bars = this.bars;
    clearBar(bars, slot);
    bars.tenant[slot] = window.tenant;
    bars.instrument[slot] = window.instrument;
    bars.interval[slot] = window.interval;
    bars.start[slot] = window.start;
    bars.end[slot] = window.end;
    this.state[slot] = SlotState.open;
    this.closesAt[slot] = window.closesAt;
    this.covered[slot] = 0;
    this.clock[slot] = clock;
    const key = this.keys.idOf(this.series.idOf(window.tenant, window.instrument), window.interval);
    (this.slotOf[key] ??= new Map()).set(window.start, slot);
    this.expect(clock, window.closesAt, slot);
    return slot;
  }

  /** Lets a slot close by another clock, when the first known value of its window turns out to be of that one. */
  closeBy(slot: number, clock: number, at: Micros): void {
    if (this.clock[slot] === clock && this.closesAt[slot] === at) return;
    this.clock[slot] = clock;
    this.closesAt[slot] = at;
    this.expect(clock, at, slot);
  }

  /** Marks the slots that the clock alone may have closed before a restart, with a reading of at most `clock`. */
  markReopened(clock: Micros): void {
    for (let slot = 0; slot < this.bars.length; slot++)
      if (this.state[slot] === SlotState.open && this.closesAt[slot] <= clock)
        this.state[slot] = SlotState.reopened;
  }

  private expect(clock: number, at: Micros, slot: number): void {
    const { times, slots } = this.deadlines[clock];
    const list = slots.get(at);
    if (list !== undefined) {
      list.push(slot);
      return;
    }
    slots.set(at, [slot]);
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] > at) low = middle + 1;
      else high = middle;
    }
    times.splice(low, 0, at);
  }

  /**
   * Moves a clock forward and hands out the slots whose deadline it has reached, in order of deadline. They stay
   * readable until `release`.
   */
  advance(clock: number, knownAt: Micros, due: number[]): void {
    const deadlines = this.deadlines[clock];
    if (knownAt <= deadlines.knownAt) return;
    deadlines.knownAt = knownAt;
    for (let last = deadlines.times.length - 1; last >= 0 && deadlines.times[last] <= knownAt; last--) {
      const at = deadlines.times[last];
      for (const slot of deadlines.slots.get(at) ?? []) {
        // What a slot that closes by another clock now, or stands for another window, has left behind here.
        if (this.clock[slot] !== clock || this.closesAt[slot] !== at) continue;
        this.closesAt[slot] = Infinity;
        due.push(slot);
      }
      deadlines.slots.delete(at);
      deadlines.times.pop();
    }
  }

  /**
   * True when a tick of a clock cannot simply be folded into a slot: the window is closed, or may be; the slot closes
   * by another clock; the tick was known before others that are folded already, or after the expected intervals had
   * all landed. Then the moment at which they had landed is not that of the last tick.
   */
  mustRemake(slot: number, clock: number, knownAt: Micros, delivery: Micros): boolean {
    if (this.state[slot] !== SlotState.open || this.clock[slot] !== clock) return true;
    const { bars } = this;
    if (delivery > 0 && knownAt < bars.knownAt[slot]) return true;
    return this.isComplete(slot) && knownAt !== bars.knownAt[slot];
  }

  /** True when the expected intervals of a slot's window have all landed. */
  isComplete(slot: number): boolean {
    return this.covered[slot] >= this.bars.end[slot] - this.bars.start[slot];
  }

  /** Takes a slot out of the index: its window is past its deadline. */
  forget(slot: number): void {
    const bars = this.bars;
    const key = this.keys.idOf(
      this.series.idOf(bars.tenant[slot], bars.instrument[slot]),
      bars.interval[slot],
    );
    this.slotOf[key]?.delete(bars.start[slot]);
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
    this.covered = wider(this.covered, new Float64Array(n));
    this.clock = wider(this.clock, new Uint32Array(n));
  }
}
