/**
 * Kept bars: of the statements of bars, the columns that rolling metrics are made of, for many series in one memory.
 * A row is given back when nothing refers to it any more, and used again.
 */

import { addSumToSum, clearSum, isZeroSum, LIMBS } from '../../../core/math/exact-sum.ts';
import { stepOf } from '../../../core/math/window-statistics.ts';
import type { BarBatch } from '../../../core/model/bar-batch.ts';
import { copyDecimal, mantissaAt } from '../../../core/model/decimal.ts';
import { wider } from '../../../core/model/tick-batch.ts';

/** Statements of bars in columns; rows are named by their index. */
export class KeptBars {
  /** Rows in use. */
  count = 0;
  ordinal = new Float64Array(64);
  knownAt = new Float64Array(64);
  status = new Uint8Array(64);
  high = new Int32Array(128);
  low = new Int32Array(128);
  close = new Int32Array(128);
  /** The close as a double, and the step that it is a multiple of (`core/math/window-statistics.ts`). */
  closeNumber = new Float64Array(64);
  closeStep = new Float64Array(64);
  /** 1 where anything was traded, so that the sums say something. */
  hasTrades = new Uint8Array(64);
  volume = new Float64Array(64 * LIMBS);
  notional = new Float64Array(64 * LIMBS);
  flags = new Uint32Array(64);
  trace = new Uint32Array(64);
  srcTopic = new Uint32Array(64);
  srcPartition = new Uint32Array(64);
  srcOffset = new Float64Array(64);
  private free: number[] = [];
  private used = 0;

  /** Keeps row `j` of a batch as the bar of an ordinal; returns its row here. */
  add(ordinal: number, bars: BarBatch, j: number): number {
    const row = this.free.pop() ?? this.used++;
    if (row === this.status.length) this.grow();
    this.count++;
    this.ordinal[row] = ordinal;
    this.set(row, bars, j);
    return row;
  }

  /** Writes row `j` of a batch over a row: a later statement with the same key. */
  set(row: number, bars: BarBatch, j: number): void {
    this.knownAt[row] = bars.knownAt[j];
    this.status[row] = bars.status[j];
    copyDecimal(bars.high, j, this.high, row);
    copyDecimal(bars.low, j, this.low, row);
    copyDecimal(bars.close, j, this.close, row);
    const close = mantissaAt(bars.close, j);
    this.closeNumber[row] = close;
    this.closeStep[row] = stepOf(close);
    clearSum(this.volume, row);
    addSumToSum(this.volume, row, bars.volume, j);
    clearSum(this.notional, row);
    addSumToSum(this.notional, row, bars.notional, j);
    this.hasTrades[row] = isZeroSum(bars.volume, j) && isZeroSum(bars.notional, j) ? 0 : 1;
    this.flags[row] = bars.flags[j];
    this.trace[row] = bars.trace[j];
    this.srcTopic[row] = bars.srcTopic[j];
    this.srcPartition[row] = bars.srcPartition[j];
    this.srcOffset[row] = bars.srcOffset[j];
  }

  /** Gives rows back. */
  release(rows: readonly number[]): void {
    this.count -= rows.length;
    for (const row of rows) this.free.push(row);
  }

  /** Gives all rows back. */
  clear(): void {
    this.count = this.used = 0;
    this.free = [];
  }

  private grow(): void {
    const n = 2 * this.status.length;
    this.ordinal = wider(this.ordinal, new Float64Array(n));
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.status = wider(this.status, new Uint8Array(n));
    this.high = wider(this.high, new Int32Array(2 * n));
    this.low = wider(this.low, new Int32Array(2 * n));
    this.close = wider(this.close, new Int32Array(2 * n));
    this.closeNumber = wider(this.closeNumber, new Float64Array(n));
    this.closeStep = wider(this.closeStep, new Float64Array(n));
    this.hasTrades = wider(this.hasTrades, new Uint8Array(n));
    this.volume = wider(this.volume, new Float64Array(LIMBS * n));
    this.notional = wider(this.notional, new Float64Array(LIMBS * n));
    this.flags = wider(this.flags, new Uint32Array(n));
    this.trace = wider(this.trace, new Uint32Array(n));
    this.srcTopic = wider(this.srcTopic, new Uint32Array(n));
    this.srcPartition = wider(this.srcPartition, new Uint32Array(n));
    this.srcOffset = wider(this.srcOffset, new Float64Array(n));
  }
}
