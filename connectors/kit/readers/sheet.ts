/** What a workbook holds, whatever its form: sheets of cells. */

/** One cell: a number is its digits, a date is `2025-03-10` or `2025-03-10 04:00:00`. */
export interface Cell {
  readonly kind: 'text' | 'number' | 'date';
  readonly text: string;
}

/** A sheet; rows and cells that hold nothing are absent. */
export interface Sheet {
  readonly name: string;
  /** By row and column, both from 0. */
  readonly rows: readonly (readonly (Cell | undefined)[] | undefined)[];
}

/** The text of a cell, trimmed; empty where there is none. */
export function textAt(row: readonly (Cell | undefined)[] | undefined, column: number): string {
  return row?.[column]?.text.trim() ?? '';
}
