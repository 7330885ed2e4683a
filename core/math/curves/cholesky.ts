/** A Cholesky factor that grows by one row at a time, so that it can say of each next row whether it adds anything. */

/**
 * Below this share of its own size what is left of a row counts as nothing: the row depends on those before it.
 * Contracts give whole numbers whose real remainders are far above it.
 */
const NOTHING = 1e-10;

/** Factor of a symmetric positive semi-definite matrix. Plain loops in the order of rows: the same bits each time. */
export class GrowingCholesky {
  readonly #rows: Float64Array[] = [];

  /** Rows taken in so far. */
  get size(): number {
    return this.#rows.length;
  }

  /**
   * Takes in the next row: its products with the rows taken in so far, and with itself. Null when it was taken in;
   * when it depends on them, the factors by which they make it up.
   */
  add(products: Float64Array, own: number): Float64Array | null {
    const row = this.#forward(products);
    let rest = own;
    for (let k = 0; k < row.length; k++) rest -= row[k] * row[k];
    if (rest <= NOTHING * own) return this.#backward(row);
    const grown = new Float64Array(row.length + 1);
    grown.set(row);
    grown[row.length] = Math.sqrt(rest);
    this.#rows.push(grown);
    return null;
  }

  /** Solves the system of all rows taken in. */
  solve(right: Float64Array): Float64Array {
    return this.#backward(this.#forward(right));
  }

  #forward(right: Float64Array): Float64Array {
    const out = new Float64Array(this.size);
    // Contracts overlap with few others: up to the first nothing comes of it.
    const first = right.findIndex((value) => value !== 0);
    if (first < 0) return out;
    for (let i = first; i < this.size; i++) {
      const row = this.#rows[i];
      let sum = right[i];
      for (let k = first; k < i; k++) sum -= row[k] * out[k];
      out[i] = sum / row[i];
    }
    return out;
  }

  #backward(right: Float64Array): Float64Array {
    const out = Float64Array.from(right);
    for (let i = this.size - 1; i >= 0; i--) {
      out[i] /= this.#rows[i][i];
      const row = this.#rows[i];
      for (let k = 0; k < i; k++) out[k] -= row[k] * out[i];
    }
    return out;
  }
}
