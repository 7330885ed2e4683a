/**
 * Avro bodies as plain values for people: a topic read with any schema, without a codec of its own. Slow beside the
 * column codecs and meant for edges only.
 */

import { formatScaled } from '../../model/decimal.ts';
import { type AvroRecord, type AvroType, join, type Logical } from '../../schema/avro-type.ts';
import { DAY, formatInstant, SECOND } from '../../time/instant.ts';
import { textOf } from '../bytes.ts';
import { AvroReader } from './reader.ts';

/** A value as JSON has it. Fields stand in the order of the schema. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** A body that was read, or where it broke: the path inside the schema, and what was expected there. */
export type RecordJson =
  | { readonly value: PlainValue; readonly fault: null }
  | { readonly value: null; readonly fault: { readonly field: string; readonly expected: string } };

/**
 * Reads the body in `bytes[from, to)`, which must end with the value. Decimals become exact text, timestamps and
 * dates ISO 8601 text in UTC, integers beyond 53 bits text, bytes what `plainBytes` says, unions the value alone.
 * Never throws: broken bytes give a fault.
 */
export function readRecordJson(type: AvroType, bytes: Uint8Array, from: number, to: number): RecordJson {
  const reading = new Reading(bytes, from, to);
  const value = reading.value(type, '');
  return reading.finish(value);
}

/** Bytes for people: the text they are, or `{ "base64": … }` when they are not printable UTF-8. */
export function plainBytes(bytes: Uint8Array): PlainValue {
  const text = textOf(bytes, 0, bytes.length);
  return text === null || !isPrintable(text) ? { base64: bytes.toBase64() } : text;
}

/** No control characters but tab and line ends. */
function isPrintable(text: string): boolean {
  for (let k = 0; k < text.length; k++) {
    const c = text.charCodeAt(k);
    if ((c < 0x20 && c !== 0x09 && c !== 0x0a && c !== 0x0d) || c === 0x7f) return false;
  }
  return true;
}

/** A body is as deep as its schema; a schema that names itself could be as deep as its bytes are long. */
const DEEPEST = 64;

class Reading {
  private readonly r = new AvroReader();
  private faultAt = '';
  private depth = 0;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.r.open(bytes, from, to);
  }

  finish(value: PlainValue): RecordJson {
    if (this.r.ok) {
      this.faultAt = 'the record';
      this.r.done();
    }
    return this.r.ok
      ? { value, fault: null }
      : { value: null, fault: { field: this.faultAt, expected: this.r.expected } };
  }

  /** The value at `path`. After the first fault every value is null and the path of the fault stays. */
  value(type: AvroType, path: string): PlainValue {
    if (!this.r.ok) return null;
    this.depth++;
    if (this.depth > DEEPEST) this.r.fail(`at most ${DEEPEST} levels`);
    const value = this.r.ok ? this.read(type, path) : null;
    this.depth--;
    if (!this.r.ok && this.faultAt === '') this.faultAt = path === '' ? 'the record' : path;
    return this.r.ok ? value : null;
  }

  private read(type: AvroType, path: string): PlainValue {
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return this.r.boolean();
      case 'int':
      case 'long':
        return integerOf(this.long(), type.logical);
      case 'float':
        return this.float();
      case 'double':
        return finite(this.r.double());
      case 'string':
        return this.r.text();
      case 'bytes':
        return bytesOf(this.r.data(), type.logical);
      case 'fixed':
        return bytesOf(this.fixed(type.size), type.logical);
      case 'enum':
        return type.symbols[this.symbol(type.symbols.length)];
      case 'array':
        return this.array(type.items, path);
      case 'map':
        return this.map(type.values, path);
      case 'union':
        return this.value(type.branches[this.r.branch(type.branches.length)], path);
      case 'record':
        return this.record(type, path);
    }
  }

  private record(type: AvroRecord, path: string): PlainValue {
    const fields: [string, PlainValue][] = [];
    for (const field of type.fields) {
      fields.push([field.name, this.value(field.type, join(path, field.name))]);
      if (!this.r.ok) return null;
    }
    return Object.fromEntries(fields);
  }

  private array(items: AvroType, path: string): PlainValue {
    const list: PlainValue[] = [];
    for (let n = this.r.blockCount(); n > 0; n = this.r.blockCount())
      for (; n > 0 && this.r.ok; n--) list.push(this.value(items, `${path}[${list.length}]`));
    return list;
  }

  private map(values: AvroType, path: string): PlainValue {
    const entries: [string, PlainValue][] = [];
    for (let n = this.r.blockCount(); n > 0; n = this.r.blockCount())
      for (; n > 0 && this.r.ok; n--) {
        const key = this.r.text();
        entries.push([key, this.value(values, `${path}{${key}}`)]);
      }
    return Object.fromEntries(entries);
  }

  private symbol(count: number): number {
    const n = this.r.long();
    if (n >= 0 && n < count) return n;
    this.r.fail(`a symbol below ${count}`);
    return 0;
  }

  /** All 64 bits of a zigzag number. */
  private long(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.r.at >= this.r.end) break;
      const byte = this.r.bytes[this.r.at++];
      value |= BigInt(byte & 127) << shift;
      if (byte > 127) continue;
      if (value >> 64n !== 0n) break;
      return (value >> 1n) ^ -(value & 1n);
    }
    this.r.fail('a number within the record, of 64 bits at most');
    return 0n;
  }

  private float(): PlainValue {
    const four = this.fixed(4);
    return four.length === 4 ? finite(new DataView(four.buffer).getFloat32(0, true)) : null;
  }

  private fixed(size: number): Uint8Array<ArrayBuffer> {
    const { r } = this;
    if (r.at + size > r.end) {
      r.fail(`${size} bytes within the record`);
      return new Uint8Array(0);
    }
    const bytes = new Uint8Array(r.bytes.subarray(r.at, r.at + size));
    r.at += size;
    return bytes;
  }
}

/** JSON has no infinity: what it cannot say becomes its name. */
function finite(value: number): PlainValue {
  return Number.isFinite(value) ? value : String(value);
}

function bytesOf(bytes: Uint8Array, logical: Logical | null): PlainValue {
  if (logical?.name !== 'decimal') return plainBytes(bytes);
  let mantissa = 0n;
  for (const byte of bytes) mantissa = (mantissa << 8n) | BigInt(byte);
  return formatScaled(BigInt.asIntN(8 * bytes.length, mantissa), logical.scale);
}

function integerOf(value: bigint, logical: Logical | null): PlainValue {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return value.toString();
  switch (logical?.name) {
    case 'timestamp-micros':
      return instant(number);
    case 'timestamp-millis':
      return instant(number * 1000);
    case 'date':
      return instant(number * DAY).slice(0, 10);
    case 'time-micros':
      return timeOfDay(number);
    case 'time-millis':
      return timeOfDay(number * 1000);
    default:
      return number;
  }
}

/** Years of four digits as ISO text; anything beyond stays a number. */
function instant(micros: number): string {
  const isFourDigits = Math.abs(micros) < 8_000 * 366 * DAY && micros > -60_000_000_000 * SECOND;
  return isFourDigits ? formatInstant(micros) : String(micros);
}

function timeOfDay(micros: number): string {
  return micros >= 0 && micros < DAY ? formatInstant(micros).slice(11, -1) : String(micros);
}
