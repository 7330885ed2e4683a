/** Random batches and what their rows are as plain events: the form in which codecs are compared with avsc. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import avsc from 'avsc';
import fc from 'fast-check';
import {
  assignBaseOffset,
  RecordBatchWriter,
  RecordSpans,
  readBatchHeader,
} from '../../../core/codec/kafka/record-batch.ts';
import type { EncodedBatch } from '../../../core/codec/topics/routing.ts';
import { bigSumAt, sumFromWords } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch } from '../../../core/model/bar-batch.ts';
import { bigMantissaAt, setBigMantissa } from '../../../core/model/decimal.ts';
import { formatUuid } from '../../../core/model/hash128.ts';
import type { Names } from '../../../core/model/names.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import { Present, TickBatch } from '../../../core/model/tick-batch.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';

export type Event = Record<string, unknown> & { payload: Record<string, unknown> };

export type RowsOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

export const root = resolve(import.meta.dirname, '../../..');

/** The avsc type of a schema file, logical types left alone: decimals are bytes, times are numbers. */
export function avscType(file: string): avsc.Type {
  return avsc.Type.forSchema(JSON.parse(readFileSync(resolve(root, file), 'utf8')) as avsc.Schema);
}

export const word = fc.string({ unit: 'grapheme', maxLength: 12 });
export const micros = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
/** avsc refuses or misreads longs near 2^53; those are checked against BigInt in avro.test.ts. */
const anyLong = fc.oneof(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.integer({ min: -300, max: 300 }));
export const mantissa = fc.oneof(
  fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
  fc.integer({ min: -70_000, max: 70_000 }).map(BigInt),
  fc
    .integer({ min: 0, max: 62 })
    .chain((bits) => fc.constantFrom(1n << BigInt(bits % 59), -(1n << BigInt(bits % 59)))),
);
export const sumWords = fc.oneof(
  fc.array(fc.integer(), { minLength: 4, maxLength: 4 }),
  fc.integer().map((low) => [low, low >> 31, low >> 31, low >> 31]),
);
export const uint = fc.integer({ min: 0, max: 0xffffffff });
const ids = fc.array(uint, { minLength: 4, maxLength: 4 });
export const parts = fc.record({ market: word, product: word, location: word, field: word, unit: word });

const tickRow = fc.record({
  tenant: word,
  trace: fc.oneof(word, fc.constant('0af7651916cd43dd8448eb211c80319c')),
  instrument: fc.tuple(word, parts),
  source: word,
  dataset: word,
  times: fc.tuple(micros, micros, micros),
  numbers: fc.array(mantissa, { minLength: 4, maxLength: 4 }),
  present: fc.integer({ min: 0, max: 31 }),
  flags: fc.integer({ min: 0, max: 1023 }),
  sequence: anyLong,
  tradeId: word,
  id: ids,
  topic: word,
  partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  offset: fc.integer({ min: 0, max: 2 ** 52 }),
  archive: word,
  row: uint,
});

/** Rows of ticks, filled into a batch by {@link ticksOf}. */
export const tickRows = fc.array(tickRow, { maxLength: 20 });

export function ticksOf(names: Names, rows: RowsOf<typeof tickRows>): TickBatch {
  const b = new TickBatch(names, 1);
  for (const row of rows) {
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf(row.tenant);
    b.trace[i] = names.traces.idOf(row.trace);
    b.instrument[i] = names.instruments.idOf(...row.instrument);
    b.source[i] = names.sources.idOf(row.source);
    b.dataset[i] = names.datasets.idOf(row.dataset);
    [b.eventStart[i], b.eventEnd[i], b.knownAt[i]] = row.times;
    b.present[i] = row.present;
    const columns = [b.price, b.size, b.bid, b.ask];
    columns.forEach((column, k) => {
      if ((row.present & (1 << k)) !== 0) setBigMantissa(column, i, row.numbers[k]);
    });
    b.flags[i] = row.flags;
    if ((row.present & Present.SEQUENCE) !== 0) b.sequence[i] = row.sequence;
    b.tradeId[i] = row.tradeId;
    b.id.set(row.id, 4 * i);
    b.srcTopic[i] = names.topics.idOf(row.topic);
    b.srcPartition[i] = row.partition;
    b.srcOffset[i] = row.offset;
    b.archive[i] = names.archives.idOf(row.archive);
    b.row[i] = row.row;
  }
  return b;
}

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Instrument and parts, as a payload has them. */
export function instrumentOf(names: Names, instrument: number): Record<string, unknown> {
  const { market, product, location, field, unit } = names.instruments.partsOf(instrument);
  return { instrument_id: names.instruments.nameOf(instrument), market, product, location, field, unit };
}

