/**
 * MISO's displays that are a list of records: JSON of the public API, `{"RefId":"…","Days":[{…},…]}`, the same inside an
 * object of one key, or the list alone; and the same as CSV (`returnType=csv`) below a line `RefId,…`.
 */

import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { textOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { normaliseHeader, readRecords } from '../kit/readers/table.ts';
import { displayTable, tablePayload } from './display-table.ts';

/** A record by the names of its figures, in lower case. */
export type DisplayRecord = ReadonlyMap<string, string | null>;

/** What makes the rows of a record: `reference` is what stands at RefId. Null for a record that is damaged. */
export interface DisplayReader {
  /** Names that tell the display. */
  readonly columns: readonly string[];
  rowsOf(record: DisplayRecord, line: number, reference: string): readonly SourceRow[] | null;
  /** A record, for messages. */
  readonly expected: string;
}

const isJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** Whether a text is the display, by the names of its figures. */
export function isDisplay(text: string, { columns }: DisplayReader): boolean {
  if (!isJson(text)) return displayTable(text, columns) !== null;
  return columns.every((column) => new RegExp(`"${column}"\\s*:`, 'i').test(text));
}

/** Reads the display. Throws as `readJson` and `readRecords`, and SOURCE_MALFORMED for a body without a list. */
export function readDisplay(payload: Payload, display: DisplayReader): Decoded {
  const text = textOf(payload);
  return isJson(text) ? readList(payload, display) : readCsv(payload, text, display);
}

/** An object with RefId and list, or the one that an object of one key holds. */
function unwrapped(body: Json): Json {
  if (!isJsonObject(body)) return body;
  const [inside, ...others] = Object.values(body);
  return others.length === 0 && inside !== undefined && isJsonObject(inside) ? inside : body;
}

function readList(payload: Payload, { rowsOf, expected }: DisplayReader): Decoded {
  const body = unwrapped(readJson(payload));
  const list = isJsonObject(body) ? Object.values(body).find(isJsonArray) : body;
  if (!isJsonArray(list)) throw malformedRecord(payload, 1, 'a list of records', body);
  const named = isJsonObject(body) ? body['RefId'] : undefined;
  const reference = typeof named === 'string' ? named : '';
  const rows: SourceRow[] = [];
  for (const [i, record] of list.entries()) {
    const made = isJsonObject(record) ? rowsOf(fieldsOf(record), i + 1, reference) : null;
    if (made === null) {
      const damage = malformedRecord(payload, i + 1, expected, record);
      return { rows, rejected: [], drift: [], damage };
    }
    rows.push(...made);
  }
  return { rows, rejected: [], drift: [], damage: null };
}

function fieldsOf(record: Readonly<Record<string, Json>>): DisplayRecord {
  const fields = new Map<string, string | null>();
  for (const [key, value] of Object.entries(record))
    if (value === null || typeof value === 'string') fields.set(key.trim().toLowerCase(), value);
  return fields;
}

const REFERENCE = /^"?RefId"?\s*[=,:]\s*"?([^"\n]*)/im;

function readCsv(payload: Payload, text: string, { columns, rowsOf, expected }: DisplayReader): Decoded {
  const table = displayTable(text, columns);
  const reference = (REFERENCE.exec(text.slice(0, 2_000))?.[1] ?? '').replace(/[\s,]+$/, '');
  return readRecords(table === null ? payload : tablePayload(payload, table), (header) => {
    const names = header.map(normaliseHeader);
    return {
      drift: [],
      rowsOf(cells, line) {
        const record = new Map(names.map((name, at) => [name, cells[at] ?? '']));
        const made = rowsOf(record, line, reference);
        if (made === null) throw malformedRecord(payload, line, expected, [...cells]);
        return made;
      },
    };
  });
}
