/**
 * The history of one rolling window: which rows there are, as a pure function of the statements about its bars.
 *
 * The window of a bar is spoken of from the known time at which that bar was first stated. From there on each known time
 * at which a bar of the window was stated has a row of its own, made of the bars as they were known then; a reader who
 * asks for a moment between takes the row with the greatest known time up to it.
 */

import { divideHalfEven } from '../../../core/math/exact-ratio.ts';
import { addSumToSum, bigSumAt, clearSum, setBigSum, setSum } from '../../../core/math/exact-sum.ts';
import { type Whole, windowStatistics } from '../../../core/math/window-statistics.ts';
import { BarStatus } from '../../../core/model/bar-batch.ts';
import {
  bigMantissaAt,
  compareDecimals,
  copyDecimal,
  setBigMantissa,
  setMantissa,
} from '../../../core/model/decimal.ts';
import { Figure, type RollingBatch, RollingStatus } from '../../../core/model/rolling-batch.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { KeptBars } from './kept-bars.ts';

/** Key columns that all rows of a window have; the same object goes from one window of a series to the next. */
export interface WindowKey {
  readonly tenant: number;
  readonly instrument: number;
  readonly interval: number;
  readonly window: number;
  start: Micros;
  end: Micros;
  /** How many bars it has room for. */
  readonly expected: number;
}

/** Makes the rows of windows, one window after the other; the memory between is used again. */
export class WindowRows {
  private readonly kept: KeptBars;
  /** Rows of the bars that count as known at a time, in the order of ordinals. */
  private current = new Int32Array(64);
  private count = 0;
  private closes = new Float64Array(64);
  private readonly sums = new Float64Array(8);
  /** Known times of the rows to make, each once. */
  private times = new Float64Array(64);
  /** The close of a bar in `current`, however large. */
  private readonly closeOf = (k: number): bigint => bigMantissaAt(this.kept.close, this.current[k]);

  constructor(kept: KeptBars) {
    this.kept = kept;
  }

  /**
   * Appends the rows of a window whose known time is `since` or later. `rows[from, to)` are all statements about its bars
   * in the order of ordinal and known time; those from `last` on are about the bar that it ends with, at least one.
   */
  append(
    key: WindowKey,
    rows: readonly number[],
    from: number,
    last: number,
    to: number,
    since: Micros,
    out: RollingBatch,
  ): void {
    const { kept } = this;
    // A statement that was taken back may have begun the history: rows from there on are taken back with it.
    const spokenOf = kept.knownAt[rows[last]];
    let begin = Infinity;
    for (let k = last; k < to && begin === Infinity; k++)
      if (kept.status[rows[k]] !== BarStatus.retracted) begin = kept.knownAt[rows[k]];
    const count = this.collectTimes(rows, from, to, since, spokenOf);
    for (let t = 0; t < count; t++) {
      const known = this.times[t];
      const isStated = known >= begin && this.isStatedAt(rows, from, to, known);
      const status = !isStated
        ? RollingStatus.retracted
        : known === begin
          ? RollingStatus.final
          : RollingStatus.revised;
      this.appendRow(key, rows, from, to, known, status, out);
    }
  }

  /** Puts the distinct known times of statements, from the later of two on and in order, into `times`; returns how many. */
  private collectTimes(
    rows: readonly number[],
    from: number,
    to: number,
    since: Micros,
    spokenOf: Micros,
  ): number {
    const { kept } = this;
    if (to - from > this.times.length) this.times = new Float64Array(2 * (to - from));
    const { times } = this;
    let count = 0;
    for (let k = from; k < to; k++) {
      const known = kept.knownAt[rows[k]];
      if (known < since || known < spokenOf) continue;
      let t = 0;
      // A look-up by a function would put each of these numbers on the heap.
      while (t < count && times[t] !== known) t++;
      if (t === count) times[count++] = known;
    }
    if (count > 1) times.subarray(0, count).sort();
    return count;
  }

  /** Whether any statement of that known time stands. */
  private isStatedAt(rows: readonly number[], from: number, to: number, known: Micros): boolean {
    const { kept } = this;
    for (let k = from; k < to; k++)
      if (kept.knownAt[rows[k]] === known && kept.status[rows[k]] !== BarStatus.retracted) return true;
    return false;
  }

