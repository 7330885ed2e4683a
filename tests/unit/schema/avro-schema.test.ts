import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchema } from '../../../core/schema/avro-schema.ts';
import { canonicalSchema, schemaFingerprint } from '../../../core/schema/fingerprint.ts';
import { checkSample } from '../../../core/schema/value.ts';

const field = (type: unknown, extra = {}): string =>
  JSON.stringify({ type: 'record', name: 'R', namespace: 'n', fields: [{ name: 'a', type, ...extra }] });

for (const [what, text, at, expected] of [
  ['an unknown type', field('decimal'), 'a', /type defined before/],
  ['a nested union', field(['null', ['int']]), 'a', /no union/],
  ['a branch twice', field(['int', 'int']), 'a', /once/],
  ['a default of another type', field('int', { default: 'x' }), 'a', /default/],
  ['a default of the second branch', field(['null', 'int'], { default: 1 }), 'a', /default/],
  ['an int default beyond 32 bits', field('int', { default: 2 ** 31 }), 'a', /an int/],
  [
    'a scale beyond the precision',
    field({ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 5 }),
    'a',
    /scale/,
  ],
  [
    'a logical type on another type',
    field({ type: 'string', logicalType: 'timestamp-micros' }),
    'a',
    /logical type of string/,
  ],
  ['a name defined twice', field({ type: 'record', name: 'R', fields: [] }), 'a', /once/],
  [
    'a field twice',
    JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: 'int' },
        { name: 'a', type: 'int' },
      ],
    }),
    'a',
    /once/,
  ],
  ['an illegal name', JSON.stringify({ type: 'record', name: 'R-1', fields: [] }), 'the schema', /a name/],
  ['no fields', JSON.stringify({ type: 'record', name: 'R' }), 'the schema', /array of fields/],
  ['an array without items', field({ type: 'array' }), 'a[]', /a schema/],
  ['symbols twice', field({ type: 'enum', name: 'E', symbols: ['p', 'p'] }), 'a', /each once/],
] as const)
  test(`${what} is refused with file and path`, () => {
    assert.throws(
      () => parseSchema(text, 'x.avsc'),
      (error: { code: string; message: string; position: { file: string; field: string } }) => {
        assert.equal(error.code, 'SCHEMA_INVALID');
        assert.deepEqual([error.position.file, error.position.field], ['x.avsc', at]);
        assert.match(error.message, expected);
        return true;
      },
    );
  });

test('text that is no JSON is refused, with its line where the parser tells it', () => {
  assert.throws(
    () => parseSchema('{\n  "type": "record" oops\n}', 'x.avsc'),
    (error: { code: string; position: { line?: number } }) => {
      assert.equal(error.code, 'SCHEMA_INVALID');
      assert.equal(error.position.line, 2);
      return true;
    },
  );
});

test('samples: wrapped unions, and the path of a fault', () => {
  const type = parseSchema(field(['null', { type: 'array', items: 'int' }]), 'x.avsc');
  checkSample(type, { a: null }, 's.json');
  checkSample(type, { a: { array: [1, 2] } }, 's.json');
  for (const [sample, at] of [
    [{ a: [1] }, 'a'],
    [{ a: { array: [1, 'x'] } }, 'a[1]'],
    [{}, 'a'],
    [{ a: null, b: 1 }, 'b'],
    [5, 'the sample'],
  ] as const)
    assert.throws(
      () => checkSample(type, sample, 's.json'),
      (error: { code: string; position: { field: string } }) => {
        assert.equal(error.code, 'SCHEMA_INVALID');
        assert.equal(error.position.field, at);
        return true;
      },
    );
});

test('a fingerprint sees types, defaults and logical types, and neither words nor order', () => {
  const a = '{"type":"record","name":"R","doc":"x","fields":[{"name":"a","type":"int","default":1}]}';
  const b = '{ "name":"R", "fields":[{"default":1,"doc":"y","type":"int","name":"a"}], "type":"record" }';
  assert.equal(canonicalSchema(a), canonicalSchema(b));
  assert.equal(schemaFingerprint(a), schemaFingerprint(b));
  assert.match(schemaFingerprint(a), /^[0-9a-f]{32}$/);
  assert.notEqual(schemaFingerprint(a), schemaFingerprint(a.replace('"default":1', '"default":2')));
  const scale = (n: number): string => `{"type":"bytes","logicalType":"decimal","precision":9,"scale":${n}}`;
  assert.notEqual(schemaFingerprint(scale(1)), schemaFingerprint(scale(2)));
  const data = (doc: string): string => `{"name":"a","default":{"doc":"${doc}"}}`;
  assert.notEqual(schemaFingerprint(data('p')), schemaFingerprint(data('q')));
});
