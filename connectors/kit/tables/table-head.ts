/** The start of a body as a table: enough of it to tell which report it is. */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload, PayloadHead } from '../contract.ts';
import { isJsonObject, type Json } from '../readers/json.ts';
import { splitRecords } from '../readers/json-records.ts';
import { type FindRows, jsonTable, type RecordTable, readRecordTable } from './record-table.ts';
import type { TableReader } from './table-dataset.ts';

/**
 * The table at the start of a body, as far as the head goes; null for what is no table. `rowsAt` finds, in a JSON text
 * that may be cut, where its array of records begins (the index of the bracket), -1 for nowhere.
 */
export function tableOfHead(
  head: PayloadHead,
  findRows: FindRows,
  rowsAt: (text: string) => number,
): RecordTable | null {
  if (/^[\s\uFEFF]*[[{]/.test(head.text)) return jsonHead(head, findRows, rowsAt);
  const cut = head.whole ? head.text : head.text.slice(0, head.text.lastIndexOf('\n') + 1);
  return quietly(() => readRecordTable(payloadOf(head, cut), findRows));
}

const NO_ROWS: FindRows = () => null;

/** Reads a market's tables that never come as JSON. */
export const FLAT_TABLES: TableReader = {
  body: (payload) => ({ table: readRecordTable(payload, NO_ROWS), source: null }),
  head(head) {
    const table = tableOfHead(head, NO_ROWS, () => -1);
    return table === null ? null : { table, source: null };
  },
};

function jsonHead(
  head: PayloadHead,
  findRows: FindRows,
  rowsAt: (text: string) => number,
): RecordTable | null {
  if (head.whole) {
    const whole = quietly(() => readRecordTable(payloadOf(head, head.text), findRows));
    if (whole !== null) return whole;
  }
  const at = rowsAt(head.text);
  if (at < 0) return null;
  const text = head.text.slice(at);
  const rows: Json[] = [];
  for (const { from, to } of splitRecords(text, '').records.slice(0, 2_000)) {
    const row = quietly(() => JSON.parse(text.slice(from, to), textual) as Json);
    if (isJsonObject(row ?? undefined)) rows.push(row as Json);
  }
  if (rows.length === 0) return null;
  const found = findRows(rows);
  return jsonTable(payloadOf(head, ''), found?.header ?? null, found?.rows ?? rows);
}

const textual = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? String(value) : value;

const payloadOf = (head: PayloadHead, text: string): Payload => ({
  name: head.name,
  bytes: new TextEncoder().encode(text),
});

/** What a head cannot show is no failure of recognition. */
function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CarbonError || error instanceof SyntaxError) return null;
    throw error;
  }
}
