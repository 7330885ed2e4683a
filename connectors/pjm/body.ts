/**
 * The forms of PJM's bodies. A feed of Data Miner is JSON (`items` inside a document with links, or with `download=true`
 * the bare array), CSV or XML, with the same columns in each; a document names its feed in its own link.
 */

import type { Micros } from '../../core/time/instant.ts';
import type { PayloadHead } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, type Json } from '../kit/readers/json.ts';
import type { Publication } from '../kit/tables/layout.ts';
import { type FindRows, readRecordTable } from '../kit/tables/record-table.ts';
import type { TableReader } from '../kit/tables/table-dataset.ts';
import { tableOfHead } from '../kit/tables/table-head.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';

/** The market's clock. */
export const PJM_ZONE = 'America/New_York';

/** Keys under which the rows stand: Data Miner's own, and those of programs that pass its rows on. */
const ENVELOPES: readonly string[] = ['items', 'Items', 'data', 'results', 'records', 'value'];

/** What `version_nbr` says of a record: which statement about its value it is; nothing where no number stands. */
export const versionOf = (text: string): { readonly version?: number } =>
  /^[1-9]\d{0,5}$/.test(text) ? { version: Number(text) } : {};

const findRows: FindRows = (body: Json) => {
  const rows = isJsonObject(body) ? ENVELOPES.map((key) => body[key]).find(isJsonArray) : body;
  return isJsonArray(rows) ? { header: null, rows: rows.flatMap(pricesOf) } : null;
};

/**
 * Data Miner 1, closed in 2018, has a record for each node, day and kind of price, and its hours inside: they become
 * records with the names of today.
 */
function pricesOf(row: Json): readonly Json[] {
  const prices = isJsonObject(row) ? row['prices'] : undefined;
  if (!isJsonObject(row) || !isJsonArray(prices)) return [row];
  const { pnodeId = null, priceType = null, versionNum = null } = row;
  const shared = { pnode_id: pnodeId, price_type: priceType, version_nbr: versionNum };
  return prices.map((price) =>
    isJsonObject(price)
      ? { ...shared, datetime_beginning_utc: price['utchour'] ?? null, price: price['price'] ?? null }
      : price,
  );
}

const ROWS = new RegExp(`"(?:${ENVELOPES.join('|')})"\\s*:\\s*\\[(?=\\s*[{\\]])`);

/** Where the records begin in a text that may be cut. */
function rowsAt(text: string): number {
  const items = ROWS.exec(text);
  if (items !== null) return items.index + items[0].length - 1;
  return text.search(/^[\s\uFEFF]*\[\s*\{/) < 0 ? -1 : text.indexOf('[');
}

/** The feed that a document names in its link; null where it names none. */
function feedOf(start: string): string | null {
  return /\/api\/v1\/([a-z0-9_]+)/i.exec(start)?.[1]?.toLowerCase() ?? null;
}

const START = 4_000;

/** Reads every form of a feed. */
export const PJM_TABLES: TableReader = {
  body: (payload) => ({
    table: readRecordTable(payload, findRows),
    source: feedOf(new TextDecoder().decode(payload.bytes.subarray(0, START))),
  }),
  head: (head: PayloadHead) => {
    const table = tableOfHead(head, findRows, rowsAt);
    return table === null ? null : { table, source: feedOf(head.text.slice(0, START)) };
  },
};

/**
 * How a stamp is written: ISO in documents, American in CSV, with or without a fraction of a second. Spreadsheets save a year
 * of two digits.
 */
export function stampForm(cell: string): string {
  if (/^\d{4}-/.test(cell)) {
    const iso = `YYYY-MM-DD${cell.includes('T') ? 'T' : ' '}hh:mm[:ss][.f]`;
    return cell.endsWith('Z') ? `${iso}Z` : iso;
  }
  const date = /^\d{1,2}\/\d{1,2}\/\d{2}\b/.test(cell) ? 'M/D/YY' : 'M/D/YYYY';
  return `${date} h:mm[:ss][.f]${/[AP]M$/i.test(cell) ? ' A' : ''}`;
}

const INSTANT: TimeConvention = {
  name: 'utc-instant',
  zone: 'UTC',
  pattern: '',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};

/** The instant of a stamp on a clock; null where it is none, or one of two. */
export function instantAt(zone: string, cell: string): Micros | null {
  const moment = momentOf({ ...INSTANT, zone, pattern: stampForm(cell) }, cell);
  return moment.kind === 'unique' ? moment.first : null;
}

const ISSUED_UTC = ['evaluatedatutc', 'evaluatedatdatetimeutc', 'caseapprovaldatetimeutc', 'generatedatutc'];
const ISSUED_EPT = [
  'evaluatedatept',
  'evaluatedatdatetimeept',
  'caseapprovaldatetimeept',
  'generatedatept',
  'forecastexecutiondateept',
];

/** When a forecast or a case was issued: its UTC column, else the Eastern one. */
export const publication: Publication = ({ columns }) => {
  const utcAt = columns.find(...ISSUED_UTC);
  const eptAt = columns.find(...ISSUED_EPT);
  const [zone, at] = utcAt >= 0 ? ['UTC', utcAt] : [PJM_ZONE, eptAt];
  if (at < 0) return () => null;
  const known = new Map<string, Micros | null>([['', null]]);
  return (record) => {
    const cell = (record.cells[at] ?? '').trim();
    let instant = known.get(cell);
    if (instant === undefined) {
      instant = instantAt(zone, cell);
      known.set(cell, instant);
    }
    return instant;
  };
};
