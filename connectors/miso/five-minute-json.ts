/** The JSON displays of MISO's five-minute prices. A record is a row; they are counted from 1. */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { columnsOf } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { LMP_UNIT } from './lmp-table.ts';

const COLUMNS = { time: 'interval', node: 'cpnode', lmp: 'lmp', loss: 'mlc', congestion: 'mcc' } as const;

/**
 * Reads `{"headers":["INTERVAL","CPNODE","LMP","MLC","MCC"],"data":[["2025-12-03T00:05:00","GRE.ALTW","-1.64",…]]}`.
 * No record is no error: a display is empty for some minutes after midnight. Throws SOURCE_MALFORMED (not JSON, no
 * `data`) and SOURCE_COLUMN_MISSING.
 */
export function readFiveMinuteDisplay(payload: Payload): Decoded {
  const body = readJson(payload);
  const headers = isJsonObject(body) ? body['headers'] : undefined;
  const data = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonArray(headers) || !isJsonArray(data))
    throw malformedRecord(payload, 1, 'an object with "headers" and "data"', body);
  const { index, drift } = columnsOf(
    headers.map(text),
    { columns: COLUMNS, ignored: [] },
    {
      ...placeOf(payload).position,
      line: 1,
    },
  );
  const rows: SourceRow[] = [];
  let damage: CarbonError | null = null;
  for (const [i, record] of data.entries()) {
    if (!isJsonArray(record) || record.length !== headers.length || !record.every(isCell)) {
      damage = malformedRecord(payload, i + 1, `an array of ${headers.length} texts or numbers`, record);
      break;
    }
    const cell = (column: keyof typeof COLUMNS): Json | undefined => record[index[column]];
    rows.push(
      sourceRow(i + 1, text(cell('node')).trim(), text(cell('time')), [
        { field: 'lmp', value: cellOf(cell('lmp')), unit: LMP_UNIT },
        { field: 'loss', value: cellOf(cell('loss')), unit: LMP_UNIT },
        { field: 'congestion', value: cellOf(cell('congestion')), unit: LMP_UNIT },
      ]),
    );
  }
  return { rows, rejected: [], drift, damage };
}

/** Parts of a price by the names that either form of the table has used. */
const PARTS: readonly (readonly [field: string, names: readonly string[]])[] = [
  ['lmp', ['LMP', 'lmp']],
  ['loss', ['MLC', 'loss']],
  ['congestion', ['MCC', 'congestion']],
];

/**
 * Reads `{"LMPData":{"RefId":"12-Jun-2026 - Interval 14:35 EST","FiveMinLMP":{"PricingNode":[{"name":…,"LMP":…}]}}}`.
 * RefId is the stamp of every row and its publication time. Throws SOURCE_MALFORMED where the parts named are absent,
 * and SOURCE_EMPTY for a table without nodes.
 */
export function readConsolidatedTable(payload: Payload, reference: TimeConvention): Decoded {
  const body = readJson(payload);
  const table = isJsonObject(body) ? body['LMPData'] : undefined;
  const refId = isJsonObject(table) ? table['RefId'] : undefined;
  const five = isJsonObject(table) ? table['FiveMinLMP'] : undefined;
  const nodes = isJsonObject(five) ? five['PricingNode'] : undefined;
  if (typeof refId !== 'string' || !isJsonArray(nodes))
    throw malformedRecord(payload, 1, 'LMPData with a RefId and the nodes of FiveMinLMP', body);
  if (nodes.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the table of five-minute prices has no node', placeOf(payload));
  const moment = momentOf(reference, refId);
  const publishedAt: Micros | null = moment.kind === 'unique' ? moment.first : null;
  const rows: SourceRow[] = [];
  let damage: CarbonError | null = null;
  for (const [i, node] of nodes.entries()) {
    const name = isJsonObject(node) ? node['name'] : undefined;
    const prices = isJsonObject(node) ? PARTS.map(([field, names]) => partOf(node, field, names)) : [];
    if (typeof name !== 'string' || name.trim() === '' || prices.some((price) => price === null)) {
      damage = malformedRecord(payload, i + 1, 'a node with name, LMP, MLC and MCC', node);
      break;
    }
    rows.push(
      sourceRow(
        i + 1,
        name.trim(),
        refId,
        prices.filter((price) => price !== null),
        { publishedAt },
      ),
    );
  }
  return { rows, rejected: [], drift: [], damage };
}

/** A part of a price; null when the node has it under none of its names. */
function partOf(
  node: Readonly<Record<string, Json>>,
  field: string,
  names: readonly string[],
): SourceRow['values'][number] | null {
  const name = names.find((candidate) => Object.hasOwn(node, candidate));
  const value = name === undefined ? undefined : node[name];
  return isCell(value) ? { field, value: cellOf(value), unit: LMP_UNIT } : null;
}

const isCell = (value: Json | undefined): boolean => value === null || typeof value === 'string';
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const cellOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
