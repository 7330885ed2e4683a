/** Reads the body of a dataset without code: cells to source rows, by what the declaration says. Pure. */

import { parseInstant } from '../../../core/time/instant.ts';
import type { Decoded, Payload, Rejection, SourceRow, SourceValue } from '../contract.ts';
import { sourceRow } from '../source-row.ts';
import { type Cells, readCells } from './cells.ts';
import type { ReadDeclaration, Source } from './declaration.ts';
import { splitOffset } from './offset.ts';

/** Columns that a declaration reads, each once, in its order. */
export function neededColumns(read: ReadDeclaration): string[] {
  const { time } = read;
  const found = [
    ...[time.from].flat(),
    time.until,
    time.hint,
    columnOf(read.location),
    columnOf(read.series),
    read.sequence,
    read.published_at,
    ...read.values.flatMap(({ from, when }) => [from, ...Object.keys(when)]),
    ...Object.keys(read.skip),
  ];
  return [...new Set(found.filter((column) => column !== undefined))];
}

const columnOf = (source: Source | undefined): string | undefined =>
  typeof source === 'string' ? source : undefined;

/** Throws as `readCells` does. A row that no value is declared for is rejected, unless `skip` names it. */
export function decodeDeclared(payload: Payload, read: ReadDeclaration): Decoded {
  const rejected: Rejection[] = [];
  const decoded = readCells(payload, read, neededColumns(read), (cells, row) => {
    for (const [column, words] of Object.entries(read.skip))
      if (words.includes(textIn(cells, column))) return null;
    const values = valuesOf(read, cells);
    const location = labelOf(read.location, cells);
    const series = labelOf(read.series, cells);
    const sourceTime = [read.time.from]
      .flat()
      .map((column) => textIn(cells, column))
      .join(' ');
    if (values.length > 0) return rowOf(read, cells, row, { location, series, sourceTime, values });
    const columns = [...new Set(read.values.flatMap(({ when }) => Object.keys(when)))];
    rejected.push({
      row,
      code: 'FIELD_UNKNOWN',
      message: `row ${row}: no value is declared for ${columns.map((column) => `${column} ${textIn(cells, column)}`).join(', ')}`,
      field: columns.join(', '),
      expected: read.values.flatMap(({ when }) => Object.values(when)).join(', '),
      got: columns
        .map((column) => textIn(cells, column))
        .join(', ')
        .slice(0, 80),
      location,
      series,
    });
    return null;
  });
  return { ...decoded, rejected: [...decoded.rejected, ...rejected] };
}

interface Parts {
  readonly location: string | null;
  readonly series: string | null;
  readonly sourceTime: string;
  readonly values: SourceValue[];
}

function rowOf(read: ReadDeclaration, cells: Cells, row: number, parts: Parts): SourceRow {
  const { time } = read;
  const { location, series, sourceTime, values } = parts;
  const hint = time.hint === undefined ? null : textIn(cells, time.hint);
  const split = time.offset ? splitOffset(sourceTime) : { stamp: sourceTime, offset: hint };
  const sequence = read.sequence === undefined ? '' : textIn(cells, read.sequence);
  return sourceRow(row, location, split.stamp, values, {
    series,
    timeHint: split.offset,
    bounds: time.until === undefined ? null : { start: sourceTime, end: textIn(cells, time.until) },
    sequence: /^\d{1,15}$/.test(sequence) ? Number(sequence) : null,
    publishedAt: read.published_at === undefined ? null : parseInstant(textIn(cells, read.published_at)),
  });
}

const textIn = (cells: Cells, column: string): string => (cells(column) ?? '').trim();

function labelOf(source: Source | undefined, cells: Cells): string | null {
  if (source === undefined) return null;
  const text = typeof source === 'string' ? textIn(cells, source) : source.is;
  return text === '' ? null : text;
}

function valuesOf(read: ReadDeclaration, cells: Cells): SourceValue[] {
  const values: SourceValue[] = [];
  for (const { field, from, unit, when } of read.values) {
    const applies = Object.entries(when).every(([column, word]) => textIn(cells, column) === word);
    if (applies) values.push({ field, value: cells(from) ?? null, unit });
  }
  return values;
}
