/**
 * Record batches, version 2, uncompressed: built without an object per record. Reading is in `record-spans.ts`;
 * both are exported from here, so that a user of the format needs one import.
 */

import { lend, takeMemory } from '../lent-memory.ts';
import { BATCH_HEAD, CRC_END, LENGTH_END, writeInt32, writeInt64 } from './batch-layout.ts';
import { crc32c } from './crc32c.ts';

export { Attribute, assignBaseOffset, type BatchHeader, readBatchHeader } from './batch-layout.ts';
export { RecordSpans } from './record-spans.ts';

const encoder = new TextEncoder();

/** The header bytes of a record without headers. */
export const NO_HEADERS: Uint8Array = Uint8Array.of(0);

/** Encodes a small list of headers once, for {@link RecordBatchWriter.add}; values are UTF-8 text. */
export function encodeHeaders(headers: readonly (readonly [name: string, value: string])[]): Uint8Array {
  const out: number[] = [];
  pushVarint(out, headers.length);
  for (const [name, value] of headers)
    for (const part of [encoder.encode(name), encoder.encode(value)]) {
      pushVarint(out, part.length);
      for (const b of part) out.push(b);
    }
  return Uint8Array.from(out);
}

function pushVarint(out: number[], value: number): void {
  let z = value * 2;
  for (; z > 127; z = Math.floor(z / 128)) out.push((z & 127) | 128);
  out.push(z);
}

/** Collects records and gives them out as one batch. Reusable: after `finish` it is empty again. */
export class RecordBatchWriter {
  /** Records added since the last `finish`. */
  count = 0;
  private bytes: Uint8Array;
  /** Time of the record that `append` adds, in whole milliseconds since the epoch. */
  readonly time = new Float64Array(1);
  private at = BATCH_HEAD;
  private readonly delta = new Uint8Array(10);
  private readonly baseMs = new Float64Array(1);
  private readonly maxMs = new Float64Array(1);

  constructor(capacity = 65_536) {
    this.bytes = new Uint8Array(Math.max(BATCH_HEAD, capacity));
  }

  /** Bytes of the batch as it would be finished now, head included. */
  get byteLength(): number {
    return this.at;
  }

  /**
   * Adds a record: the time in whole milliseconds since the epoch, a key range or null, a value range or null, and
   * headers as {@link encodeHeaders} gives them. The ranges are copied.
   */
  add(
    timestampMs: number,
    key: Uint8Array | null,
    keyFrom: number,
    keyTo: number,
    value: Uint8Array | null,
    valueFrom: number,
    valueTo: number,
    headers: Uint8Array = NO_HEADERS,
  ): void {
    this.time[0] = timestampMs;
    this.append(key, keyFrom, keyTo, value, valueFrom, valueTo, headers);
  }

  /** The same with the time that stands in `time`: a number that is handed over is put on the heap first. */
  append(
    key: Uint8Array | null,
    keyFrom: number,
    keyTo: number,
    value: Uint8Array | null,
    valueFrom: number,
    valueTo: number,
    headers: Uint8Array,
  ): void {
    const { time, baseMs, maxMs } = this;
    if (this.count === 0) baseMs[0] = maxMs[0] = time[0];
    else if (time[0] > maxMs[0]) maxMs[0] = time[0];
    const deltaLength = this.encodeDelta();
    const keyLength = key === null ? 0 : keyTo - keyFrom;
    const valueLength = value === null ? 0 : valueTo - valueFrom;
    // A null is the length -1, which is 1 in zigzag.
    const keySign = key === null ? 1 : 2 * keyLength;
    const valueSign = value === null ? 1 : 2 * valueLength;
    const length =
      1 +
      deltaLength +
      varintLength(2 * this.count) +
      varintLength(keySign) +
      keyLength +
      varintLength(valueSign) +
      valueLength +
      headers.length;
    if (this.at + length + 5 > this.bytes.length) this.grow(this.at + length + 5);
    this.varint(2 * length);
    this.bytes[this.at++] = 0;
    for (let k = 0; k < deltaLength; k++) this.bytes[this.at++] = this.delta[k];
    this.varint(2 * this.count);
    this.varint(keySign);
    if (key !== null) this.copy(key, keyFrom, keyTo);
    this.varint(valueSign);
    if (value !== null) this.copy(value, valueFrom, valueTo);
    this.copy(headers, 0, headers.length);
    this.count++;
  }

  /**
   * The batch as bytes that may be given back (`lent-memory.ts`), base offset 0 and CRC set; the writer is empty
   * afterwards.
   */
  finish(): Uint8Array {
    const out = lend(takeMemory(this.at).subarray(0, this.at));
    out.set(this.bytes.subarray(0, this.at));
    out.fill(0, 0, BATCH_HEAD);
    writeInt32(out, 8, out.length - LENGTH_END);
    writeInt32(out, 12, -1);
    out[16] = 2;
    writeInt32(out, 23, Math.max(0, this.count - 1));
    writeInt64(out, 27, this.baseMs[0]);
    writeInt64(out, 35, this.maxMs[0]);
    // Producer id (8), producer epoch (2) and base sequence (4): -1 for a producer without an id.
    out.fill(0xff, 43, 57);
    writeInt32(out, 57, this.count);
    writeInt32(out, 17, crc32c(out, CRC_END));
    this.reset();
    return out;
  }

  /** Forgets the records added since the last `finish`. */
  reset(): void {
    this.at = BATCH_HEAD;
    this.count = 0;
    this.baseMs[0] = this.maxMs[0] = 0;
  }

  /** Encodes the time since the first record into `delta` and returns its length; twelve days are beyond 31 bits. */
  private encodeDelta(): number {
    const { delta, time, baseMs } = this;
    const since = time[0] - baseMs[0];
    let n = 0;
    if (since >= -0x3fffffff && since <= 0x3fffffff) {
      let z = ((since | 0) << 1) ^ ((since | 0) >> 31);
      for (; z > 127; z >>>= 7) delta[n++] = (z & 127) | 128;
      delta[n++] = z;
      return n;
    }
    let z = since < 0 ? -2 * since - 1 : 2 * since;
    for (; z > 127; z = Math.floor(z / 128)) delta[n++] = (z % 128) | 128;
    delta[n++] = z;
    return n;
  }

  /** Lengths and counts: below 2^31. */
  private varint(zigzag: number): void {
    const b = this.bytes;
    let z = zigzag;
    let p = this.at;
    for (; z > 127; z >>>= 7) b[p++] = (z & 127) | 128;
    b[p++] = z;
    this.at = p;
  }

  private copy(from: Uint8Array, start: number, end: number): void {
    const b = this.bytes;
    const at = this.at - start;
    // A call, and a view for a part of an array, cost more than the bytes of a short range.
    if (end - start > 96)
      b.set(start === 0 && end === from.length ? from : from.subarray(start, end), this.at);
    else for (let p = start; p < end; p++) b[at + p] = from[p];
    this.at += end - start;
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }
}

function varintLength(zigzag: number): number {
  if (zigzag < 128) return 1;
  if (zigzag < 16_384) return 2;
  if (zigzag < 2_097_152) return 3;
  let n = 4;
  for (let z = zigzag / 268_435_456; z >= 1; z /= 128) n++;
  return n;
}
