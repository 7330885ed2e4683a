/** Records that are few, and objects in the program: dead letters, anomalies, notices, inputs and statements of curves. */

import { FieldHash, markAsUuid8 } from '../../model/hash128.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import { type Envelope, envelopeOf } from '../avro/envelope.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { partitionOf } from '../kafka/partition.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, unframed } from './framing.ts';
import { type EncodedBatch, PartitionedBatches, traceHeaders } from './routing.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();
const hash = new FieldHash();
const eventId = new Uint32Array(4);
const knownAt = new Float64Array(1);

type WriteRow<T> = (w: AvroWriter, row: T, e: Envelope, ids: Uint32Array) => void;

/** Encodes rows in their order. `identify` pushes the fields of the event id into `hash` and returns the record's key. */
export function encodeRows<T extends { readonly traceId: string; readonly knownAt: number }>(
  rows: readonly T[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes: number,
  write: WriteRow<T>,
  identify: (row: T, hash: FieldHash) => Uint8Array,
): EncodedBatch[] {
  const envelope = envelopeOf(producer);
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  for (const row of rows) {
    hash.reset();
    const key = identify(row, hash);
    hash.digest(eventId, 0);
    markAsUuid8(eventId, 0);
    beginFrame(writer, schemaId);
    write(writer, row, envelope, eventId);
    knownAt[0] = row.knownAt;
    out.add(partitionOf(key, partitions), knownAt, 0, key, writer, traceHeaders(row.traceId));
  }
  return out.finish();
}

/** Decodes the records with offsets in `[from, to)`, each with its own offset. */
export function decodeRows<T>(
  slice: LogSlice,
  from: number,
  to: number,
  read: (r: AvroReader) => T,
  fields: readonly string[],
): { rows: T[]; offsets: number[]; rejected: Undecodable[] } {
  spans.walk(slice.bytes);
  const rows: T[] = [];
  const offsets: number[] = [];
  const rejected: Undecodable[] = [];
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    if (!openFrame(reader, spans, k)) {
      rejected.push(unframed(spans, k));
      continue;
    }
    const row = read(reader);
    if (reader.done()) {
      rows.push(row);
      offsets.push(spans.offset[k]);
    } else rejected.push(broken(spans, k, reader, fields));
  }
  return { rows, offsets, rejected };
}
