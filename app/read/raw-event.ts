/** Reading one raw event back: the record in the log, and the line of the payload that it came from. */

import { concatBytes } from '../../core/codec/bytes.ts';
import { RecordSpans } from '../../core/codec/kafka/record-spans.ts';
import { decodeRawEvents } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Names } from '../../core/model/names.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { PayloadArchive } from '../../core/ports/payload-archive.ts';

/** A raw event as columns of one row, with its record in the log. */
export interface RawEventFound {
  readonly batch: RawBatch;
  /** Row of the event in `batch`. */
  readonly index: number;
  /** Log time of the record, in milliseconds. */
  readonly timestampMs: number;
}

/** The event at a position of the log; null when retention has removed it. */
export async function rawEventAt(
  log: EventLog,
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
  return { batch, index: 0, timestampMs };
}

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

/** Line `row` of a payload (counted from 1) as text; null when the archive no longer has it. */
export async function payloadLine(
  archive: PayloadArchive,
  sha256: string,
  row: number,
): Promise<string | null> {
  try {
    const lines = new TextDecoder().decode(await archive.get(sha256)).split(/\r?\n/);
    return lines[row - 1] ?? null;
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'ARCHIVE_MISSING') return null;
    throw error;
  }
}
