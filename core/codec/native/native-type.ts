/** Types of the Native format as the store spells them, parsed into what a reader must do. */

import { CarbonError } from '../../errors.ts';

/** What a reader of a column has to know of its type. */
export type NativeType =
  /** A number of `bytes` bytes; `micros` is what one unit is worth in micros for times, else 0. */
  | {
      readonly kind: 'number';
      readonly form: 'unsigned' | 'signed' | 'float';
      readonly bytes: number;
      readonly micros: number;
    }
  | { readonly kind: 'words'; readonly width: number; readonly scale: number }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'text' }
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'enum'; readonly bytes: number; readonly values: ReadonlyMap<number, string> }
  | { readonly kind: 'nullable'; readonly inner: NativeType }
  | { readonly kind: 'dictionary'; readonly nullable: boolean }
  | { readonly kind: 'array'; readonly inner: NativeType };

const number = (form: 'unsigned' | 'signed' | 'float', bytes: number, micros = 0): NativeType => ({
  kind: 'number',
  form,
  bytes,
  micros,
});

const PLAIN: Readonly<Record<string, NativeType>> = {
  UInt8: number('unsigned', 1),
  UInt16: number('unsigned', 2),
  UInt32: number('unsigned', 4),
  UInt64: number('unsigned', 8),
  Int8: number('signed', 1),
  Int16: number('signed', 2),
  Int32: number('signed', 4),
  Int64: number('signed', 8),
  Float32: number('float', 4),
  Float64: number('float', 8),
  Bool: number('unsigned', 1),
  Nothing: number('unsigned', 1),
  Date: number('unsigned', 2),
  Date32: number('signed', 4),
  DateTime: number('unsigned', 4, 1_000_000),
  Int128: { kind: 'words', width: 4, scale: 0 },
  UInt128: { kind: 'words', width: 4, scale: 0 },
  Int256: { kind: 'words', width: 8, scale: 0 },
  UInt256: { kind: 'words', width: 8, scale: 0 },
  UUID: { kind: 'uuid' },
  String: { kind: 'text' },
};

/** Types inside types: statements here need two (`Array(Nullable(String))`). */
const DEEPEST = 8;

/**
 * Parses a type text. Throws STORE_REFUSED for a type that no reader here knows (Tuple, Map, JSON …). `depth` is how
 * many types it lies in.
 */
export function parseNativeType(text: string, depth = 0): NativeType {
  const plain = PLAIN[text];
  if (plain !== undefined) return plain;
  const m = /^([A-Za-z0-9]+)\((.*)\)$/s.exec(text);
  if (m !== null && depth < DEEPEST) {
    const [, head, inside] = m;
    switch (head) {
      case 'Nullable':
        return { kind: 'nullable', inner: parseNativeType(inside, depth + 1) };
      case 'Array':
        return { kind: 'array', inner: parseNativeType(inside, depth + 1) };
      case 'LowCardinality':
        if (inside === 'String') return { kind: 'dictionary', nullable: false };
        if (inside === 'Nullable(String)') return { kind: 'dictionary', nullable: true };
        break;
      case 'DateTime':
        return PLAIN['DateTime'];
      case 'DateTime64':
        return number('signed', 8, 10 ** (6 - Number.parseInt(inside, 10)));
      case 'FixedString':
        if (/^[1-9]\d{0,8}$/.test(inside)) return { kind: 'fixed', bytes: Number(inside) };
        break;
      case 'Enum8':
      case 'Enum16':
        return { kind: 'enum', bytes: head === 'Enum8' ? 1 : 2, values: enumValues(inside) };
      case 'Decimal':
        return decimal(inside);
    }
  }
  throw new CarbonError('STORE_REFUSED', `a column of type ${text} is not read: cast it in the statement`, {
    position: { got: text },
  });
}

function decimal(inside: string): NativeType {
  const [precision, scale] = inside.split(',').map(Number);
  const width = precision <= 9 ? 1 : precision <= 18 ? 2 : precision <= 38 ? 4 : 8;
  return { kind: 'words', width, scale };
}

function enumValues(inside: string): ReadonlyMap<number, string> {
  const values = new Map<number, string>();
  for (const [, name, value] of inside.matchAll(/'((?:[^'\\]|\\.)*)'\s*=\s*(-?\d+)/gs))
    values.set(Number(value), name.replace(/\\(.)/gs, '$1'));
  return values;
}
