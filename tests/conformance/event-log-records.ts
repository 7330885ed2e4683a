/** Small record batches for the suite of the event log, and what is in those that come back. */

import { RecordBatchWriter, RecordSpans } from '../../core/codec/kafka/record-batch.ts';
import type { EventLog, LogSlice } from '../../core/ports/event-log.ts';

export interface SeenRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly value: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One batch: a text and a time in milliseconds per record. */
export function batchOf(...records: readonly (readonly [value: string, timestampMs: number])[]): Uint8Array {
  const writer = new RecordBatchWriter(256);
  for (const [value, timestampMs] of records) {
    const bytes = encoder.encode(value);
    writer.add(timestampMs, null, 0, 0, bytes, 0, bytes.length);
  }
  return writer.finish();
}

/** The records of slices, in order. */
export function recordsOf(slices: readonly LogSlice[]): SeenRecord[] {
  const seen: SeenRecord[] = [];
  const spans = new RecordSpans();
  for (const slice of slices) {
    spans.walk(slice.bytes);
    for (let i = 0; i < spans.count; i++)
      seen.push({
        offset: spans.offset[i],
        timestampMs: spans.timestampMs[i],
        value: decoder.decode(slice.bytes.subarray(spans.valueFrom[i], spans.valueTo[i])),
      });
  }
  return seen;
}

/** All records from an offset on, read in steps of about `maxBytes` as a consumer does. */
export async function readAll(
  log: EventLog,
  topic: string,
  partition: number,
  from: number,
  maxBytes = 1_000_000,
): Promise<SeenRecord[]> {
  const seen: SeenRecord[] = [];
  for (let next = from; ; ) {
    const slices = await log.read(topic, partition, next, maxBytes);
    if (slices.length === 0) return seen;
    seen.push(...recordsOf(slices).filter((record) => record.offset >= next));
    next = slices[slices.length - 1].to;
  }
}
