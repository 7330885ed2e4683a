/**
 * Reads ClickHouse's Native format as written for format version 0 (HTTP, files): blocks of
 * `columns, rows, (name, type, data)*`, concatenated.
 * Layouts: ClickHouse documentation, "Native" format; LowCardinality: `SerializationLowCardinality`, version 1.
 */

import { CarbonError } from '../../errors.ts';
import { type NativeColumn, NativeColumns, type Nulls } from './columns.ts';
import { joinColumns } from './join-columns.ts';
import { type NativeType, parseNativeType } from './native-type.ts';

const WORD = 4_294_967_296;
const utf8 = new TextDecoder();

/**
 * Decodes one or many concatenated blocks into one set of columns. No bytes give no columns and no rows.
 * Throws STORE_REFUSED for bytes that end early, blocks of different shapes, and types that are not read.
 */
export function readNative(bytes: Uint8Array): NativeColumns {
  const cursor = new Cursor(bytes);
  let names: string[] = [];
  let types: string[] = [];
  let parsed: NativeType[] = [];
  let pieces: NativeColumn[][] = [];
  let rows = 0;
  while (cursor.at < bytes.length) {
    const width = cursor.varint();
    const height = cursor.varint();
    // A column takes two bytes at least, and each of its rows one: a greater count is damage and no reason to reserve memory.
    cursor.requireRoom(2 * width);
    if (width > 0) cursor.requireRoom(height);
    const isFirst = pieces.length === 0 && names.length === 0;
    if (isFirst) pieces = Array.from({ length: width }, () => []);
    else if (width !== names.length) throw damaged('blocks of different widths');
    for (let c = 0; c < width; c++) {
      const name = cursor.string();
      const type = cursor.string();
      if (isFirst) {
        names = [...names, name];
        types = [...types, type];
        parsed = [...parsed, parseNativeType(type)];
      } else if (name !== names[c] || type !== types[c]) throw damaged('blocks of different columns');
      if (height > 0 || pieces[c].length === 0) pieces[c].push(readColumn(cursor, parsed[c], height));
    }
    rows += height;
  }
  return new NativeColumns(rows, names, types, pieces.map(joinColumns));
}

/** A result without rows: what a query answers whose columns are known and whose rows are none. */
export function emptyNative(names: readonly string[], types: readonly string[]): NativeColumns {
  const nothing = new Cursor(new Uint8Array(0));
  return new NativeColumns(
    0,
    names,
    types,
    types.map((type) => readColumn(nothing, parseNativeType(type), 0)),
  );
}

function damaged(why: string): CarbonError {
  return new CarbonError('STORE_REFUSED', `the Native block is damaged: ${why}`);
}

/** Position in the bytes; every step checks the end. */
class Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Refuses a count of bytes that are not there. */
  requireRoom(count: number): void {
    if (!(count >= 0 && this.at + count <= this.bytes.length)) throw damaged('it ends early');
  }

  /** Moves over `count` bytes and returns where they begin. */
  take(count: number): number {
    this.requireRoom(count);
    const from = this.at;
    this.at = from + count;
    return from;
  }

  /** A copy of `count` bytes, aligned for any typed array. */
  copy(count: number): ArrayBuffer {
    const from = this.take(count);
    const out = new ArrayBuffer(count);
    new Uint8Array(out).set(this.bytes.subarray(from, from + count));
    return out;
  }

  varint(): number {
    let value = 0;
    let weight = 1;
    for (let n = 0; n < 10; n++) {
      const byte = this.bytes[this.take(1)];
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
    throw damaged('a number of more than ten bytes');
  }

  string(): string {
    const length = this.varint();
    const from = this.take(length);
    return utf8.decode(this.bytes.subarray(from, from + length));
  }

  uint64(): number {
    const from = this.take(8);
    return this.view.getUint32(from, true) + this.view.getUint32(from + 4, true) * WORD;
  }
}

function readColumn(cursor: Cursor, type: NativeType, rows: number): NativeColumn {
  if (rows > 0) readPrefix(cursor, type);
  return readData(cursor, type, rows, null);
}

/** State that stands before all data of a column: the version of a dictionary's layout. */
function readPrefix(cursor: Cursor, type: NativeType): void {
  if (type.kind === 'array' || type.kind === 'nullable') readPrefix(cursor, type.inner);
  else if (type.kind === 'dictionary' && cursor.uint64() !== 1) throw damaged('unknown dictionary version');
}

function readData(cursor: Cursor, type: NativeType, rows: number, nulls: Nulls): NativeColumn {
  switch (type.kind) {
    case 'number':
      return { kind: 'number', nulls, values: readNumbers(cursor, type, rows) };
    case 'words':
      return {
        kind: 'words',
        nulls,
        words: new Int32Array(cursor.copy(rows * type.width * 4)),
        width: type.width,
        scale: type.scale,
      };
    case 'uuid':
      return { kind: 'uuid', nulls, ids: readUuids(cursor, rows) };
    case 'text':
      return readTexts(cursor, rows, nulls);
    case 'fixed': {
      const offsets = Uint32Array.from({ length: rows + 1 }, (_, i) => i * type.bytes);
      return { kind: 'text', nulls, bytes: new Uint8Array(cursor.copy(rows * type.bytes)), offsets };
    }
    case 'enum':
      return readEnum(cursor, type, rows, nulls);
    case 'nullable': {
      const mask = new Uint8Array(cursor.copy(rows));
      return readData(cursor, type.inner, rows, mask);
    }
    case 'dictionary':
      return readDictionary(cursor, type.nullable, rows);
    case 'array': {
      const offsets = new Uint32Array(rows + 1);
      for (let i = 0; i < rows; i++) {
        const end = cursor.uint64();
        if (end < offsets[i]) throw damaged('an array that ends before it begins');
        cursor.requireRoom(end);
        offsets[i + 1] = end;
      }
      return { kind: 'array', nulls, offsets, items: readData(cursor, type.inner, offsets[rows], null) };
    }
  }
}

