/**
 * AvroWriter: Avro's binary encoding of single fields into one growing array (Avro 1.12, "Binary Encoding").
 *
 * The caller writes the fields of a record in the order of its schema; nothing is allocated per field.
 */

import { sumToWords } from '../../math/exact-sum.ts';
import { utf8 } from '../bytes.ts';

const HEX = utf8('0123456789abcdef');
const scratch = new DataView(new ArrayBuffer(8));
const sumWords = new Int32Array(4);
const B27 = 134_217_728;
/** Longest view that a writer keeps, in bytes. */
const LONGEST_KEPT = 4096;

/** A growing array of encoded fields, used again for every record. */
export class AvroWriter {
  /** The bytes written are `bytes[0, at)`. */
  bytes: Uint8Array;
  at = 0;
  /** Views of `viewed` by their length. */
  private readonly views = new Map<number, Uint8Array>();
  private viewed: Uint8Array | null = null;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for `n` more bytes. */
  ensure(n: number): void {
    if (this.at + n <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(this.at + n, 2 * this.bytes.length));
    wider.set(this.bytes.subarray(0, this.at));
    this.bytes = wider;
  }

  /** One byte as it is: a boolean, or the encoded branch of a union. */
  byte(value: number): void {
    this.ensure(1);
    this.bytes[this.at++] = value;
  }

  /** An int or long of up to 53 bits and its sign. */
  long(value: number): void {
    this.ensure(10);
    const b = this.bytes;
    let p = this.at;
    if (value >= -0x40000000 && value < 0x40000000) {
      let z = (value << 1) ^ (value >> 31);
      for (; z > 127; z >>>= 7) b[p++] = (z & 127) | 128;
      b[p++] = z;
    } else {
      // Zigzag in two integers, 28 bits and the rest: no product leaves the exact range of a double.
      const m = value < 0 ? -(value + 1) : value;
      let high = Math.floor(m / B27);
      const low = 2 * (m - high * B27) + (value < 0 ? 1 : 0);
      b[p++] = (low & 127) | 128;
      b[p++] = ((low >>> 7) & 127) | 128;
      b[p++] = ((low >>> 14) & 127) | 128;
      b[p++] = (low >>> 21) | 128;
      for (; high > 127; high >>>= 7) b[p++] = (high & 127) | 128;
      b[p++] = high;
    }
    this.at = p;
  }

  /** The same from a column: a number that is handed over as one would be put on the heap first. */
  longAt(column: Float64Array | Uint32Array, index: number): void {
    this.long(column[index]);
  }

  /** A double. */
  double(value: number): void {
    this.ensure(8);
    scratch.setFloat64(0, value, true);
    for (let k = 0; k < 8; k++) this.bytes[this.at++] = scratch.getUint8(k);
  }

  /** A boolean. */
  boolean(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** Bytes that are encoded already, copied as they are. */
  block(encoded: Uint8Array): void {
    const n = encoded.length;
    this.ensure(n);
    const b = this.bytes;
    const at = this.at;
    // Below some dozens of bytes a loop beats the call.
    if (n > 32) b.set(encoded, at);
    else for (let k = 0; k < n; k++) b[at + k] = encoded[k];
    this.at = at + n;
  }

  /** Bytes with their length. */
  data(bytes: Uint8Array): void {
    this.long(bytes.length);
    this.ensure(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A string that is not worth a dictionary. */
  text(value: string): void {
    const n = value.length;
    if (n < 64) {
      this.ensure(n + 1);
      const b = this.bytes;
      const at = this.at + 1;
      let k = 0;
      for (; k < n; k++) {
        const c = value.charCodeAt(k);
        if (c > 127) break;
        b[at + k] = c;
      }
      if (k === n) {
        b[at - 1] = 2 * n;
        this.at = at + n;
        return;
      }
    }
    this.data(utf8(value));
  }

  /** The 36 characters of a UUID of four words. */
  uuid(ids: Uint32Array, index: number): void {
    this.ensure(37);
    const b = this.bytes;
    let p = this.at;
    b[p++] = 72;
    for (let w = 0; w < 4; w++) {
      const word = ids[4 * index + w];
      if (w === 1 || w === 2) b[p++] = 0x2d;
      b[p++] = HEX[word >>> 28];
      b[p++] = HEX[(word >>> 24) & 15];
      b[p++] = HEX[(word >>> 20) & 15];
      b[p++] = HEX[(word >>> 16) & 15];
      if (w === 1 || w === 2) b[p++] = 0x2d;
      b[p++] = HEX[(word >>> 12) & 15];
      b[p++] = HEX[(word >>> 8) & 15];
      b[p++] = HEX[(word >>> 4) & 15];
      b[p++] = HEX[word & 15];
    }
    this.at = p;
  }

  /** A decimal from two words, low first: the shortest big-endian two's complement, as Avro has it. */
  decimal(words: Int32Array, index: number): void {
    this.ensure(9);
    const low = words[2 * index];
    const high = words[2 * index + 1];
    const sign = high >> 31;
    const top = high ^ sign;
    const bits = top !== 0 ? 64 - Math.clz32(top) : 32 - Math.clz32(low ^ sign);
    const n = (bits >> 3) + 1;
    const b = this.bytes;
    let p = this.at;
    b[p++] = 2 * n;
    for (let k = n - 1; k >= 4; k--) b[p++] = high >> (8 * (k - 4));
    for (let k = Math.min(n, 4) - 1; k >= 0; k--) b[p++] = low >> (8 * k);
    this.at = p;
  }

  /** A decimal from an exact sum of four limbs (`core/math/exact-sum.ts`). */
  sum(sums: Float64Array, index: number): void {
    this.ensure(17);
    sumToWords(sums, index, sumWords, 0);
    const sign = sumWords[3] >> 31;
    let top = 3;
    while (top > 0 && (sumWords[top] ^ sign) === 0) top--;
    // The word above must carry the sign: a whole word of magnitude needs one more byte.
    const bits = 32 * (top + 1) - Math.clz32(sumWords[top] ^ sign);
    const n = (bits >> 3) + 1;
    const b = this.bytes;
    let p = this.at;
    b[p++] = 2 * n;
    for (let k = n - 1; k >= 0; k--) b[p++] = k < 16 ? sumWords[k >> 2] >> (8 * (k & 3)) : sign;
    this.at = p;
  }

  /** A map of strings in the order of its keys. */
  textMap(map: Readonly<Record<string, string>>): void {
    const keys = Object.keys(map).sort();
    if (keys.length > 0) this.long(keys.length);
    for (const key of keys) {
      this.text(key);
      this.text(map[key]);
    }
    this.byte(0);
  }

  /** An array of strings. */
  texts(list: readonly string[]): void {
    if (list.length > 0) this.long(list.length);
    for (const text of list) this.text(text);
    this.byte(0);
  }

  /**
   * What was written, as a view that is good until the next field is. Records are of few lengths: one view is kept for
   * each, because a view costs more memory than a record has fields.
   */
  written(): Uint8Array {
    if (this.viewed !== this.bytes) {
      this.views.clear();
      this.viewed = this.bytes;
    }
    const known = this.views.get(this.at);
    if (known !== undefined) return known;
    const made = this.bytes.subarray(0, this.at);
    if (this.at <= LONGEST_KEPT) this.views.set(this.at, made);
    return made;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const out = this.bytes.slice(0, this.at);
    this.at = 0;
    return out;
  }
}
