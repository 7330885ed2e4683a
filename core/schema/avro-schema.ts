/**
 * Avro schemas, parsed and checked: the subset that the contracts use (Avro 1.12 without recursion through unnamed
 * types, and without the logical types that no contract needs).
 */

import { CarbonError } from '../errors.ts';
import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroRecord,
  type AvroType,
  branchName,
  join,
  type Logical,
  type Named,
  PRIMITIVES,
  type Primitive,
} from './avro-type.ts';
import { checkValue } from './value.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Which physical types each logical type may stand on. */
const LOGICAL: Readonly<Record<string, readonly string[]>> = {
  decimal: ['bytes', 'fixed'],
  uuid: ['string'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
};

type JsonObject = { readonly [key: string]: unknown };

/**
 * Parses the text of a schema file. Throws SCHEMA_INVALID with the file and, in `field`, the path inside the schema
 * (`payload.values[].unit`), or the line and column of text that is
 * no JSON, where the parser tells them.
 */
export function parseSchema(text: string, file: string): AvroType {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const at = /line (\d+) column (\d+)/.exec(words);
    throw new CarbonError('SCHEMA_INVALID', `${file} is not JSON: ${words}`, {
      position: { file, ...(at === null ? {} : { line: Number(at[1]), column: Number(at[2]) }) },
      cause,
    });
  }
  return new SchemaParser(file).type(json, '', '');
}

class SchemaParser {
  private readonly file: string;
  private readonly named = new Map<string, AvroType>();

  constructor(file: string) {
    this.file = file;
  }

  type(json: unknown, namespace: string, path: string): AvroType {
    if (typeof json === 'string') return this.reference(json, namespace, path);
    if (Array.isArray(json)) return this.union(json, namespace, path);
    if (typeof json !== 'object' || json === null) throw this.invalid(path, 'a schema', json);
    const schema = json as JsonObject;
    switch (schema['type']) {
      case 'record':
        return this.record(schema, namespace, path);
      case 'enum':
        return this.enumeration(schema, namespace, path);
      case 'fixed':
        return this.fixed(schema, namespace, path);
      case 'array':
        return { kind: 'array', items: this.type(schema['items'], namespace, `${path}[]`) };
      case 'map':
        return { kind: 'map', values: this.type(schema['values'], namespace, `${path}{}`) };
    }
    const type = this.type(schema['type'], namespace, path);
    return 'logical' in type ? { ...type, logical: this.logical(schema, type.kind, path) } : type;
  }

  private reference(name: string, namespace: string, path: string): AvroType {
    if ((PRIMITIVES as readonly string[]).includes(name)) return { kind: name as Primitive, logical: null };
    const found = this.named.get(fullName(name, namespace)) ?? this.named.get(name);
    if (found === undefined) throw this.invalid(path, 'a primitive type or a type defined before', name);
    return found;
  }

  private union(json: readonly unknown[], namespace: string, path: string): AvroType {
    const branches = json.map((branch) => this.type(branch, namespace, path));
    const seen = new Set<string>();
    for (const branch of branches) {
      if (branch.kind === 'union') throw this.invalid(path, 'no union directly within a union', 'union');
      const name = branchName(branch);
      if (seen.has(name)) throw this.invalid(path, 'each branch of a union once', name);
      seen.add(name);
    }
    if (branches.length === 0) throw this.invalid(path, 'a union of one branch at least', json);
    return { kind: 'union', branches };
  }

  private record(schema: JsonObject, namespace: string, path: string): AvroType {
    const names = this.names(schema, namespace, path);
    const fields: AvroField[] = [];
    const record: AvroRecord = { kind: 'record', ...names, fields };
    this.define(record, path);
    const inner = names.name.includes('.') ? names.name.slice(0, names.name.lastIndexOf('.')) : '';
    if (!Array.isArray(schema['fields'])) throw this.invalid(path, 'an array of fields', schema['fields']);
    const seen = new Set<string>();
    for (const json of schema['fields'] as unknown[]) {
      const field = this.field(json, inner, path);
      if (seen.has(field.name)) throw this.invalid(join(path, field.name), 'each field once', field.name);
      seen.add(field.name);
      fields.push(field);
    }
    return record;
  }

