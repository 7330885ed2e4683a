/** Differences of schemas: each kind by example, and never of another opinion than the check of compatibility. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffSchemas } from '../../../app/schemas/diff.ts';
import { parseSchema } from '../../../core/schema/avro-schema.ts';
import { incompatibilities } from '../../../core/schema/compatibility.ts';
import { bumpOf, schemaChanges } from '../../../core/schema/schema-diff.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

type Field = Record<string, unknown>;
const record = (fields: readonly Field[], more: Field = {}) =>
  parseSchema(JSON.stringify({ type: 'record', name: 'R', fields, ...more }), 'test');
const f = (name: string, type: unknown, more: Field = {}): Field => ({ name, type, ...more });
const decimal = (precision: number, scale: number): Field => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const inner = (fields: readonly Field[]): Field => ({ type: 'record', name: 'Inner', fields });

const CASES: readonly (readonly [
  what: string,
  before: readonly Field[],
  after: readonly Field[],
  changes: readonly string[],
])[] = [
  ['nothing', [f('a', 'int')], [f('a', 'int')], []],
  ['words', [f('a', 'int', { doc: 'x' })], [f('a', 'int', { doc: 'y' })], ['a doc-changed x → y fine patch']],
  [
    'a field with a default',
    [f('a', 'int')],
    [f('a', 'int'), f('b', ['null', 'string'], { default: null })],
    ['b added null → null | string, default null fine minor'],
  ],
  [
    'a field without one',
    [f('a', 'int')],
    [f('a', 'int'), f('b', 'string')],
    ['b added null → string field-without-default major'],
  ],
  [
    'a field gone',
    [f('a', 'int'), f('b', 'string')],
    [f('a', 'int')],
    ['b removed string → null fine major'],
  ],
  [
    'a field with another name',
    [f('a', 'int')],
    [f('b', 'int')],
    ['b added null → int field-without-default major', 'a removed int → null fine major'],
  ],
  [
    'the same with an alias',
    [f('a', 'int')],
    [f('b', 'int', { aliases: ['a'] })],
    ['b renamed a → b fine major'],
  ],
  ['a wider number', [f('a', 'int')], [f('a', 'double')], ['a type-changed int → double fine minor']],
  ['a narrower one', [f('a', 'double')], [f('a', 'int')], ['a type-changed double → int type-changed major']],
  [
    'a branch more',
    [f('a', ['null', 'int'])],
    [f('a', ['null', 'int', 'string'])],
    ['a type-changed null | int → null | int | string fine minor'],
  ],
  [
    'a branch less',
    [f('a', ['null', 'int'])],
    [f('a', 'int')],
    ['a type-changed null | int → int branch-removed major'],
  ],
  [
    'another scale',
    [f('a', decimal(18, 8))],
    [f('a', decimal(18, 6))],
    ['a type-changed bytes decimal(18,8) → bytes decimal(18,6) decimal-changed major'],
  ],
  [
    'another meaning',
    [f('a', 'long')],
    [f('a', { type: 'long', logicalType: 'timestamp-micros' })],
    ['a type-changed long → long timestamp-micros logical-type-changed major'],
  ],
  [
    'another default',
    [f('a', 'int', { default: 1 })],
    [f('a', 'int', { default: 2 })],
    ['a default-changed 1 → 2 fine minor'],
  ],
  [
    'another order',
    [f('a', 'int'), f('b', 'int')],
    [f('b', 'int'), f('a', 'int')],
    [' order-changed a, b → b, a fine minor'],
  ],
  [
    'inside a list of records',
    [f('a', { type: 'array', items: inner([f('x', 'int')]) })],
    [f('a', { type: 'array', items: inner([f('x', 'string')]) })],
    ['a[].x type-changed int → string type-changed major'],
  ],
  [
    'inside a record that may be absent',
    [f('a', ['null', inner([f('x', 'int')])])],
    [f('a', ['null', inner([])])],
    ['a.x removed int → null fine major'],
  ],
  [
    'a symbol more',
    [f('a', { type: 'enum', name: 'E', symbols: ['X'] })],
    [f('a', { type: 'enum', name: 'E', symbols: ['X', 'Y'] })],
    ['a type-changed enum E(X) → enum E(X, Y) fine minor'],
  ],
  [
    'a symbol less',
    [f('a', { type: 'enum', name: 'E', symbols: ['X', 'Y'] })],
    [f('a', { type: 'enum', name: 'E', symbols: ['X'] })],
    ['a type-changed enum E(X, Y) → enum E(X) symbol-removed major'],
  ],
];

for (const [what, before, after, expected] of CASES)
  test(`told field by field: ${what}`, () => {
    const changes = schemaChanges(record(before), record(after));
    assert.deepEqual(
      changes.map((c) => `${c.path} ${c.change} ${c.before} → ${c.after} ${c.breaks ?? 'fine'} ${c.bump}`),
      expected,
    );
  });

test('another name of the record breaks, unless it has the old one as an alias', () => {
  const before = record([f('a', 'int')]);
  const [change] = schemaChanges(before, record([f('a', 'int')], { name: 'S' }));
  assert.deepEqual(
    [change.path, change.change, change.breaks, change.bump],
    ['', 'name-changed', 'name-changed', 'major'],
  );
  const [known] = schemaChanges(before, record([f('a', 'int')], { name: 'S', aliases: ['R'] }));
  assert.deepEqual([known.change, known.breaks], ['name-changed', null]);
});

test('what the changes demand together is the greatest of them', () => {
  const before = record([f('a', 'int', { doc: 'x' }), f('b', 'int')]);
  assert.equal(bumpOf(schemaChanges(before, before)), 'none');
  assert.equal(bumpOf(schemaChanges(before, record([f('a', 'int', { doc: 'y' }), f('b', 'long')]))), 'minor');
  assert.equal(bumpOf(schemaChanges(before, record([f('b', 'long')]))), 'major');
});

const type: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>('int', 'long', 'double', 'string', 'bytes', {
    type: 'long',
    logicalType: 'timestamp-micros',
  }),
  fc.constantFrom<unknown>(['null', 'int'], ['null', 'string'], ['int', 'null', 'string'], {
    type: 'array',
    items: 'int',
  }),
  fc.constantFrom<unknown>(decimal(18, 8), decimal(18, 4), { type: 'map', values: 'long' }),
);
const fields = (withInner: boolean): fc.Arbitrary<Field[]> =>
  fc.uniqueArray(
    fc
      .tuple(
        fc.constantFrom('a', 'b', 'c', 'd'),
        type,
        fc.boolean(),
        fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
      )
      .map(([name, of, hasDefault, alias]) => {
        const more: Field = alias !== null && alias !== name ? { aliases: [alias] } : {};
        return hasDefault ? f(name, ['null', 'float'], { default: null, ...more }) : f(name, of, more);
      }),
    { selector: (field) => field['name'], maxLength: withInner ? 3 : 4 },
  );
const schema = fc
  .tuple(fields(true), fields(false), fc.constantFrom('R', 'S'), fc.constantFrom('array', 'union', 'plain'))
  .map(([outer, within, name, form]) => {
    const nested = inner(within);
    const of =
      form === 'array' ? { type: 'array', items: nested } : form === 'union' ? ['null', nested] : nested;
    return record([...outer, f('nested', of)], { name });
  });

test('some change breaks exactly when the check of compatibility finds something', () => {
  let broken = 0;
  fc.assert(
    fc.property(schema, schema, (before, after) => {
      const found = incompatibilities(after, before);
      const changes = schemaChanges(before, after);
      if (found.length > 0) broken++;
      assert.equal(
        changes.some(({ breaks }) => breaks !== null),
        found.length > 0,
        JSON.stringify({ changes, found }),
      );
      assert.equal(changes.length === 0, bumpOf(changes) === 'none');
      assert.ok(found.length === 0 || bumpOf(changes) === 'major');
    }),
    { numRuns: 2000 },
  );
  assert.ok(broken > 200);
});

test('a schema that holds itself is compared once', () => {
  const tree = (more: readonly Field[]) => record([f('left', ['null', 'R'], { default: null }), ...more]);
  assert.deepEqual(
    schemaChanges(tree([]), tree([f('b', 'int', { default: 0 })])).map(({ path }) => path),
    ['b'],
  );
});

test('names: topics, raw schemas, released forms and files; the verdict names the next topic', async () => {
  const V1 = 'served.market.latest_prices.v1';
  const V2 = 'served.market.latest_prices.v2';
  const successor = await diffSchemas(ROOT, V1, V2);
  assert.deepEqual([successor.breaks, successor.isSuccessor, successor.bump], [true, true, 'major']);
  const back = await diffSchemas(ROOT, V2, `${V1}@released`);
  assert.deepEqual([back.breaks, back.isSuccessor], [true, false]);
  assert.match(back.verdict, /a new topic, served\.market\.latest_prices\.v3$/);
  const file = join(ROOT, `events/avro/${V1}.avsc`);
  assert.equal((await diffSchemas(ROOT, file, V1)).bump, 'none');
  assert.ok(readFileSync(file, 'utf8').includes('LatestPrice'));
  assert.equal((await diffSchemas(ROOT, 'raw_nyiso_lmp', null)).bump, 'none');
  await assert.rejects(
    diffSchemas(ROOT, 'served.market.latest_price.v1', null),
    (error: { code: string; message: string }) =>
      error.code === 'USAGE_INVALID' && error.message.includes(`did you mean ${V1}?`),
  );
});
