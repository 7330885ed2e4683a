/**
 * Generates `core/codec/avro/generated` from the Avro schemas and `codec-bindings.ts`: straight-line code, one line
 * per field, in the order of the schema.
 *
 *   scripts/node scripts/generate-codecs.ts
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CODECS, type Codec } from './codec-bindings.ts';
import type { Binding } from './codec-columns.ts';

/** An Avro schema as JSON has it. */
type Json = string | Json[] | { readonly [key: string]: unknown };
interface Field {
  readonly name: string;
  readonly type: Json;
}

/** Type of a field in the words of the bindings. */
function typeName(schema: Json): string {
  if (typeof schema === 'string') return schema;
  if (Array.isArray(schema)) return schema.map(typeName).join(' | ');
  const type = schema['type'] as Json;
  if (type === 'array') {
    const items = typeName(schema['items'] as Json);
    return `array<${items === 'record' ? 'record' : items}>`;
  }
  if (type === 'map') return `map<${typeName(schema['values'] as Json)}>`;
  const logical = schema['logicalType'];
  if (logical === 'decimal') return `${typeName(type)} decimal(${schema['precision']},${schema['scale']})`;
  return logical === undefined ? typeName(type) : `${typeName(type)} ${logical}`;
}

class Generator {
  private readonly codec: Codec;
  readonly names: string[] = [];
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  private readonly used = new Set<string>();

  constructor(codec: Codec) {
    this.codec = codec;
  }

  record(fields: readonly Field[], prefix: string, bindings: Readonly<Record<string, Binding>>): void {
    for (let k = 0; k < fields.length; k++) {
      const path = `${prefix}${fields[k].name}`;
      const type = typeName(fields[k].type);
      if (type === 'record') {
        this.record((fields[k].type as { fields: Field[] }).fields, `${path}.`, bindings);
        continue;
      }
      const binding = bindings[path];
      if (binding === undefined) throw new Error(`${this.codec.schema}: no binding for ${path}`);
      this.used.add(path);
      this.reads.push(`r.field = ${this.names.push(path) - 1};`);
      if (binding.run !== undefined) k += this.run(binding, fields, k, path);
      else if (Array.isArray(fields[k].type)) this.union(binding, fields[k].type as Json[], path);
      else {
        this.expect(binding.type, type, path);
        if (binding.items !== undefined) this.array(binding, fields[k].type, path);
        else this.plain(binding.write, binding.read);
      }
    }
  }

  /** Refuses bindings that no field of the schema asked for. */
  finish(): void {
    for (const path of Object.keys(this.codec.fields))
      if (!this.used.has(path)) throw new Error(`${this.codec.schema} has no field ${path}`);
  }

  private expect(bound: string, type: string, path: string): void {
    if (bound !== type)
      throw new Error(`${this.codec.schema}: ${path} is ${type}, its binding is for ${bound}`);
  }

  private plain(write: string, read: string): void {
    this.writes.push(write);
    this.reads.push(read);
  }

  /** Fields that are encoded together: written as one block, read as one span. Returns how many follow the first. */
  private run(binding: Binding, fields: readonly Field[], at: number, path: string): number {
    const run = binding.run ?? [];
    const expected = [[fields[at].name, binding.type], ...run];
    this.writes.push(binding.write);
    this.reads.push('runFrom = r.at;');
    expected.forEach(([name, type], k) => {
      const field = fields[at + k];
      if (field?.name !== name) throw new Error(`${this.codec.schema}: ${path} is not followed by ${name}`);
      this.expect(type, typeName(field.type), name);
      const skip = {
        string: 'r.span();',
        'array<string>': 'r.skipTexts();',
        double: 'r.double();',
        long: 'r.long();',
      }[type];
      if (skip === undefined) throw new Error(`${path}: no run of ${type}`);
      this.reads.push(skip);
    });
    this.reads.push('r.from = runFrom;', 'r.to = r.at;', binding.read);
    return run.length;
  }

