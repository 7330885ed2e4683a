/**
 * WindowIndex: from a window to its slot, without an object per window. An open-addressing table whose keys are the
 * columns of the slots themselves.
 */

import type { BarBatch } from '../../core/model/bar-batch.ts';
import { wider } from '../../core/model/tick-batch.ts';
import { MINUTE } from '../../core/time/instant.ts';

/** Intervals whose latest slot is kept; those of a policy beyond them are found by their window alone. */
const INTERVALS = 8;

/** The slots of one partition by (tenant, instrument, interval, start). */
export class WindowIndex {
  private readonly bars: BarBatch;
  /** Slot + 1; 0 for an empty place. The length is a power of two. */
  private places = new Int32Array(256);
  private count = 0;
  /** Slot + 1 by instrument and interval, the one found last: the next value of an instrument mostly belongs there too. */
  private latest = new Int32Array(1024);

  /** `bars` has one row per slot; its key columns must not change while a slot is in the index. */
  constructor(bars: BarBatch) {
    this.bars = bars;
  }

  /**
   * The slot found or added last for an instrument, when the instant `at[i]` lies in its window; -1 says nothing. It may
   * be asked before the bounds of the window are known, and spares working them out.
   */
  latestWith(tenant: number, instrument: number, interval: number, at: Float64Array, i: number): number {
    const place = instrument * INTERVALS + interval;
    if (interval >= INTERVALS || place >= this.latest.length) return -1;
    const slot = this.latest[place] - 1;
    if (slot === -1) return -1;
    const { bars } = this;
    return bars.tenant[slot] === tenant && at[i] >= bars.start[slot] && at[i] < bars.end[slot] ? slot : -1;
  }

  private note(slot: number): void {
    const { bars } = this;
    if (bars.interval[slot] >= INTERVALS) return;
    const place = bars.instrument[slot] * INTERVALS + bars.interval[slot];
    while (place >= this.latest.length)
      this.latest = wider(this.latest, new Int32Array(2 * this.latest.length));
    this.latest[place] = slot + 1;
  }

  /** The slot of the window that starts at `span[0]`, or -1. */
  find(tenant: number, instrument: number, interval: number, span: Float64Array): number {
    const { places, bars } = this;
    const mask = places.length - 1;
    for (let place = hashOf(tenant, instrument, interval, span, 0) & mask; ; place = (place + 1) & mask) {
      const slot = places[place] - 1;
      if (slot === -1) return -1;
      if (
        bars.instrument[slot] === instrument &&
        bars.start[slot] === span[0] &&
        bars.interval[slot] === interval &&
        bars.tenant[slot] === tenant
      ) {
        this.note(slot);
        return slot;
      }
    }
  }

  /** Adds a slot whose window is not in the index. */
  add(slot: number): void {
    if (2 * ++this.count > this.places.length) this.grow();
    this.put(slot);
    this.note(slot);
  }

  /** Takes a slot out. Those behind it move up, so that no search ends early. */
  remove(slot: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let hole = this.home(slot);
    while (places[hole] !== slot + 1) {
      if (places[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    this.count--;
    const { instrument, interval } = this.bars;
    const latest = instrument[slot] * INTERVALS + interval[slot];
    if (this.latest[latest] === slot + 1) this.latest[latest] = 0;
    for (let next = (hole + 1) & mask; places[next] !== 0; next = (next + 1) & mask) {
      const home = this.home(places[next] - 1);
      // What is at home between the hole and its place must stay where it is.
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      places[hole] = places[next];
      hole = next;
    }
    places[hole] = 0;
  }

  private put(slot: number): void {
    const mask = this.places.length - 1;
    let place = this.home(slot);
    while (this.places[place] !== 0) place = (place + 1) & mask;
    this.places[place] = slot + 1;
  }

  private home(slot: number): number {
    const { tenant, instrument, interval, start } = this.bars;
    return hashOf(tenant[slot], instrument[slot], interval[slot], start, slot) & (this.places.length - 1);
  }

  private grow(): void {
    const old = this.places;
    this.places = new Int32Array(2 * old.length);
    for (let k = 0; k < old.length; k++) if (old[k] !== 0) this.put(old[k] - 1);
  }
}

/** A hash of a window in 32 bits; windows start on whole minutes, at `starts[i]`. */
function hashOf(
  tenant: number,
  instrument: number,
  interval: number,
  starts: Float64Array,
  i: number,
): number {
  let h = Math.imul(instrument + 1, 0x9e3779b1) ^ Math.imul(tenant * 32 + interval + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + Math.imul(Math.floor(starts[i] / MINUTE) | 0, 0xc2b2ae35);
  h ^= h >>> 13;
  return Math.imul(h, 0x297a2d39) >>> 7;
}
