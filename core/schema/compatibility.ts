/**
 * BACKWARD compatibility: a reader with the new schema understands what was written with the released one
 * (Avro 1.12, "Schema Resolution"), and a number keeps its meaning (logical type, precision, scale).
 */

import { topicWithVersion, versionOfTopic } from '../codec/topics/topic-names.ts';
import { CarbonError } from '../errors.ts';
import { type AvroEnum, type AvroRecord, type AvroType, branchName, join } from './avro-type.ts';

/** The rule that a change breaks. */
export type CompatibilityRule =
  | 'type-changed'
  | 'name-changed'
  | 'field-without-default'
  | 'symbol-removed'
  | 'branch-removed'
  | 'size-changed'
  | 'logical-type-changed'
  | 'decimal-changed';

/** One thing that a reader of the released schema's data could not do. */
export interface Incompatibility {
  /** Path inside the schema: `payload.values[].unit`; empty for the schema as a whole. */
  readonly path: string;
  readonly rule: CompatibilityRule;
  readonly message: string;
}

/** Which written types a reader's primitive also takes. */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Everything that breaks when `reader` (new) reads data of `writer` (released); empty when it is compatible. */
export function incompatibilities(reader: AvroType, writer: AvroType): Incompatibility[] {
  return new Comparison().compare(reader, writer, '');
}

/**
 * Throws SCHEMA_INCOMPATIBLE for the first incompatibility, with the field's path and the rule; does nothing for a
 * compatible change.
 */
export function checkCompatible(reader: AvroType, writer: AvroType, file: string): void {
  const [first] = incompatibilities(reader, writer);
  if (first !== undefined) throw incompatible(first, file);
}

/** The error of one incompatibility; it says what the change has to become. `file` may also be a subject. */
export function incompatible(found: Incompatibility, file: string): CarbonError {
  const field = found.path === '' ? 'the schema' : found.path;
  const message = `${file}: ${field}: ${found.message}; ${nextStep(file)}`;
  return new CarbonError('SCHEMA_INCOMPATIBLE', message, {
    position: { file, field },
    context: { rule: found.rule },
  });
}

/** Where a change that breaks readers belongs. */
function nextStep(file: string): string {
  const name = /([^/]+?)(?:\.avsc|-value)?$/.exec(file)?.[1] ?? file;
  const version = versionOfTopic(name);
  const target =
    version === null
      ? 'a new schema and a new .v2 topic'
      : `a new topic, ${topicWithVersion(name, version + 1)}`;
  return `a change that breaks readers is ${target} (docs/SCHEMA_EVOLUTION.md)`;
}

class Comparison {
  /** Pairs of records under comparison: a recursive schema meets them again. */
  private readonly open: (readonly [AvroType, AvroType])[] = [];

  compare(reader: AvroType, writer: AvroType, path: string): Incompatibility[] {
    if (writer.kind === 'union') return this.fromUnion(reader, writer.branches, path);
    if (reader.kind === 'union') return this.intoUnion(reader.branches, writer, path);
    if (reader.kind === 'record' && writer.kind === 'record') return this.records(reader, writer, path);
    if (reader.kind === 'enum' && writer.kind === 'enum') return this.enums(reader, writer, path);
    if (reader.kind === 'array' && writer.kind === 'array')
      return this.compare(reader.items, writer.items, `${path}[]`);
    if (reader.kind === 'map' && writer.kind === 'map')
      return this.compare(reader.values, writer.values, `${path}{}`);
    if (reader.kind === 'fixed' && writer.kind === 'fixed') {
      const renamed = this.renamed(reader, writer, path);
      if (renamed.length > 0) return renamed;
      if (reader.size !== writer.size)
        return [{ path, rule: 'size-changed', message: `the size was ${writer.size} and is ${reader.size}` }];
      return meaning(reader, writer, path);
    }
    if (reader.kind !== writer.kind && PROMOTIONS[reader.kind]?.includes(writer.kind) !== true)
      return [
        {
          path,
          rule: 'type-changed',
          message: `${branchName(writer)} cannot be read as ${branchName(reader)}`,
        },
      ];
    return meaning(reader, writer, path);
  }

  /** Every branch that may have been written must be readable. */
  private fromUnion(reader: AvroType, branches: readonly AvroType[], path: string): Incompatibility[] {
    return branches.flatMap((branch) => {
      const found = this.compare(reader, branch, path);
      if (found.length === 0 || reader.kind === 'union') return found;
      const message = `${branchName(branch)} could be written and cannot be read as ${branchName(reader)}`;
      return found[0].path === path ? [{ path, rule: 'branch-removed', message } as const] : found;
    });
  }

  private intoUnion(branches: readonly AvroType[], writer: AvroType, path: string): Incompatibility[] {
    let nearest: Incompatibility[] | null = null;
    for (const branch of branches) {
      const found = this.compare(branch, writer, path);
      if (found.length === 0) return found;
      // The branch of the same name tells best what is wrong.
      if (branchName(branch) === branchName(writer)) nearest = found;
    }
    return (
      nearest ?? [{ path, rule: 'branch-removed', message: `no branch takes ${branchName(writer)} any more` }]
    );
  }

  private records(reader: AvroRecord, writer: AvroRecord, path: string): Incompatibility[] {
    const renamed = this.renamed(reader, writer, path);
    if (renamed.length > 0) return renamed;
    if (this.open.some(([r, w]) => r === reader && w === writer)) return [];
    this.open.push([reader, writer]);
    const found: Incompatibility[] = [];
    for (const field of reader.fields) {
      const at = join(path, field.name);
      const names = [field.name, ...field.aliases];
      const written = writer.fields.find((f) => names.includes(f.name));
      if (written !== undefined) found.push(...this.compare(field.type, written.type, at));
      else if (field.fallback === undefined)
        found.push({
          path: at,
          rule: 'field-without-default',
          message: 'a field was added without a default',
        });
    }
    this.open.pop();
    return found;
  }

  private enums(reader: AvroEnum, writer: AvroEnum, path: string): Incompatibility[] {
    const renamed = this.renamed(reader, writer, path);
    if (renamed.length > 0 || reader.fallback !== null) return renamed;
    return writer.symbols
      .filter((symbol) => !reader.symbols.includes(symbol))
      .map(
        (symbol) => ({ path, rule: 'symbol-removed', message: `the symbol ${symbol} was removed` }) as const,
      );
  }

  private renamed(
    reader: { readonly name: string; readonly aliases: readonly string[] },
    writer: { readonly name: string },
    path: string,
  ): Incompatibility[] {
    if (reader.name === writer.name || reader.aliases.includes(writer.name)) return [];
    const message = `${writer.name} became ${reader.name}, without an alias`;
    return [{ path, rule: 'name-changed', message }];
  }
}

/** Whether the same bytes still mean the same. */
function meaning(reader: AvroType, writer: AvroType, path: string): Incompatibility[] {
  const now = 'logical' in reader ? reader.logical : null;
  const before = 'logical' in writer ? writer.logical : null;
  if ((now?.name ?? '') !== (before?.name ?? ''))
    return [
      {
        path,
        rule: 'logical-type-changed',
        message: `the logical type was ${before?.name ?? 'none'} and is ${now?.name ?? 'none'}`,
      },
    ];
  if (now === null || before === null) return [];
  if (now.precision === before.precision && now.scale === before.scale) return [];
  return [
    {
      path,
      rule: 'decimal-changed',
      message: `decimal(${before.precision}, ${before.scale}) became decimal(${now.precision}, ${now.scale})`,
    },
  ];
}
