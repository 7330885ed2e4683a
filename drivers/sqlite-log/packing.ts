/**
 * How the log keeps a batch on disk: packed with zstd where that pays. JSON lines and Avro of one feed shrink five to
 * ten times, and what is not written need not be checkpointed, read and checked again: packing costs less than it
 * saves (docs/performance.md).
 */

import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { BATCH_HEAD } from '../../core/codec/kafka/batch-layout.ts';
import { Codec, codecOf, putRepacked, recordsOf, repacked } from '../../core/codec/kafka/packed-batch.ts';
import { lend, takeMemory } from '../../core/codec/lent-memory.ts';
import { CarbonError, type ErrorContext } from '../../core/errors.ts';

/** Smaller batches are kept as they are: a page holds several of them anyway. */
const LEAST_BYTES = 2048;
/** No batch unpacks to more; one that says so is damaged. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What a frame is taken to unpack to, as a multiple of its length, when it does not say so: it was packed by older code. */
const USUAL_RATIO = 12;
/** Neighbours are alike, so a small window finds as much, and what a call sets up is smaller than the cache. */
const FAST = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 17 };

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The batch as it is stored: packed, beside the thread, or itself when packing would not make it smaller. */
export async function pack(batch: Uint8Array): Promise<Uint8Array> {
  if (batch.length < LEAST_BYTES) return batch;
  const records = recordsOf(batch);
  // An eighth is mostly room enough for one piece, and memory set aside for nothing brings the next collection nearer.
  const room = { chunkSize: Math.max(LEAST_BYTES, records.length >> 3), pledgedSrcSize: records.length };
  const small = await compress(records, { params: FAST, ...room });
  return small.length < records.length ? repacked(batch, Codec.zstd, small) : batch;
}

/** Length of a stored batch once it is unpacked: what it says itself, and an estimate where it says nothing. */
export function plainLengthOf(stored: Uint8Array): number {
  if (codecOf(stored) !== Codec.zstd) return stored.length;
  const packed = recordsOf(stored);
  return BATCH_HEAD + (contentSizeOf(packed) ?? USUAL_RATIO * packed.length);
}

/**
 * Stored batches, plain and one behind the other in one memory, which may be given back. They are unpacked side by side,
 * beside the thread. Throws LOG_CORRUPT, with `where` of the batch, for one that does not unpack.
 */
export async function unpack(
  stored: readonly Uint8Array[],
  where: (k: number) => ErrorContext,
): Promise<Uint8Array[]> {
  const records = await Promise.all(
    stored.map(async (batch, k) => {
      if (codecOf(batch) === Codec.none) return recordsOf(batch);
      try {
        return await decompress(...unpacking(batch));
      } catch (cause) {
        throw damaged(where(k), cause);
      }
    }),
  );
  const length = records.reduce((sum, plain) => sum + BATCH_HEAD + plain.length, 0);
  const out = lend(takeMemory(length));
  let at = 0;
  return records.map((plain, k) => {
    const from = at;
    at = putRepacked(out, from, stored[k], Codec.none, plain);
    return out.subarray(from, at);
  });
}

/** One stored batch, plain, while the caller waits: for whoever is in the middle of a transaction. */
export function unpackNow(stored: Uint8Array, where: ErrorContext): Uint8Array {
  if (codecOf(stored) === Codec.none) return stored;
  try {
    return repacked(stored, Codec.none, zstdDecompressSync(...unpacking(stored)));
  } catch (cause) {
    throw damaged(where, cause);
  }
}

/** What is to be unpacked, and the room for it: one piece, since each more costs a call and a copy. */
function unpacking(
  stored: Uint8Array,
): [packed: Uint8Array, room: { maxOutputLength: number; chunkSize: number }] {
  if (codecOf(stored) !== Codec.zstd) throw new Error(`codec ${codecOf(stored)} is not known here`);
  // A piece that is filled to its end is followed by another one.
  const chunkSize = Math.min(MOST_BYTES, plainLengthOf(stored) + 64);
  return [recordsOf(stored), { maxOutputLength: MOST_BYTES, chunkSize }];
}

/** Length of what a zstd frame holds, when it says so (RFC 8878, 3.1.1.1: frame header); null otherwise. */
function contentSizeOf(frame: Uint8Array): number | null {
  const flags = frame[4];
  const isSingle = (flags & 0x20) !== 0;
  const bytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6];
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3];
  if (bytes === 0 || frame.length < at + bytes) return null;
  let size = 0;
  for (let k = bytes - 1; k >= 0; k--) size = 256 * size + frame[at + k];
  return bytes === 2 ? size + 256 : size;
}

function damaged(where: ErrorContext, cause: unknown): CarbonError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CarbonError('LOG_CORRUPT', `a stored record batch does not unpack: ${why}`, {
    context: where,
    cause,
  });
}
