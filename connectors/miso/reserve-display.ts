/**
 * MISO's display of clearing prices for reserves, `AncillaryServicesMCP`: by zone, of the five minutes that `RefId` names,
 * JSON or CSV. Beside the real-time table stands the one of the day-ahead hour, which the reports print.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { headOf, textOf } from '../kit/payload.ts';
import { isJsonObject, type Json, type JsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { normaliseHeader, readRecords } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf } from '../kit/time/convention.ts';
import { displayTable, REFERENCE_TIME, tablePayload } from './display-table.ts';
import { RESERVE_FIELDS } from './reserve-prices.ts';

const UNIT = 'USD/MW';
const COLUMNS = ['number', 'genregmcp', 'genspinmcp'];
/** Fields by the names of the columns; the others are `mcp_` and their name without MCP. */
const FIELDS: Readonly<Record<string, string>> = {
  strmcp: 'mcp_str',
  rcpupmcp: 'mcp_ramp_up',
  rcpdownmcp: 'mcp_ramp_down',
  demandregmcp: 'mcp_demreg',
  demandspinmcp: 'mcp_demspin',
  demandsuppmcp: 'mcp_demsupp',
};

const isJson = (text: string): boolean => /^\s*\{/.test(text) && /"RealTimeMCP"\s*:/i.test(text);
/** The table of real time, cut off before the next one. */
function csvTable(text: string): ReturnType<typeof displayTable> {
  const end = text.search(/^[ \t]*"?DayAheadMCP/im);
  const table = displayTable(end < 0 ? text : text.slice(0, end), COLUMNS);
  return table === null || table.reference === '' ? null : table;
}

function recognise(head: PayloadHead): Recognition {
  if (!isJson(head.text) && csvTable(head.text) === null) return 0;
  return /ancillary|mcp/i.test(head.name) ? 3 : 2;
}

const fieldOf = (column: string): string | null =>
  ownEntry(FIELDS, column) ?? (/^[a-z]+mcp$/.test(column) ? `mcp_${column.slice(0, -3)}` : null);

function rowOf(
  record: readonly (readonly [column: string, value: string | null])[],
  row: number,
  reference: string,
): SourceRow | null {
  const zone = record.find(([column]) => column === 'number')?.[1];
  const values = record.flatMap(([column, value]) => {
    const field = fieldOf(column);
    return field === null ? [] : [{ field, value, unit: UNIT }];
  });
  if (zone === undefined || zone === null || values.length === 0) return null;
  const moment = momentOf(REFERENCE_TIME, reference);
  const publishedAt = moment.kind === 'unique' ? moment.first : null;
  return sourceRow(row, zone.trim(), reference, values, { publishedAt });
}

function decode(payload: Payload): Decoded {
  return isJson(headOf(payload).text) ? readDisplay(payload) : readCsv(payload);
}

function readCsv(payload: Payload): Decoded {
  const table = csvTable(textOf(payload));
  const body = table === null ? payload : tablePayload(payload, table);
  return readRecords(body, (header) => {
    const names = header.map(normaliseHeader);
    return {
      drift: [],
      rowsOf(cells, line) {
        const record = names.map((name, at) => [name, cells[at] ?? ''] as const);
        const row = rowOf(record, line, table?.reference ?? '');
        return row === null ? [] : [row];
      },
    };
  });
}

/** The value of a key in any case, at any depth of objects. */
function find(value: Json | undefined, key: RegExp): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const [name, inside] of Object.entries(value)) if (key.test(name)) return inside;
  for (const inside of Object.values(value)) {
    const found = find(inside, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Zones lie in a list, in an object under `Zone`, or each under its name. */
function zonesIn(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(zonesIn);
  if (!isJsonObject(value)) return [];
  return Object.hasOwn(value, 'number') ? [value] : Object.values(value).flatMap(zonesIn);
}

function readDisplay(payload: Payload): Decoded {
  const body = readJson(payload);
  const reference = find(body, /^RefId$/i);
  const zones = zonesIn(find(body, /^RealTimeMCP$/i));
  if (typeof reference !== 'string' || zones.length === 0)
    throw malformedRecord(payload, 1, 'a RefId and the zones of RealTimeMCP', body);
  const rows: SourceRow[] = [];
  for (const [i, zone] of zones.entries()) {
    const record = Object.entries(zone).flatMap(([key, value]) =>
      value === null || typeof value === 'string' ? [[key.toLowerCase(), value] as const] : [],
    );
    const row = rowOf(record, i + 1, reference);
    if (row === null)
      return {
        rows,
        rejected: [],
        drift: [],
        damage: malformedRecord(payload, i + 1, 'a zone and its prices', zone),
      };
    rows.push(row);
  }
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `rt_as_prices` of MISO. */
export const realTimeReserveDisplay: Dataset = {
  name: 'rt_as_prices',
  title: 'Real-time five-minute clearing prices of regulation and reserves by zone',
  time: {
    ...REFERENCE_TIME,
    name: 'est-five-minutes-ending',
    stamp: 'ending-clock',
    length: 5 * MINUTE,
  },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: RESERVE_FIELDS,
  recognise,
  // Files that were kept are read; nothing is fetched.
  plan: () => [],
  decode,
};
