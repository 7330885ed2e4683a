/**
 * BarBatch: bars as columns. A bar is a pure function of the ticks of its window as known at a time; its key is
 * (tenant, instrument, interval, start, known time), and the row written from the last source position wins.
 */

import { LIMBS } from '../math/exact-sum.ts';
import type { Names } from './names.ts';
import { wider } from './tick-batch.ts';

/** What kind of statement a bar row makes. */
export const BarStatus = {
  /** The window is still open; the numbers may change. */
  provisional: 0,
  /** First statement after the window closed. */
  final: 1,
  /** A later statement, because of late data, a correction or a cancel. */
  revised: 2,
  /** As known from here on the window holds no value: readers see no bar. */
  empty: 3,
  /** The row that had this key before was a product of the order of arrival: readers skip it. */
  retracted: 4,
} as const;
export type BarStatus = (typeof BarStatus)[keyof typeof BarStatus];

/** Names of {@link BarStatus} in the order of their numbers. */
export const BAR_STATUS_NAMES = ['provisional', 'final', 'revised', 'empty', 'retracted'] as const;

/** A growable set of bar columns. `length` rows are valid; the arrays may be longer. */
export class BarBatch {
  readonly names: Names;
  length = 0;
  private capacity: number;

  tenant: Uint32Array;
  instrument: Uint32Array;
  /** Index in the interval list of the aggregation policy, `core/math/bar-interval.ts`. */
  interval: Uint8Array;
  /** UTC micros, half-open. */
  start: Float64Array;
  end: Float64Array;
  /** The greatest known time of the bar's inputs. */
  knownAt: Float64Array;
  status: Uint8Array;
  /** Exact mantissas at scale 8, two words each. */
  open: Int32Array;
  high: Int32Array;
  low: Int32Array;
  close: Int32Array;
  /** Event time, source sequence and event id of the ticks that gave open and close. */
  openTime: Float64Array;
  openSequence: Float64Array;
  openId: Uint32Array;
  closeTime: Float64Array;
  closeSequence: Float64Array;
  closeId: Uint32Array;
  /** Exact sums, four limbs each (`core/math/exact-sum.ts`): Σ size (scale 8), Σ price·size (scale 16). */
  volume: Float64Array;
  notional: Float64Array;
  /** Σ price·seconds (scale 8) and Σ seconds over interval-valued inputs: their quotient is the TWAP. */
  priceSeconds: Float64Array;
  seconds: Float64Array;
  count: Float64Array;
  /** Bits that any input carried. */
  flags: Uint32Array;
  trace: Uint32Array;
  srcTopic: Uint32Array;
  srcPartition: Uint32Array;
  srcOffset: Float64Array;

  constructor(names: Names, capacity = 16) {
    const n = Math.max(1, capacity);
    this.names = names;
    this.capacity = n;
    this.tenant = new Uint32Array(n);
    this.instrument = new Uint32Array(n);
    this.interval = new Uint8Array(n);
    this.start = new Float64Array(n);
    this.end = new Float64Array(n);
    this.knownAt = new Float64Array(n);
    this.status = new Uint8Array(n);
    this.open = new Int32Array(2 * n);
    this.high = new Int32Array(2 * n);
    this.low = new Int32Array(2 * n);
    this.close = new Int32Array(2 * n);
    this.openTime = new Float64Array(n);
    this.openSequence = new Float64Array(n);
    this.openId = new Uint32Array(4 * n);
    this.closeTime = new Float64Array(n);
    this.closeSequence = new Float64Array(n);
    this.closeId = new Uint32Array(4 * n);
    this.volume = new Float64Array(LIMBS * n);
    this.notional = new Float64Array(LIMBS * n);
    this.priceSeconds = new Float64Array(LIMBS * n);
    this.seconds = new Float64Array(n);
    this.count = new Float64Array(n);
    this.flags = new Uint32Array(n);
    this.trace = new Uint32Array(n);
    this.srcTopic = new Uint32Array(n);
    this.srcPartition = new Uint32Array(n);
    this.srcOffset = new Float64Array(n);
  }

  /** Takes all rows out and keeps the memory. Rows that are reserved next hold what stood there before. */
  clear(): this {
    this.length = 0;
    return this;
  }

