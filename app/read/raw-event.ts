/** Reading one raw event back: the record in the log, and the line of the payload that it came from. */

import { concatBytes } from '../../core/codec/bytes.ts';
import { RecordSpans } from '../../core/codec/kafka/record-spans.ts';
import { decodeRawEvents } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Names } from '../../core/model/names.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { EventLog, LogSlice } from '../../core/ports/event-log.ts';
import type { PayloadArchive } from '../../core/ports/payload-archive.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { memberOf, openContainer } from '../../drivers/containers/container.ts';
import { RecordDecoder } from './log-records.ts';

/** A raw event as columns of one row, with its record in the log. */
export interface RawEventFound {
  readonly batch: RawBatch;
  /** Row of the event in `batch`. */
  readonly index: number;
  /** Log time of the record, in milliseconds. */
  readonly timestampMs: number;
  /** Member of the archived payload that holds the row; null where the payload is no container. */
  readonly member: string | null;
}

/** The event at a position of the log; null when retention has removed it. */
export async function rawEventAt(
  log: EventLog,
  registry: SchemaRegistry,
  names: Names,
  topic: string,
  partition: number,
  offset: number,
): Promise<RawEventFound | null> {
  let slices: Awaited<ReturnType<EventLog['read']>>;
  try {
    slices = await log.read(topic, partition, offset, 1);
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'LOG_OFFSET_OUT_OF_RANGE') return null;
    throw error;
  }
  if (slices.length === 0) return null;
  const slice = { ...slices[0], bytes: concatBytes(slices.map((s) => s.bytes)) };
  const { batch } = decodeRawEvents(slice, offset, offset + 1, names);
  if (batch.length === 0) return null;
  const spans = new RecordSpans().walk(slice.bytes);
  let timestampMs = 0;
  for (let k = 0; k < spans.count; k++) if (spans.offset[k] === offset) timestampMs = spans.timestampMs[k];
  return { batch, index: 0, timestampMs, member: await memberName(slice, offset, registry) };
}

/** The archive member of the record at an offset. The stages need it nowhere, so their columns do not hold it. */
async function memberName(slice: LogSlice, offset: number, registry: SchemaRegistry): Promise<string | null> {
  const records = await new RecordDecoder(registry).records(slice, offset);
  const found = records.find(({ record }) => record.offset === offset)?.record.value;
  const payload = partOf(found, 'payload');
  const member = partOf(payload, 'archive_member');
  return typeof member === 'string' ? member : null;
}

const partOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** The values of an event as `field value unit`. */
export function valuesOfEvent({ batch, index }: RawEventFound): string[] {
  const text = new TextDecoder();
  const values: string[] = [];
  for (let v = batch.firstValue[index]; v < batch.firstValue[index + 1]; v++) {
    const value = text.decode(batch.bytes.subarray(batch.valueFrom[v], batch.valueTo[v]));
    values.push(
      `${batch.names.fields.nameOf(batch.field[v])} ${value === '' ? 'null' : value} ${batch.names.units.nameOf(batch.unit[v])}`,
    );
  }
  return values;
}

/** Longer lines are cut: some markets send a whole report on one. */
const LINE_LENGTH = 2_000;

/**
 * Line `row` (counted from 1) of a payload, or of a member of it, as text; null when the archive no longer has it or
 * the member is not there.
 */
export async function payloadLine(
  archive: PayloadArchive,
  sha256: string,
  member: string | null,
  row: number,
): Promise<string | null> {
  try {
    const bytes = await archive.get(sha256);
    const body = member === null ? bytes : memberOf(await openContainer({ name: '', bytes }), member)?.bytes;
    const line = new TextDecoder().decode(body).split(/\r?\n/)[row - 1];
    if (line === undefined) return null;
    return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'ARCHIVE_MISSING') return null;
    throw error;
  }
}
