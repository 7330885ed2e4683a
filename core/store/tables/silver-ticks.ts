/**
 * Tables `silver_ticks` and `silver_repeats` (migration 001): ticks as columns, in and out, exactly.
 */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import { compareIds } from '../../model/hash128.ts';
import type { Names } from '../../model/names.ts';
import { Present, TickBatch } from '../../model/tick-batch.ts';
import { DAY } from '../../time/instant.ts';
import { cutByPartition, orderAt, ranksOf, rowsOf, sortRows } from './row-order.ts';

/** What {@link ticksFromColumns} reads: `SELECT ${SILVER_COLUMNS} FROM silver_ticks …`. */
export const SILVER_COLUMNS =
  'tenant_id, instrument_id, market, product, location, field, unit, source_id, dataset, ts, ts_end, known_at, ' +
  'price, volume, bid, ask, flags, seq, has_seq, trade_id, event_id, trace_id, src_topic, src_partition, ' +
  'src_offset, archive_sha256, archive_row';

/**
 * Blocks of the rows named, or of all, in the order of the table's key and cut so that none touches more than 100
 * days. The same rows give the same bytes in every process, whatever their order in the batch.
 */
export function silverBlocks(batch: TickBatch, rows: Uint32Array | null = null): Uint8Array[] {
  const order = tickOrder(batch, rowsOf(batch.length, rows));
  const dayOf = (row: number): number => Math.floor(batch.eventStart[row] / DAY);
  return cutByPartition(order, dayOf).map((part) => writeTicks(new NativeWriter(part), batch).finish());
}

/** Rows by (tenant, instrument, event start, known time, sequence, event id, source position). */
export function tickOrder(batch: TickBatch, rows: Uint32Array): Uint32Array {
  const { names, tenant, instrument, eventStart, knownAt, sequence, id } = batch;
  const tenants = ranksOf(tenant, rows, (t) => names.tenants.nameOf(t));
  const instruments = ranksOf(instrument, rows, (i) => names.instruments.nameOf(i));
  const group = (row: number): number =>
    tenants.rank[tenant[row]] * instruments.count + instruments.rank[instrument[row]];
  return sortRows(
    rows,
    group,
    tenants.count * instruments.count,
    (a, b) =>
      orderAt(eventStart, a, b) ||
      orderAt(knownAt, a, b) ||
      orderAt(sequence, a, b) ||
      Math.sign(compareIds(id, a, id, b)) ||
      comparePositions(batch, a, b),
  );
}

function comparePositions(batch: TickBatch, a: number, b: number): number {
  const d = orderAt(batch.srcPartition, a, b) || orderAt(batch.srcOffset, a, b) || orderAt(batch.row, a, b);
  if (d !== 0 || batch.srcTopic[a] === batch.srcTopic[b]) return d;
  const topics = batch.names.topics;
  return topics.nameOf(batch.srcTopic[a]) < topics.nameOf(batch.srcTopic[b]) ? -1 : 1;
}

/** Writes the columns of {@link SILVER_COLUMNS}. */
export function writeTicks(writer: NativeWriter, batch: TickBatch): NativeWriter {
  const { names, instrument } = batch;
  const { instruments } = names;
  const n = batch.length;
  return writer
    .lowCardinalityOf('tenant_id', batch.tenant, (t) => names.tenants.nameOf(t))
    .lowCardinalityOf('instrument_id', instrument, (i) => instruments.nameOf(i), true)
    .lowCardinalityOf('market', instrument, (i) => instruments.partsOf(i).market)
    .lowCardinalityOf('product', instrument, (i) => instruments.partsOf(i).product)
    .lowCardinalityOf('location', instrument, (i) => instruments.partsOf(i).location)
    .lowCardinalityOf('field', instrument, (i) => instruments.partsOf(i).field)
    .lowCardinalityOf('unit', instrument, (i) => instruments.partsOf(i).unit)
    .lowCardinalityOf('source_id', batch.source, (s) => names.sources.nameOf(s))
    .lowCardinalityOf('dataset', batch.dataset, (d) => names.datasets.nameOf(d))
    .dateTime64('ts', batch.eventStart)
    .dateTime64('ts_end', batch.eventEnd)
    .dateTime64('known_at', batch.knownAt)
    .nullableDecimal64('price', batch.price, absent(batch.present, n, Present.PRICE))
    .nullableDecimal64('volume', batch.size, absent(batch.present, n, Present.SIZE))
    .nullableDecimal64('bid', batch.bid, absent(batch.present, n, Present.BID))
    .nullableDecimal64('ask', batch.ask, absent(batch.present, n, Present.ASK))
    .uint32('flags', batch.flags)
    .uint64('seq', batch.sequence)
    .uint8(
      'has_seq',
      absent(batch.present, n, Present.SEQUENCE).map((is) => 1 - is),
    )
    .string('trade_id', batch.tradeId)
    .uuid('event_id', batch.id)
    .stringOf('trace_id', batch.trace, (t) => names.traces.nameOf(t))
    .lowCardinalityOf('src_topic', batch.srcTopic, (t) => names.topics.nameOf(t))
    .uint32('src_partition', batch.srcPartition)
    .uint64('src_offset', batch.srcOffset)
    .lowCardinalityOf('archive_sha256', batch.archive, (a) => names.archives.nameOf(a))
    .uint32('archive_row', batch.row);
}

