/** What a broker sent, as slices of the log: whole batches, checked, plain, without what was never committed. */

import { BATCH_HEAD, LENGTH_END, readInt32 } from '../../core/codec/kafka/batch-layout.ts';
import { emptiedBatch, readStamp } from '../../core/codec/kafka/producer-fields.ts';
import { Attribute, type BatchHeader, readBatchHeader } from '../../core/codec/kafka/record-batch.ts';
import { CarbonError } from '../../core/errors.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { plainBatches, unpackBody } from './compression.ts';
import type { FetchedPartition } from './requests.ts';

/**
 * The batches that hold records at or after `offset`, in order, until about `maxBytes` plain ones. Records of aborted transactions are taken out here,
 * batch by batch, whatever the fetch was cut into; their offsets stay, as those of control batches do, so that the
 * slices follow each other without a gap. Throws LOG_CORRUPT with the place of a batch that is damaged.
 */
export function slicesOf(
  topic: string,
  fetched: FetchedPartition,
  offset: number,
  maxBytes = Infinity,
): LogSlice[] {
  const aborted = new AbortedRanges(fetched.aborted);
  const heads: BatchHeader[] = [];
  const batches: Uint8Array[] = [];
  const bodies: Uint8Array[] = [];
  let next = offset;
  let length = 0;
  for (const bytes of wholeBatches(fetched.records)) {
    const place = `${topic}/${fetched.partition} at ${next}`;
    const head = headOf(bytes, place);
    const to = head.baseOffset + head.lastOffsetDelta + 1;
    const isAborted = aborted.holds(bytes, head, to - 1);
    if (to <= offset) continue;
    const batch = isAborted ? emptiedBatch(bytes) : bytes;
    heads.push(head);
    batches.push(batch);
    bodies.push(bodyOf(batch, place));
    next = to;
    length += BATCH_HEAD + bodies[bodies.length - 1].length;
    if (length >= maxBytes) break;
  }
  const { partition } = fetched;
  return plainBatches(batches, bodies).map((bytes, k) => {
    const { baseOffset, lastOffsetDelta } = heads[k];
    return { topic, partition, from: baseOffset, to: baseOffset + lastOffsetDelta + 1, bytes };
  });
}

/** Cuts bytes into batches. A broker cuts the last one short where the limit of the fetch falls. */
export function* wholeBatches(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + LENGTH_END <= bytes.length; ) {
    const end = at + LENGTH_END + Math.max(0, readInt32(bytes, at + 8));
    if (end > bytes.length) return;
    yield bytes.subarray(at, end);
    at = end;
  }
}

/**
 * Which batches belong to aborted transactions. The broker names producer and first offset of each; one reaches to the
 * next control batch of its producer.
 */
class AbortedRanges {
  private readonly pending: { readonly producerId: number; readonly firstOffset: number }[];
  private readonly open = new Set<number>();

  constructor(ranges: FetchedPartition['aborted']) {
    this.pending = ranges.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Asked once for each batch, in order. */
  holds(bytes: Uint8Array, head: BatchHeader, lastOffset: number): boolean {
    const { id } = readStamp(bytes);
    while (this.pending.length > 0 && this.pending[0].firstOffset <= lastOffset)
      this.open.add((this.pending.shift() as { producerId: number }).producerId);
    if ((head.attributes & Attribute.CONTROL) !== 0) {
      this.open.delete(id);
      return false;
    }
    return (head.attributes & Attribute.TRANSACTIONAL) !== 0 && this.open.has(id);
  }
}

function headOf(bytes: Uint8Array, place: string): BatchHeader {
  let head: BatchHeader;
  try {
    head = readBatchHeader(bytes);
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : 'not a record batch', place, cause);
  }
  if (!head.crcValid) throw damaged('a record batch fails its CRC', place);
  return head;
}

function bodyOf(bytes: Uint8Array, place: string): Uint8Array {
  try {
    return unpackBody(bytes);
  } catch (cause) {
    throw damaged('the body of a record batch cannot be unpacked', place, cause);
  }
}

function damaged(what: string, place: string, cause?: unknown): CarbonError {
  return new CarbonError('LOG_CORRUPT', `${what} (${place})`, { context: { place }, cause });
}
