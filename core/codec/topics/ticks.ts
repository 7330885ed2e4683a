/** Ticks on the wire: normalized.market.ticks.v1 and, with the same columns, served.market.latest_prices.v1 and .v2. */

import type { Names } from '../../model/names.ts';
import { TickBatch } from '../../model/tick-batch.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { type ReadNames, readNamesOf, type WriteNames, writeNamesOf } from '../avro/dictionaries.ts';
import { type Envelope, envelopeOf, SCHEMA_VERSION_2 } from '../avro/envelope.ts';
import { LATEST_PRICE_FIELDS, readLatestPrice, writeLatestPrice } from '../avro/generated/latest-price.ts';
import {
  LATEST_PRICE_V2_FIELDS,
  readLatestPriceV2,
  writeLatestPriceV2,
} from '../avro/generated/latest-price-v2.ts';
import {
  NORMALIZED_TICK_FIELDS,
  readNormalizedTick,
  writeNormalizedTick,
} from '../avro/generated/normalized-tick.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, unframed } from './framing.ts';
import { Redelivered } from './redelivered.ts';
import {
  type EncodedBatch,
  instrumentKeysOf,
  MAX_BATCH_BYTES,
  PartitionedBatches,
  TraceHeaders,
} from './routing.ts';
import { Topic } from './topic-names.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();

type WriteTick = (w: AvroWriter, b: TickBatch, i: number, x: WriteNames, e: Envelope) => void;
type ReadTick = (r: AvroReader, b: TickBatch, i: number, x: ReadNames) => void;

/**
 * Encodes the rows in their order, each into the partition of its key (`tenant|market|location`, or the instrument
 * where there is no location). The record's time is the known time.
 *
 * A batch never parts the ticks of one raw event, which follow each other and have one key: a reader that stops between
 * two batches has then seen all of an event or nothing of it, and a raw offset tells how far it came.
 */
export function encodeTicks(
  batch: TickBatch,
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encode(batch, schemaId, partitions, envelopeOf(producer), maxBatchBytes, writeNormalizedTick);
}

/** The same for the newest values of instruments; the event id is that of the tick. */
export function encodeLatest(
  batch: TickBatch,
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  return encode(batch, schemaId, partitions, envelopeOf(producer), maxBatchBytes, writeLatestPrice);
}

/** The same in the second version of the contract: same keys, same partitions, same event ids. */
export function encodeLatestV2(
  batch: TickBatch,
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): EncodedBatch[] {
  const envelope = envelopeOf(producer, SCHEMA_VERSION_2);
  return encode(batch, schemaId, partitions, envelope, maxBatchBytes, writeLatestPriceV2);
}

function encode(
  batch: TickBatch,
  schemaId: number,
  partitions: number,
  envelope: Envelope,
  maxBatchBytes: number,
  write: WriteTick,
): EncodedBatch[] {
  const names = writeNamesOf(batch.names);
  const keys = instrumentKeysOf(batch.names);
  const headers = new TraceHeaders(batch.names);
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  for (let i = 0; i < batch.length; i++) {
    beginFrame(writer, schemaId);
    write(writer, batch, i, names, envelope);
    const tenant = batch.tenant[i];
    const instrument = batch.instrument[i];
    out.add(
      keys.partitionOf(tenant, instrument, partitions),
      batch.knownAt,
      i,
      keys.keyOf(tenant, instrument),
      writer,
      headers.of(batch.trace[i]),
      i > 0 && batch.srcOffset[i] === batch.srcOffset[i - 1] && batch.srcTopic[i] === batch.srcTopic[i - 1],
    );
  }
  return out.finish();
}

/**
 * Decodes the records with offsets in `[from, to)`. Records that cannot be read are rejected, in order; ticks that stand
 * there a second time, in a later record batch, are left out, and their values counted in `redelivered`.
 */
export function decodeTicks(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
): { batch: TickBatch; rejected: Undecodable[]; redelivered: number } {
  return decode(slice, from, to, names, readNormalizedTick, NORMALIZED_TICK_FIELDS, new Redelivered());
}

/** Decodes newest values of instruments, in the version of the contract that the slice's topic has. */
export function decodeLatest(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
): { batch: TickBatch; rejected: Undecodable[] } {
  return slice.topic === Topic.latestPricesV2
    ? decode(slice, from, to, names, readLatestPriceV2, LATEST_PRICE_V2_FIELDS, null)
    : decode(slice, from, to, names, readLatestPrice, LATEST_PRICE_FIELDS, null);
}

function decode(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
  read: ReadTick,
  fields: readonly string[],
  redelivered: Redelivered | null,
): { batch: TickBatch; rejected: Undecodable[]; redelivered: number } {
  spans.walk(slice.bytes);
  const x = readNamesOf(names);
  const batch = new TickBatch(names, spans.count);
  const rejected: Undecodable[] = [];
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    if (!openFrame(reader, spans, k)) {
      rejected.push(unframed(spans, k));
      continue;
    }
    const i = batch.reserve();
    read(reader, batch, i, x);
    if (reader.done()) {
      if (redelivered?.takes(batch, i, spans.batch[k]) === true) dropLastTick(batch);
      continue;
    }
    dropLastTick(batch);
    rejected.push(broken(spans, k, reader, fields));
  }
  return { batch, rejected, redelivered: redelivered?.values ?? 0 };
}

/** Takes back the row reserved last: its record turned out not to be readable, or to be known. */
export function dropLastTick(batch: TickBatch): void {
  batch.length--;
  batch.tradeId.length = batch.length;
}
