/**
 * Who wrote a record batch, and as which of its batches: producer id, epoch and sequence in the head of a batch
 * (KIP-98). A broker stores a sequence once; whoever asks the log whether a batch has arrived compares the three.
 */

import { lend, takeMemory } from '../lent-memory.ts';
import {
  BATCH_HEAD,
  CRC_END,
  LENGTH_END,
  readInt32,
  readInt64,
  writeInt32,
  writeInt64,
} from './batch-layout.ts';
import { crc32c } from './crc32c.ts';

/** Name of one batch of an idempotent producer. */
export interface ProducerStamp {
  /** Exact up to 2^53, which brokers give out from 0. */
  readonly id: number;
  /** 0 to 32,767. */
  readonly epoch: number;
  /** Sequence of the first record, 0 to 2^31 - 1, counted per partition. */
  readonly sequence: number;
}

/** Sequences per partition are counted modulo this: after 2,147,483,647 comes 0. */
const SEQUENCES = 2 ** 31;

/** The sequence after `count` further records. */
export function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCES;
}

/** Reads the stamp of the batch at `at`; id, epoch and sequence are -1 for a producer without an id. */
export function readStamp(bytes: Uint8Array, at = 0): ProducerStamp {
  return {
    id: readInt64(bytes, at + 43),
    epoch: readInt32(bytes, at + 51) >> 16,
    sequence: readInt32(bytes, at + 53),
  };
}

/**
 * A batch made of the head of `plain` and another body: with the codec of the body in its attributes (0 for none), the
 * stamp, the right length and CRC. `plain` stays as it is; the memory of what is returned may be given back
 * (`lent-memory.ts`).
 */
export function restampedBatch(
  plain: Uint8Array,
  body: Uint8Array,
  compression: number,
  stamp: ProducerStamp | null,
): Uint8Array {
  const length = BATCH_HEAD + body.length;
  const out = lend(takeMemory(length).subarray(0, length));
  out.set(plain.subarray(0, BATCH_HEAD));
  out.set(body, BATCH_HEAD);
  writeInt32(out, 8, out.length - LENGTH_END);
  out[22] = (out[22] & ~7) | compression;
  if (stamp !== null) {
    writeInt64(out, 43, stamp.id);
    out[51] = stamp.epoch >>> 8;
    out[52] = stamp.epoch;
    writeInt32(out, 53, stamp.sequence);
  }
  writeInt32(out, 17, crc32c(out, CRC_END));
  return out;
}

/** A batch over the same offsets with no record in it: what a reader sees of an aborted transaction. */
export function emptiedBatch(bytes: Uint8Array): Uint8Array {
  const head = bytes.slice(0, BATCH_HEAD);
  writeInt32(head, 57, 0);
  return restampedBatch(head, new Uint8Array(0), 0, null);
}