/** Row i as the event of its schema; decimals are mantissas. */
export function tickEvent(b: TickBatch, i: number, producer: string): Event {
  const n = b.names;
  const optional = (bit: number, column: Int32Array): bigint | null =>
    (b.present[i] & bit) === 0 ? null : bigMantissaAt(column, i);
  return {
    event_id: formatUuid(b.id, i),
    trace_id: n.traces.nameOf(b.trace[i]),
    occurred_at: b.knownAt[i],
    tenant_id: n.tenants.nameOf(b.tenant[i]),
    schema_version: '1.0.0',
    producer,
    payload: {
      ...instrumentOf(n, b.instrument[i]),
      source_id: n.sources.nameOf(b.source[i]),
      dataset: n.datasets.nameOf(b.dataset[i]),
      ts: b.eventStart[i],
      ts_end: b.eventEnd[i],
      price: optional(Present.PRICE, b.price),
      volume: optional(Present.SIZE, b.size),
      bid: optional(Present.BID, b.bid),
      ask: optional(Present.ASK, b.ask),
      quality_flags: flagNames(b.flags[i]),
      sequence: (b.present[i] & Present.SEQUENCE) === 0 ? null : b.sequence[i],
      trade_id: orNull(b.tradeId[i]),
      source_topic: n.topics.nameOf(b.srcTopic[i]),
      source_partition: b.srcPartition[i],
      source_offset: b.srcOffset[i],
      archive_sha256: orNull(n.archives.nameOf(b.archive[i])),
      archive_row: b.row[i] === 0 ? null : b.row[i],
    },
  };
}

const barRow = fc.record({
  tenant: word,
  trace: word,
  instrument: fc.tuple(word, parts),
  interval: fc.integer({ min: 0, max: 3 }),
  status: fc.integer({ min: 0, max: 4 }),
  times: fc.array(micros, { minLength: 5, maxLength: 5 }),
  prices: fc.array(mantissa, { minLength: 4, maxLength: 4 }),
  sums: fc.array(sumWords, { minLength: 3, maxLength: 3 }),
  seconds: fc.double({ noNaN: true }),
  longs: fc.array(anyLong, { minLength: 3, maxLength: 3 }),
  openId: ids,
  closeId: ids,
  flags: fc.integer({ min: 0, max: 1023 }),
  topic: word,
  partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  offset: fc.integer({ min: 0, max: 2 ** 52 }),
});
export const barRows = fc.array(barRow, { maxLength: 15 });
export const INTERVALS = ['1m', '5m', '1h', '1d'];

