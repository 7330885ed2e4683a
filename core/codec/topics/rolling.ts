/** Rolling metrics on the wire: aggregation.rolling.metrics.v1. */

import { BAR_STATUS_NAMES } from '../../model/bar-batch.ts';
import { FieldHash, markAsUuid8 } from '../../model/hash128.ts';
import type { Names } from '../../model/names.ts';
import { RollingBatch } from '../../model/rolling-batch.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { EncodedById, encodedText, listSpans, readNamesOf, writeNamesOf } from '../avro/dictionaries.ts';
import { envelopeOf } from '../avro/envelope.ts';
import {
  ROLLING_METRIC_FIELDS,
  readRollingMetric,
  writeRollingMetric,
} from '../avro/generated/rolling-metric.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, unframed } from './framing.ts';
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

/** The names by which rows number intervals and windows. */
export interface RollingNames {
  readonly intervals: readonly string[];
  readonly windows: readonly string[];
}

/**
 * Encodes the rows in their order, each into the partition of its instrument's key. The record's time is the known time;
 * the event id is made from key, status and position.
 */
export function encodeRolling(
  batch: RollingBatch,
  lists: RollingNames,
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes = MAX_BATCH_BYTES,
): readonly EncodedBatch[] {
  const names = writeNamesOf(batch.names);
  const keys = instrumentKeysOf(batch.names);
  const headers = new TraceHeaders(batch.names);
  const envelope = envelopeOf(producer);
  const intervals = new EncodedById((id) => encodedText(lists.intervals[id]));
  const windows = new EncodedById((id) => encodedText(lists.windows[id]));
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  for (let i = 0; i < batch.length; i++) {
    setEventId(batch, i, lists);
    beginFrame(writer, schemaId);
    writeRollingMetric(writer, batch, i, names, envelope, eventId, intervals, windows, statuses);
    const tenant = batch.tenant[i];
    const instrument = batch.instrument[i];
    out.add(
      keys.partitionOf(tenant, instrument, partitions),
      batch.knownAt,
      i,
      keys.keyOf(tenant, instrument),
      writer,
      headers.of(batch.trace[i]),
    );
  }
  return out.finish();
}

function setEventId(b: RollingBatch, i: number, { intervals, windows }: RollingNames): void {
  hash.reset();
  const { tenants, instruments, topics } = b.names;
  for (let w = 0; w < 4; w++) {
    hash.word(tenants.digests[4 * b.tenant[i] + w]);
    hash.word(instruments.ids.digests[4 * b.instrument[i] + w]);
    hash.word(topics.digests[4 * b.srcTopic[i] + w]);
  }
  hash.text(intervals[b.interval[i]]).text(windows[b.window[i]]);
  hash.integerAt(b.end, i).integerAt(b.knownAt, i).word(b.status[i]);
  hash.integerAt(b.srcPartition, i).integerAt(b.srcOffset, i);
  hash.digest(eventId, 0);
  markAsUuid8(eventId, 0);
}

/** Decodes the records with offsets in `[from, to)`; one whose interval or window is not in the lists is rejected. */
export function decodeRolling(
  slice: LogSlice,
  from: number,
  to: number,
  names: Names,
  lists: RollingNames,
): { batch: RollingBatch; rejected: Undecodable[] } {
  spans.walk(slice.bytes);
  const x = readNamesOf(names);
  const batch = new RollingBatch(names, spans.count);
  const intervals = listSpans(lists.intervals);
  const windows = listSpans(lists.windows);
  const statusNames = listSpans(BAR_STATUS_NAMES);
  const rejected: Undecodable[] = [];
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    if (!openFrame(reader, spans, k)) {
      rejected.push(unframed(spans, k));
      continue;
    }
    const i = batch.reserve();
    readRollingMetric(reader, batch, i, x, intervals, windows, statusNames);
    if (reader.done()) continue;
    batch.length--;
    rejected.push(broken(spans, k, reader, ROLLING_METRIC_FIELDS));
  }
  return { batch, rejected };
}
