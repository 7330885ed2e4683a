/**
 * How the log keeps a batch on disk: packed with zstd where that pays. JSON lines and Avro of one feed shrink five to
 * ten times, and what is not written need not be checkpointed, read and checked again: packing costs less than it
 * saves (docs/performance.md).
 */

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Codec, codecOf, recordsOf, repacked } from '../../core/codec/kafka/packed-batch.ts';
import { CarbonError, type ErrorContext } from '../../core/errors.ts';

/** Smaller batches are kept as they are: a page holds several of them anyway. */
const LEAST_BYTES = 2048;
/** No batch unpacks to more; one that says so is damaged. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Few large pieces of output: each costs a call and a copy. */
const CHUNK = 1 << 20;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: CHUNK };

/** The batch as it is stored: packed, or itself when packing would not make it smaller. */
export function pack(batch: Uint8Array): Uint8Array {
  if (batch.length < LEAST_BYTES) return batch;
  const records = recordsOf(batch);
  const small = zstdCompressSync(records, FAST);
  return small.length < records.length ? repacked(batch, Codec.zstd, small) : batch;
}

/** A stored batch as readers get it: plain. Throws LOG_CORRUPT, with `where`, for one that does not unpack. */
export function unpack(stored: Uint8Array, where: ErrorContext): Uint8Array {
  if (codecOf(stored) === Codec.none) return stored;
  try {
    if (codecOf(stored) !== Codec.zstd) throw new Error(`codec ${codecOf(stored)} is not known here`);
    return repacked(
      stored,
      Codec.none,
      zstdDecompressSync(recordsOf(stored), { maxOutputLength: MOST_BYTES, chunkSize: CHUNK }),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CarbonError('LOG_CORRUPT', `a stored record batch does not unpack: ${why}`, {
      context: where,
      cause,
    });
  }
}
