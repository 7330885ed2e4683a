/** Columns of row objects: what the tables of curves are written from. */

/** Order of two texts by their code units, the same in every process. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Makers of columns of some rows: numbers, and numbers of several words each. */
export function columnsOf<T>(rows: readonly T[]): {
  numbers: (of: (row: T) => number) => Float64Array;
  words: (width: number, of: (row: T) => ArrayLike<number>) => Int32Array;
} {
  return {
    numbers: (of) => Float64Array.from(rows, of),
    words: (width, of) => {
      const out = new Int32Array(width * rows.length);
      rows.forEach((row, i) => {
        out.set(of(row), width * i);
      });
      return out;
    },
  };
}
