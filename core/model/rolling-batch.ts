/**
 * RollingBatch: rolling metrics as columns. A row is a pure function of the closed bars of a window as known at a time;
 * its key is (tenant, instrument, interval, window, end, known time), and the row written from the last source position
 * wins.
 */

import { LIMBS } from '../math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarStatus } from './bar-batch.ts';
import type { Names } from './names.ts';
import { wider } from './tick-batch.ts';

/** Statuses of bars that rolling metrics have too, with the same meaning; there is no provisional one. */
export const RollingStatus = {
  final: BarStatus.final,
  revised: BarStatus.revised,
  empty: BarStatus.empty,
  retracted: BarStatus.retracted,
} as const;
export type RollingStatus = (typeof RollingStatus)[keyof typeof RollingStatus];

/** Their names, without the first of {@link BAR_STATUS_NAMES}. */
export const ROLLING_STATUS_NAMES = BAR_STATUS_NAMES.filter((name) => name !== 'provisional');

/** Which of the figures that may be absent are there. */
export const Figure = { VWAP: 1, DEVIATION: 2, SCORE: 4, RMS_CHANGE: 8 } as const;

/** A growable set of columns. `length` rows are valid; the arrays may be longer. */
export class RollingBatch {
  readonly names: Names;
  length = 0;
  private capacity: number;

  tenant: Uint32Array;
  instrument: Uint32Array;
  /** Index in the interval list of the aggregation policy. */
  interval: Uint8Array;
  /** Index in the list of windows of the rolling policy. */
  window: Uint8Array;
  /** UTC micros, half-open: from the start of the first bar that the window has room for to the end of the last. */
  start: Float64Array;
  end: Float64Array;
  /** The greatest known time of the statements that the row is made of. */
  knownAt: Float64Array;
  /** Of {@link RollingStatus}. */
  status: Uint8Array;
  /** Bars in the window, and how many it has room for. */
  bars: Uint32Array;
  expected: Uint32Array;
  /** Bits of {@link Figure}. */
  present: Uint8Array;
  /** Exact mantissas at scale 8, two words each: mean of the closes, greatest high, least low. */
  mean: Int32Array;
  high: Int32Array;
  low: Int32Array;
  /** Figures at scale 8, four limbs each (`core/math/exact-sum.ts`); meaningful where `present` says so. */
  vwap: Float64Array;
  deviation: Float64Array;
  score: Float64Array;
  rmsChange: Float64Array;
  /** Bits that any of the bars carried. */
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
    this.window = new Uint8Array(n);
    this.start = new Float64Array(n);
    this.end = new Float64Array(n);
    this.knownAt = new Float64Array(n);
    this.status = new Uint8Array(n);
    this.bars = new Uint32Array(n);
    this.expected = new Uint32Array(n);
    this.present = new Uint8Array(n);
    this.mean = new Int32Array(2 * n);
    this.high = new Int32Array(2 * n);
    this.low = new Int32Array(2 * n);
    this.vwap = new Float64Array(LIMBS * n);
    this.deviation = new Float64Array(LIMBS * n);
    this.score = new Float64Array(LIMBS * n);
    this.rmsChange = new Float64Array(LIMBS * n);
    this.flags = new Uint32Array(n);
    this.trace = new Uint32Array(n);
    this.srcTopic = new Uint32Array(n);
    this.srcPartition = new Uint32Array(n);
    this.srcOffset = new Float64Array(n);
  }

  /** Takes all rows out and keeps the memory. */
  clear(): this {
    this.length = 0;
    return this;
  }

  /** Adds a row whose figures are zero and absent, and returns its index; the caller sets the key and the position. */
  reserve(): number {
    const i = this.length++;
    if (this.length > this.capacity) this.grow();
    this.bars[i] = this.present[i] = this.flags[i] = 0;
    this.mean.fill(0, 2 * i, 2 * i + 2);
    this.high.fill(0, 2 * i, 2 * i + 2);
    this.low.fill(0, 2 * i, 2 * i + 2);
    this.vwap.fill(0, LIMBS * i, LIMBS * i + LIMBS);
    this.deviation.fill(0, LIMBS * i, LIMBS * i + LIMBS);
    this.score.fill(0, LIMBS * i, LIMBS * i + LIMBS);
    this.rmsChange.fill(0, LIMBS * i, LIMBS * i + LIMBS);
    return i;
  }

  /** Appends row `i` of another batch of the same process and returns its index here. */
  append(from: RollingBatch, i: number): number {
    const j = this.reserve();
    this.tenant[j] = from.tenant[i];
    this.instrument[j] = from.instrument[i];
    this.interval[j] = from.interval[i];
    this.window[j] = from.window[i];
    this.start[j] = from.start[i];
    this.end[j] = from.end[i];
    this.knownAt[j] = from.knownAt[i];
    this.status[j] = from.status[i];
    this.bars[j] = from.bars[i];
    this.expected[j] = from.expected[i];
    this.present[j] = from.present[i];
    for (let w = 0; w < 2; w++) {
      this.mean[2 * j + w] = from.mean[2 * i + w];
      this.high[2 * j + w] = from.high[2 * i + w];
      this.low[2 * j + w] = from.low[2 * i + w];
    }
    for (let w = 0; w < LIMBS; w++) {
      this.vwap[LIMBS * j + w] = from.vwap[LIMBS * i + w];
      this.deviation[LIMBS * j + w] = from.deviation[LIMBS * i + w];
      this.score[LIMBS * j + w] = from.score[LIMBS * i + w];
      this.rmsChange[LIMBS * j + w] = from.rmsChange[LIMBS * i + w];
    }
    this.flags[j] = from.flags[i];
    this.trace[j] = from.trace[i];
    this.srcTopic[j] = from.srcTopic[i];
    this.srcPartition[j] = from.srcPartition[i];
    this.srcOffset[j] = from.srcOffset[i];
    return j;
  }

  private grow(): void {
    const n = this.capacity * 2;
    this.capacity = n;
    this.tenant = wider(this.tenant, new Uint32Array(n));
    this.instrument = wider(this.instrument, new Uint32Array(n));
    this.interval = wider(this.interval, new Uint8Array(n));
    this.window = wider(this.window, new Uint8Array(n));
    this.start = wider(this.start, new Float64Array(n));
    this.end = wider(this.end, new Float64Array(n));
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.status = wider(this.status, new Uint8Array(n));
    this.bars = wider(this.bars, new Uint32Array(n));
    this.expected = wider(this.expected, new Uint32Array(n));
    this.present = wider(this.present, new Uint8Array(n));
    this.mean = wider(this.mean, new Int32Array(2 * n));
    this.high = wider(this.high, new Int32Array(2 * n));
    this.low = wider(this.low, new Int32Array(2 * n));
    this.vwap = wider(this.vwap, new Float64Array(LIMBS * n));
    this.deviation = wider(this.deviation, new Float64Array(LIMBS * n));
    this.score = wider(this.score, new Float64Array(LIMBS * n));
    this.rmsChange = wider(this.rmsChange, new Float64Array(LIMBS * n));
    this.flags = wider(this.flags, new Uint32Array(n));
    this.trace = wider(this.trace, new Uint32Array(n));
    this.srcTopic = wider(this.srcTopic, new Uint32Array(n));
    this.srcPartition = wider(this.srcPartition, new Uint32Array(n));
    this.srcOffset = wider(this.srcOffset, new Float64Array(n));
  }
}
