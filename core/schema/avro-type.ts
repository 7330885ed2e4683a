/** Avro types as parsed values: the nouns of this room. */

export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

/** A primitive type of Avro by its name. */
export type Primitive = (typeof PRIMITIVES)[number];

/** What the bytes of a primitive or fixed type mean. */
export interface Logical {
  readonly name: string;
  /** Of a decimal; 0 otherwise. */
  readonly precision: number;
  readonly scale: number;
}

/** One field of a record. */
export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  readonly doc: string;
  /** Present only when the field has a default. */
  readonly fallback?: { readonly value: unknown };
}

/** What a record, an enum and a fixed type have alike. */
export interface Named {
  /** Full name. */
  readonly name: string;
  /** Full names. */
  readonly aliases: readonly string[];
}

/** A record: named fields in the order of the encoding. */
export interface AvroRecord extends Named {
  readonly kind: 'record';
  readonly fields: readonly AvroField[];
}

/** An enum; `fallback` is what unknown symbols are read as, null when they are an error. */
export interface AvroEnum extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  readonly fallback: string | null;
}

/** A fixed number of bytes. */
export interface AvroFixed extends Named {
  readonly kind: 'fixed';
  readonly size: number;
  readonly logical: Logical | null;
}

/** Any type, with names resolved to what they stand for. */
export type AvroType =
  | { readonly kind: Primitive; readonly logical: Logical | null }
  | AvroRecord
  | AvroEnum
  | AvroFixed
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] };

/** Name of a type as a union branch has it: the full name of a named type, the kind of any other. */
export function branchName(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}

/** Path of a field inside a schema. */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
