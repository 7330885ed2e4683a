import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import fc from 'fast-check';
import { parseSchema } from '../../../core/schema/avro-schema.ts';
import { checkCompatible, incompatibilities, incompatible } from '../../../core/schema/compatibility.ts';

type Json = string | Json[] | { [key: string]: unknown };

const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string');
const DEFAULTS: Record<string, unknown> = {
  null: null,
  boolean: true,
  int: 1,
  long: 2,
  float: 1.5,
  double: 2.5,
  bytes: '\u00ff',
  string: 'x',
};

/** Schemas whose named types are named by their place, so that two of them meet under the same names. */
function schema(depth: number, place: string): fc.Arbitrary<Json> {
  if (depth === 0) return primitive;
  const inner = (at: string): fc.Arbitrary<Json> => schema(depth - 1, `${place}${at}`);
  const named = fc.record({ suffix: fc.constantFrom('', '', '', 'X'), alias: fc.boolean() });
  const nameOf = (kind: string, n: { suffix: string; alias: boolean }): Record<string, unknown> => ({
    name: `${kind}${place}${n.suffix}`,
    ...(n.alias && n.suffix !== '' ? { aliases: [`${kind}${place}`] } : {}),
  });
  const field = (name: string): fc.Arbitrary<Record<string, unknown> | null> =>
    fc
      .record({
        type: fc.oneof(inner(name), primitive),
        fallback: fc.boolean(),
        there: fc.constantFrom(true, true, false),
        renamed: fc.constantFrom(false, false, false, true),
      })
      .map(({ type, fallback, there, renamed }) => {
        if (!there) return null;
        const own = { name: renamed ? `${name}2` : name, ...(renamed ? { aliases: [name] } : {}), type };
        const first = Array.isArray(type) ? type[0] : type;
        return fallback && typeof first === 'string' ? { ...own, default: DEFAULTS[first] } : own;
      });
  return fc.oneof(
    primitive,
    fc.record({ n: named, fields: fc.tuple(field('a'), field('b'), field('c')) }).map(({ n, fields }) => ({
      type: 'record',
      ...nameOf('R', n),
      fields: fields.filter((f) => f !== null),
    })),
    inner('A').map((items) => ({ type: 'array', items })),
    inner('M').map((values) => ({ type: 'map', values })),
    fc
      .record({ n: named, symbols: fc.subarray(['p', 'q', 'r'], { minLength: 1 }), fallback: fc.boolean() })
      .map(({ n, symbols, fallback }) => ({
        type: 'enum',
        ...nameOf('E', n),
        symbols,
        ...(fallback ? { default: symbols[0] } : {}),
      })),
    fc
      .record({ n: named, size: fc.integer({ min: 1, max: 2 }) })
      .map(({ n, size }) => ({ type: 'fixed', ...nameOf('F', n), size })),
    fc.subarray(['null', 'int', 'long', 'string', 'double', 'boolean'], { minLength: 1 }),
  );
}

/** avsc keeps names in the options that it is given: each type has its own. */
const avscType = (json: Json): avsc.Type => avsc.Type.forSchema(json as avsc.Schema, { wrapUnions: true });

