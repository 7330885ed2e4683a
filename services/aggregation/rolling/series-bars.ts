/**
 * The bars of one series that are known here: every statement about every window from one ordinal to another, in the
 * order of ordinal and known time, as rows of `kept-bars.ts`.
 */

import type { BarBatch } from '../../../core/model/bar-batch.ts';
import type { KeptBars } from './kept-bars.ts';

/** What is known of one series of bars. */
export class SeriesBars {
  /** First and last ordinal of which every stored statement is known here. */
  from: number;
  to: number;
  /** Rows of the kept bars. */
  readonly rows: number[] = [];
  private readonly kept: KeptBars;

  constructor(kept: KeptBars, from: number, to: number) {
    this.kept = kept;
    this.from = from;
    this.to = to;
  }

  /** True when all of the ordinals are known here. */
  covers(from: number, to: number): boolean {
    return from >= this.from && to <= this.to;
  }

  /** Takes in row `j` of a batch, unless it lies outside; the same bar and known time again takes the place of the first. */
  put(ordinal: number, bars: BarBatch, j: number): void {
    if (ordinal < this.from || ordinal > this.to) return;
    const { kept, rows } = this;
    const at = this.placeOf(ordinal, bars.knownAt[j]);
    const row = rows[at];
    const isThere =
      row !== undefined && kept.ordinal[row] === ordinal && kept.knownAt[row] === bars.knownAt[j];
    if (isThere) kept.set(row, bars, j);
    else if (at === rows.length) rows.push(kept.add(ordinal, bars, j));
    else rows.splice(at, 0, kept.add(ordinal, bars, j));
  }

  /** The place of the first row that is not before a bar as known at a time; `-Infinity` for all of the bar. */
  placeOf(ordinal: number, knownAt: number): number {
    const { rows } = this;
    // Bars mostly come in their order: the end is looked at first.
    if (rows.length > 0 && this.isBefore(rows[rows.length - 1], ordinal, knownAt)) return rows.length;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isBefore(rows[middle], ordinal, knownAt)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isBefore(row: number, ordinal: number, knownAt: number): boolean {
    const { kept } = this;
    return kept.ordinal[row] < ordinal || (kept.ordinal[row] === ordinal && kept.knownAt[row] < knownAt);
  }

  /** Lets go of the bars before an ordinal. */
  trim(from: number): void {
    if (from <= this.from) return;
    this.kept.release(this.rows.splice(0, this.placeOf(from, -Infinity)));
    this.from = from;
  }

  /** The last ordinal that has a bar; -1 without any. */
  get newest(): number {
    return this.rows.length === 0 ? -1 : this.kept.ordinal[this.rows[this.rows.length - 1]];
  }
}