function absent(present: Uint8Array, length: number, bit: number): Uint8Array {
  const nulls = new Uint8Array(length);
  for (let i = 0; i < length; i++) nulls[i] = (present[i] & bit) === 0 ? 1 : 0;
  return nulls;
}

/** Ticks of a query for {@link SILVER_COLUMNS}, in the order of its rows. */
export function ticksFromColumns(columns: NativeColumns, names: Names): TickBatch {
  const n = columns.rows;
  const batch = new TickBatch(names, n);
  batch.reserve(n);
  if (n === 0) return batch;
  batch.tenant = columns.codes('tenant_id', (text) => names.tenants.idOf(text));
  batch.instrument = instrumentsOf(columns, names);
  batch.source = columns.codes('source_id', (text) => names.sources.idOf(text));
  batch.dataset = columns.codes('dataset', (text) => names.datasets.idOf(text));
  batch.trace = columns.codes('trace_id', (text) => names.traces.idOf(text));
  batch.eventStart = columns.numbers('ts');
  batch.eventEnd = columns.numbers('ts_end');
  batch.knownAt = columns.numbers('known_at');
  batch.price = decimalsOf(columns, 'price', batch.present, Present.PRICE);
  batch.size = decimalsOf(columns, 'volume', batch.present, Present.SIZE);
  batch.bid = decimalsOf(columns, 'bid', batch.present, Present.BID);
  batch.ask = decimalsOf(columns, 'ask', batch.present, Present.ASK);
  batch.flags = Uint32Array.from(columns.numbers('flags'));
  batch.sequence = columns.numbers('seq');
  const hasSequence = columns.numbers('has_seq');
  for (let i = 0; i < n; i++) if (hasSequence[i] !== 0) batch.present[i] |= Present.SEQUENCE;
  batch.tradeId = columns.strings('trade_id');
  batch.id = columns.uuids('event_id');
  batch.srcTopic = columns.codes('src_topic', (text) => names.topics.idOf(text));
  batch.srcPartition = Uint32Array.from(columns.numbers('src_partition'));
  batch.srcOffset = columns.numbers('src_offset');
  batch.archive = columns.codes('archive_sha256', (text) => names.archives.idOf(text));
  batch.row = Uint32Array.from(columns.numbers('archive_row'));
  return batch;
}

/** Dense ids of `instrument_id`, with the parts that stand beside it. */
export function instrumentsOf(columns: NativeColumns, names: Names): Uint32Array {
  return columns.codes('instrument_id', (id, row) =>
    names.instruments.idOf(id, {
      market: columns.text('market', row),
      product: columns.text('product', row),
      location: columns.text('location', row),
      field: columns.text('field', row),
      unit: columns.text('unit', row),
    }),
  );
}

/** Mantissas of a nullable column, zero where null; sets `bit` of `present` where there is a value. */
function decimalsOf(columns: NativeColumns, name: string, present: Uint8Array, bit: number): Int32Array {
  const words = columns.words(name, 2);
  const nulls = columns.nulls(name);
  for (let i = 0; i < columns.rows; i++) {
    if (nulls === null || nulls[i] === 0) present[i] |= bit;
    else words[2 * i] = words[2 * i + 1] = 0;
  }
  return words;
}
