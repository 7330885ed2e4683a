/**
 * A record batch whose records are compressed: the head stays as it is, what follows it is one compressed piece, and
 * length, attributes and CRC say so (KIP-98, "Record Batch"). Compressing itself is a driver's business.
 */

import { Attribute, BATCH_HEAD, CRC_END, LENGTH_END, writeInt32 } from './batch-layout.ts';
import { crc32c } from './crc32c.ts';

/** Codecs by their number in the attributes. */
export const Codec = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** Number of the codec of a batch; 0 for a plain one. */
export function codecOf(batch: Uint8Array): number {
  return batch[22] & Attribute.COMPRESSION;
}

/** The bytes after the head: records, or the compressed piece. */
export function recordsOf(batch: Uint8Array): Uint8Array {
  return batch.subarray(BATCH_HEAD);
}

/**
 * The batch with another body: `records` as `codec` packs them, or plain with `Codec.none`. Head, offsets and times
 * stay; length, codec and CRC are made anew.
 */
export function repacked(batch: Uint8Array, codec: number, records: Uint8Array): Uint8Array {
  const out = new Uint8Array(BATCH_HEAD + records.length);
  putRepacked(out, 0, batch, codec, records);
  return out;
}

/** The same, written to `out` from `at` on, where there has to be room for it; returns where it ends. */
export function putRepacked(
  out: Uint8Array,
  at: number,
  batch: Uint8Array,
  codec: number,
  records: Uint8Array,
): number {
  const end = at + BATCH_HEAD + records.length;
  out.set(batch.subarray(0, BATCH_HEAD), at);
  out.set(records, at + BATCH_HEAD);
  out[at + 22] = (out[at + 22] & ~Attribute.COMPRESSION) | codec;
  writeInt32(out, at + 8, end - at - LENGTH_END);
  writeInt32(out, at + 17, crc32c(out, at + CRC_END, end));
  return end;
}
