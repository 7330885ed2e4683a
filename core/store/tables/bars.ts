/** Table `bars` (migration 003): bar rows as columns, in and out, exactly. */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import { CarbonError } from '../../errors.ts';
import { sumFromWords, sumToWords } from '../../math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch } from '../../model/bar-batch.ts';
import type { Names } from '../../model/names.ts';
import { civilFromDays, DAY } from '../../time/instant.ts';
import { cutByPartition, orderAt, ranksOf, rowsOf, sortRows } from './row-order.ts';
import { instrumentsOf } from './silver-ticks.ts';

/** What {@link barsFromColumns} reads: `SELECT ${BAR_COLUMNS} FROM bars FINAL …`. */
export const BAR_COLUMNS =
  'tenant_id, instrument_id, market, product, location, field, unit, interval, interval_start, interval_end, ' +
  'known_at, status, open_price, high_price, low_price, close_price, volume, notional, price_seconds, seconds, ' +
  'trade_count, open_time, open_seq, open_id, close_time, close_seq, close_id, flags, trace_id, src_topic, ' +
  'src_partition, src_offset';

/** Most intervals that a month number is kept apart by; interval ids are below it. */
const INTERVALS = 256;

/**
 * Blocks of all rows in the order of the table's key, cut so that none touches more than 100 partitions (interval
 * and month). `intervalNames` are the names of the batch's interval numbers; `metadata` is JSON text for every row.
 */
export function barBlocks(batch: BarBatch, intervalNames: readonly string[], metadata: string): Uint8Array[] {
  const order = barOrder(batch, intervalNames);
  const intervals = [...intervalNames].sort();
  const place = intervalNames.map((name) => intervals.indexOf(name));
  let day = Number.NaN;
  let month = 0;
  // Rows of a batch are of few days: the month is looked up when the day changes.
  const partitionOf = (row: number): number => {
    const dayOfRow = Math.floor(batch.start[row] / DAY);
    if (dayOfRow !== day) {
      day = dayOfRow;
      month = monthOf(day);
    }
    return month * INTERVALS + place[batch.interval[row]];
  };
  return cutByPartition(order, partitionOf).map((part) => writeBars(part, batch, intervalNames, metadata));
}

/** Months since year 0 of a UTC day since 1970. */
export function monthOf(day: number): number {
  const [year, month] = civilFromDays(day);
  return year * 12 + month - 1;
}

/** Rows by (tenant, instrument, interval, start, known time, source position). */
function barOrder(batch: BarBatch, intervalNames: readonly string[]): Uint32Array {
  const rows = rowsOf(batch.length, null);
  const { names, tenant, instrument, interval, start, knownAt } = batch;
  const tenants = ranksOf(tenant, rows, (t) => names.tenants.nameOf(t));
  const instruments = ranksOf(instrument, rows, (i) => names.instruments.nameOf(i));
  const byName = [...intervalNames].sort();
  const place = intervalNames.map((name) => byName.indexOf(name));
  return sortRows(
    rows,
    (row) => tenants.rank[tenant[row]] * instruments.count + instruments.rank[instrument[row]],
    tenants.count * instruments.count,
    (a, b) =>
      place[interval[a]] - place[interval[b]] ||
      orderAt(start, a, b) ||
      orderAt(knownAt, a, b) ||
      orderAt(batch.srcPartition, a, b) ||
      orderAt(batch.srcOffset, a, b) ||
      batch.status[a] - batch.status[b],
  );
}

