/** What differs between two schemas, field by field: whether readers get along, and which version the change demands. */

import type { AvroField, AvroRecord, AvroType, Logical } from './avro-type.ts';
import { branchName, join } from './avro-type.ts';
import { type CompatibilityRule, incompatibilities } from './compatibility.ts';

/** How much of a change it is (A11): patch for words, minor for additions, major for whatever a reader has to look at. */
export type Bump = 'none' | 'patch' | 'minor' | 'major';

/** One difference. */
export interface SchemaChange {
  /** Path inside the schema: `payload.values[].unit`; empty for the schema as a whole. */
  readonly path: string;
  readonly change:
    | 'added'
    | 'removed'
    | 'renamed'
    | 'type-changed'
    | 'name-changed'
    | 'default-changed'
    | 'order-changed'
    | 'doc-changed';
  /** What stood there and what stands there now, in words; null for nothing. */
  readonly before: string | null;
  readonly after: string | null;
  /** The rule of BACKWARD that it breaks; null when a reader with the new schema gets along. */
  readonly breaks: CompatibilityRule | null;
  readonly bump: Bump;
}

/**
 * All differences in the order of the new schema, each record's lost fields after its others. Some change breaks a rule
 * exactly when `incompatibilities(after, before)` finds something.
 */
export function schemaChanges(before: AvroType, after: AvroType): SchemaChange[] {
  return new Differences().between(before, after, '');
}

/** What the changes demand together. */
export function bumpOf(changes: readonly SchemaChange[]): Bump {
  const order: readonly Bump[] = ['none', 'patch', 'minor', 'major'];
  return order[Math.max(0, ...changes.map(({ bump }) => order.indexOf(bump)))];
}

class Differences {
  /** Pairs of records under comparison: a recursive schema meets them again. */
  private readonly open: (readonly [AvroRecord, AvroRecord])[] = [];

  between(before: AvroType, after: AvroType, path: string): SchemaChange[] {
    if (before.kind === 'record' && after.kind === 'record') return this.records(before, after, path);
    if (before.kind === 'array' && after.kind === 'array')
      return this.between(before.items, after.items, `${path}[]`);
    if (before.kind === 'map' && after.kind === 'map')
      return this.between(before.values, after.values, `${path}{}`);
    if (before.kind === 'union' && after.kind === 'union' && sameBranches(before.branches, after.branches))
      return after.branches.flatMap((branch, k) => this.between(before.branches[k], branch, path));
    return leafChange(before, after, path);
  }

  private records(before: AvroRecord, after: AvroRecord, path: string): SchemaChange[] {
    if (this.open.some(([b, a]) => b === before && a === after)) return [];
    this.open.push([before, after]);
    const changes: SchemaChange[] = [];
    if (before.name !== after.name) {
      const breaks = after.aliases.includes(before.name) ? null : 'name-changed';
      changes.push(change(path, 'name-changed', before.name, after.name, breaks, 'major'));
    }
    const kept: AvroField[] = [];
    for (const field of after.fields) {
      const at = join(path, field.name);
      const names = [field.name, ...field.aliases];
      const old = before.fields.find(({ name }) => names.includes(name));
      if (old === undefined) changes.push(added(field, at));
      else {
        kept.push(old);
        changes.push(...this.fields(old, field, at));
      }
    }
    if (kept.some((field, k) => k > 0 && before.fields.indexOf(field) < before.fields.indexOf(kept[k - 1]))) {
      const names = (fields: readonly AvroField[]): string => fields.map(({ name }) => name).join(', ');
      const was = before.fields.filter((field) => kept.includes(field));
      changes.push(change(path, 'order-changed', names(was), names(kept), null, 'minor'));
    }
    for (const field of before.fields)
      if (!kept.includes(field))
        changes.push(change(join(path, field.name), 'removed', typeWords(field.type), null, null, 'major'));
    this.open.pop();
    return changes;
  }

  private fields(before: AvroField, after: AvroField, path: string): SchemaChange[] {
    const changes: SchemaChange[] = [];
    if (before.name !== after.name)
      changes.push(change(path, 'renamed', before.name, after.name, null, 'major'));
    changes.push(...this.between(before.type, after.type, path));
    const defaults = [before, after].map(defaultWords);
    if (defaults[0] !== defaults[1])
      changes.push(change(path, 'default-changed', defaults[0], defaults[1], null, 'minor'));
    if (before.doc !== after.doc)
      changes.push(change(path, 'doc-changed', before.doc, after.doc, null, 'patch'));
    return changes;
  }
}

function change(
  path: string,
  kind: SchemaChange['change'],
  before: string | null,
  after: string | null,
  breaks: CompatibilityRule | null,
  bump: Bump,
): SchemaChange {
  return { path, change: kind, before, after, breaks, bump };
}

function added(field: AvroField, path: string): SchemaChange {
  const hasDefault = field.fallback !== undefined;
  const words = hasDefault
    ? `${typeWords(field.type)}, default ${defaultWords(field)}`
    : typeWords(field.type);
  const breaks = hasDefault ? null : 'field-without-default';
  return change(path, 'added', null, words, breaks, hasDefault ? 'minor' : 'major');
}

function leafChange(before: AvroType, after: AvroType, path: string): SchemaChange[] {
  const [was, is] = [typeWords(before), typeWords(after)];
  const [broken] = incompatibilities(after, before);
  if (was === is && broken === undefined) return [];
  return [
    change(path, 'type-changed', was, is, broken?.rule ?? null, broken === undefined ? 'minor' : 'major'),
  ];
}

/** The same branches in the same order: what differs then lies inside of them. */
function sameBranches(before: readonly AvroType[], after: readonly AvroType[]): boolean {
  return before.length === after.length && before.every((b, k) => branchName(b) === branchName(after[k]));
}

function defaultWords(field: AvroField): string | null {
  return field.fallback === undefined ? null : JSON.stringify(field.fallback.value);
}

/** A type as people write it: `null | bytes decimal(18,8)`, `array<string>`, `enum Side(BUY, SELL)`. */
export function typeWords(type: AvroType): string {
  switch (type.kind) {
    case 'array':
      return `array<${typeWords(type.items)}>`;
    case 'map':
      return `map<${typeWords(type.values)}>`;
    case 'union':
      return type.branches.map(typeWords).join(' | ');
    case 'record':
      return `record ${shortName(type.name)}`;
    case 'enum': {
      const fallback = type.fallback === null ? '' : `, default ${type.fallback}`;
      return `enum ${shortName(type.name)}(${type.symbols.join(', ')}${fallback})`;
    }
    case 'fixed':
      return withLogical(`fixed ${shortName(type.name)}(${type.size})`, type.logical);
    default:
      return withLogical(type.kind, type.logical);
  }
}

function withLogical(words: string, logical: Logical | null): string {
  if (logical === null) return words;
  const scale = logical.name === 'decimal' ? `(${logical.precision},${logical.scale})` : '';
  return `${words} ${logical.name}${scale}`;
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
