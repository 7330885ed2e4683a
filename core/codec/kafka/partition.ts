/**
 * Which partition a key goes to: murmur2 (Appleby, public domain) as Kafka's Java client computes it, so that every
 * producer, ours or not, sends a key to the same place.
 */

import { CarbonError } from '../../errors.ts';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** 32-bit murmur2 of `bytes[from, to)`, signed. */
export function murmur2(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const length = to - from;
  let h = SEED ^ length;
  let p = from;
  for (const end = to - 3; p < end; p += 4) {
    let k = bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24);
    k = Math.imul(k, M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = length & 3;
  if (rest > 2) h ^= bytes[p + 2] << 16;
  if (rest > 1) h ^= bytes[p + 1] << 8;
  if (rest > 0) h = Math.imul(h ^ bytes[p], M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

/**
 * The partition of a key among `partitions`: the hash with its sign bit cleared, modulo the count.
 * Throws CONFIG_INVALID when there is no partition to choose.
 */
export function partitionOf(key: Uint8Array, partitions: number, from = 0, to = key.length): number {
  if (!(partitions >= 1))
    throw new CarbonError('CONFIG_INVALID', 'a topic needs at least one partition', {
      position: { field: 'partitions', expected: 'an integer from 1', got: String(partitions) },
    });
  return (murmur2(key, from, to) & 0x7fffffff) % partitions;
}