function writeBars(
  order: Uint32Array,
  batch: BarBatch,
  intervalNames: readonly string[],
  metadata: string,
): Uint8Array {
  const { names, instrument } = batch;
  const { instruments } = names;
  return new NativeWriter(order)
    .lowCardinalityOf('tenant_id', batch.tenant, (t) => names.tenants.nameOf(t))
    .lowCardinalityOf('instrument_id', instrument, (i) => instruments.nameOf(i), true)
    .lowCardinalityOf('market', instrument, (i) => instruments.partsOf(i).market)
    .lowCardinalityOf('product', instrument, (i) => instruments.partsOf(i).product)
    .lowCardinalityOf('location', instrument, (i) => instruments.partsOf(i).location)
    .lowCardinalityOf('field', instrument, (i) => instruments.partsOf(i).field)
    .lowCardinalityOf('unit', instrument, (i) => instruments.partsOf(i).unit)
    .lowCardinalityOf('interval', batch.interval, (i) => intervalNames[i])
    .dateTime64('interval_start', batch.start)
    .dateTime64('interval_end', batch.end)
    .dateTime64('known_at', batch.knownAt)
    .lowCardinalityOf('status', batch.status, (s) => BAR_STATUS_NAMES[s])
    .decimal64('open_price', batch.open)
    .decimal64('high_price', batch.high)
    .decimal64('low_price', batch.low)
    .decimal64('close_price', batch.close)
    .decimal128('volume', sumWords(batch.volume, batch.length), 8)
    .decimal128('notional', sumWords(batch.notional, batch.length), 16)
    .decimal128('price_seconds', sumWords(batch.priceSeconds, batch.length), 8)
    .float64('seconds', batch.seconds)
    .uint64('trade_count', batch.count)
    .dateTime64('open_time', batch.openTime)
    .uint64('open_seq', batch.openSequence)
    .uuid('open_id', batch.openId)
    .dateTime64('close_time', batch.closeTime)
    .uint64('close_seq', batch.closeSequence)
    .uuid('close_id', batch.closeId)
    .uint32('flags', batch.flags)
    .lowCardinalityConstant('metadata', metadata)
    .stringOf('trace_id', batch.trace, (t) => names.traces.nameOf(t))
    .lowCardinalityOf('src_topic', batch.srcTopic, (t) => names.topics.nameOf(t))
    .uint32('src_partition', batch.srcPartition)
    .uint64('src_offset', batch.srcOffset)
    .finish();
}

/** Sums of the first `length` rows as four words each. */
export function sumWords(sums: Float64Array, length: number): Int32Array {
  const words = new Int32Array(4 * length);
  for (let i = 0; i < length; i++) sumToWords(sums, i, words, i);
  return words;
}

/**
 * Bars of a query for {@link BAR_COLUMNS}, in the order of its rows. Throws STORE_REFUSED for an interval that
 * `intervalNames` does not list, or a status that is not known.
 */
export function barsFromColumns(
  columns: NativeColumns,
  intervalNames: readonly string[],
  names: Names,
): BarBatch {
  const n = columns.rows;
  const batch = new BarBatch(names, n);
  if (n === 0) return batch;
  batch.length = n;
  batch.tenant = columns.codes('tenant_id', (text) => names.tenants.idOf(text));
  batch.instrument = instrumentsOf(columns, names);
  batch.interval = Uint8Array.from(
    columns.codes('interval', (text) => placeOf(intervalNames, text, 'interval')),
  );
  batch.start = columns.numbers('interval_start');
  batch.end = columns.numbers('interval_end');
  batch.knownAt = columns.numbers('known_at');
  batch.status = Uint8Array.from(
    columns.codes('status', (text) => placeOf(BAR_STATUS_NAMES, text, 'status')),
  );
  batch.open = columns.words('open_price', 2);
  batch.high = columns.words('high_price', 2);
  batch.low = columns.words('low_price', 2);
  batch.close = columns.words('close_price', 2);
  readSums(columns, 'volume', batch.volume);
  readSums(columns, 'notional', batch.notional);
  readSums(columns, 'price_seconds', batch.priceSeconds);
  batch.seconds = columns.numbers('seconds');
  batch.count = columns.numbers('trade_count');
  batch.openTime = columns.numbers('open_time');
  batch.openSequence = columns.numbers('open_seq');
  batch.openId = columns.uuids('open_id');
  batch.closeTime = columns.numbers('close_time');
  batch.closeSequence = columns.numbers('close_seq');
  batch.closeId = columns.uuids('close_id');
  batch.flags = Uint32Array.from(columns.numbers('flags'));
  batch.trace = columns.codes('trace_id', (text) => names.traces.idOf(text));
  batch.srcTopic = columns.codes('src_topic', (text) => names.topics.idOf(text));
  batch.srcPartition = Uint32Array.from(columns.numbers('src_partition'));
  batch.srcOffset = columns.numbers('src_offset');
  return batch;
}

function placeOf(list: readonly string[], text: string, field: string): number {
  const place = list.indexOf(text);
  if (place >= 0) return place;
  throw new CarbonError('STORE_REFUSED', `a stored bar has the ${field} ${text}, which is not configured`, {
    position: { field, expected: list.join(', '), got: text },
  });
}

function readSums(columns: NativeColumns, name: string, sums: Float64Array): void {
  const words = columns.words(name, 4);
  for (let i = 0; i < columns.rows; i++) sumFromWords(words, i, sums, i);
}
