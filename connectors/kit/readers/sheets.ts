/** The sheets of a workbook in any form: an old one as a whole, or one sheet as the text that a container made of it. */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload, PayloadHead } from '../contract.ts';
import { headOf, requireText, textOf } from '../payload.ts';
import { looksCompound } from './compound-file.ts';
import { CsvReader } from './csv.ts';
import type { Cell, Sheet } from './sheet.ts';
import { readXls } from './xls.ts';

/** The sheets of a body, and where it breaks off. */
export interface Sheets {
  readonly sheets: readonly Sheet[];
  readonly damage: CarbonError | null;
}

/**
 * All sheets of an old workbook, or the one that a text is: a row for each line, blank ones absent, every cell a text. A
 * broken quote ends the sheet as damage, and so does a last line that is cut short and no note: SOURCE_MALFORMED with its line.
 * Throws as {@link readXls}, and SOURCE_EMPTY.
 */
export function readSheets(payload: Payload, delimiter = ','): Sheets {
  if (looksCompound(headOf(payload).text)) return { sheets: readXls(payload), damage: null };
  requireText(payload);
  return sheetOf(textOf(payload), payload.name, delimiter);
}

/** The same where a sheet that breaks off is not read at all: throws its damage. */
export function wholeSheets(payload: Payload): readonly Sheet[] {
  const { sheets, damage } = readSheets(payload);
  if (damage !== null) throw damage;
  return sheets;
}

/** What the head of a text shows of its sheet; none for an old workbook. */
export function headSheets(head: PayloadHead, delimiter = ','): readonly Sheet[] {
  if (looksCompound(head.text) || /^\s*[[{<]/.test(head.text)) return [];
  const cut = head.whole ? head.text.length : head.text.lastIndexOf('\n') + 1;
  return sheetOf(head.text.slice(0, cut), head.name, delimiter).sheets;
}

function sheetOf(text: string, name: string, delimiter: string): Sheets {
  const rows: (Cell | undefined)[][] = [];
  const reader = new CsvReader(text, name, delimiter);
  let width = 0;
  try {
    while (reader.next()) {
      const { fields, line, unterminated } = reader;
      if (unterminated && fields.length < width && !isNote(fields))
        throw cutShort(name, line, fields.length, width);
      width = Math.max(width, fields.length);
      rows[line - 1] = fields.map((cell) => (cell.trim() === '' ? undefined : { kind: 'text', text: cell }));
    }
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    return { sheets: [{ name: tabOf(name), rows }], damage: error };
  }
  return { sheets: [{ name: tabOf(name), rows }], damage: null };
}

/** A line of words below a table, which is no row: at least three words in one cell, and no other cell with any. */
function isNote(fields: readonly string[]): boolean {
  const filled = fields.filter((field) => field.trim() !== '');
  return filled.length === 1 && /^\s*[A-Za-z*(]\S*(?:\s+\S+){2}/.test(filled[0] ?? '');
}

/** The tab of a sheet by the name that it got when its workbook was opened, `book.xlsx.Tab.csv`; empty for other names. */
function tabOf(name: string): string {
  return /\.xls[xm]?\.(.+)\.csv$/i.exec(name)?.[1] ?? '';
}

const cutShort = (file: string, line: number, got: number, width: number): CarbonError =>
  new CarbonError('SOURCE_MALFORMED', `line ${line}: the last line is cut short`, {
    position: {
      ...(file === '' ? {} : { file }),
      line,
      expected: `${width} fields`,
      got: `${got} fields`,
    },
  });

/** The words of a head of either form, as they stand in it: those of an old workbook without the zeros between letters. */
export function sheetWords(head: PayloadHead): string {
  return looksCompound(head.text) ? head.text.replaceAll('\0', '') : head.text;
}
