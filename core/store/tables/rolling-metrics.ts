/** Table `rolling_metrics` (migration 007): rows as columns, in and out, exactly. */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import type { RollingNames } from '../../codec/topics/rolling.ts';
import { CarbonError } from '../../errors.ts';
import { sumFromWords } from '../../math/exact-sum.ts';
import { BAR_STATUS_NAMES } from '../../model/bar-batch.ts';
import type { Names } from '../../model/names.ts';
import { Figure, RollingBatch } from '../../model/rolling-batch.ts';
import { DAY } from '../../time/instant.ts';
import { monthOf, sumWords } from './bars.ts';
import { cutByPartition, orderAt, ranksOf, rowsOf, sortRows } from './row-order.ts';
import { instrumentsOf } from './silver-ticks.ts';

/** Most intervals that a month number is kept apart by; interval ids are below it. */
const INTERVALS = 256;

/**
 * Blocks of all rows in the order of the table's key, cut so that none touches more than 100 partitions (interval and
 * month of the window's end). `lists` has the names of interval and window numbers; `metadata` is JSON text for every row.
 */
export function rollingBlocks(batch: RollingBatch, lists: RollingNames, metadata: string): Uint8Array[] {
  const place = placesOf(lists.intervals);
  let day = Number.NaN;
  let month = 0;
  // Rows of a batch are of few days: the month is looked up when the day changes.
  const partitionOf = (row: number): number => {
    const dayOfRow = Math.floor(batch.end[row] / DAY);
    if (dayOfRow !== day) {
      day = dayOfRow;
      month = monthOf(day);
    }
    return month * INTERVALS + place[batch.interval[row]];
  };
  return cutByPartition(rowOrder(batch, lists), partitionOf).map((part) =>
    writeRows(part, batch, lists, metadata),
  );
}

/** Place of each name in the order of names. */
function placesOf(names: readonly string[]): number[] {
  const sorted = [...names].sort();
  return names.map((name) => sorted.indexOf(name));
}

/** Rows by (tenant, instrument, interval, window, end, known time, source position). */
function rowOrder(batch: RollingBatch, lists: RollingNames): Uint32Array {
  const rows = rowsOf(batch.length, null);
  const { names, tenant, instrument, interval, window, end, knownAt } = batch;
  const tenants = ranksOf(tenant, rows, (t) => names.tenants.nameOf(t));
  const instruments = ranksOf(instrument, rows, (i) => names.instruments.nameOf(i));
  const intervals = placesOf(lists.intervals);
  const windows = placesOf(lists.windows);
  return sortRows(
    rows,
    (row) => tenants.rank[tenant[row]] * instruments.count + instruments.rank[instrument[row]],
    tenants.count * instruments.count,
    (a, b) =>
      intervals[interval[a]] - intervals[interval[b]] ||
      windows[window[a]] - windows[window[b]] ||
      orderAt(end, a, b) ||
      orderAt(knownAt, a, b) ||
      orderAt(batch.srcPartition, a, b) ||
      orderAt(batch.srcOffset, a, b),
  );
}

