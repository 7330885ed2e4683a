/**
 * The dataset `trade` of a market: files of the raw events that producers else write to the market's topic themselves,
 * so that trades come in through the same door as the bodies of the market: archived, decoded, published, explained.
 *
 * A file is one event, an array of them, or one after another (NDJSON). Each is the nested form (`envelope`, and
 * `payload` with market, instrument_id and raw_data of timestamp, price, volume, bid and ask) or the flat one of the
 * Avro schema. Its instant comes with an offset, so no time has to be resolved; the time of the envelope is its known
 * time. The tenant is the one that loads the file, whatever the events name; events of two tenants are not mixed.
 */

import { utf8 } from '../../core/codec/bytes.ts';
import { readRawJson } from '../../core/codec/topics/raw-json.ts';
import { CarbonError } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  Recognition,
  Rejection,
  SourceRow,
} from './contract.ts';
import { placeOf, requireText, textOf } from './payload.ts';
import { splitRecords } from './readers/json-records.ts';
import { sourceRow } from './source-row.ts';

const FIELDS: Dataset['fields'] = [
  { field: 'price', unit: 'USD', what: 'price of the trade' },
  { field: 'volume', unit: '', what: 'size of the trade' },
  { field: 'bid', unit: 'USD', what: 'best bid' },
  { field: 'ask', unit: 'USD', what: 'best ask' },
];

function recognise(head: PayloadHead): Recognition {
  if (!/^[\s\uFEFF]*(?:\[\s*)?\{/.test(head.text)) return 0;
  const nested = /"raw_data"\s*:/.test(head.text) && /"instrument_id"\s*:/.test(head.text);
  return nested || /"dataset"\s*:\s*"trade"/.test(head.text) ? 2 : 0;
}

/** The dataset `trade` of a market. Its rows come with their instants: the connector lists no transform of times. */
export function tradeDataset(market: string): Dataset {
  return {
    name: 'trade',
    title: 'Trades and quotes as raw events in JSON',
    time: {
      name: 'utc',
      zone: 'UTC',
      pattern: 'YYYY-MM-DDThh:mm:ss',
      stamp: 'instant',
      length: 0,
      onGrid: false,
      repeated: { by: 'none' },
    },
    nullWords: [],
    coverage: null,
    fields: FIELDS,
    recognise,
    plan: () => [],
    decode: (payload) => readTrades(payload, market),
  };
}

/** Reads a file of events. Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_MALFORMED (no event before the damage). */
function readTrades(payload: Payload, market: string): Decoded {
  requireText(payload);
  const text = textOf(payload);
  const { records, damage } = splitRecords(text, payload.name);
  if (records.length === 0)
    throw damage ?? new CarbonError('SOURCE_EMPTY', 'the body holds no event', placeOf(payload));
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  let tenant: string | null = null;
  for (const { from, to, line } of records) {
    const bytes = utf8(text.slice(from, to));
    const event = readRawJson(bytes, 0, bytes.length, Number.NaN);
    if (!('row' in event)) {
      rejected.push(refused(line, event.field ?? 'event', event.expected, event.got ?? 'nothing'));
      continue;
    }
    const { row, context } = event;
    tenant ??= context.tenant;
    if (context.tenant !== tenant)
      rejected.push(refused(line, 'tenant_id', `${tenant}, as in the events before`, context.tenant));
    else if (row.market.toUpperCase() !== market)
      rejected.push(refused(line, 'payload.market', market, row.market));
    else if (row.dataset !== 'trade') rejected.push(refused(line, 'payload.dataset', 'trade', row.dataset));
    else rows.push(rowOf(row, line, context.archivedAt));
  }
  return { rows, rejected, drift: [], damage };
}

function rowOf(row: RawRow, line: number, knownAt: number): SourceRow {
  const { series, sequence, tradeId } = row;
  const publishedAt = Number.isNaN(knownAt) ? null : knownAt;
  const values = row.values.map((value) => ({ ...value }));
  return {
    ...sourceRow(line, row.location, row.sourceTime, values, { series, sequence, tradeId, publishedAt }),
    cancels: row.cancels,
    intervalStart: row.intervalStart,
    intervalEnd: row.intervalEnd,
    timeRule: row.timeRule,
  };
}

function refused(line: number, field: string, expected: string, got: string): Rejection {
  return {
    row: line,
    code: 'EVENT_UNDECODABLE',
    message: `line ${line}: the event is refused at ${field}`,
    field,
    expected,
    got: got.slice(0, 80),
    location: null,
    series: null,
  };
}
