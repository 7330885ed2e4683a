/**
 * CloudEvents 1.0 in binary mode: what the envelope of an event says, once more as headers of its record (`ce_id`,
 * `ce_time` …), for consumers that know CloudEvents and not our schemas. About 250 bytes a record: a setting per topic.
 *
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */

import { formatInstant } from '../../time/instant.ts';
import { AvroReader } from '../avro/reader.ts';
import { concatBytes, textOf } from '../bytes.ts';
import { encodeHeaders, RecordBatchWriter, RecordSpans } from '../kafka/record-batch.ts';
import { openFrame } from './framing.ts';

const spans = new RecordSpans();
const reader = new AvroReader();

/** What the headers say beside the envelope. */
export interface CloudEventContext {
  readonly topic: string;
  /** Where schemas are found by id, as `https://registry/schemas/ids`; null leaves `ce_dataschema` out. */
  readonly schemas: string | null;
}

/** Type of the events of a topic: `com.carbon254.normalized.market.ticks.v1`. */
export function cloudEventType(topic: string): string {
  return `com.carbon254.${topic}`;
}

/**
 * The same batch with the headers of CloudEvents on every record that is framed Avro with our envelope; others, and
 * those that bear them already, stay as they are. Headers that are there stay: `trace_id`, `traceparent`.
 * Throws LOG_CORRUPT for bytes that are no plain record batch.
 */
export function withCloudEvents(batch: Uint8Array, context: CloudEventContext): Uint8Array {
  spans.walk(batch);
  const writer = new RecordBatchWriter(batch.length + 320 * spans.count);
  for (let k = 0; k < spans.count; k++) {
    const { bytes, keyFrom, keyTo, valueFrom, valueTo, headersFrom, headersTo } = spans;
    const known = bytes.subarray(headersFrom[k], headersTo[k]);
    const more = spans.header(k, 'ce_id') === null ? attributesOf(k, context) : null;
    writer.add(
      spans.timestampMs[k],
      keyFrom[k] < 0 ? null : bytes,
      keyFrom[k],
      keyTo[k],
      valueFrom[k] < 0 ? null : bytes,
      valueFrom[k],
      valueTo[k],
      more === null ? known : joinHeaders(known, more),
    );
  }
  return writer.finish();
}

/** The attributes as headers, or null for a record without our envelope. */
function attributesOf(k: number, { topic, schemas }: CloudEventContext): Uint8Array | null {
  if (!openFrame(reader, spans, k)) return null;
  const at = spans.valueFrom[k];
  const { bytes } = spans;
  const schemaId =
    ((bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]) >>> 0;
  const eventId = reader.text();
  reader.text(); // trace id
  const occurredAt = reader.long();
  const tenant = reader.text();
  reader.text(); // schema version
  const producer = reader.text();
  if (!reader.ok) return null;
  const key = spans.keyFrom[k] < 0 ? null : textOf(bytes, spans.keyFrom[k], spans.keyTo[k]);
  return encodeHeaders([
    ['ce_specversion', '1.0'],
    ['ce_id', eventId],
    ['ce_source', `/${encodeURIComponent(tenant)}/${encodeURIComponent(producer)}`],
    ['ce_type', cloudEventType(topic)],
    ['ce_time', formatInstant(occurredAt)],
    ...(key === null || key === '' ? [] : [['ce_subject', key] as const]),
    ...(schemas === null ? [] : [['ce_dataschema', `${schemas}/${schemaId}`] as const]),
    ['content-type', 'application/avro'],
  ]);
}

/** Two encoded lists as one: a list is its count, as a zigzag varint, and then its entries. */
function joinHeaders(a: Uint8Array, b: Uint8Array): Uint8Array {
  const count = countOf(a) + countOf(b);
  return concatBytes([zigzag(count), a.subarray(countLength(a)), b.subarray(countLength(b))]);
}

function countOf(headers: Uint8Array): number {
  let n = 0;
  for (let p = 0; p < countLength(headers); p++) n |= (headers[p] & 127) << (7 * p);
  return n >>> 1;
}

function countLength(headers: Uint8Array): number {
  let p = 0;
  while (headers[p] > 127) p++;
  return p + 1;
}

function zigzag(value: number): Uint8Array {
  const out: number[] = [];
  let z = 2 * value;
  for (; z > 127; z >>>= 7) out.push((z & 127) | 128);
  out.push(z);
  return Uint8Array.from(out);
}