test('what we call compatible, and only that, avsc resolves', () => {
  let compatible = 0;
  let not = 0;
  fc.assert(
    fc.property(schema(3, ''), schema(3, ''), fc.boolean(), (reader, other, same) => {
      const writer = same ? reader : other;
      const ours = incompatibilities(
        parseSchema(JSON.stringify(reader), 'r'),
        parseSchema(JSON.stringify(writer), 'w'),
      );
      let theirs = true;
      try {
        avscType(reader).createResolver(avscType(writer));
      } catch {
        theirs = false;
      }
      assert.equal(ours.length === 0, theirs, JSON.stringify(ours));
      if (same) assert.deepEqual(ours, []);
      if (theirs) compatible++;
      else not++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(compatible > 300 && not > 300, `${compatible} ${not}`);
});

test('every pair of primitive types, alone and in a union, is as avsc has it', () => {
  const kinds = Object.keys(DEFAULTS);
  const shapes: Json[] = kinds.flatMap((kind) => [kind, [kind], kind === 'null' ? kind : ['null', kind]]);
  for (const reader of shapes)
    for (const writer of shapes) {
      const ours = incompatibilities(
        parseSchema(JSON.stringify(reader), 'r'),
        parseSchema(JSON.stringify(writer), 'w'),
      );
      let theirs = true;
      try {
        avscType(reader).createResolver(avscType(writer));
      } catch {
        theirs = false;
      }
      assert.equal(ours.length === 0, theirs, `${JSON.stringify(writer)} read as ${JSON.stringify(reader)}`);
    }
});

const record = (fields: unknown[], extra = {}): string =>
  JSON.stringify({ type: 'record', name: 'n.R', fields, ...extra });
const decimal = (precision: number, scale: number): unknown => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});

for (const [what, before, after, path, rule] of [
  ['a field without default', [], [{ name: 'a', type: 'int' }], 'a', 'field-without-default'],
  ['a changed type', [{ name: 'a', type: 'long' }], [{ name: 'a', type: 'int' }], 'a', 'type-changed'],
  [
    'a null that may not be read',
    [{ name: 'a', type: ['null', 'int'] }],
    [{ name: 'a', type: 'int' }],
    'a',
    'branch-removed',
  ],
  [
    'a removed branch',
    [{ name: 'a', type: ['null', 'int', 'string'] }],
    [{ name: 'a', type: ['null', 'int'] }],
    'a',
    'branch-removed',
  ],
  [
    'a scale',
    [{ name: 'a', type: decimal(18, 8) }],
    [{ name: 'a', type: decimal(18, 6) }],
    'a',
    'decimal-changed',
  ],
  [
    'a precision',
    [{ name: 'a', type: ['null', decimal(18, 8)] }],
    [{ name: 'a', type: ['null', decimal(20, 8)] }],
    'a',
    'decimal-changed',
  ],
  [
    'a unit of time',
    [{ name: 'a', type: { type: 'long', logicalType: 'timestamp-micros' } }],
    [{ name: 'a', type: { type: 'long', logicalType: 'timestamp-millis' } }],
    'a',
    'logical-type-changed',
  ],
  [
    'an inner field',
    [{ name: 'a', type: { type: 'array', items: { type: 'record', name: 'I', fields: [] } } }],
    [
      {
        name: 'a',
        type: { type: 'array', items: { type: 'record', name: 'I', fields: [{ name: 'b', type: 'int' }] } },
      },
    ],
    'a[].b',
    'field-without-default',
  ],
] as const)
  test(`${what} breaks readers: the error names path and rule`, () => {
    const [writer, reader] = [
      parseSchema(record([...before]), 'old'),
      parseSchema(record([...after]), 'new'),
    ];
    assert.deepEqual(
      incompatibilities(reader, writer).map((i) => [i.path, i.rule]),
      [[path, rule]],
    );
    assert.throws(
      () => checkCompatible(reader, writer, 'new.avsc'),
      (error: { code: string; position: unknown; context: unknown }) => {
        assert.equal(error.code, 'SCHEMA_INCOMPATIBLE');
        assert.deepEqual(error.position, { file: 'new.avsc', field: path });
        assert.deepEqual(error.context, { rule });
        return true;
      },
    );
  });

test('a refusal says what the change has to become, for a file of a topic, a subject and a raw schema', () => {
  const found = { path: 'payload.price', rule: 'type-changed', message: 'changed' } as const;
  for (const [file, target] of [
    ['events/avro/some.topic.v1.avsc', 'a new topic, some.topic.v2 '],
    ['some.topic.v9-value', 'a new topic, some.topic.v10 '],
    ['connectors/nyiso/schemas/raw_nyiso_lmp.avsc', 'a new schema and a new .v2 topic '],
  ])
    assert.ok(incompatible(found, file).message.includes(target), incompatible(found, file).message);
});

test('additions with a default, removals and promotions are fine', () => {
  const before = parseSchema(
    record([
      { name: 'a', type: 'int' },
      { name: 'gone', type: 'string' },
    ]),
    'old',
  );
  const after = parseSchema(
    record([
      { name: 'a', type: 'double' },
      { name: 'b', type: ['null', 'int'], default: null },
    ]),
    'new',
  );
  checkCompatible(after, before, 'new.avsc');
});

test('a schema that holds itself is compared once', () => {
  const list = (extra: unknown[]) => record([{ name: 'next', type: ['null', 'n.R'] }, ...extra]);
  const before = parseSchema(list([]), 'old');
  assert.deepEqual(incompatibilities(parseSchema(list([]), 'new'), before), []);
  assert.deepEqual(
    incompatibilities(parseSchema(list([{ name: 'v', type: 'int' }]), 'new'), before).map((i) => i.path),
    ['v'],
  );
});
