/** Bars on the wire: aggregation.ohlc.bars.v1 and aggregated.market.bars.<interval>.v1, with one schema. */

import { BAR_STATUS_NAMES, BarBatch } from '../../model/bar-batch.ts';
import { FieldHash, markAsUuid8 } from '../../model/hash128.ts';
import type { Names } from '../../model/names.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { EncodedById, encodedText, listSpans, readNamesOf, writeNamesOf } from '../avro/dictionaries.ts';
import { envelopeOf } from '../avro/envelope.ts';
import { OHLC_BAR_FIELDS, readOhlcBar, writeOhlcBar } from '../avro/generated/ohlc-bar.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, setFrameId, type Undecodable, unframed } from './framing.ts';
import {
  type EncodedBatch,
  instrumentKeysOf,
  MAX_BATCH_BYTES,
  PartitionedBatches,
  TraceHeaders,
} from './routing.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();
const hash = new FieldHash();
const eventId = new Uint32Array(4);
const statuses = new EncodedById((id) => encodedText(BAR_STATUS_NAMES[id]));

/** A topic that bars go to: the id of its schema, and how many partitions it has. */
export interface BarTopic {
  readonly name: string;
  readonly schemaId: number;
  readonly partitions: number;
}

/**
 * Encodes the rows in their order, each into the partition of its instrument's key: for the topic of all intervals,
 * for that of its own interval (`perInterval`, by index), or for both, where each is not null. All have one schema, so
 * a row is written once. The record's time is the known time; the event id is made from key, status and position.
 */
export function encodeBars(
  batch: BarBatch,
  intervalNames: readonly string[],
  all: BarTopic | null,
  perInterval: readonly (BarTopic | null)[],
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): { readonly topic: string; readonly batches: readonly EncodedBatch[] }[] {
  const names = writeNamesOf(batch.names);
  const keys = instrumentKeysOf(batch.names);
  const headers = new TraceHeaders(batch.names);
  const envelope = envelopeOf(producer);
  const intervals = new EncodedById((id) => encodedText(intervalNames[id]));
  const open = (topic: BarTopic | null) =>
    topic === null ? null : { topic, out: new PartitionedBatches(topic.partitions, maxBatchBytes) };
  const ofAll = open(all);
  const ofInterval = perInterval.map(open);
  for (let i = 0; i < batch.length; i++) {
    const own = ofInterval[batch.interval[i]] ?? null;
    if (ofAll === null && own === null) continue;
    setBarEventId(batch, i, intervalNames);
    beginFrame(writer, 0);
    writeOhlcBar(writer, batch, i, names, envelope, eventId, intervals, statuses);
    for (let both = 0; both < 2; both++) {
      const target = both === 0 ? ofAll : own;
      if (target === null) continue;
      setFrameId(writer, target.topic.schemaId);
      const tenant = batch.tenant[i];
      const instrument = batch.instrument[i];
      target.out.add(
        keys.partitionOf(tenant, instrument, target.topic.partitions),
        batch.knownAt,
        i,
        keys.keyOf(tenant, instrument),
        writer,
        headers.of(batch.trace[i]),
      );
    }
  }
  return [ofAll, ...ofInterval].flatMap((made) =>
    made === null ? [] : [{ topic: made.topic.name, batches: made.out.finish() }],
  );
}

function setBarEventId(b: BarBatch, i: number, intervalNames: readonly string[]): void {
  hash.reset();
  const { tenants, instruments, topics } = b.names;
  for (let w = 0; w < 4; w++) {
    hash.word(tenants.digests[4 * b.tenant[i] + w]);
    hash.word(instruments.ids.digests[4 * b.instrument[i] + w]);
    hash.word(topics.digests[4 * b.srcTopic[i] + w]);
  }
  hash.text(intervalNames[b.interval[i]]).integerAt(b.start, i).integerAt(b.knownAt, i).word(b.status[i]);
  hash.integerAt(b.srcPartition, i).integerAt(b.srcOffset, i);
  hash.digest(eventId, 0);
  markAsUuid8(eventId, 0);
}

/** Decodes the records with offsets in `[from, to)`; an interval that is not in `intervalNames` is rejected. */
export function decodeBars(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
  intervalNames: readonly string[],
): { batch: BarBatch; rejected: Undecodable[] } {
  spans.walk(slice.bytes);
  const x = readNamesOf(names);
  const batch = new BarBatch(names, spans.count);
  const intervals = listSpans(intervalNames);
  const statusNames = listSpans(BAR_STATUS_NAMES);
  const rejected: Undecodable[] = [];
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    if (!openFrame(reader, spans, k)) {
      rejected.push(unframed(spans, k));
      continue;
    }
    const i = batch.reserve();
    readOhlcBar(reader, batch, i, x, intervals, statusNames);
    if (reader.done()) continue;
    batch.length--;
    rejected.push(broken(spans, k, reader, OHLC_BAR_FIELDS));
  }
  return { batch, rejected };
}
