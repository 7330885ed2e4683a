/**
 * Record batches walked as spans: where key, value and headers of each record lie, in reusable columns. Nothing is
 * copied and no object is made per record.
 */

import { Attribute, BATCH_HEAD, batchLengthAt, corrupt, readInt32, readInt64 } from './batch-layout.ts';

const decoder = new TextDecoder();

/** Reusable columns over the records of the bytes walked last; `count` entries are valid. */
export class RecordSpans {
  count = 0;
  /** The bytes walked; every position is absolute in them. */
  bytes: Uint8Array = new Uint8Array(0);
  offset: Float64Array = new Float64Array(0);
  /** Which of the batches walked each record is in, counted from 0. */
  batch: Int32Array = new Int32Array(0);
  /** Milliseconds since the epoch. */
  timestampMs: Float64Array = new Float64Array(0);
  /** Half-open spans; both ends are -1 for a null. */
  keyFrom: Int32Array = new Int32Array(0);
  keyTo: Int32Array = new Int32Array(0);
  valueFrom: Int32Array = new Int32Array(0);
  valueTo: Int32Array = new Int32Array(0);
  /** Span of the encoded headers, their count included. */
  headersFrom: Int32Array = new Int32Array(0);
  headersTo: Int32Array = new Int32Array(0);
  private at = 0;
  private end = 0;
  private batches = 0;

  /**
   * Walks one or several whole batches. The CRC is the log's business and not checked again; control batches hold no
   * records of a user and are passed over. Throws LOG_CORRUPT for bytes that are not whole uncompressed batches.
   */
  walk(bytes: Uint8Array): this {
    this.bytes = bytes;
    this.count = 0;
    this.batches = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = at + batchLengthAt(bytes, at);
      const attributes = bytes[at + 22];
      if ((attributes & Attribute.COMPRESSION) !== 0)
        throw corrupt('a record batch is compressed; the log hands out plain ones', at);
      if ((attributes & Attribute.CONTROL) === 0) this.walkBatch(at, end, attributes);
      at = end;
    }
    return this;
  }

  /** Text of the header of record `i` with that name, the last one as in Kafka; null when there is none. */
  header(i: number, name: string): string | null {
    const b = this.bytes;
    this.at = this.headersFrom[i];
    this.end = this.headersTo[i];
    let found: string | null = null;
    for (let n = this.varint(); n > 0; n--) {
      const keyLength = this.varint();
      const key = this.at;
      this.at += keyLength;
      const length = this.varint();
      if (length < 0) continue;
      if (isAscii(b, key, key + keyLength, name))
        found = decoder.decode(b.subarray(this.at, this.at + length));
      this.at += length;
    }
    return found;
  }

  private walkBatch(from: number, to: number, attributes: number): void {
    const b = this.bytes;
    const records = readInt32(b, from + 57);
    // The shortest record takes seven bytes: a count beyond that is damage, not a reason to reserve memory.
    if (records * 7 > to - from - BATCH_HEAD)
      throw corrupt(`a record batch cannot hold ${records} records`, from);
    const first = this.count;
    this.reserve(first + records);
    const baseOffset = readInt64(b, from);
    const baseMs = readInt64(b, from + 27);
    const maxMs = readInt64(b, from + 35);
    const appendTime = (attributes & Attribute.LOG_APPEND_TIME) !== 0;
    this.at = from + BATCH_HEAD;
    this.batch.fill(this.batches++, first, first + records);
    for (let i = first; i < first + records; i++) {
      this.end = to;
      const length = this.varint();
      const recordEnd = this.at + length;
      if (length < 6 || recordEnd > to) throw corrupt('a record runs over its batch', this.at);
      this.end = recordEnd;
      this.at++;
      const deltaMs = this.varint();
      this.timestampMs[i] = appendTime ? maxMs : baseMs + deltaMs;
      this.offset[i] = baseOffset + this.varint();
      this.keyFrom[i] = this.keyTo[i] = -1;
      this.valueFrom[i] = this.valueTo[i] = -1;
      const keyLength = this.varint();
      if (keyLength >= 0) {
        this.keyFrom[i] = this.at;
        this.keyTo[i] = this.at = this.advance(keyLength);
      }
      const valueLength = this.varint();
      if (valueLength >= 0) {
        this.valueFrom[i] = this.at;
        this.valueTo[i] = this.at = this.advance(valueLength);
      }
      this.headersFrom[i] = this.at;
      this.headersTo[i] = recordEnd;
      this.checkHeaders();
    }
    if (this.at !== to) throw corrupt('a record batch has bytes after its last record', this.at);
    this.count = first + records;
  }

  /** Leaves `at` behind the headers, which must end with the record. */
  private checkHeaders(): void {
    const b = this.bytes;
    if (this.at + 1 === this.end && b[this.at] === 0) {
      this.at++;
      return;
    }
    let n = this.varint();
    if (n < 0) throw corrupt('a record has a negative count of headers', this.at);
    for (; n > 0; n--) {
      const keyLength = this.varint();
      if (keyLength < 0) throw corrupt('a record header has no name', this.at);
      this.at = this.advance(keyLength);
      const length = this.varint();
      if (length >= 0) this.at = this.advance(length);
    }
    if (this.at !== this.end) throw corrupt('a record has bytes after its headers', this.at);
  }

  private advance(length: number): number {
    const next = this.at + length;
    if (next > this.end) throw corrupt('a field runs over its record', this.at);
    return next;
  }

  /** A zigzag varint of up to 64 bits, exact up to 2^53 in size. */
  private varint(): number {
    const b = this.bytes;
    let p = this.at;
    let byte = p < this.end ? b[p++] : this.cut();
    if (byte < 128) {
      this.at = p;
      return (byte >>> 1) ^ -(byte & 1);
    }
    let low = byte & 127;
    let shift = 7;
    let weight = 128;
    let value = low;
    do {
      byte = p < this.end && shift < 70 ? b[p++] : this.cut();
      if (shift < 28) low |= (byte & 127) << shift;
      value += (byte & 127) * weight;
      weight *= 128;
      shift += 7;
    } while (byte > 127);
    this.at = p;
    if (shift <= 28) return (low >>> 1) ^ -(low & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private cut(): never {
    throw corrupt('a number is cut short or too long', this.at);
  }

  private reserve(n: number): void {
    if (n <= this.offset.length) return;
    const size = Math.max(n, 2 * this.offset.length, 64);
    const wide = (from: Int32Array): Int32Array => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    const offset = new Float64Array(size);
    offset.set(this.offset);
    this.offset = offset;
    const timestampMs = new Float64Array(size);
    timestampMs.set(this.timestampMs);
    this.timestampMs = timestampMs;
    this.batch = wide(this.batch);
    this.keyFrom = wide(this.keyFrom);
    this.keyTo = wide(this.keyTo);
    this.valueFrom = wide(this.valueFrom);
    this.valueTo = wide(this.valueTo);
    this.headersFrom = wide(this.headersFrom);
    this.headersTo = wide(this.headersTo);
  }
}

function isAscii(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from !== name.length) return false;
  for (let k = 0; k < name.length; k++) if (bytes[from + k] !== name.charCodeAt(k)) return false;
  return true;
}