function readNumbers(
  cursor: Cursor,
  type: Extract<NativeType, { kind: 'number' }>,
  rows: number,
): Float64Array {
  const raw = cursor.copy(rows * type.bytes);
  if (type.bytes === 8 && type.form === 'float') return new Float64Array(raw);
  const values = new Float64Array(rows);
  if (type.bytes === 8) {
    const low = new Uint32Array(raw);
    const high = type.form === 'signed' ? new Int32Array(raw) : low;
    for (let i = 0; i < rows; i++) values[i] = high[2 * i + 1] * WORD + low[2 * i];
  } else values.set(narrow(raw, type));
  const unit = type.micros;
  if (unit > 1) for (let i = 0; i < rows; i++) values[i] *= unit;
  // A precision finer than micros is cut downwards.
  else if (unit > 0 && unit < 1) {
    const divisor = Math.round(1 / unit);
    for (let i = 0; i < rows; i++) values[i] = Math.floor(values[i] / divisor);
  }
  return values;
}

function narrow(raw: ArrayBuffer, type: Extract<NativeType, { kind: 'number' }>): ArrayLike<number> {
  if (type.form === 'float') return new Float32Array(raw);
  const isSigned = type.form === 'signed';
  if (type.bytes === 1) return isSigned ? new Int8Array(raw) : new Uint8Array(raw);
  if (type.bytes === 2) return isSigned ? new Int16Array(raw) : new Uint16Array(raw);
  return isSigned ? new Int32Array(raw) : new Uint32Array(raw);
}

/** The store keeps a UUID as two little-endian halves: the words of each half change places. */
function readUuids(cursor: Cursor, rows: number): Uint32Array {
  const ids = new Uint32Array(cursor.copy(rows * 16));
  for (let p = 0; p < ids.length; p += 2) {
    const low = ids[p];
    ids[p] = ids[p + 1];
    ids[p + 1] = low;
  }
  return ids;
}

function readTexts(cursor: Cursor, rows: number, nulls: Nulls): NativeColumn {
  const { bytes } = cursor;
  const from = cursor.at;
  const offsets = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    const length = cursor.varint();
    cursor.take(length);
    offsets[i + 1] = offsets[i] + length;
  }
  const text = new Uint8Array(offsets[rows]);
  // Second pass over the same bytes, now that the size is known: copy runs between the length marks.
  let at = from;
  for (let i = 0; i < rows; i++) {
    while (bytes[at++] >= 0x80);
    const length = offsets[i + 1] - offsets[i];
    if (length > 32) text.set(bytes.subarray(at, at + length), offsets[i]);
    else for (let k = 0, to = offsets[i]; k < length; k++) text[to + k] = bytes[at + k];
    at += length;
  }
  return { kind: 'text', nulls, bytes: text, offsets };
}

function readEnum(
  cursor: Cursor,
  type: Extract<NativeType, { kind: 'enum' }>,
  rows: number,
  nulls: Nulls,
): NativeColumn {
  const raw = narrow(cursor.copy(rows * type.bytes), {
    kind: 'number',
    form: 'signed',
    bytes: type.bytes,
    micros: 0,
  });
  const keys = [...type.values.keys()];
  const place = new Map(keys.map((key, i) => [key, i]));
  const codes = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) codes[i] = place.get(raw[i]) ?? 0;
  return { kind: 'dictionary', nulls, entries: [...type.values.values()], codes };
}

const ADDITIONAL_KEYS = 1 << 9;

/** Dictionaries of one block after another; a dictionary with nulls keeps them at its first place. */
function readDictionary(cursor: Cursor, nullable: boolean, rows: number): NativeColumn {
  const entries: string[] = [];
  const codes = new Uint32Array(rows);
  const nulls = nullable ? new Uint8Array(rows) : null;
  let done = 0;
  while (done < rows) {
    const flags = cursor.uint64();
    if ((flags & ADDITIONAL_KEYS) === 0) throw damaged('a dictionary without keys of its own');
    const base = entries.length;
    const size = cursor.uint64();
    for (let k = 0; k < size; k++) entries.push(cursor.string());
    const count = cursor.uint64();
    if (done + count > rows) throw damaged('more codes than rows');
    const width = flags & 0xff;
    if (width > 2) throw damaged('dictionary codes of more than 32 bits');
    const bytes = 1 << width;
    const raw = narrow(cursor.copy(count * bytes), { kind: 'number', form: 'unsigned', bytes, micros: 0 });
    for (let i = 0; i < count; i++) {
      if (raw[i] >= size) throw damaged('a code that its dictionary does not have');
      codes[done + i] = base + raw[i];
    }
    if (nulls !== null) for (let i = 0; i < count; i++) nulls[done + i] = raw[i] === 0 ? 1 : 0;
    done += count;
  }
  return { kind: 'dictionary', nulls, entries, codes };
}
