/** Records of topics that have few of them, as objects: dead letters, anomalies, notices, requests and reports of jobs. */

import { FieldHash, markAsUuid8 } from '../../model/hash128.ts';
import type { LogSlice } from '../../ports/event-log.ts';
import type { Micros } from '../../time/instant.ts';
import { type Envelope, envelopeOf } from '../avro/envelope.ts';
import { AvroReader } from '../avro/reader.ts';
import { AvroWriter } from '../avro/writer.ts';
import { textOf } from '../bytes.ts';
import { partitionOf } from '../kafka/partition.ts';
import { RecordSpans } from '../kafka/record-spans.ts';
import { beginFrame, broken, openFrame, type Undecodable, undecodable, unframed } from './framing.ts';
import { type EncodedBatch, PartitionedBatches, traceHeaders } from './routing.ts';

const writer = new AvroWriter();
const reader = new AvroReader();
const spans = new RecordSpans();
const hash = new FieldHash();
const eventId = new Uint32Array(4);
const knownAt = new Float64Array(1);

/** What every such object has beside what it says. */
export interface Known {
  readonly traceId: string;
  readonly knownAt: Micros;
}

type WriteObject<T> = (w: AvroWriter, row: T, e: Envelope, ids: Uint32Array) => void;

/**
 * Encodes objects in their order. `identify` pushes the fields of the event id into the hash, which is empty or reset by
 * it, and returns the record's key.
 */
export function encodeObjects<T extends Known>(
  rows: readonly T[],
  schemaId: number,
  partitions: number,
  producer: string,
  maxBatchBytes: number,
  write: WriteObject<T>,
  identify: (row: T, hash: FieldHash) => Uint8Array,
): EncodedBatch[] {
  const envelope = envelopeOf(producer);
  const out = new PartitionedBatches(partitions, maxBatchBytes);
  for (const row of rows) {
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

/** Why a JSON text is no object of its topic. */
export interface JsonFault {
  readonly field: string | null;
  readonly expected: string;
  readonly got: string;
}

/** Reads a record that is a JSON object, of which the log knows a time. */
export type ReadJson<T> = (text: string, at: Micros) => { readonly value: T } | { readonly fault: JsonFault };

type Read<T> = { readonly value: T } | { readonly refused: Undecodable };

/**
 * Decodes objects with offsets in `[from, to)`, each with its own offset. With `readJson` a record may be a JSON object
 * in place of framed Avro.
 */
export function decodeObjects<T>(
  slice: LogSlice,
  from: number,
  to: number,
  read: (r: AvroReader) => T,
  fields: readonly string[],
  readJson?: ReadJson<T>,
): { rows: T[]; offsets: number[]; rejected: Undecodable[] } {
  spans.walk(slice.bytes);
  const rows: T[] = [];
  const offsets: number[] = [];
  const rejected: Undecodable[] = [];
  for (let k = 0; k < spans.count; k++) {
    if (spans.offset[k] < from || spans.offset[k] >= to) continue;
    const found = openFrame(reader, spans, k) ? readFrame(k, read, fields) : readPlain(k, readJson);
    if ('refused' in found) rejected.push(found.refused);
    else {
      rows.push(found.value);
      offsets.push(spans.offset[k]);
    }
  }
  return { rows, offsets, rejected };
}

function readFrame<T>(k: number, read: (r: AvroReader) => T, fields: readonly string[]): Read<T> {
  const value = read(reader);
  return reader.done() ? { value } : { refused: broken(spans, k, reader, fields) };
}

function readPlain<T>(k: number, readJson: ReadJson<T> | undefined): Read<T> {
  if (readJson === undefined) return { refused: unframed(spans, k) };
  const text = spans.valueFrom[k] < 0 ? null : textOf(spans.bytes, spans.valueFrom[k], spans.valueTo[k]);
  if (text === null || !text.trimStart().startsWith('{'))
    return { refused: unframed(spans, k, 'framed Avro or a JSON object') };
  const found = readJson(text, spans.timestampMs[k] * 1000);
  if ('value' in found) return found;
  const { field, expected, got } = found.fault;
  return { refused: undecodable(spans, k, field, expected, got) };
}
