/** Linear systems whose coefficients lie near the diagonal, as curves that look only at their neighbours have them. */

/** A square system in the making: row `i` has coefficients in columns `i - band` to `i + band` only. */
export class BandedSystem {
  readonly size: number;
  readonly band: number;
  readonly right: Float64Array;
  readonly #rows: Float64Array[];

  constructor(size: number, band: number) {
    this.size = size;
    this.band = band;
    this.right = new Float64Array(size);
    this.#rows = Array.from({ length: size }, () => new Float64Array(2 * band + 1));
  }

  /** Adds to a coefficient, and to its mirror when it is off the diagonal: the system is symmetric. */
  add(row: number, column: number, value: number): void {
    this.#rows[row][column - row + this.band] += value;
    if (row !== column) this.#rows[column][row - column + this.band] += value;
  }

  /**
   * Solves by elimination with exchange of rows, as the diagonal may hold zeros; the system is used up. The order of
   * operations depends on the coefficients alone, and so do the bits of the solution.
   */
  solve(): Float64Array {
    const { size, band, right } = this;
    const rows = this.#rows;
    // Of the rows that reach column i each begins with it; exchanged, none reaches beyond column i + 2 * band.
    const active = rows.slice(0, band + 1).map((row, i) => shiftedLeft(row, band - i));
    const values = [...right.subarray(0, band + 1)];
    for (let i = 0; i < size; i++) {
      exchange(active, values);
      for (let r = 1; r < active.length; r++) eliminate(active, values, r);
      rows[i] = active[0];
      right[i] = values[0];
      active.shift();
      values.shift();
      for (const row of active) row.copyWithin(0, 1).fill(0, row.length - 1);
      if (i + band + 1 >= size) continue;
      active.push(rows[i + band + 1]);
      values.push(right[i + band + 1]);
    }
    return this.#backward();
  }

  /** After elimination row `i` begins with column `i`. */
  #backward(): Float64Array {
    const { size, right } = this;
    const out = new Float64Array(size);
    for (let i = size - 1; i >= 0; i--) {
      const row = this.#rows[i];
      let sum = right[i];
      for (let k = Math.min(row.length, size - i) - 1; k > 0; k--) sum -= row[k] * out[i + k];
      out[i] = sum / row[0];
    }
    return out;
  }
}

function shiftedLeft(row: Float64Array, by: number): Float64Array {
  const out = new Float64Array(row.length);
  out.set(row.subarray(by));
  return out;
}

/** Brings the row with the largest first coefficient to the top. */
function exchange(rows: Float64Array[], values: number[]): void {
  let best = 0;
  for (let r = 1; r < rows.length; r++) if (Math.abs(rows[r][0]) > Math.abs(rows[best][0])) best = r;
  [rows[0], rows[best]] = [rows[best], rows[0]];
  [values[0], values[best]] = [values[best], values[0]];
}

function eliminate(rows: readonly Float64Array[], values: number[], r: number): void {
  const [pivot, row] = [rows[0], rows[r]];
  const factor = row[0] / pivot[0];
  if (factor === 0) return;
  for (let k = 0; k < row.length; k++) row[k] -= factor * pivot[k];
  values[r] -= factor * values[0];
}
