/**
 * The history of one rolling window: which rows there are, as a pure function of the statements about its bars.
 *
 * The window of a bar is spoken of from the known time at which that bar was first stated. From there on each known time
 * at which a bar of the window was stated has a row of its own, made of the bars as they were known then; a reader who
 * asks for a moment between takes the row with the greatest known time up to it.
 */

import { divideHalfEven } from '../../../core/math/exact-ratio.ts';
import { addSumToSum, bigSumAt, clearSum, setBigSum } from '../../../core/math/exact-sum.ts';
import { windowStatistics } from '../../../core/math/window-statistics.ts';
import { BarStatus } from '../../../core/model/bar-batch.ts';
import {
  bigMantissaAt,
  compareDecimals,
  copyDecimal,
  mantissaAt,
  setBigMantissa,
} from '../../../core/model/decimal.ts';
import { Figure, type RollingBatch, RollingStatus } from '../../../core/model/rolling-batch.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { KeptBars } from './kept-bars.ts';

/** Key columns that all rows of a window have. */
export interface WindowKey {
  readonly tenant: number;
  readonly instrument: number;
  readonly interval: number;
  readonly window: number;
  readonly start: Micros;
  readonly end: Micros;
  /** How many bars it has room for. */
  readonly expected: number;
}

/** Makes the rows of windows, one window after the other; the memory between is used again. */
export class WindowRows {
  private readonly kept: KeptBars;
  /** Rows of the bars that count as known at a time, in the order of ordinals. */
  private readonly current: number[] = [];
  private closes = new Float64Array(64);
  private readonly sums = new Float64Array(8);
  private readonly times: Micros[] = [];

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
    const { kept, times } = this;
    // A statement that was taken back may have begun the history: rows from there on are taken back with it.
    const spokenOf = kept.knownAt[rows[last]];
    let begin = Infinity;
    for (let k = last; k < to && begin === Infinity; k++)
      if (kept.status[rows[k]] !== BarStatus.retracted) begin = kept.knownAt[rows[k]];
    times.length = 0;
    for (let k = from; k < to; k++) {
      const known = kept.knownAt[rows[k]];
      if (known >= since && known >= spokenOf && !times.includes(known)) times.push(known);
    }
    if (times.length > 1) times.sort((a, b) => a - b);
    for (const known of times) {
      const isStated = known >= begin && this.isStatedAt(rows, from, to, known);
      const status = !isStated
        ? RollingStatus.retracted
        : known === begin
          ? RollingStatus.final
          : RollingStatus.revised;
      this.appendRow(key, rows, from, to, known, status, out);
    }
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
    const { kept, current } = this;
    current.length = 0;
    let isLast = false;
    for (let k = from; k < to; ) {
      const ordinal = kept.ordinal[rows[k]];
      let found = -1;
      for (; k < to && kept.ordinal[rows[k]] === ordinal; k++)
        if (kept.knownAt[rows[k]] <= known && kept.status[rows[k]] !== BarStatus.retracted) found = rows[k];
      isLast = found !== -1 && kept.status[found] !== BarStatus.empty;
      if (isLast) current.push(found);
    }
    return isLast;
  }

  /** Figures of the bars in `current`, of which there is at least one. */
  private fill(out: RollingBatch, i: number): void {
    const { kept, current, sums } = this;
    const count = current.length;
    if (count > this.closes.length) this.closes = new Float64Array(2 * count);
    clearSum(sums, 0);
    clearSum(sums, 1);
    let areExact = true;
    let [highest, lowest] = [current[0], current[0]];
    for (let k = 0; k < count; k++) {
      const row = current[k];
      const close = mantissaAt(kept.close, row);
      this.closes[k] = close;
      if (!Number.isSafeInteger(close)) areExact = false;
      if (compareDecimals(kept.high, row, kept.high, highest) > 0) highest = row;
      if (compareDecimals(kept.low, row, kept.low, lowest) < 0) lowest = row;
      addSumToSum(sums, 0, kept.volume, row);
      addSumToSum(sums, 1, kept.notional, row);
      out.flags[i] |= kept.flags[row];
    }
    copyDecimal(kept.high, highest, out.high, i);
    copyDecimal(kept.low, lowest, out.low, i);
    out.bars[i] = count;
    const mantissa = (k: number): bigint => bigMantissaAt(kept.close, current[k]);
    const { mean, deviation, score, rmsChange } = windowStatistics(this.closes, count, areExact, mantissa);
    setBigMantissa(out.mean, i, mean);
    const volume = bigSumAt(sums, 0);
    const vwap = volume === 0n ? null : divideHalfEven(bigSumAt(sums, 1), volume);
    setFigure(out, i, out.vwap, Figure.VWAP, vwap);
    setFigure(out, i, out.deviation, Figure.DEVIATION, deviation);
    setFigure(out, i, out.score, Figure.SCORE, score);
    setFigure(out, i, out.rmsChange, Figure.RMS_CHANGE, rmsChange);
  }
}

function setFigure(
  out: RollingBatch,
  i: number,
  column: Float64Array,
  bit: number,
  value: bigint | null,
): void {
  if (value === null) return;
  out.present[i] |= bit;
  setBigSum(column, i, value);
}
