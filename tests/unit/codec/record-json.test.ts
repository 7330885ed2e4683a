import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import avsc from 'avsc';
import fc from 'fast-check';
import { plainBytes, readRecordJson } from '../../../core/codec/avro/record-json.ts';
import { parseSchema } from '../../../core/schema/avro-schema.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Reads what avsc wrote for a value of a schema. */
function read(schema: unknown, value: unknown): unknown {
  const bytes = avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value);
  const { value: plain, fault } = readRecordJson(
    parseSchema(JSON.stringify(schema), 'x'),
    bytes,
    0,
    bytes.length,
  );
  assert.equal(fault, null);
  return plain;
}

const record = (type: unknown): unknown => ({ type: 'record', name: 'R', fields: [{ name: 'a', type }] });

test('values of every kind as avsc writes them', () => {
  const long = (logicalType: string): unknown => ({ type: 'long', logicalType });
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 8 };
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    ['null', null, null],
    ['boolean', true, true],
    ['int', -5, -5],
    // avsc itself writes longs below -2^52 wrongly; those are checked against BigInt in avro.test.ts.
    ['long', -4_503_599_627_370_000, -4_503_599_627_370_000],
    ['float', 1.5, 1.5],
    ['double', -0.1, -0.1],
    ['double', Number.NaN, 'NaN'],
    ['string', 'Ünïcode', 'Ünïcode'],
    ['bytes', Buffer.from('text'), 'text'],
    ['bytes', Buffer.from([0, 255]), { base64: 'AP8=' }],
    [{ type: 'fixed', name: 'F', size: 2 }, Buffer.from([7, 8]), { base64: 'Bwg=' }],
    [{ type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B', 'B'],
    [{ type: 'array', items: ['null', 'int'] }, [1, null, 3], [1, null, 3]],
    [
      { type: 'map', values: 'long' },
      { x: 1, y: 2 },
      { x: 1, y: 2 },
    ],
    [['null', 'string'], 'plain', 'plain'],
    [long('timestamp-micros'), 1_741_503_600_250_000, '2025-03-09T07:00:00.250Z'],
    [long('timestamp-millis'), 1_741_503_600_000, '2025-03-09T07:00:00Z'],
    [{ type: 'int', logicalType: 'date' }, 20_156, '2025-03-09'],
    [long('time-micros'), 3_661_000_001, '01:01:01.000001'],
    [decimal, Buffer.from([0xff]), '-0.00000001'],
    [decimal, Buffer.from([0x05, 0xf5, 0xe1, 0x00]), '1'],
    [
      decimal,
      Buffer.from('7fffffffffffffffffffffffffffffff', 'hex'),
      '1701411834604692317316873037158.84105727',
    ],
  ];
  for (const [type, value, plain] of cases)
    assert.deepEqual(read(record(type), { a: value }), { a: plain }, JSON.stringify(type));
});

test('a long beyond 53 bits is exact text', () => {
  const schema = parseSchema('"long"', 'x');
  const greatest = Uint8Array.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  assert.equal(readRecordJson(schema, greatest, 0, 10).value, '9223372036854775807');
  const tooLong = greatest.with(9, 0x03);
  assert.notEqual(readRecordJson(schema, tooLong, 0, 10).fault, null);
});

/** A sample in Avro's JSON encoding with its schema. */
function samples(): (readonly [name: string, schema: string, bytes: Buffer])[] {
  const files = [
    'events/avro',
    ...readdirSync(join(ROOT, 'connectors')).map((m) => `connectors/${m}/schemas`),
  ].flatMap((folder) => {
    try {
      return readdirSync(join(ROOT, folder))
        .filter((n) => n.endsWith('.avsc'))
        .map((n) => join(ROOT, folder, n));
    } catch {
      return [];
    }
  });
  const found = new Map<string, readonly [string, string, Buffer]>();
  for (const file of files) {
    const schema = readFileSync(file, 'utf8');
    const { name } = JSON.parse(schema) as { name: string };
    const json = JSON.parse(readFileSync(join(ROOT, `tests/data/golden/events/${name}.json`), 'utf8'));
    const type = avsc.Type.forSchema(JSON.parse(schema));
    found.set(name, [name, schema, type.toBuffer(type.fromString(JSON.stringify(json)))]);
  }
  return [...found.values()];
}

test('every contract reads its golden event, and every cut of it names a field', () => {
  const all = samples();
  assert.ok(all.length >= 7);
  for (const [name, schema, bytes] of all) {
    const type = parseSchema(schema, name);
    const { value, fault } = readRecordJson(type, bytes, 0, bytes.length);
    assert.equal(fault, null, name);
    assert.match(String((value as { occurred_at: string }).occurred_at), /^\d{4}-\d\d-\d\dT/);
    for (let to = 0; to < bytes.length; to++) {
      const cut = readRecordJson(type, bytes, 0, to);
      assert.ok(cut.fault !== null && cut.fault.field !== '', `${name} cut at ${to}`);
    }
    const longer = Buffer.concat([bytes, Buffer.from([0])]);
    assert.match(String(readRecordJson(type, longer, 0, longer.length).fault?.expected), /end of the record/);
  }
});

test('no bytes make it throw', () => {
  const types = samples().map(([name, schema]) => parseSchema(schema, name));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(types.length - 1), (bytes, k) => {
      const { value, fault } = readRecordJson(types[k], bytes, 0, bytes.length);
      assert.ok(fault === null || value === null);
    }),
  );
});

test('bytes are text only when people can read them', () => {
  const of = (text: string): unknown => plainBytes(Buffer.from(text));
  assert.equal(of('a\n\tb'), 'a\n\tb');
  assert.deepEqual(of('a\u0000b'), { base64: 'YQBi' });
  assert.deepEqual(of('\u001b[31m'), { base64: 'G1szMW0=' });
  assert.equal(of(''), '');
});
