/**
 * The fixed part of a Kafka record batch, version 2 (KIP-98): what stands where, read and checked.
 *
 * Offsets and times are 64-bit on the wire and plain numbers here: exact up to 2^53.
 */

import { CarbonError } from '../../errors.ts';
import { crc32c } from './crc32c.ts';

/** Bytes before the first record. */
export const BATCH_HEAD = 61;
/** Bytes before the part that the length field counts. */
export const LENGTH_END = 12;
/** Bytes before the part that the CRC covers: it begins with the attributes. */
export const CRC_END = 21;

/** Bits of the batch attributes. */
export const Attribute = { COMPRESSION: 7, LOG_APPEND_TIME: 8, TRANSACTIONAL: 16, CONTROL: 32 } as const;

const WORD = 4_294_967_296;

/** The head of one record batch. */
export interface BatchHeader {
  /** Bytes of the whole batch, head included. */
  readonly byteLength: number;
  readonly baseOffset: number;
  /** Offset of the last record relative to the base. */
  readonly lastOffsetDelta: number;
  readonly recordCount: number;
  /** Milliseconds since the epoch. */
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly crcValid: boolean;
  /** Bits of {@link Attribute}. */
  readonly attributes: number;
}

/** Reads a big-endian signed 64-bit integer, exact up to 2^53 in size. */
export function readInt64(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at) * WORD + (readInt32(bytes, at + 4) >>> 0);
}

/** Reads a big-endian signed 32-bit integer. */
export function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

/** Writes a big-endian signed 64-bit integer, exact up to 2^53 in size. */
export function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / WORD);
  writeInt32(bytes, at, high);
  writeInt32(bytes, at + 4, value - high * WORD);
}

/** Writes the low 32 bits of an integer, big-endian. */
export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/**
 * Reads the head of the batch at `at` and checks its CRC.
 * Throws LOG_CORRUPT when there is no whole batch of version 2; a wrong CRC is told in `crcValid`.
 */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  const byteLength = batchLengthAt(bytes, at);
  const end = at + byteLength;
  return {
    byteLength,
    baseOffset: readInt64(bytes, at),
    lastOffsetDelta: readInt32(bytes, at + 23),
    recordCount: readInt32(bytes, at + 57),
    baseTimestampMs: readInt64(bytes, at + 27),
    maxTimestampMs: readInt64(bytes, at + 35),
    crcValid: readInt32(bytes, at + 17) >>> 0 === crc32c(bytes, at + CRC_END, end),
    attributes: (bytes[at + 21] << 8) | bytes[at + 22],
  };
}

/** Bytes of the batch at `at`. Throws LOG_CORRUPT when there is no whole batch of version 2. */
export function batchLengthAt(bytes: Uint8Array, at: number): number {
  if (at < 0 || at + BATCH_HEAD > bytes.length)
    throw corrupt(`a record batch needs ${BATCH_HEAD} bytes, ${bytes.length - at} are left`, at);
  const byteLength = LENGTH_END + readInt32(bytes, at + 8);
  if (byteLength < BATCH_HEAD || at + byteLength > bytes.length)
    throw corrupt(`a record batch says it has ${byteLength} bytes, ${bytes.length - at} are left`, at);
  if (bytes[at + 16] !== 2) throw corrupt(`a record batch has version ${bytes[at + 16]}, not 2`, at);
  if (readInt32(bytes, at + 57) < 0 || readInt32(bytes, at + 23) < 0)
    throw corrupt('a record batch has a negative count', at);
  return byteLength;
}

/** Writes the offset of the first record in place; the base offset lies outside the CRC. */
export function assignBaseOffset(bytes: Uint8Array, offset: number, at = 0): void {
  writeInt64(bytes, at, offset);
}

/** LOG_CORRUPT with the position of the byte at fault. */
export function corrupt(message: string, at: number): CarbonError {
  return new CarbonError('LOG_CORRUPT', message, { context: { byte: at } });
}