export function barsOf(names: Names, rows: RowsOf<typeof barRows>): BarBatch {
  const b = new BarBatch(names, 1);
  for (const row of rows) {
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf(row.tenant);
    b.trace[i] = names.traces.idOf(row.trace);
    b.instrument[i] = names.instruments.idOf(...row.instrument);
    b.interval[i] = row.interval;
    b.status[i] = row.status;
    [b.start[i], b.end[i], b.knownAt[i], b.openTime[i], b.closeTime[i]] = row.times;
    [b.open, b.high, b.low, b.close].forEach((column, k) => {
      setBigMantissa(column, i, row.prices[k]);
    });
    [b.volume, b.notional, b.priceSeconds].forEach((column, k) => {
      sumFromWords(Int32Array.from(row.sums[k]), 0, column, i);
    });
    b.seconds[i] = row.seconds;
    [b.count[i], b.openSequence[i], b.closeSequence[i]] = row.longs;
    b.openId.set(row.openId, 4 * i);
    b.closeId.set(row.closeId, 4 * i);
    b.flags[i] = row.flags;
    b.srcTopic[i] = names.topics.idOf(row.topic);
    b.srcPartition[i] = row.partition;
    b.srcOffset[i] = row.offset;
  }
  return b;
}

export function barEvent(b: BarBatch, i: number, producer: string, eventId: unknown): Event {
  const n = b.names;
  return {
    event_id: eventId,
    trace_id: n.traces.nameOf(b.trace[i]),
    occurred_at: b.knownAt[i],
    tenant_id: n.tenants.nameOf(b.tenant[i]),
    schema_version: '1.0.0',
    producer,
    payload: {
      ...instrumentOf(n, b.instrument[i]),
      interval: INTERVALS[b.interval[i]],
      interval_start: b.start[i],
      interval_end: b.end[i],
      status: BAR_STATUS_NAMES[b.status[i]],
      open_price: bigMantissaAt(b.open, i),
      high_price: bigMantissaAt(b.high, i),
      low_price: bigMantissaAt(b.low, i),
      close_price: bigMantissaAt(b.close, i),
      volume: bigSumAt(b.volume, i),
      notional: bigSumAt(b.notional, i),
      price_seconds: bigSumAt(b.priceSeconds, i),
      seconds: b.seconds[i],
      trade_count: b.count[i],
      open_time: b.openTime[i],
      open_sequence: b.openSequence[i],
      open_event_id: formatUuid(b.openId, i),
      close_time: b.closeTime[i],
      close_sequence: b.closeSequence[i],
      close_event_id: formatUuid(b.closeId, i),
      quality_flags: flagNames(b.flags[i]),
      source_topic: n.topics.nameOf(b.srcTopic[i]),
      source_partition: b.srcPartition[i],
      source_offset: b.srcOffset[i],
    },
  };
}

const DECIMALS = new Set(
  'price volume bid ask open_price high_price low_price close_price notional price_seconds sma vwap stddev zscore rms_change'.split(
    ' ',
  ),
);

/** What avsc reads, in the form of {@link tickEvent}; also checks that each decimal is as short as it can be. */
export function fromAvsc(type: avsc.Type, body: Buffer): Event {
  return withMantissas(plain(type.fromBuffer(body)) as Event);
}

/** The event with its decimals as mantissas. */
function withMantissas(event: Event): Event {
  for (const [name, value] of Object.entries(event.payload))
    if (DECIMALS.has(name) && value !== null) {
      const bytes = value as Buffer;
      const wide = BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
      if (!bytes.equals(decimalBytes(wide))) throw new Error(`${name} is not the shortest form of ${wide}`);
      event.payload[name] = wide;
    }
  return event;
}

/** The bytes of an event by avsc. */
export function toAvsc(type: avsc.Type, event: Event): Buffer {
  return type.toBuffer(withBytes(event));
}

/** The event with its mantissas as bytes. */
function withBytes(event: Event): Event {
  const payload = Object.fromEntries(
    Object.entries(event.payload).map(([k, v]) => [k, typeof v === 'bigint' ? decimalBytes(v) : v]),
  );
  return { ...event, payload };
}

