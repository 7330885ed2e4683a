/**
 * One table in any of the forms in which operators serve it: CSV, a JSON array of objects, JSON rows beside a list of
 * fields, XML elements, or a table of a page. What a report means does not hang on its form.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload } from '../contract.ts';
import { placeOf, requireText } from '../payload.ts';
import { csvOf } from '../readers/csv.ts';
import { isHtml, readHtml } from '../readers/html-table.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../readers/json.ts';
import { readXml, type XmlElement } from '../readers/xml.ts';

/** One record: its cells in the order of the header; null where it has none. */
export interface TableRecord {
  /** Line of the body, or number of the record where the form has no lines; counted from 1. */
  readonly line: number;
  readonly cells: readonly (string | null)[];
}

/** A table, read to its end or up to its damage. */
export interface RecordTable {
  readonly form: 'csv' | 'json' | 'rows' | 'xml' | 'html';
  /** Names of the columns as printed. */
  readonly header: readonly string[];
  readonly records: readonly TableRecord[];
  /** SOURCE_MALFORMED with its line; null for a whole table. */
  readonly damage: CarbonError | null;
}

/** Finds the records of a JSON document: an array of objects, or a header with arrays; null when it has none. */
export type FindRows = (
  body: Json,
) => { readonly header: readonly string[] | null; readonly rows: readonly Json[] } | null;

/**
 * Reads a body as a table. Throws SOURCE_EMPTY, SOURCE_NOT_DATA (a page without a table), SOURCE_UNRECOGNISED (binary)
 * and SOURCE_MALFORMED (not JSON, or JSON without records).
 */
export function readRecordTable(payload: Payload, findRows: FindRows): RecordTable {
  const start = new TextDecoder().decode(payload.bytes.subarray(0, 400)).trimStart();
  if (/^[[{]/.test(start)) return readJsonTable(payload, findRows);
  if (isHtml(start)) return readHtmlTable(payload);
  if (start.startsWith('<')) return readXmlTable(payload);
  return readCsvTable(payload);
}

/** A record with another number of fields than the header is damage. */
export function readCsvTable(payload: Payload): RecordTable {
  requireText(payload);
  const { position } = placeOf(payload);
  const reader = csvOf(payload);
  const records: TableRecord[] = [];
  let header: string[] = [];
  let damage: CarbonError | null = null;
  try {
    if (!reader.nextFilled()) throw new CarbonError('SOURCE_EMPTY', 'the body is blank', { position });
    header = [...reader.fields];
    while (reader.nextFilled()) {
      const got = reader.fields.length;
      if (got !== header.length) {
        const cut = reader.unterminated && got < header.length;
        const what = cut ? 'the last line is cut short' : `${got} fields under a header of ${header.length}`;
        throw new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: ${what}`, {
          position: {
            ...position,
            line: reader.line,
            expected: `${header.length} fields`,
            got: `${got} fields`,
          },
        });
      }
      records.push({ line: reader.line, cells: [...reader.fields] });
    }
  } catch (error) {
    if (!(error instanceof CarbonError) || header.length === 0) throw error;
    damage = error;
  }
  return { form: 'csv', header, records, damage };
}

function readJsonTable(payload: Payload, findRows: FindRows): RecordTable {
  const body = readJson(payload);
  const found = findRows(body);
  if (found === null) throw malformedRecord(payload, 1, 'a document with records', summary(body));
  return jsonTable(payload, found.header, found.rows);
}

/** The same of records that were found already; a record that is no object or array of cells is damage. */
export function jsonTable(
  payload: Payload,
  header: readonly string[] | null,
  rows: readonly Json[],
): RecordTable {
  const names = header ?? namesOf(rows);
  const index = new Map(names.map((name, at) => [name, at]));
  const records: TableRecord[] = [];
  let damage: CarbonError | null = null;
  for (const [i, row] of rows.entries()) {
    const cells = header === null ? cellsOfObject(row, index) : cellsOfArray(row, names.length);
    if (cells === null) {
      damage = malformedRecord(payload, i + 1, 'a record of texts, numbers and booleans', row);
      break;
    }
    records.push({ line: i + 1, cells });
  }
  return { form: header === null ? 'json' : 'rows', header: names, records, damage };
}

function summary(body: Json): Json {
  return isJsonObject(body) ? Object.keys(body).slice(0, 12) : isJsonArray(body) ? body.slice(0, 1) : body;
}

function namesOf(rows: readonly Json[]): string[] {
  const names = new Set<string>();
  for (const row of rows) if (isJsonObject(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

/** Text of a JSON value that stands in a cell; undefined for a nested one. */
function cellOf(value: Json | undefined): string | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}

function cellsOfObject(row: Json, index: ReadonlyMap<string, number>): (string | null)[] | null {
  if (!isJsonObject(row)) return null;
  const cells = new Array<string | null>(index.size).fill(null);
  for (const [name, value] of Object.entries(row)) {
    const cell = cellOf(value);
    if (cell === undefined) return null;
    cells[index.get(name) ?? 0] = cell;
  }
  return cells;
}

function cellsOfArray(row: Json, width: number): (string | null)[] | null {
  if (!isJsonArray(row) || row.length !== width) return null;
  const cells = row.map(cellOf);
  return cells.every((cell) => cell !== undefined) ? cells : null;
}

/** A record is an element whose children are all leaves; its columns are their names. */
function readXmlTable(payload: Payload): RecordTable {
  const elements: XmlElement[] = [];
  const isLeaf = (element: XmlElement): boolean => element.children.length === 0;
  const { root, damage } = readXml(payload, (element) => {
    if (isLeaf(element) || !element.children.every(isLeaf)) return false;
    elements.push(element);
    return true;
  });
  if (elements.length === 0 && damage !== null) throw damage;
  const names = new Map<string, number>();
  for (const { children } of elements)
    for (const { name } of children) if (!names.has(name)) names.set(name, names.size);
  const records = elements.map(({ line, children }) => {
    const cells = new Array<string | null>(names.size).fill(null);
    for (const { name, text } of children) cells[names.get(name) ?? 0] = text;
    return { line, cells };
  });
  if (elements.length === 0)
    throw new CarbonError(
      'SOURCE_EMPTY',
      `the document <${root?.name ?? ''}> has no record`,
      placeOf(payload),
    );
  return { form: 'xml', header: [...names.keys()], records, damage };
}

/** The longest table of a page: its first row is the header, and rows of another width are passed over. */
function readHtmlTable(payload: Payload): RecordTable {
  const page = readHtml(payload);
  const rows = page.tables.reduce((best, each) => (each.length > best.length ? each : best), []);
  const [first, ...others] = rows;
  if (first === undefined) {
    requireText(payload);
    throw new CarbonError('SOURCE_NOT_DATA', 'the page holds no table', placeOf(payload));
  }
  const records = others
    .filter(({ cells }) => cells.length === first.cells.length)
    .map(({ line, cells }) => ({ line, cells }));
  return { form: 'html', header: first.cells, records, damage: null };
}
