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
/** Batches are unpacked together up to so many plain bytes: a call costs as much as unpacking some tens of kilobytes. */
const GROUP_BYTES = 1 << 20;
/** A piece of memory that is filled to its end is followed by another one. */
const PIECE_END = 64;
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
 * Stored batches, plain and one behind the other in one memory, which may be given back. Small ones are unpacked
 * together, all beside the thread. Throws LOG_CORRUPT, with `where` of the batch, for one that does not unpack.
 */
export async function unpack(
  stored: readonly Uint8Array[],
  where: (k: number) => ErrorContext,
): Promise<Uint8Array[]> {
  const groups = groupsOf(stored);
  const parts = await Promise.all(
    groups.map(({ from, to }) => unpackGroup(stored.slice(from, to), (k) => where(from + k))),
  );
  const records = parts.flat();
  const length = records.reduce((sum, plain) => sum + BATCH_HEAD + plain.length, 0);
  const out = lend(takeMemory(length));
  let at = 0;
  return records.map((plain, k) => {
    const from = at;
    at = putRepacked(out, from, stored[k], Codec.none, plain);
    return out.subarray(from, at);
  });
}

/** Neighbours that are unpacked in one call, [from, to). */
interface Group {
  readonly from: number;
  readonly to: number;
}

/** Small batches that say their length go together until they are worth a call; any other is a group by itself. */
function groupsOf(stored: readonly Uint8Array[]): Group[] {
  const groups: Group[] = [];
  let from = 0;
  let bytes = 0;
  stored.forEach((batch, k) => {
    const size = codecOf(batch) === Codec.zstd ? (contentSizeOf(recordsOf(batch)) ?? Infinity) : Infinity;
    if (size >= GROUP_BYTES && from < k) {
      groups.push({ from, to: k });
      from = k;
    }
    bytes += size;
    if (bytes < GROUP_BYTES) return;
    groups.push({ from, to: k + 1 });
    from = k + 1;
    bytes = 0;
  });
  if (from < stored.length) groups.push({ from, to: stored.length });
  return groups;
}

/** Records of each batch of a group. Frames that lie one behind the other are one input (RFC 8878, 3). */
async function unpackGroup(
  stored: readonly Uint8Array[],
  where: (k: number) => ErrorContext,
): Promise<Uint8Array[]> {
  if (stored.length === 1) return [await unpackOne(stored[0], where(0))];
  const frames = stored.map(recordsOf);
  const sizes = frames.map((frame) => contentSizeOf(frame) ?? 0);
  const length = sizes.reduce((sum, size) => sum + size, 0);
  try {
    const plain = await decompress(Buffer.concat(frames), {
      maxOutputLength: length,
      chunkSize: length + PIECE_END,
    });
    if (plain.length === length) {
      let at = 0;
      return sizes.map((size) => plain.subarray(at, (at += size)));
    }
  } catch {
    // One of them is damaged: by themselves they say which.
  }
  return Promise.all(stored.map((batch, k) => unpackOne(batch, where(k))));
}

async function unpackOne(batch: Uint8Array, where: ErrorContext): Promise<Uint8Array> {
  if (codecOf(batch) === Codec.none) return recordsOf(batch);
  try {
    return await decompress(...unpacking(batch));
  } catch (cause) {
    throw damaged(where, cause);
  }
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
  const chunkSize = Math.min(MOST_BYTES, plainLengthOf(stored) + PIECE_END);
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
