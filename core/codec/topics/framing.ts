/** The Confluent wire format (0x00, schema id in four bytes, Avro body), and what a record that breaks it becomes. */

import type { Micros } from '../../time/instant.ts';
import type { AvroReader } from '../avro/reader.ts';
import type { AvroWriter } from '../avro/writer.ts';
import { textOf } from '../bytes.ts';
import type { RecordSpans } from '../kafka/record-spans.ts';

/** A record that is no event of its topic. The stage makes a dead letter of it. */
export interface Undecodable {
  /** Offset in the log. */
  readonly offset: number;
  /** Time of the record in the log: all that is known of when it came. */
  readonly knownAt: Micros;
  /** Tenant that the record's key begins with, as our keys do; null when the key is another's, or none. */
  readonly tenant: string | null;
  /** Header `trace_id`; empty without one. */
  readonly traceId: string;
  readonly code: 'EVENT_UNDECODABLE';
  readonly message: string;
  /** The record's value; empty when it was null. */
  readonly raw: Uint8Array;
  /** Path of the field at fault; null when the record as a whole is. */
  readonly field: string | null;
  readonly expected: string | null;
  readonly got: string | null;
}

/** Begins a framed record in an emptied writer. */
export function beginFrame(w: AvroWriter, schemaId: number): void {
  w.at = 0;
  w.ensure(5);
  w.bytes[0] = 0;
  setFrameId(w, schemaId);
  w.at = 5;
}

/** Changes the schema id of the framed record in a writer. */
export function setFrameId(w: AvroWriter, schemaId: number): void {
  w.bytes[1] = schemaId >>> 24;
  w.bytes[2] = schemaId >>> 16;
  w.bytes[3] = schemaId >>> 8;
  w.bytes[4] = schemaId;
}

/** Opens the body of record `k` for reading; false when it is not framed. */
export function openFrame(r: AvroReader, spans: RecordSpans, k: number): boolean {
  const from = spans.valueFrom[k];
  if (from < 0 || spans.valueTo[k] - from < 5 || spans.bytes[from] !== 0) return false;
  r.open(spans.bytes, from + 5, spans.valueTo[k]);
  return true;
}

/** A record that is not framed at all. */
export function unframed(spans: RecordSpans, k: number, accepted = 'framed Avro'): Undecodable {
  const raw = copyOfValue(spans, k);
  const got = raw.length === 0 ? 'no bytes' : (textOf(raw, 0, Math.min(raw.length, 40)) ?? `byte ${raw[0]}`);
  return undecodable(spans, k, null, accepted, printable(got));
}

/** A framed record whose body broke at the reader's field. */
export function broken(spans: RecordSpans, k: number, r: AvroReader, fields: readonly string[]): Undecodable {
  return undecodable(spans, k, fields[r.faulty], r.expected, null);
}

/** A record refused for a reason that the caller states. */
export function undecodable(
  spans: RecordSpans,
  k: number,
  field: string | null,
  expected: string | null,
  got: string | null,
): Undecodable {
  const where = field === null ? 'the record' : field;
  return {
    offset: spans.offset[k],
    knownAt: spans.timestampMs[k] * 1000,
    tenant: tenantOfKey(spans, k),
    traceId: spans.header(k, 'trace_id') ?? '',
    code: 'EVENT_UNDECODABLE',
    message: `${where} is not readable${expected === null ? '' : `: ${expected} was expected`}`,
    raw: copyOfValue(spans, k),
    field,
    expected,
    got,
  };
}

/** Keys of ours are `tenant|market|place`. */
function tenantOfKey(spans: RecordSpans, k: number): string | null {
  const key = spans.keyFrom[k] < 0 ? null : textOf(spans.bytes, spans.keyFrom[k], spans.keyTo[k]);
  return /^([\w-]{1,64})\|[^|]*\|/.exec(key ?? '')?.[1] ?? null;
}

function copyOfValue(spans: RecordSpans, k: number): Uint8Array {
  return spans.valueFrom[k] < 0 ? new Uint8Array(0) : spans.bytes.slice(spans.valueFrom[k], spans.valueTo[k]);
}

function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
