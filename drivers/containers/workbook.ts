/**
 * Opens a workbook (xlsx) into one CSV text per sheet, so that a sheet is read like any other table and a row of it can
 * be shown again: line n of the text is row n of the sheet.
 *
 * Numbers keep the digits that the file stores, dates are told by their format and written as ISO text (`cell-date.ts`).
 * Formulas are not computed: the value that was stored with them counts.
 */

import { cellDate } from './cell-date.ts';
import { readPart, readWorkbookParts, type WorkbookParts } from './workbook-parts.ts';

/** A sheet as text. */
export interface SheetText {
  readonly name: string;
  readonly csv: Uint8Array;
}

/** Part by which a package is known as a workbook and not as another office document. */
export const WORKBOOK_PART = 'xl/workbook.xml';

const MAX_COLUMNS = 16_384;
const MAX_ROWS = 1_048_576;

/**
 * The sheets that hold a cell, in the order of the workbook. Throws an Error that says what cannot be read, also when a
 * sheet would be longer than `maxBytes` as text: a few cells far apart make a table of many blanks.
 */
export function* workbookSheets(
  partOf: (path: string) => Uint8Array | null,
  maxBytes: number,
): Iterable<SheetText> {
  const parts = readWorkbookParts(partOf);
  for (const { name, part } of parts.sheets) {
    const bytes = partOf(part);
    // A sheet of charts has no such part.
    if (bytes === null) continue;
    const csv = sheetCsv(bytes, parts, maxBytes);
    if (csv !== '') yield { name, csv: new TextEncoder().encode(csv) };
  }
}

interface OpenCell {
  column: number;
  type: string;
  style: number;
  value: string;
}

function sheetCsv(bytes: Uint8Array, parts: WorkbookParts, maxBytes: number): string {
  const lines: string[] = [];
  let fields: string[] = [];
  let row = 0;
  let cell: OpenCell = { column: 0, type: 'n', style: 0, value: '' };
  readPart(bytes, {
    open: (name, attributes) => {
      if (name === 'row') {
        const printed = attributes['r'];
        row = printed === undefined ? row + 1 : Number(printed);
        if (!Number.isInteger(row) || row <= lines.length || row > MAX_ROWS)
          throw new Error(`row ${printed} of a sheet is out of order`);
        fields = [];
      } else if (name === 'c') {
        const column = columnOf(attributes['r'], fields.length);
        if (column < fields.length || column >= MAX_COLUMNS)
          throw new Error(`cell ${attributes['r']} of a sheet is out of order`);
        cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), value: '' };
      }
    },
    close: (name, text) => {
      if (name === 'v') cell.value = text;
      else if (name === 't') cell.value += text;
      else if (name === 'c') {
        const shown = shownText(cell, parts);
        if (shown === '') return;
        while (fields.length < cell.column) fields.push('');
        fields.push(quoted(shown));
      } else if (name === 'row') {
        if (fields.length === 0) return;
        while (lines.length < row - 1) lines.push('');
        lines.push(fields.join(','));
      }
    },
  });
  return lines.length === 0 ? '' : `${padded(lines, maxBytes)}\n`;
}

/** Rows end at their last filled cell; a table wants equal widths, that of its widest row. */
function padded(lines: readonly string[], maxBytes: number): string {
  const widths = lines.map(commas);
  const width = widths.reduce((widest, each) => Math.max(widest, each), 0);
  const length = lines.reduce((sum, line, i) => sum + line.length + 1 + width - (widths[i] ?? 0), 0);
  if (length > maxBytes)
    throw new Error(`a sheet of ${lines.length} rows and ${width + 1} columns is too large`);
  return lines
    .map((line, i) => (line === '' ? line : line + ','.repeat(Math.max(0, width - (widths[i] ?? 0)))))
    .join('\n');
}

function commas(line: string): number {
  let count = 0;
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === 0x22) inside = !inside;
    else if (c === 0x2c && !inside) count++;
  }
  return count;
}

function shownText(cell: OpenCell, parts: WorkbookParts): string {
  const { type, value } = cell;
  if (type === 's') {
    const text = parts.texts[Number(value)];
    if (text === undefined) throw new Error(`a cell names text ${value}, of ${parts.texts.length}`);
    return text;
  }
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n' || value === '') return value;
  const format = parts.formats[cell.style] ?? null;
  return (format === null ? null : cellDate(Number(value), format, parts.from1904)) ?? value;
}

/** Index of a column from a reference such as `AB12`; the next one where a cell has none. */
function columnOf(reference: string | undefined, next: number): number {
  if (reference === undefined) return next;
  let index = 0;
  for (const letter of reference) {
    const digit = letter.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    index = index * 26 + digit;
  }
  return index - 1;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
