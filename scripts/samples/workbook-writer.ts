/** Writes small workbooks (xlsx) for samples and tests: texts shared, numbers as they are, dates as counts of days. */

import { zipOf } from './zip-writer.ts';

/** A cell: a text, a number given as its digits, a count of days with a format, or nothing. */
export type Cell =
  | string
  | null
  | { readonly number: string }
  | { readonly days: number; readonly as: 'date' | 'date-time' | 'time' };

/** A sheet. */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Index of the cell format of each kind of moment in the styles below. */
const STYLES = { date: 1, 'date-time': 2, time: 3 } as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const column = (index: number): string => String.fromCharCode(65 + index);

/** The workbook of the sheets in their order. */
export function workbookOf(sheets: readonly Sheet[]): Buffer {
  const texts: string[] = [];
  const shared = new Map<string, number>();
  const indexOf = (text: string): number =>
    shared.getOrInsertComputed(
      text,
      () => texts.push(`<si><t xml:space="preserve">${escaped(text)}</t></si>`) - 1,
    );
  const cellXml = (cell: Cell, reference: string): string => {
    if (cell === null) return '';
    if (typeof cell === 'string') return `<c r="${reference}" t="s"><v>${indexOf(cell)}</v></c>`;
    if ('number' in cell) return `<c r="${reference}"><v>${cell.number}</v></c>`;
    return `<c r="${reference}" s="${STYLES[cell.as]}"><v>${cell.days}</v></c>`;
  };
  const parts: [path: string, xml: string][] = [];
  for (const [n, { rows }] of sheets.entries()) {
    const data = rows.map((cells, r) => {
      const inner = cells.map((cell, c) => cellXml(cell, `${column(c)}${r + 1}`)).join('');
      return inner === '' ? '' : `<row r="${r + 1}">${inner}</row>`;
    });
    parts.push([
      `xl/worksheets/sheet${n + 1}.xml`,
      `<worksheet xmlns="${MAIN}"><sheetData>${data.join('')}</sheetData></worksheet>`,
    ]);
  }
  const list = sheets.map(
    ({ name }, n) => `<sheet name="${escaped(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`,
  );
  const targets = sheets.map(
    (_, n) =>
      `<Relationship Id="rId${n + 1}" Type="${REL}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`,
  );
  const formats = [0, 14, 22, 20].map((id) => `<xf numFmtId="${id}"/>`).join('');
  parts.push(
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${list.join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${targets.join('')}</Relationships>`,
    ],
    ['xl/styles.xml', `<styleSheet xmlns="${MAIN}"><cellXfs count="4">${formats}</cellXfs></styleSheet>`],
    ['xl/sharedStrings.xml', `<sst xmlns="${MAIN}">${texts.join('')}</sst>`],
    ['[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types"/>`],
  );
  return zipOf(parts.map(([path, xml]) => ({ path, bytes: Buffer.from(HEAD + xml), deflate: false })));
}
