/**
 * How the log keeps a batch on disk: packed with zstd where that pays. JSON lines and Avro of one feed shrink five to
 * ten times, and what is not written need not be checkpointed, read and checked again: packing costs less than it
 * saves (docs/performance.md).
 */

import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { BATCH_HEAD } from '../../core/codec/kafka/batch-layout.ts';
import { Codec, codecOf, putRepacked, recordsOf, repacked } from '../../core/codec/kafka/packed-batch.ts';
import { lend, takeMemory } from '../../core/codec/lent-memory.ts';
import { CarbonError, type ErrorContext } from '../../core/errors.ts';

/** Smaller batches are kept as they are: a page holds several of them anyway. */
const LEAST_BYTES = 2048;
/** No batch unpacks to more; one that says so is damaged. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Room for what a batch unpacks to, at most: few large pieces, since each costs a call and a copy. */
const CHUNK = 1 << 20;
/** Room for what a batch unpacks to, as a multiple of its length: a tenth more than the one before it took. */
let usualRatio = 12;
/** Neighbours are alike, so a small window finds as much, and what a call sets up is smaller than the cache. */
const FAST = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 17 };

const compress = promisify(zstdCompress);

/** The batch as it is stored: packed, beside the thread, or itself when packing would not make it smaller. */
export async function pack(batch: Uint8Array): Promise<Uint8Array> {
  if (batch.length < LEAST_BYTES) return batch;
  const records = recordsOf(batch);
  // Half of it is room enough for one piece, and memory set aside for nothing brings the next collection nearer.
  const small = await compress(records, { params: FAST, chunkSize: records.length >> 1 });
  return small.length < records.length ? repacked(batch, Codec.zstd, small) : batch;
}

/** Stored batches on their way to a reader, who gets them plain and one behind the other in one memory. */
export class Unpacking {
  /** Bytes of all batches added, as the reader gets them. */
  byteLength = 0;
  private readonly stored: Uint8Array[] = [];
  private readonly records: Uint8Array[] = [];

  /** Unpacks one more. Throws LOG_CORRUPT, with `where`, for one that does not unpack. */
  add(stored: Uint8Array, where: ErrorContext): void {
    const records = unpacked(stored, where);
    this.stored.push(stored);
    this.records.push(records);
    this.byteLength += BATCH_HEAD + records.length;
  }

  /** The batches in their order: views that follow each other, of memory that may be given back. */
  finish(): Uint8Array[] {
    const out = lend(takeMemory(this.byteLength));
    let at = 0;
    return this.records.map((records, k) => {
      const from = at;
      at = putRepacked(out, from, this.stored[k], Codec.none, records);
      return out.subarray(from, at);
    });
  }
}

function unpacked(stored: Uint8Array, where: ErrorContext): Uint8Array {
  if (codecOf(stored) === Codec.none) return recordsOf(stored);
  try {
    if (codecOf(stored) !== Codec.zstd) throw new Error(`codec ${codecOf(stored)} is not known here`);
    const packed = recordsOf(stored);
    const chunkSize = Math.min(CHUNK, Math.ceil(usualRatio * Math.max(packed.length, 64)));
    const plain = zstdDecompressSync(packed, { maxOutputLength: MOST_BYTES, chunkSize });
    usualRatio = (1.1 * plain.length) / packed.length;
    return plain;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CarbonError('LOG_CORRUPT', `a stored record batch does not unpack: ${why}`, {
      context: where,
      cause,
    });
  }
}
