/**
 * The sheets of a body that people keep as a workbook: an old one (`.xls`) holds them all; a sheet of a new one (`.xlsx`)
 * comes as a CSV text of its own, as does a table that was saved from it.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload } from '../contract.ts';
import { placeOf, requireText } from '../payload.ts';
import { looksCompound } from './compound-file.ts';
import { csvOf } from './csv.ts';
import type { Sheet } from './sheet.ts';
import { readXls } from './xls.ts';

/**
 * The sheets. Lines of a text that hold less than their header are rows whose last cells are blank, as sheets leave them
 * out; a last line that is cut within them is damage. Throws as `readXls` and the readers of text do.
 */
export function readSheets(payload: Payload): Sheet[] {
  if (looksCompound(new TextDecoder().decode(payload.bytes.subarray(0, 16)))) return readXls(payload);
  requireText(payload);
  const reader = csvOf(payload);
  const rows: (readonly { kind: 'text'; text: string }[] | undefined)[] = [];
  let widest = 0;
  while (reader.next()) {
    if (reader.unterminated && reader.fields.length < widest)
      throw new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: the last line is cut short`, {
        position: {
          ...placeOf(payload).position,
          line: reader.line,
          expected: `${widest} fields`,
          got: `${reader.fields.length} fields`,
        },
      });
    widest = Math.max(widest, reader.fields.length);
    while (rows.length < reader.line - 1) rows.push(undefined);
    rows.push(reader.fields.map((text) => ({ kind: 'text', text })));
  }
  return [{ name: tabOf(payload.name), rows }];
}

/** The tab of a sheet by the name that it got when its workbook was opened, `book.xlsx.Tab.csv`; empty for other names. */
function tabOf(name: string): string {
  return /\.xls[xm]?\.(.+)\.csv$/i.exec(name)?.[1] ?? '';
}