  /** Adds a zeroed row and returns its index. Column references taken before may be stale. */
  reserve(): number {
    const i = this.length++;
    if (this.length > this.capacity) this.grow();
    return i;
  }

  /** Appends row `i` of another batch of the same process and returns its index here. */
  append(from: BarBatch, i: number): number {
    const j = this.reserve();
    this.copyInto(j, from, i);
    return j;
  }

  /** Writes row `i` of another batch, or of this one, over row `j`. */
  copyInto(j: number, from: BarBatch, i: number): void {
    this.tenant[j] = from.tenant[i];
    this.instrument[j] = from.instrument[i];
    this.interval[j] = from.interval[i];
    this.start[j] = from.start[i];
    this.end[j] = from.end[i];
    this.knownAt[j] = from.knownAt[i];
    this.status[j] = from.status[i];
    for (let w = 0; w < 2; w++) {
      this.open[2 * j + w] = from.open[2 * i + w];
      this.high[2 * j + w] = from.high[2 * i + w];
      this.low[2 * j + w] = from.low[2 * i + w];
      this.close[2 * j + w] = from.close[2 * i + w];
    }
    this.openTime[j] = from.openTime[i];
    this.openSequence[j] = from.openSequence[i];
    this.closeTime[j] = from.closeTime[i];
    this.closeSequence[j] = from.closeSequence[i];
    for (let w = 0; w < 4; w++) {
      this.openId[4 * j + w] = from.openId[4 * i + w];
      this.closeId[4 * j + w] = from.closeId[4 * i + w];
    }
    for (let w = 0; w < LIMBS; w++) {
      this.volume[LIMBS * j + w] = from.volume[LIMBS * i + w];
      this.notional[LIMBS * j + w] = from.notional[LIMBS * i + w];
      this.priceSeconds[LIMBS * j + w] = from.priceSeconds[LIMBS * i + w];
    }
    this.seconds[j] = from.seconds[i];
    this.count[j] = from.count[i];
    this.flags[j] = from.flags[i];
    this.trace[j] = from.trace[i];
    this.srcTopic[j] = from.srcTopic[i];
    this.srcPartition[j] = from.srcPartition[i];
    this.srcOffset[j] = from.srcOffset[i];
  }

  private grow(): void {
    const n = this.capacity * 2;
    this.capacity = n;
    this.tenant = wider(this.tenant, new Uint32Array(n));
    this.instrument = wider(this.instrument, new Uint32Array(n));
    this.interval = wider(this.interval, new Uint8Array(n));
    this.start = wider(this.start, new Float64Array(n));
    this.end = wider(this.end, new Float64Array(n));
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.status = wider(this.status, new Uint8Array(n));
    this.open = wider(this.open, new Int32Array(2 * n));
    this.high = wider(this.high, new Int32Array(2 * n));
    this.low = wider(this.low, new Int32Array(2 * n));
    this.close = wider(this.close, new Int32Array(2 * n));
    this.openTime = wider(this.openTime, new Float64Array(n));
    this.openSequence = wider(this.openSequence, new Float64Array(n));
    this.openId = wider(this.openId, new Uint32Array(4 * n));
    this.closeTime = wider(this.closeTime, new Float64Array(n));
    this.closeSequence = wider(this.closeSequence, new Float64Array(n));
    this.closeId = wider(this.closeId, new Uint32Array(4 * n));
    this.volume = wider(this.volume, new Float64Array(LIMBS * n));
    this.notional = wider(this.notional, new Float64Array(LIMBS * n));
    this.priceSeconds = wider(this.priceSeconds, new Float64Array(LIMBS * n));
    this.seconds = wider(this.seconds, new Float64Array(n));
    this.count = wider(this.count, new Float64Array(n));
    this.flags = wider(this.flags, new Uint32Array(n));
    this.trace = wider(this.trace, new Uint32Array(n));
    this.srcTopic = wider(this.srcTopic, new Uint32Array(n));
    this.srcPartition = wider(this.srcPartition, new Uint32Array(n));
    this.srcOffset = wider(this.srcOffset, new Float64Array(n));
  }
}