  private appendRow(
    key: WindowKey,
    rows: readonly number[],
    from: number,
    to: number,
    known: Micros,
    status: number,
    out: RollingBatch,
  ): void {
    const i = out.reserve();
    out.tenant[i] = key.tenant;
    out.instrument[i] = key.instrument;
    out.interval[i] = key.interval;
    out.window[i] = key.window;
    out.start[i] = key.start;
    out.end[i] = key.end;
    out.expected[i] = key.expected;
    out.knownAt[i] = known;
    out.status[i] = status;
    this.position(rows, from, to, out, i);
    if (status === RollingStatus.retracted) return;
    const endsWithBar = this.select(rows, from, to, known);
    if (endsWithBar) this.fill(out, i);
    else out.status[i] = RollingStatus.empty;
  }

  /** The greatest position of all statements that were looked at, so that a row made anew beats the one it replaces. */
  private position(rows: readonly number[], from: number, to: number, out: RollingBatch, i: number): void {
    const { kept } = this;
    let latest = rows[from];
    for (let k = from + 1; k < to; k++)
      if (kept.srcOffset[rows[k]] >= kept.srcOffset[latest]) latest = rows[k];
    out.trace[i] = kept.trace[latest];
    out.srcTopic[i] = kept.srcTopic[latest];
    out.srcPartition[i] = kept.srcPartition[latest];
    out.srcOffset[i] = kept.srcOffset[latest];
  }

  /** Puts the bars as known at a time into `current`; false when the bar that the window ends with is not among them. */
  private select(rows: readonly number[], from: number, to: number, known: Micros): boolean {
    const { kept } = this;
    if (to - from > this.current.length) this.current = new Int32Array(2 * (to - from));
    const { current } = this;
    let count = 0;
    let isLast = false;
    for (let k = from; k < to; ) {
      const ordinal = kept.ordinal[rows[k]];
      let found = -1;
      for (; k < to && kept.ordinal[rows[k]] === ordinal; k++)
        if (kept.knownAt[rows[k]] <= known && kept.status[rows[k]] !== BarStatus.retracted) found = rows[k];
      isLast = found !== -1 && kept.status[found] !== BarStatus.empty;
      if (isLast) current[count++] = found;
    }
    this.count = count;
    return isLast;
  }

  /** Figures of the bars in `current`, of which there is at least one. */
  private fill(out: RollingBatch, i: number): void {
    const { kept, current, count } = this;
    if (count > this.closes.length) this.closes = new Float64Array(2 * count);
    let step = Infinity;
    let hasTrades = false;
    let [highest, lowest] = [current[0], current[0]];
    for (let k = 0; k < count; k++) {
      const row = current[k];
      this.closes[k] = kept.closeNumber[row];
      // Each step is a multiple of the smaller ones, and 0, which says that doubles are not exact, is below them all.
      if (kept.closeStep[row] < step) step = kept.closeStep[row];
      if (compareDecimals(kept.high, row, kept.high, highest) > 0) highest = row;
      if (compareDecimals(kept.low, row, kept.low, lowest) < 0) lowest = row;
      if (kept.hasTrades[row] === 1) hasTrades = true;
      out.flags[i] |= kept.flags[row];
    }
    copyDecimal(kept.high, highest, out.high, i);
    copyDecimal(kept.low, lowest, out.low, i);
    out.bars[i] = count;
    const { mean, deviation, score, rmsChange } = windowStatistics(this.closes, count, step, this.closeOf);
    if (typeof mean === 'number') setMantissa(out.mean, i, mean);
    else setBigMantissa(out.mean, i, mean);
    setFigure(out, i, out.vwap, Figure.VWAP, hasTrades ? this.vwap() : null);
    setFigure(out, i, out.deviation, Figure.DEVIATION, deviation);
    setFigure(out, i, out.score, Figure.SCORE, score);
    setFigure(out, i, out.rmsChange, Figure.RMS_CHANGE, rmsChange);
  }

  /** Σ notional / Σ volume of the bars in `current`; null where nothing is left to divide by. */
  private vwap(): bigint | null {
    const { kept, current, count, sums } = this;
    clearSum(sums, 0);
    clearSum(sums, 1);
    for (let k = 0; k < count; k++) {
      addSumToSum(sums, 0, kept.volume, current[k]);
      addSumToSum(sums, 1, kept.notional, current[k]);
    }
    const volume = bigSumAt(sums, 0);
    return volume === 0n ? null : divideHalfEven(bigSumAt(sums, 1), volume);
  }
}

function setFigure(
  out: RollingBatch,
  i: number,
  column: Float64Array,
  bit: number,
  value: Whole | null,
): void {
  if (value === null) return;
  out.present[i] |= bit;
  if (typeof value === 'number') setSum(column, i, value);
  else setBigSum(column, i, value);
}
