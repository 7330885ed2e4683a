/**
 * Bodies of record batches, packed and unpacked: gzip and zstd from Node itself, snappy and lz4 from the WebAssembly
 * that comes with the client. Any codec is read, since others write to our topics too.
 */

import { promisify } from 'node:util';
import { constants, gunzipSync, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { BATCH_HEAD } from '../../core/codec/kafka/batch-layout.ts';
import { Codec, codecOf, putRepacked, recordsOf } from '../../core/codec/kafka/packed-batch.ts';
import { type ProducerStamp, restampedBatch } from '../../core/codec/kafka/producer-fields.ts';
import { lend, takeMemory } from '../../core/codec/lent-memory.ts';
import type { KafkaCompression } from './options.ts';

/** Longest body of a batch once unpacked: brokers take batches of a megabyte or so, packed. */
const LONGEST_BODY = 256 * 1024 * 1024;
/** Shorter bodies are not worth what setting zstd up for them costs. */
const LEAST_BYTES = 2048;
/** Room for what a body unpacks to, at most: few large pieces, since each costs a call and a copy. */
const CHUNK = 1 << 20;
/** Bodies that unpack to more than so many times their length take several pieces. */
const USUAL_RATIO = 12;
/** Twice as fast as the default level, and a few per cent longer. Neighbours are alike: a small window finds as much. */
const FAST = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 17 };

const zstd = promisify(zstdCompress);

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What follows the head of a batch, as it goes to the broker. */
export interface PackedBody {
  /** Number of the codec in the attributes of a batch. */
  readonly codec: number;
  readonly bytes: Uint8Array;
}

/** The body of a plain batch, packed where that makes it shorter; zstd works beside this thread. */
export async function packBody(plain: Uint8Array, compression: KafkaCompression): Promise<PackedBody> {
  const bytes = recordsOf(plain);
  const packed = await pack(asBuffer(bytes), compression);
  return packed === null || packed.length >= bytes.length
    ? { codec: Codec.none, bytes }
    : { codec: Codec[compression], bytes: packed };
}

async function pack(body: Buffer, compression: KafkaCompression): Promise<Buffer | null> {
  if (compression === 'lz4') return compressionsAlgorithms.lz4.compressSync(body);
  // A third is mostly enough: memory set aside for nothing brings the next collection nearer.
  if (compression === 'zstd' && body.length >= LEAST_BYTES)
    return zstd(body, { params: FAST, chunkSize: Math.ceil(body.length / 3) });
  return null;
}

/** The batch as it goes to the broker: its packed body, stamped. */
export function packedBatch(plain: Uint8Array, body: PackedBody, stamp: ProducerStamp): Uint8Array {
  return restampedBatch(plain, body.bytes, body.codec, stamp);
}

/** The plain body of a batch; a view of it when it is plain already. Throws what the codec says of damage. */
export function unpackBody(batch: Uint8Array): Uint8Array {
  const body = asBuffer(recordsOf(batch));
  switch (codecOf(batch)) {
    case Codec.none:
      return body;
    case Codec.gzip:
      return gunzipSync(body, { maxOutputLength: LONGEST_BODY });
    case Codec.zstd:
      return zstdDecompressSync(body, {
        maxOutputLength: LONGEST_BODY,
        chunkSize: Math.min(CHUNK, USUAL_RATIO * Math.max(body.length, 64)),
      });
    case Codec.lz4:
      return compressionsAlgorithms.lz4.decompressSync(body);
    case Codec.snappy:
      return compressionsAlgorithms.snappy.decompressSync(body);
    default:
      throw new Error(`no codec has the number ${codecOf(batch)}`);
  }
}

/**
 * Batches with the bodies that they unpack to: views that follow each other, of memory that may be given back. The same
 * batches when all are plain.
 */
export function plainBatches(
  batches: readonly Uint8Array[],
  bodies: readonly Uint8Array[],
): readonly Uint8Array[] {
  if (batches.every((batch) => codecOf(batch) === Codec.none)) return batches;
  const length = bodies.reduce((sum, body) => sum + BATCH_HEAD + body.length, 0);
  const out = lend(takeMemory(length));
  let at = 0;
  return batches.map((batch, k) => {
    const from = at;
    at = putRepacked(out, from, batch, Codec.none, bodies[k]);
    return out.subarray(from, at);
  });
}