  private field(json: unknown, namespace: string, path: string): AvroField {
    if (typeof json !== 'object' || json === null) throw this.invalid(path, 'a field', json);
    const schema = json as JsonObject;
    const name = schema['name'];
    if (typeof name !== 'string' || !NAME.test(name)) throw this.invalid(path, 'a field name', name);
    const at = join(path, name);
    const type = this.type(schema['type'], namespace, at);
    const field = {
      name,
      aliases: this.strings(schema['aliases'], at),
      type,
      doc: typeof schema['doc'] === 'string' ? schema['doc'] : '',
    };
    if (!('default' in schema)) return field;
    const value = schema['default'];
    // A default is a value of the first branch: the rule that all versions of Avro share.
    const fault = checkValue(type.kind === 'union' ? type.branches[0] : type, value, at, 'default');
    if (fault !== null) throw this.invalid(fault.path, `a default that is ${fault.expected}`, value);
    return { ...field, fallback: { value } };
  }

  private enumeration(schema: JsonObject, namespace: string, path: string): AvroType {
    const symbols = this.strings(schema['symbols'], path);
    for (const symbol of symbols) if (!NAME.test(symbol)) throw this.invalid(path, 'a symbol', symbol);
    if (symbols.length === 0 || new Set(symbols).size !== symbols.length)
      throw this.invalid(path, 'symbols, each once', schema['symbols']);
    const fallback = schema['default'] ?? null;
    if (fallback !== null && (typeof fallback !== 'string' || !symbols.includes(fallback)))
      throw this.invalid(path, 'a default among the symbols', fallback);
    return this.define({ kind: 'enum', ...this.names(schema, namespace, path), symbols, fallback }, path);
  }

  private fixed(schema: JsonObject, namespace: string, path: string): AvroType {
    const size = schema['size'];
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
      throw this.invalid(path, 'a size', size);
    const logical = this.logical(schema, 'fixed', path);
    return this.define({ kind: 'fixed', ...this.names(schema, namespace, path), size, logical }, path);
  }

  private define<T extends AvroRecord | AvroEnum | AvroFixed>(type: T, path: string): T {
    if (this.named.has(type.name)) throw this.invalid(path, 'each name defined once', type.name);
    this.named.set(type.name, type);
    return type;
  }

  private names(schema: JsonObject, namespace: string, path: string): Named {
    const name = schema['name'];
    if (typeof name !== 'string') throw this.invalid(path, 'a name', name);
    const space = schema['namespace'] ?? namespace;
    if (typeof space !== 'string') throw this.invalid(path, 'a namespace', space);
    const full = fullName(name, space);
    if (!full.split('.').every((part) => NAME.test(part))) throw this.invalid(path, 'a name', full);
    const inner = full.includes('.') ? full.slice(0, full.lastIndexOf('.')) : '';
    return {
      name: full,
      aliases: this.strings(schema['aliases'], path).map((alias) => fullName(alias, inner)),
    };
  }

  private logical(schema: JsonObject, kind: string, path: string): Logical | null {
    const name = schema['logicalType'];
    if (name === undefined) return null;
    if (typeof name !== 'string' || LOGICAL[name]?.includes(kind) !== true)
      throw this.invalid(path, `a logical type of ${kind}`, name);
    if (name !== 'decimal') return { name, precision: 0, scale: 0 };
    const precision = schema['precision'];
    const scale = schema['scale'] ?? 0;
    if (typeof precision !== 'number' || !Number.isInteger(precision) || precision < 1)
      throw this.invalid(path, 'a decimal with a precision from 1', precision);
    if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0 || scale > precision)
      throw this.invalid(path, 'a decimal with a scale from 0 to its precision', scale);
    return { name, precision, scale };
  }

  private strings(json: unknown, path: string): readonly string[] {
    if (json === undefined) return [];
    if (Array.isArray(json) && json.every((item) => typeof item === 'string')) return json;
    throw this.invalid(path, 'an array of strings', json);
  }

  private invalid(path: string, expected: string, got: unknown): CarbonError {
    const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 80);
    const where = path === '' ? 'the schema' : path;
    return new CarbonError('SCHEMA_INVALID', `${this.file}: ${where} needs ${expected}, not ${shown}`, {
      position: { file: this.file, field: where, expected, got: shown },
    });
  }
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}
