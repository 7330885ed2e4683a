/** What a batch must be before it is stored, and must still be when it is read. */

import { CarbonError, type ErrorContext } from '../../errors.ts';
import { Attribute, type BatchHeader, readBatchHeader } from './record-batch.ts';

/**
 * Checks one batch of an append: whole, with a right CRC, uncompressed (the log packs batches itself), with a record
 * for every offset it takes. Throws LOG_CORRUPT naming its place in the append.
 */
export function checkIncoming(
  bytes: Uint8Array,
  topic: string,
  partition: number,
  index: number,
): BatchHeader {
  const where = { topic, partition, batch: index };
  const head = headOf(bytes, where);
  if ((head.attributes & Attribute.COMPRESSION) !== 0)
    throw unfit('a record batch is compressed; a log takes plain ones', where);
  if (head.recordCount < 1 || head.recordCount !== head.lastOffsetDelta + 1)
    throw unfit(
      `a record batch has ${head.recordCount} records for ${head.lastOffsetDelta + 1} offsets`,
      where,
    );
  return head;
}

/** Checks a batch that was stored with `records` records. Throws LOG_CORRUPT naming topic, partition and offset. */
export function checkStored(
  bytes: Uint8Array,
  records: number,
  topic: string,
  partition: number,
  offset: number,
): void {
  const where = { topic, partition, offset };
  const head = headOf(bytes, where);
  if (head.recordCount !== records)
    throw unfit(`a record batch has ${head.recordCount} records, stored were ${records}`, where);
}

function headOf(bytes: Uint8Array, where: ErrorContext): BatchHeader {
  let head: BatchHeader;
  try {
    head = readBatchHeader(bytes, 0);
  } catch (error) {
    throw unfit(error instanceof Error ? error.message : 'not a record batch', where, error);
  }
  if (head.byteLength !== bytes.length)
    throw unfit(`a record batch of ${head.byteLength} bytes is followed by others`, where);
  if (!head.crcValid) throw unfit('a record batch fails its CRC', where);
  return head;
}

function unfit(message: string, where: ErrorContext, cause?: unknown): CarbonError {
  const place = Object.entries(where).map(([key, value]) => `${key} ${value}`);
  return new CarbonError('LOG_CORRUPT', `${message} (${place.join(', ')})`, { context: where, cause });
}
