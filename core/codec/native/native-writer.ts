/**
 * Builds one block in ClickHouse's Native format (version 0: HTTP bodies and files) from columns.
 *
 * Every method takes source columns as stages have them and the `order` given to the constructor: row `k` of the
 * block is row `order[k]` of the source. Nothing is made per row.
 */

import { giveBack, lend, takeMemory } from '../lent-memory.ts';
import { dictionaryOf, narrowCodes } from './low-cardinality.ts';
import { identity, join, putText, uuidWords, varint, wideWords } from './native-bytes.ts';

const utf8 = new TextEncoder();

/** Room for what stands before the columns, and is known last: two lengths. */
const HEAD = 16;
/** About the bytes of a row of a wide table. */
const ROW_BYTES = 256;
/** Bytes of the widest number that a column of numbers has, and of a word. */
const BYTES = 8;

/** Memory for one column at a time, on an eight-byte boundary; what is in it is copied before the next one. */
let column = new ArrayBuffer(1 << 16);

function columnOf(bytes: number): ArrayBuffer {
  if (bytes > column.byteLength) column = new ArrayBuffer(Math.max(bytes, 2 * column.byteLength));
  return column;
}

/** Writes one block; columns in the order of the calls. */
export class NativeWriter {
  private readonly order: Uint32Array;
  private out: Uint8Array;
  private at = HEAD;
  private width = 0;

  /** `order` names the source rows of the block, in the block's order. */
  constructor(order: Uint32Array) {
    this.order = order;
    this.out = takeMemory(ROW_BYTES * order.length);
  }