  private union(binding: Binding, branches: Json[], path: string): void {
    const none = branches.indexOf('null');
    if (branches.length !== 2 || none < 0 || binding.present === undefined)
      throw new Error(`${this.codec.schema}: ${path} must be a nullable field with a nullable binding`);
    const some = 1 - none;
    this.expect(binding.type, typeName(branches[some]), path);
    this.writes.push(
      `if (${binding.present}) {`,
      `w.byte(${2 * some});`,
      binding.write,
      `} else w.byte(${2 * none});`,
    );
    this.reads.push(`if (r.branch(2) === ${some}) {`, binding.read, '} else {', binding.absent ?? '', '}');
  }

  private array(binding: Binding, type: Json, path: string): void {
    const fields = (type as { items: { fields: Field[] } }).items.fields;
    this.writes.push(
      `if (${binding.write}.length > 0) w.long(${binding.write}.length);`,
      `for (const item of ${binding.write}) {`,
    );
    this.reads.push(
      'for (let n = r.blockCount(); n > 0; n = r.blockCount()) for (; n > 0 && r.ok; n--) {',
      binding.opens ?? '',
    );
    this.record(
      fields,
      `${path}.`,
      Object.fromEntries(Object.entries(binding.items ?? {}).map(([k, v]) => [`${path}.${k}`, v])),
    );
    this.writes.push('}', 'w.byte(0);');
    this.reads.push(binding.read, '}');
  }
}

/** The TypeScript of one codec. */
export function generate(codec: Codec, schemaText: string): string {
  const schema = JSON.parse(schemaText) as { name: string; namespace: string; fields: Field[] };
  const g = new Generator(codec);
  g.record(schema.fields, '', codec.fields);
  g.finish();
  const record = codec.writer?.replace(/^write/, '') ?? schema.name;
  const fieldsName = `${record.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}_FIELDS`;
  const opens = [codec.readerOpens ?? '', g.reads.includes('runFrom = r.at;') ? 'let runFrom = 0;' : ''];
  const lines = [
    `// Generated by scripts/generate-codecs.ts from ${codec.schema}. Do not edit.`,
    '',
    ...codec.imports,
    '',
    `/** Paths of the fields by the number that the reader keeps in \`field\`. */`,
    `export const ${fieldsName}: readonly string[] = ${JSON.stringify(g.names)};`,
    '',
    `/** Writes the body of one ${schema.name}. */`,
    `export function ${codec.writer}(${codec.writerParameters}): void {`,
    ...g.writes,
    '}',
    '',
    `/** Reads the body of one ${schema.name}; a fault is told by \`r.ok\`. */`,
    `export function ${codec.reader}(${codec.readerParameters}): ${codec.readerType ?? 'void'} {`,
    ...opens,
    ...g.reads,
    codec.readerReturns === undefined ? '' : `return ${codec.readerReturns};`,
    '}',
  ];
  return `${indent(lines.flatMap((line) => line.split('\n')).filter((line, k, all) => line !== '' || all[k - 1] !== ''))}\n`;
}

/** Two blanks for each brace that is open, and no empty lines inside a function. */
function indent(lines: readonly string[]): string {
  const out: string[] = [];
  let depth = 0;
  for (const line of lines) {
    if (line === '' && depth > 0) continue;
    const closes = line.startsWith('}');
    if (closes) depth--;
    out.push('  '.repeat(line === '' ? 0 : depth) + line);
    if (line.endsWith('{')) depth++;
  }
  return out.join('\n');
}

const root = resolve(import.meta.dirname, '..');

/** All generated files: path relative to the root, and text. */
export function generateAll(): (readonly [path: string, text: string])[] {
  return CODECS.map((codec) => [
    `core/codec/avro/generated/${codec.file}`,
    generate(codec, readFileSync(resolve(root, codec.schema), 'utf8')),
  ]);
}

if (import.meta.main) {
  mkdirSync(resolve(root, 'core/codec/avro/generated'), { recursive: true });
  for (const [path, text] of generateAll()) writeFileSync(resolve(root, path), text);
}
