/**
 * A report before it becomes bytes: header, rows of cells in the spelling of their format, and what each row states.
 * Faults change tables; renderers make text of them.
 */

import type { Micros } from '../core/time/instant.ts';

/** One value as a market published it. `value` is a plain decimal without trailing zeros, whatever the file's spelling. */
export interface TrueValue {
  /** Name of the list in docs/datasets.md: `da_lmp`, `rt_lmp`. */
  readonly dataset: string;
  readonly location: string;
  /** Second label of the market: a fuel, a type of point. */
  readonly series?: string;
  /** `lmp`, `congestion`, `loss`, `energy`, `ghg`; congestion has the sign that the market prints. */
  readonly field: string;
  /** UTC micros, half-open. */
  readonly start: Micros;
  readonly end: Micros;
  readonly value: string;
}

/** A value in a row, with the cell that holds it (from 0). */
export interface Fact extends TrueValue {
  readonly column: number;
}

/** One row. Facts are made when asked for: only faults ask. */
export interface TableRow {
  readonly cells: readonly string[];
  facts(): readonly Fact[];
}

/** A report as a table. */
export interface Table {
  /** Lines before the header, as printed. */
  readonly preamble: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
  /** Lines after the rows, as printed. */
  readonly footer: readonly string[];
  /** A text as a cell of this format: quoted or not. */
  textCell(text: string): string;
  /** The cells of a row, stamped so much later; null where a stamp is not in the row. */
  readonly restamped: ((row: TableRow, later: Micros) => readonly string[]) | null;
  /** True where column names are keys of JSON or tags of XML: those bear no blanks. */
  readonly isKeyed?: boolean;
  /** How JSON writes numbers: bare, or as strings; absent in other formats. */
  readonly numbers?: 'bare' | 'quoted';
  /** True where each row says all about its time, so that their order says nothing. */
  readonly isOrderFree?: boolean;
}

/** A table without some of its values: without the rows that print no other, with blank cells in rows that do. */
export function withoutValues(
  table: Table,
  isGone: (fact: Fact) => boolean,
): { readonly left: Table; readonly gone: Fact[] } {
  const gone: Fact[] = [];
  const rows: TableRow[] = [];
  for (const row of table.rows) {
    const facts = row.facts();
    const about = facts.filter(isGone);
    gone.push(...about);
    if (about.length === 0) rows.push(row);
    else if (about.length < facts.length)
      rows.push({
        ...withCells(row, about, () => ''),
        facts: () => row.facts().filter((fact) => !isGone(fact)),
      });
  }
  return { left: { ...table, rows }, gone };
}

/** A row with other words in the cells of some of its values. */
export function withCells(row: TableRow, facts: readonly Fact[], cellOf: (fact: Fact) => string): TableRow {
  const cells = [...row.cells];
  for (const fact of facts) cells[fact.column] = cellOf(fact);
  return { ...row, cells };
}

/** Comma-separated lines with LF, the last one included. Cells bring their own quotes. */
export function csvOf(table: Table): string {
  const lines = [...table.preamble, table.header.join(',')];
  for (const row of table.rows) lines.push(row.cells.join(','));
  lines.push(...table.footer);
  return `${lines.join('\n')}\n`;
}

/** The same with CR LF. */
export function crlfOf(table: Table): string {
  return csvOf(table).replaceAll('\n', '\r\n');
}

/** A text as it is. */
export function bareCell(text: string): string {
  return text;
}

/** A text in double quotes. */
export function quotedCell(text: string): string {
  return `"${text}"`;
}
