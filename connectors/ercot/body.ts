/**
 * The forms of ERCOT's bodies: CSV or XML members of its report archives, sheets of its yearly workbooks, answers of its
 * public API (positional rows beside a list of fields), and tables of its display pages.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, type Json } from '../kit/readers/json.ts';
import { type FindRows, jsonTable, type RecordTable, readRecordTable } from '../kit/tables/record-table.ts';
import type { SourcedTable, TableReader } from '../kit/tables/table-dataset.ts';
import { tableOfHead } from '../kit/tables/table-head.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';

/** The market's clock. */
export const ERCOT_ZONE = 'America/Chicago';

/** `{"fields":[{"name":"deliveryDate"},…],"data":[["2026-03-08",…],…]}`; rows as objects have been seen in clients. */
const findRows: FindRows = (body) => {
  if (!isJsonObject(body)) return isJsonArray(body) ? { header: null, rows: body } : null;
  const { fields, data } = body;
  if (!isJsonArray(data) || !isJsonArray(fields)) return null;
  if (data.length > 0 && data.every(isJsonObject)) return { header: null, rows: data };
  return { header: fields.map(nameOf), rows: data };
};

const nameOf = (field: Json): string =>
  isJsonObject(field) && typeof field['name'] === 'string' ? field['name'] : '';

/** Columns of an answer of the API whose rows lie beyond the head. */
function fieldsOfHead(head: PayloadHead): RecordTable | null {
  const at = head.text.search(/"fields"\s*:\s*\[/);
  if (at < 0) return null;
  const list = head.text.slice(at, head.text.indexOf(']', at) + 1);
  const names = [...list.matchAll(/"name"\s*:\s*"([^"]*)"/g)].map(([, name]) => name ?? '');
  return names.length === 0 ? null : jsonTable({ name: head.name, bytes: new Uint8Array() }, names, []);
}

/** How much of a body is looked at for its report. */
const START = 4_000;

/** `"report":{"reportName":"2d_agg_load_summary_north",…}` of an answer of the API; null for other bodies. */
const sourced = (table: RecordTable, start: string): SourcedTable => ({
  table,
  source: /"reportName"\s*:\s*"([^"]*)"/.exec(start)?.[1] ?? null,
});

/** Reads every form. */
export const ERCOT_TABLES: TableReader = {
  body: (payload: Payload) =>
    sourced(readRecordTable(payload, findRows), new TextDecoder().decode(payload.bytes.subarray(0, START))),
  head: (head) => {
    const table = tableOfHead(head, findRows, (text) => text.search(/\[\s*\{/)) ?? null;
    const isApi = /^[\s\uFEFF]*\{/.test(head.text);
    const found = isApi && table?.form !== 'rows' ? (fieldsOfHead(head) ?? null) : table;
    return found === null ? null : sourced(found, head.text.slice(0, START));
  },
};

const PUBLISHED: TimeConvention = {
  name: 'central-instant',
  zone: ERCOT_ZONE,
  pattern: 'YYYYMMDD hhmmss',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};

/**
 * When a report was published, by the name of its file in the archive: `cdr.00012311.<16 digits>.20250313.123000.LFC.csv`
 * or `rpt.00013091.<16 digits>.20160101080005.DAMASMCPC_2015.csv`, Central time. Null where the name does not say, or says a time of
 * the repeated hour.
 */
export function publishedByName(name: string): Micros | null {
  const parts = /\.\d{16}\.(\d{8})\.?(\d{6})\d{0,3}\./.exec(name);
  return parts === null ? null : instantOf(`${parts[1]} ${parts[2]}`, PUBLISHED.pattern);
}

/** The instant of a stamp in Central time that has only one; null for every other. */
export function instantOf(text: string, pattern: string): Micros | null {
  const moment = momentOf({ ...PUBLISHED, pattern }, text);
  return moment.kind === 'unique' ? moment.first : null;
}

/** SOURCE_MALFORMED for a table of a known report whose hours cannot be told. */
export function unreadableHours(line: number, name: string, expected: string, got: string): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${line}: the hours of this report cannot be told`, {
    position: { ...(name === '' ? {} : { file: name }), line, field: 'hour', expected, got },
  });
}
