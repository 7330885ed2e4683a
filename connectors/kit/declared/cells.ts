/** The rows of a body of any format as texts by column or path: what a declared dataset reads them through. */

import { CarbonError } from '../../../core/errors.ts';
import type { Decoded, Drift, Payload, SourceRow } from '../contract.ts';
import { placeOf } from '../payload.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
  readJson,
} from '../readers/json.ts';
import { normaliseHeader, readTable } from '../readers/table.ts';
import { readXml, type XmlElement } from '../readers/xml.ts';
import type { ReadDeclaration } from './declaration.ts';
import { namedRow, type Path, pathOf, rowsAt, textOfJson, valueAt } from './path.ts';

/** One row: the text of a column, null where it says nothing, undefined where the row has no such column. */
export type Cells = (column: string) => string | null | undefined;

/** Makes a row of the source of cells; null leaves it out. `row` is its line or record, counted from 1. */
export type ToRow = (cells: Cells, row: number) => SourceRow | null;

/** Records before the header of a CSV: report titles and comments. */
const PREAMBLE = 50;

/**
 * Reads a body. Throws as the readers do, and SOURCE_COLUMN_MISSING when a column of `needed` is in no row. Columns that
 * are neither needed nor known are drift.
 */
export function readCells(
  payload: Payload,
  read: ReadDeclaration,
  needed: readonly string[],
  toRow: ToRow,
): Decoded {
  if (read.format === 'csv') return readCsv(payload, read, needed, toRow);
  const { records, damage } = read.format === 'json' ? jsonRecords(payload, read) : xmlRecords(payload, read);
  return readObjects(payload, read, needed, records, damage, toRow);
}

function readCsv(payload: Payload, read: ReadDeclaration, needed: readonly string[], toRow: ToRow): Decoded {
  const columns = Object.fromEntries(needed.map((column) => [column, normaliseHeader(column)]));
  const layout = { columns, ignored: read.known.map(normaliseHeader) };
  return readTable(
    payload,
    layout,
    (fields, at, line) =>
      toRow((column) => {
        const index = at[column];
        return index === undefined ? undefined : (fields[index] ?? null);
      }, line),
    { delimiter: read.delimiter, preamble: PREAMBLE, rowMarker: read.row_marker },
  );
}

interface Records {
  readonly records: readonly Json[];
  readonly damage: CarbonError | null;
}

function jsonRecords(payload: Payload, read: ReadDeclaration): Records {
  const document = readJson(payload);
  const path = pathOf(read.rows ?? '');
  const records = path === null ? (isJsonArray(document) ? document : null) : rowsAt(document, path);
  if (records === null)
    throw malformedRecord(payload, 1, `a document with rows at ${read.rows || 'its top'}`, document);
  if (read.columns === undefined) return { records, damage: null };
  const names = namesAt(document, read.columns);
  return {
    records: records.map((record) =>
      isJsonArray(record) && record.length === names.length ? namedRow(names, record) : record,
    ),
    damage: null,
  };
}

/** Names of positions: texts, or objects with a `name`. */
function namesAt(document: Json, text: string): string[] {
  const path = pathOf(text);
  const found = path === null ? null : rowsAt(document, path);
  return (found ?? []).map((name) => textOfJson(isJsonObject(name) ? name['name'] : name) ?? '');
}

function xmlRecords(payload: Payload, read: ReadDeclaration): Records {
  const steps = (read.rows ?? '').split('.');
  const records: JsonObject[] = [];
  const { damage } = readXml(payload, (element, ancestors) => {
    const names = [...ancestors.map(({ name }) => name), element.name];
    const isRow = names.length === steps.length && steps.every((step, i) => step === names[i]);
    if (isRow) records.push(objectOf(element));
    return isRow;
  });
  return { records, damage };
}

/** An element as an object: children by name, attributes with `@` before them, its own text as `$`. */
function objectOf(element: XmlElement): JsonObject {
  const object: Record<string, Json> = { $: element.text };
  for (const [name, value] of element.attributes) object[`@${name}`] = value;
  for (const child of element.children) {
    const isPlain = child.children.length === 0 && child.attributes.size === 0;
    object[child.name] = isPlain ? child.text : objectOf(child);
  }
  return object;
}

function readObjects(
  payload: Payload,
  read: ReadDeclaration,
  needed: readonly string[],
  records: readonly Json[],
  cut: CarbonError | null,
  toRow: ToRow,
): Decoded {
  const paths = new Map(needed.map((column): [string, Path | null] => [column, pathOf(column)]));
  const known = new Set([...needed, ...read.known].map(topOf));
  const seen = new Set<string>();
  const drift: Drift[] = [];
  const rows: SourceRow[] = [];
  let damage = cut;
  for (const [i, record] of records.entries()) {
    if (!isJsonObject(record)) {
      damage = malformedRecord(payload, i + 1, 'an object, or an array as long as its columns', record);
      break;
    }
    for (const [at, key] of Object.keys(record).entries())
      if (key !== '$' && !known.has(key) && !seen.has(key)) {
        seen.add(key);
        drift.push({ column: key, at: at + 1 });
      }
    const row = toRow((column) => {
      const path = paths.get(column) ?? null;
      const value = path === null ? undefined : valueAt(record, path);
      return textOfJson(value);
    }, i + 1);
    if (row !== null) rows.push(row);
  }
  if (records.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the body has no row', { position: placeOf(payload).position });
  requireColumns(payload, needed, paths, records);
  return { rows, rejected: [], drift, damage };
}

/** What no record has is a column that is gone, not a value that is missing here and there. */
function requireColumns(
  payload: Payload,
  needed: readonly string[],
  paths: ReadonlyMap<string, Path | null>,
  records: readonly Json[],
): void {
  for (const column of needed) {
    const path = paths.get(column) ?? null;
    if (
      records.length === 0 ||
      records.some((record) => path !== null && valueAt(record, path) !== undefined)
    )
      continue;
    const got = Object.keys(records.find(isJsonObject) ?? {}).join(', ');
    throw new CarbonError('SOURCE_COLUMN_MISSING', `no row has ${column}`, {
      position: { ...placeOf(payload).position, line: 1, field: column, expected: column, got },
    });
  }
}

const topOf = (column: string): string => pathOf(column)?.[0]?.key ?? column;
