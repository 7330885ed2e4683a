/** Records of the event log as plain values for people, whatever form their bytes have. */

import { AvroReader } from '../../core/codec/avro/reader.ts';
import { plainBytes, readRecordJson } from '../../core/codec/avro/record-json.ts';
import { textOf } from '../../core/codec/bytes.ts';
import { RecordSpans } from '../../core/codec/kafka/record-batch.ts';
import { CarbonError } from '../../core/errors.ts';
import type { EventLog, LogSlice } from '../../core/ports/event-log.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import type { AvroType } from '../../core/schema/avro-type.ts';
import { formatInstant } from '../../core/time/instant.ts';

/** One record. `value` is what the schema of its frame says, a JSON record as it is, or why neither holds. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly key: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** A record with its time in milliseconds since the epoch, for merging. */
export interface TimedRecord {
  readonly atMs: number;
  readonly record: LogRecord;
}

/** `JSON.rawJSON` keeps the digits of a number as they were written. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Decodes records; schemas are parsed once per id. */
export class RecordDecoder {
  private readonly registry: SchemaRegistry;
  private readonly types = new Map<number, AvroType | null>();
  private readonly spans = new RecordSpans();

  constructor(registry: SchemaRegistry) {
    this.registry = registry;
  }

  /** The records of a slice from `offset` on, in order. */
  async records(slice: LogSlice, offset: number): Promise<TimedRecord[]> {
    const spans = this.spans.walk(slice.bytes);
    const count = spans.count;
    for (let k = 0; k < count; k++) await this.loadType(frameId(spans, k));
    const found: TimedRecord[] = [];
    for (let k = 0; k < count; k++)
      if (spans.offset[k] >= offset)
        found.push({ atMs: spans.timestampMs[k], record: this.recordOf(slice, spans, k) });
    return found;
  }

  private recordOf(slice: LogSlice, spans: RecordSpans, k: number): LogRecord {
    return {
      topic: slice.topic,
      partition: slice.partition,
      offset: spans.offset[k],
      timestamp: formatInstant(spans.timestampMs[k] * 1000),
      key: spans.keyFrom[k] < 0 ? null : plainBytes(spans.bytes.slice(spans.keyFrom[k], spans.keyTo[k])),
      headers: headersOf(spans, k),
      value: this.valueOf(spans, k),
    };
  }

  private valueOf(spans: RecordSpans, k: number): unknown {
    const from = spans.valueFrom[k];
    const to = spans.valueTo[k];
    if (from < 0) return null;
    const bytes = spans.bytes.slice(from, to);
    const id = frameId(spans, k);
    if (id === null) return jsonOf(bytes) ?? broken('neither framed Avro nor JSON', bytes);
    const type = this.types.get(id) ?? null;
    if (type === null) return broken(`no schema has the id ${id}`, bytes);
    const { value, fault } = readRecordJson(type, spans.bytes, from + 5, to);
    return fault === null
      ? value
      : broken(`${fault.field} is not readable: ${fault.expected} was expected`, bytes);
  }

  private async loadType(id: number | null): Promise<void> {
    if (id === null || this.types.has(id)) return;
    try {
      const { schema, subject } = await this.registry.byId(id);
      this.types.set(id, parseSchema(schema, subject));
    } catch (error) {
      if (!(error instanceof CarbonError) || error.code !== 'SCHEMA_UNKNOWN') throw error;
      this.types.set(id, null);
    }
  }
}

/** Records of one partition in order, read ahead by one so that several can be merged by time. */
export class PartitionCursor {
  readonly partition: number;
  /** Offset to read next. */
  next: number;
  private waiting: TimedRecord[] = [];
  private taken = 0;

  constructor(partition: number, next: number) {
    this.partition = partition;
    this.next = next;
  }

  /** The record that `take` would give; null at the end of what is there. */
  async peek(log: EventLog, topic: string, decoder: RecordDecoder): Promise<TimedRecord | null> {
    while (this.taken === this.waiting.length) {
      const slices = await log.read(topic, this.partition, this.next, READ_BYTES);
      if (slices.length === 0) return null;
      const records: TimedRecord[] = [];
      for (const slice of slices) {
        records.push(...(await decoder.records(slice, this.next)));
        this.next = slice.to;
      }
      this.waiting = records;
      this.taken = 0;
    }
    return this.waiting[this.taken];
  }

  /** Moves past the record peeked. */
  take(): void {
    this.taken++;
  }
}

/** About how much is read at a time: a person looks at little. */
const READ_BYTES = 65_536;

/** Schema id of a framed record; null for one that is not framed. */
function frameId(spans: RecordSpans, k: number): number | null {
  const from = spans.valueFrom[k];
  if (from < 0 || spans.valueTo[k] - from < 5 || spans.bytes[from] !== 0) return null;
  return new DataView(spans.bytes.buffer, spans.bytes.byteOffset).getUint32(from + 1);
}

function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes, 0, bytes.length);
  if (text === null) return undefined;
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}

function broken(why: string, bytes: Uint8Array): unknown {
  return { undecodable: why, bytes: plainBytes(bytes) };
}

/** Headers as an object; of a name given twice the last, as Kafka has it. Their numbers are Avro's varints. */
function headersOf(spans: RecordSpans, k: number): Record<string, unknown> {
  const r = new AvroReader();
  r.open(spans.bytes, spans.headersFrom[k], spans.headersTo[k]);
  const headers: [string, unknown][] = [];
  for (let n = r.long(); n > 0 && r.ok; n--) {
    r.span();
    const name = textOf(spans.bytes, r.from, r.to) ?? 'not UTF-8';
    const length = r.long();
    headers.push([name, length < 0 ? null : plainBytes(spans.bytes.slice(r.at, r.at + length))]);
    if (length > 0) r.at += length;
  }
  return Object.fromEntries(headers);
}
