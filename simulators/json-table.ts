/** Tables as JSON: rows as objects or as lists, numbers bare, words quoted, blank cells null. */

import type { Table, TableRow } from './table.ts';

/** How a column is printed when its cell is a number or a word of JSON: bare, or quoted all the same. */
export type JsonKind = 'bare' | 'text';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A cell as JSON. Words in a bare column are quoted; with `numbers` so are numbers. */
export function jsonCell(cell: string, kind: JsonKind, numbers: Table['numbers'] = 'bare'): string {
  if (kind === 'text') return JSON.stringify(cell);
  if (cell === '') return 'null';
  if (cell === 'true' || cell === 'false') return cell;
  return numbers === 'bare' && NUMBER.test(cell) ? cell : JSON.stringify(cell);
}

/** The kind of a column by its name; columns beyond the known ones are text. */
export type KindOf = (column: string) => JsonKind;

/** Names in the set are bare, all others text. */
export function bareColumns(...names: string[]): KindOf {
  return (column) => (names.includes(column) ? 'bare' : 'text');
}

/** `{"a":1,"b":"x"}`. */
export function jsonObject(table: Table, { cells }: TableRow, kindOf: KindOf): string {
  const pairs = table.header.map(
    (name, k) => `${JSON.stringify(name)}:${jsonCell(cells[k], kindOf(name), table.numbers)}`,
  );
  return `{${pairs.join(',')}}`;
}

/** `[{…},{…}]`. */
export function jsonObjects(table: Table, kindOf: KindOf): string {
  return `[${table.rows.map((row) => jsonObject(table, row, kindOf)).join(',')}]`;
}

/** `[["a",1],["b",2]]`. */
export function jsonLists(table: Table, kindOf: KindOf): string {
  const list = ({ cells }: TableRow): string =>
    `[${cells.map((cell, k) => jsonCell(cell, kindOf(table.header[k]), table.numbers)).join(',')}]`;
  return `[${table.rows.map(list).join(',')}]`;
}