  uint8(name: string, values: ArrayLike<number>): this {
    return this.narrow(
      name,
      'UInt8',
      values,
      new Uint8Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  uint16(name: string, values: ArrayLike<number>): this {
    return this.narrow(
      name,
      'UInt16',
      values,
      new Uint16Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  uint32(name: string, values: ArrayLike<number>): this {
    return this.narrow(
      name,
      'UInt32',
      values,
      new Uint32Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  int32(name: string, values: ArrayLike<number>): this {
    return this.narrow(
      name,
      'Int32',
      values,
      new Int32Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  float64(name: string, values: ArrayLike<number>): this {
    return this.narrow(
      name,
      'Float64',
      values,
      new Float64Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  /** Days since 1970-01-01. */
  date(name: string, days: ArrayLike<number>): this {
    return this.narrow(
      name,
      'Date',
      days,
      new Uint16Array(columnOf(BYTES * this.order.length), 0, this.order.length),
    );
  }

  /** Integers of 0 to 2^53. */
  uint64(name: string, values: ArrayLike<number>): this {
    return this.wide(name, 'UInt64', values);
  }

  /** Integers of -2^53 to 2^53. */
  int64(name: string, values: ArrayLike<number>): this {
    return this.wide(name, 'Int64', values);
  }

  /** UTC micros. */
  dateTime64(name: string, micros: ArrayLike<number>): this {
    return this.wide(name, "DateTime64(6, 'UTC')", micros);
  }

  /** UInt64 that is null where `nulls` (by source row) is not 0. */
  nullableUint64(name: string, values: ArrayLike<number>, nulls: Uint8Array): this {
    this.head(name, 'Nullable(UInt64)').mask(nulls);
    return this.wideData(values);
  }

  /** Decimal(18, 8): two words per source row. */
  decimal64(name: string, words: Int32Array): this {
    return this.head(name, 'Decimal(18, 8)').wordData(words, 2);
  }

  /** Nullable(Decimal(18, 8)): null where `nulls` (by source row) is not 0. */
  nullableDecimal64(name: string, words: Int32Array, nulls: Uint8Array): this {
    this.head(name, 'Nullable(Decimal(18, 8))').mask(nulls);
    return this.wordData(words, 2);
  }

  /** Decimal(38, scale): four words per source row, two's complement. */
  decimal128(name: string, words: Int32Array, scale: 8 | 16): this {
    return this.head(name, `Decimal(38, ${scale})`).wordData(words, 4);
  }

  /** Nullable(Decimal(38, 8)): null where `nulls` (by source row) is not 0. */
  nullableDecimal128(name: string, words: Int32Array, nulls: Uint8Array): this {
    this.head(name, 'Nullable(Decimal(38, 8))').mask(nulls);
    return this.wordData(words, 4);
  }

  /** UUID: four words per source row, in the order of the text. */
  uuid(name: string, ids: Uint32Array): this {
    this.head(name, 'UUID');
    const out = new Int32Array(columnOf(16 * this.order.length), 0, 4 * this.order.length);
    return this.put(uuidWords(ids, this.order, out));
  }

  /** String from text by source row. */
  string(name: string, texts: ArrayLike<string>): this {
    return this.head(name, 'String').textData((k) => texts[this.order[k]], this.order.length);
  }

  /** String from dense ids; each name is encoded once for all its rows. */
  stringOf(name: string, ids: ArrayLike<number>, nameOf: (id: number) => string): this {
    this.head(name, 'String');
    const encoded = new Map<number, Uint8Array>();
    const rows = this.order.length;
    let lastId = -1;
    let last: Uint8Array = new Uint8Array(0);
    for (let k = 0; k < rows; k++) {
      const id = ids[this.order[k]];
      if (id !== lastId) {
        let bytes = encoded.get(id);
        if (bytes === undefined) {
          const text = utf8.encode(nameOf(id));
          bytes = join([varint(text.length), text]);
          encoded.set(id, bytes);
        }
        last = bytes;
        lastId = id;
      }
      this.ensure(last.length);
      for (let b = 0; b < last.length; b++) this.out[this.at++] = last[b];
    }
    return this;
  }

  /** LowCardinality(String) from dense ids. `areDistinct` says that no two ids have the same name. */
  lowCardinalityOf(
    name: string,
    ids: ArrayLike<number>,
    nameOf: (id: number) => string,
    areDistinct = false,
  ): this {
    this.head(name, 'LowCardinality(String)');
    const rows = this.order.length;
    if (rows === 0) return this;
    const codes = new Uint32Array(columnOf(BYTES * rows), 0, rows);
    const entries = dictionaryOf(ids, this.order, nameOf, areDistinct, codes);
    return this.dictionary(entries, codes);
  }

  /** LowCardinality(String) of one text in every row. */
  lowCardinalityConstant(name: string, text: string): this {
    this.head(name, 'LowCardinality(String)');
    const rows = this.order.length;
    if (rows === 0) return this;
    return this.dictionary(['', text], new Uint32Array(columnOf(BYTES * rows), 0, rows).fill(1));
  }

  /** Array(String) from lists by source row. */
  stringLists(name: string, lists: ArrayLike<readonly string[]>): this {
    const flat = this.lists(name, 'String', lists);
    return this.textData((k) => flat[k], flat.length);
  }

  /** Array(DateTime64) from lists of UTC micros by source row. */
  dateTime64Lists(name: string, lists: ArrayLike<readonly number[]>): this {
    const flat = this.lists(name, "DateTime64(6, 'UTC')", lists);
    return this.put(wideWords(flat, identity(flat.length), new Int32Array(2 * flat.length)));
  }

  /** Array(Decimal(18, 8)) from lists of decimals, two words each, by source row. */
  decimal64Lists(name: string, lists: ArrayLike<readonly Int32Array[]>): this {
    const flat = this.lists(name, 'Decimal(18, 8)', lists);
    const out = new Int32Array(2 * flat.length);
    for (let k = 0; k < flat.length; k++) out.set(flat[k], 2 * k);
    return this.put(out);
  }

  /** Writes where each list ends, and returns the items of all. */
  private lists<T>(name: string, type: string, lists: ArrayLike<readonly T[]>): T[] {
    this.head(name, `Array(${type})`);
    const flat: T[] = [];
    const ends = new Float64Array(this.order.length);
    for (let k = 0; k < ends.length; k++) {
      for (const item of lists[this.order[k]]) flat.push(item);
      ends[k] = flat.length;
    }
    this.put(wideWords(ends, identity(ends.length), new Int32Array(2 * ends.length)));
    return flat;
  }

  /** The block's bytes, in memory that may be given back (`lent-memory.ts`). The writer is not to be used any more. */
  finish(): Uint8Array {
    const head = join([varint(this.width), varint(this.order.length)]);
    const from = HEAD - head.length;
    this.out.set(head, from);
    const block = this.out.subarray(from, this.at);
    this.out = new Uint8Array(0);
    return lend(block);
  }

  private head(name: string, type: string): this {
    this.width++;
    const nameBytes = utf8.encode(name);
    const typeBytes = utf8.encode(type);
    for (const part of [varint(nameBytes.length), nameBytes, varint(typeBytes.length), typeBytes])
      this.put(part);
    return this;
  }

  private ensure(more: number): void {
    if (this.at + more <= this.out.length) return;
    const grown = takeMemory(Math.max(this.at + more, 2 * this.out.length));
    grown.set(this.out.subarray(0, this.at));
    giveBack(lend(this.out));
    this.out = grown;
  }

  private put(data: ArrayBufferView): this {
    this.ensure(data.byteLength);
    this.out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), this.at);
    this.at += data.byteLength;
    return this;
  }

  private narrow(
    name: string,
    type: string,
    values: ArrayLike<number>,
    out: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array,
  ): this {
    this.head(name, type);
    for (let k = 0; k < this.order.length; k++) out[k] = values[this.order[k]];
    return this.put(out);
  }

  private wide(name: string, type: string, values: ArrayLike<number>): this {
    return this.head(name, type).wideData(values);
  }

  private wideData(values: ArrayLike<number>): this {
    const rows = this.order.length;
    return this.put(wideWords(values, this.order, new Int32Array(columnOf(8 * rows), 0, 2 * rows)));
  }

  private mask(nulls: Uint8Array): this {
    const out = new Uint8Array(columnOf(this.order.length), 0, this.order.length);
    for (let k = 0; k < out.length; k++) out[k] = nulls[this.order[k]] === 0 ? 0 : 1;
    return this.put(out);
  }

  private wordData(words: Int32Array, width: number): this {
    const rows = this.order.length;
    const out = new Int32Array(columnOf(BYTES * width * rows), 0, width * rows);
    for (let k = 0; k < rows; k++) {
      const from = width * this.order[k];
      for (let w = 0; w < width; w++) out[width * k + w] = words[from + w];
    }
    return this.put(out);
  }

  private textData(textAt: (k: number) => string, rows: number): this {
    for (let k = 0; k < rows; k++) {
      const text = textAt(k);
      // Three bytes per UTF-16 unit at most, and up to five of length.
      this.ensure(3 * text.length + 5);
      this.at = putText(this.out, this.at, text);
    }
    return this;
  }

  private dictionary(entries: readonly string[], codes: Uint32Array): this {
    const size = entries.length;
    const form = size <= 256 ? 0 : size <= 65_536 ? 1 : 2;
    // Version 1; keys of its own, dictionary complete in this block; number of keys.
    this.put(Uint32Array.of(1, 0, form | (1 << 9) | (1 << 10), 0, size, 0));
    this.textData((k) => entries[k], size);
    this.put(Uint32Array.of(codes.length, 0));
    return this.put(narrowCodes(codes, form));
  }
}
