/**
 * AvroReader: Avro's binary encoding read field by field. Broken bytes never throw: the first fault is kept in
 * `expected` and `ok` turns false, after which every read gives zero and the caller rejects the row.
 */

import { LIMBS, sumFromWords } from '../../math/exact-sum.ts';
import { type SpanTable, textOf } from '../bytes.ts';

const scratch = new DataView(new ArrayBuffer(8));
const sumWords = new Int32Array(LIMBS);
const B27 = 134_217_728;
/** High word of 10^18, and its low word: where Decimal(18) ends. */
const LIMIT_HIGH = 232_830_643;
const LIMIT_LOW = 2_808_348_672;

const NIBBLE = new Int8Array(256).fill(-1);
for (let k = 0; k < 16; k++) {
  NIBBLE[k.toString(16).charCodeAt(0)] = k;
  NIBBLE[k.toString(16).toUpperCase().charCodeAt(0)] = k;
}

/**
 * Reads `bytes[at, end)` field by field. Never throws; after the first fault `ok` is false and every read gives
 * zero.
 */
export class AvroReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  ok = true;
  /** Number of the field that is being read, set by the caller. */
  field = 0;
  /** Number of the field of the first fault. */
  faulty = 0;
  /** What the first fault should have been. */
  expected = '';
  /** Span of the string or bytes read last. */
  from = 0;
  to = 0;

  /** Begins with a new record body in `bytes[from, to)`. */
  open(bytes: Uint8Array, from: number, to: number): void {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
    this.ok = true;
    this.field = 0;
    this.expected = '';
  }

  /** Marks the record as broken. */
  fail(expected: string): void {
    if (!this.ok) return;
    this.ok = false;
    this.faulty = this.field;
    this.expected = expected;
    this.at = this.end;
  }

  /** True when the record was read to its end without a fault. */
  done(): boolean {
    if (this.at !== this.end) this.fail('the end of the record');
    return this.ok;
  }

  /** An int or long of up to 53 bits and its sign. */
  long(): number {
    const b = this.bytes;
    const end = this.end;
    let p = this.at;
    let byte = 128;
    let low = 0;
    for (let shift = 0; shift < 28 && byte > 127; shift += 7) {
      if (p >= end) return this.cut();
      byte = b[p++];
      low |= (byte & 127) << shift;
    }
    if (byte < 128) {
      this.at = p;
      return (low >>> 1) ^ -(low & 1);
    }
    let high = 0;
    let weight = 1;
    for (let n = 0; byte > 127; n++) {
      if (p >= end || n === 6) return this.cut();
      byte = b[p++];
      high += (byte & 127) * weight;
      weight *= 128;
    }
    const m = high * B27 + (low >>> 1);
    if (m > Number.MAX_SAFE_INTEGER) return this.cut();
    this.at = p;
    return (low & 1) === 0 ? m : -m - 1;
  }

  /** A double. */
  double(): number {
    if (this.at + 8 > this.end) return this.cut();
    for (let k = 0; k < 8; k++) scratch.setUint8(k, this.bytes[this.at++]);
    return scratch.getFloat64(0, true);
  }

  /** A boolean. */
  boolean(): boolean {
    const byte = this.at < this.end ? this.bytes[this.at++] : 2;
    if (byte > 1) this.fail('a boolean');
    return byte === 1;
  }

  /** The branch of a union of `count`. */
  branch(count: number): number {
    const n = this.long();
    if (n >= 0 && n < count) return n;
    this.fail(`a union branch below ${count}`);
    return 0;
  }

  /** Passes over a string or bytes and leaves their span in `from` and `to`; an empty one when broken. */
  span(): void {
    const n = this.long();
    if (n < 0 || n > this.end - this.at) this.fail('a length within the record');
    this.from = this.at;
    if (this.ok) this.at += n;
    this.to = this.at;
  }

  /** The dense id of a string, or of an encoded run that the caller measured with `span`. */
  name(table: SpanTable): number {
    this.span();
    return this.known(table);
  }

  /** The dense id of the bytes in `from` and `to`. */
  known(table: SpanTable): number {
    if (!this.ok) return 0;
    const id = table.idOf(this.bytes, this.from, this.to);
    if (id >= 0) return id;
    this.fail('a known name in UTF-8');
    return 0;
  }

  /** A string of its own. */
  text(): string {
    this.span();
    const text = textOf(this.bytes, this.from, this.to);
    if (text === null) this.fail('UTF-8 text');
    return text ?? '';
  }

  /** A copy of bytes. */
  data(): Uint8Array {
    this.span();
    return this.bytes.slice(this.from, this.to);
  }

  /** Four words of a UUID's 36 characters, with hyphens in their places. */
  uuid(ids: Uint32Array, index: number): void {
    this.span();
    const b = this.bytes;
    let p = this.from;
    let seen = this.to - p === 36 ? 0 : -1;
    for (let w = 0; seen >= 0 && w < 4; w++) {
      let word = 0;
      for (let half = 0; half < 2; half++) {
        if ((w === 1 || w === 2) && b[p++] !== 0x2d) seen = -1;
        for (let k = 0; k < 4; k++) {
          const nibble = NIBBLE[b[p++]];
          seen |= nibble;
          word = (word << 4) | nibble;
        }
      }
      ids[4 * index + w] = word;
    }
    if (seen < 0) this.fail('a UUID');
  }

  /** A decimal into two words; at most 18 digits. */
  decimal(words: Int32Array, index: number): void {
    this.span();
    const b = this.bytes;
    let p = this.from;
    if (p === this.to) {
      this.fail('a decimal');
      return;
    }
    const sign = b[p] > 127 ? -1 : 0;
    // Longer than needed is still legal: bytes that only repeat the sign.
    while (this.to - p > 8 && b[p] === (sign & 255)) p++;
    if (this.to - p > 8) {
      this.fail('a decimal of 18 digits');
      return;
    }
    let high = sign;
    let low = sign;
    for (; this.to - p > 4; p++) high = (high << 8) | b[p];
    for (; p < this.to; p++) low = (low << 8) | b[p];
    const size = sign === 0 ? high : ~high;
    const rest = (sign === 0 ? low : ~low) >>> 0;
    if (high >> 31 !== sign || size > LIMIT_HIGH || (size === LIMIT_HIGH && rest >= LIMIT_LOW)) {
      this.fail('a decimal of 18 digits');
      return;
    }
    words[2 * index] = low;
    words[2 * index + 1] = high;
  }

  /** A decimal of at most 128 bits into an exact sum of four limbs. */
  sum(sums: Float64Array, index: number): void {
    this.span();
    const b = this.bytes;
    let p = this.from;
    if (p === this.to) {
      this.fail('a decimal');
      return;
    }
    const sign = b[p] > 127 ? -1 : 0;
    while (this.to - p > 16 && b[p] === (sign & 255)) p++;
    if (this.to - p > 16 || (this.to - p === 16 && b[p] > 127 !== sign < 0)) {
      this.fail('a decimal of 128 bits');
      return;
    }
    sumWords.fill(sign);
    for (let k = this.to - p - 1; k >= 0; k--) sumWords[k >> 2] = (sumWords[k >> 2] << 8) | b[p++];
    sumFromWords(sumWords, 0, sums, index);
  }

  /**
   * How many items the next block of an array or map has; 0 at its end. A negative count is followed by the size of
   * the block in bytes, which is of no use here.
   */
  blockCount(): number {
    let n = this.long();
    if (n < 0) {
      n = -n;
      this.long();
    }
    // An item takes a byte at least: a greater count is damage, not a reason to loop.
    if (n > this.end - this.at) this.fail('an array within the record');
    return this.ok ? n : 0;
  }

  /** An array of strings. */
  texts(): string[] {
    const list: string[] = [];
    for (let n = this.blockCount(); n > 0; n = this.blockCount())
      for (; n > 0 && this.ok; n--) list.push(this.text());
    return list;
  }

  /** A map of strings; a key given twice has its last value. */
  textMap(): Record<string, string> {
    const entries: [string, string][] = [];
    for (let n = this.blockCount(); n > 0; n = this.blockCount())
      for (; n > 0 && this.ok; n--) entries.push([this.text(), this.text()]);
    return Object.fromEntries(entries);
  }

  /** Passes over an array of strings and leaves the span of its encoding in `from` and `to`. */
  skipTexts(): void {
    const start = this.at;
    for (let n = this.blockCount(); n > 0; n = this.blockCount()) for (; n > 0 && this.ok; n--) this.span();
    this.from = start;
    this.to = this.at;
  }

  private cut(): number {
    this.fail('a number within the record, of 53 bits at most');
    return 0;
  }
}