/** Where each field of the first version of a latest price lies in the second. */
const V2_PLACES: Readonly<Record<string, readonly [group: string, name: string]>> = {
  instrument_id: ['instrument', 'id'],
  market: ['instrument', 'market'],
  product: ['instrument', 'product'],
  location: ['instrument', 'location'],
  field: ['instrument', 'field'],
  unit: ['instrument', 'unit'],
  ts: ['interval', 'start'],
  ts_end: ['interval', 'end'],
  price: ['quote', 'price'],
  volume: ['quote', 'volume'],
  bid: ['quote', 'bid'],
  ask: ['quote', 'ask'],
  source_id: ['origin', 'source_id'],
  dataset: ['origin', 'dataset'],
  sequence: ['origin', 'sequence'],
  trade_id: ['origin', 'trade_id'],
  source_topic: ['origin', 'topic'],
  source_partition: ['origin', 'partition'],
  source_offset: ['origin', 'offset'],
  archive_sha256: ['origin', 'archive_sha256'],
  archive_row: ['origin', 'archive_row'],
};

type Payload = Event['payload'];

/** A payload of `served.market.latest_prices.v2` as that of `.v1` with the same meaning. */
export function asFirstVersion(payload: Payload): Payload {
  const places = Object.entries(V2_PLACES).map(([name, [group, inner]]) => [
    name,
    (payload[group] as Payload)[inner],
  ]);
  return { ...Object.fromEntries(places), quality_flags: payload['quality_flags'] };
}

function asSecondVersion(payload: Payload): Payload {
  const groups: Record<string, Payload> = { instrument: {}, interval: {}, quote: {}, origin: {} };
  for (const [name, [group, inner]] of Object.entries(V2_PLACES)) groups[group][inner] = payload[name];
  return { ...groups, quality_flags: payload['quality_flags'] };
}

/** What avsc reads of the second version, in the form of {@link tickEvent}. */
export function secondFromAvsc(type: avsc.Type, body: Buffer): Event {
  const event = plain(type.fromBuffer(body)) as Event;
  return withMantissas({ ...event, payload: asFirstVersion(event.payload) });
}

/** The bytes of the second version by avsc, of an event in the form of the first. */
export function secondToAvsc(type: avsc.Type, event: Event): Buffer {
  const bytes = withBytes(event);
  return type.toBuffer({ ...bytes, payload: asSecondVersion(bytes.payload) });
}

/** Plain objects in place of avsc's records, Buffers left as they are. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}

function decimalBytes(value: bigint): Buffer {
  let n = 1;
  while (BigInt.asIntN(8 * n, value) !== value) n++;
  return Buffer.from(
    BigInt.asUintN(8 * n, value)
      .toString(16)
      .padStart(2 * n, '0'),
    'hex',
  );
}

/** Record values with the frame of schema 7 as one slice at an offset. */
export function sliceOf(values: readonly (Uint8Array | null)[], base = 0): LogSlice {
  const writer = new RecordBatchWriter();
  for (const value of values) writer.add(1_700_000_000_000, null, 0, 0, value, 0, value?.length ?? 0);
  return asSlice({ partition: 0, batch: writer.finish(), count: values.length }, base);
}

export function framed(body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), body]);
}

/** An encoded batch as the log hands it out. */
export function asSlice(encoded: EncodedBatch, base = 0, topic = 'some.topic.v1'): LogSlice {
  assignBaseOffset(encoded.batch, base);
  const { recordCount } = readBatchHeader(encoded.batch);
  return { topic, partition: encoded.partition, from: base, to: base + recordCount, bytes: encoded.batch };
}

/** Key, value and headers of each record of a batch. */
export function recordsOf(
  batch: Uint8Array,
): { key: string; value: Buffer; trace: string | null; parent: string | null; ms: number }[] {
  const spans = new RecordSpans().walk(batch);
  return Array.from({ length: spans.count }, (_, k) => ({
    key: Buffer.from(batch.subarray(spans.keyFrom[k], spans.keyTo[k])).toString(),
    value: Buffer.from(batch.subarray(spans.valueFrom[k], spans.valueTo[k])),
    trace: spans.header(k, 'trace_id'),
    parent: spans.header(k, 'traceparent'),
    ms: spans.timestampMs[k],
  }));
}