function writeRows(
  order: Uint32Array,
  batch: RollingBatch,
  lists: RollingNames,
  metadata: string,
): Uint8Array {
  const { names, instrument, length } = batch;
  const { instruments } = names;
  const absent = (bit: number): Uint8Array => {
    const nulls = new Uint8Array(length);
    for (let i = 0; i < length; i++) nulls[i] = (batch.present[i] & bit) === 0 ? 1 : 0;
    return nulls;
  };
  return new NativeWriter(order)
    .lowCardinalityOf('tenant_id', batch.tenant, (t) => names.tenants.nameOf(t))
    .lowCardinalityOf('instrument_id', instrument, (i) => instruments.nameOf(i), true)
    .lowCardinalityOf('market', instrument, (i) => instruments.partsOf(i).market)
    .lowCardinalityOf('product', instrument, (i) => instruments.partsOf(i).product)
    .lowCardinalityOf('location', instrument, (i) => instruments.partsOf(i).location)
    .lowCardinalityOf('field', instrument, (i) => instruments.partsOf(i).field)
    .lowCardinalityOf('unit', instrument, (i) => instruments.partsOf(i).unit)
    .lowCardinalityOf('interval', batch.interval, (i) => lists.intervals[i])
    .lowCardinalityOf('window_length', batch.window, (i) => lists.windows[i])
    .dateTime64('window_start', batch.start)
    .dateTime64('window_end', batch.end)
    .dateTime64('known_at', batch.knownAt)
    .lowCardinalityOf('status', batch.status, (s) => BAR_STATUS_NAMES[s])
    .uint32('bars', batch.bars)
    .uint32('bars_expected', batch.expected)
    .decimal64('sma', batch.mean)
    .nullableDecimal128('vwap', sumWords(batch.vwap, length), absent(Figure.VWAP))
    .decimal64('high_price', batch.high)
    .decimal64('low_price', batch.low)
    .nullableDecimal128('stddev', sumWords(batch.deviation, length), absent(Figure.DEVIATION))
    .nullableDecimal128('zscore', sumWords(batch.score, length), absent(Figure.SCORE))
    .nullableDecimal128('rms_change', sumWords(batch.rmsChange, length), absent(Figure.RMS_CHANGE))
    .uint32('flags', batch.flags)
    .lowCardinalityConstant('metadata', metadata)
    .stringOf('trace_id', batch.trace, (t) => names.traces.nameOf(t))
    .lowCardinalityOf('src_topic', batch.srcTopic, (t) => names.topics.nameOf(t))
    .uint32('src_partition', batch.srcPartition)
    .uint64('src_offset', batch.srcOffset)
    .finish();
}

/** What {@link rollingFromColumns} reads: `SELECT ${ROLLING_COLUMNS} FROM rolling_metrics FINAL …`. */
export const ROLLING_COLUMNS =
  'tenant_id, instrument_id, market, product, location, field, unit, interval, window_length, window_start, window_end, ' +
  'known_at, status, bars, bars_expected, sma, vwap, high_price, low_price, stddev, zscore, rms_change, flags, trace_id, ' +
  'src_topic, src_partition, src_offset';

/**
 * Rows of a query for {@link ROLLING_COLUMNS}, in their order. Throws STORE_REFUSED for an interval or a window that
 * `lists` does not have.
 */
export function rollingFromColumns(columns: NativeColumns, lists: RollingNames, names: Names): RollingBatch {
  const n = columns.rows;
  const batch = new RollingBatch(names, n);
  if (n === 0) return batch;
  batch.length = n;
  const placeIn = (list: readonly string[], name: string): Uint8Array =>
    Uint8Array.from(columns.codes(name, (text) => placeOf(list, text, name)));
  batch.tenant = columns.codes('tenant_id', (text) => names.tenants.idOf(text));
  batch.instrument = instrumentsOf(columns, names);
  batch.interval = placeIn(lists.intervals, 'interval');
  batch.window = placeIn(lists.windows, 'window_length');
  batch.start = columns.numbers('window_start');
  batch.end = columns.numbers('window_end');
  batch.knownAt = columns.numbers('known_at');
  batch.status = placeIn(BAR_STATUS_NAMES, 'status');
  batch.bars = Uint32Array.from(columns.numbers('bars'));
  batch.expected = Uint32Array.from(columns.numbers('bars_expected'));
  batch.mean = columns.words('sma', 2);
  batch.high = columns.words('high_price', 2);
  batch.low = columns.words('low_price', 2);
  const figure = (name: string, sums: Float64Array, bit: number): void => {
    const words = columns.words(name, 4);
    const nulls = columns.nulls(name);
    for (let i = 0; i < n; i++) {
      if (nulls?.[i] === 1) continue;
      batch.present[i] |= bit;
      sumFromWords(words, i, sums, i);
    }
  };
  figure('vwap', batch.vwap, Figure.VWAP);
  figure('stddev', batch.deviation, Figure.DEVIATION);
  figure('zscore', batch.score, Figure.SCORE);
  figure('rms_change', batch.rmsChange, Figure.RMS_CHANGE);
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
  throw new CarbonError('STORE_REFUSED', `a stored row has the ${field} ${text}, which is not configured`, {
    position: { field, expected: list.join(', '), got: text },
  });
}
