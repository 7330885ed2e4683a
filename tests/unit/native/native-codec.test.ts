import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { identity, join } from '../../../core/codec/native/native-bytes.ts';
import { emptyNative, readNative } from '../../../core/codec/native/native-reader.ts';
import { parseNativeType } from '../../../core/codec/native/native-type.ts';
import { NativeWriter } from '../../../core/codec/native/native-writer.ts';
import { formatUuid } from '../../../core/model/hash128.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** `SELECT … FORMAT Native` of ClickHouse 26.7.2, three rows, as it came. */
const FROM_STORE = bytesOf(`
  02 03
  02 6c63 16 4c6f7743617264696e616c69747928537472696e6729
  0100000000000000 0006000000000000 0300000000000000 00 03c3a930 03c3a931 0300000000000000 010201
  01 75 04 55554944
  7766554433221100 ffeeddccbbaa9988 7766554433221100 ffeeddccbbaa9988 7766554433221100 ffeeddccbbaa9988`);

test('reads what the store wrote, byte for byte', () => {
  const c = readNative(FROM_STORE);
  assert.deepEqual(c.names, ['lc', 'u']);
  assert.deepEqual(c.strings('lc'), ['é0', 'é1', 'é0']);
  assert.equal(formatUuid(c.uuids('u'), 2), '00112233-4455-6677-8899-aabbccddeeff');
});

test('writes what the store would have written', () => {
  const ids = Uint32Array.of(0x00112233, 0x44556677, 0x8899aabb, 0xccddeeff);
  const block = new NativeWriter(Uint32Array.of(0, 1, 0))
    .lowCardinalityOf('lc', [0, 1], (id) => `é${id}`)
    .uuid('u', Uint32Array.of(...ids, ...ids))
    .finish();
  assert.deepEqual(block, FROM_STORE);
});

const row = fc.record({
  n: fc.maxSafeInteger(),
  f: fc.double(),
  s: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 40, maxLength: 200 })),
  id: fc.nat({ max: 300 }),
  isNull: fc.boolean(),
  list: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
});

test('any rows in any order come back, from one block or from several', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 4 }), (blocks) => {
      const bytes = blocks.map((rows) => {
        const order = identity(rows.length).reverse();
        return new NativeWriter(order)
          .int64(
            'n',
            rows.map((r) => r.n),
          )
          .float64(
            'f',
            rows.map((r) => r.f),
          )
          .string(
            's',
            rows.map((r) => r.s),
          )
          .stringOf(
            't',
            rows.map((r) => r.id),
            (id) => `é${id}`,
          )
          .lowCardinalityOf(
            'lc',
            rows.map((r) => r.id),
            (id) => `ü${id % 290}`,
          )
          .nullableUint64(
            'u',
            rows.map((r) => Math.abs(r.n)),
            Uint8Array.from(rows, (r) => (r.isNull ? 1 : 0)),
          )
          .stringLists(
            'a',
            rows.map((r) => r.list),
          )
          .finish();
      });
      const c = readNative(join(bytes));
      const all = blocks.flatMap((rows) => [...rows].reverse());
      assert.equal(c.rows, all.length);
      assert.deepEqual(
        [...c.numbers('n')],
        all.map((r) => r.n + 0),
      );
      assert.deepEqual(
        [...c.numbers('f')],
        all.map((r) => r.f),
      );
      assert.deepEqual(
        c.strings('s'),
        all.map((r) => Buffer.from(r.s).toString('utf8')),
      );
      assert.deepEqual(
        c.strings('t'),
        all.map((r) => `é${r.id}`),
      );
      assert.deepEqual(
        c.strings('lc'),
        all.map((r) => `ü${r.id % 290}`),
      );
      assert.deepEqual(
        [...(c.nulls('u') ?? [])],
        all.map((r) => (r.isNull ? 1 : 0)),
      );
      assert.deepEqual(
        c.stringLists('a'),
        all.map((r) => r.list.map((t) => Buffer.from(t).toString('utf8'))),
      );
      const seen: string[] = [];
      const codes = c.codes('lc', (text) => seen.push(text) - 1);
      assert.equal(new Set(seen).size, seen.length);
      assert.deepEqual(
        [...codes].map((code) => seen[code]),
        c.strings('lc'),
      );
      all.forEach((r, i) => {
        assert.equal(c.text('t', i), `é${r.id}`);
      });
    }),
  );
});

test('dictionaries of more than 256 and of more than 65,536 entries', () => {
  for (const size of [255, 256, 257, 65_535, 65_536, 70_000]) {
    const block = new NativeWriter(identity(size)).lowCardinalityOf('k', identity(size), String).finish();
    const c = readNative(block);
    assert.deepEqual(
      c.strings('k'),
      Array.from({ length: size }, (_, i) => String(i)),
    );
  }
});

test('a block cut anywhere is an error, never a shorter answer', () => {
  for (let length = 1; length < FROM_STORE.length; length++)
    assert.throws(() => readNative(FROM_STORE.subarray(0, length)), { code: 'STORE_REFUSED' });
});

test('blocks of other columns, other widths and unknown types are refused', () => {
  const one = (name: string) => new NativeWriter(identity(1)).uint8(name, [1]).finish();
  assert.throws(() => readNative(join([one('a'), one('b')])), { code: 'STORE_REFUSED' });
  const two = new NativeWriter(identity(1)).uint8('a', [1]).uint8('b', [1]).finish();
  assert.throws(() => readNative(join([one('a'), two])), { code: 'STORE_REFUSED' });
  assert.throws(() => parseNativeType('Map(String, String)'), { code: 'STORE_REFUSED' });
  assert.throws(() => parseNativeType('LowCardinality(UInt8)'), { code: 'STORE_REFUSED' });
});

test('asking for a column that is absent or of another kind names it', () => {
  const c = readNative(FROM_STORE);
  assert.throws(() => c.numbers('lc'), { code: 'STORE_REFUSED', message: /lc is LowCardinality\(String\)/ });
  assert.throws(() => c.words('u', 2), { code: 'STORE_REFUSED' });
  assert.throws(() => c.strings('absent'), {
    code: 'STORE_REFUSED',
    message: /no column absent: it has lc, u/,
  });
});

test('no bytes are no columns; an empty answer keeps its columns', () => {
  assert.equal(readNative(new Uint8Array(0)).names.length, 0);
  const types = [
    'Nullable(Decimal(18, 8))',
    'LowCardinality(Nullable(String))',
    'Array(String)',
    "DateTime64(3, 'UTC')",
  ];
  const c = emptyNative(['a', 'b', 'c', 'd'], types);
  assert.equal(c.words('a', 2).length, 0);
  assert.equal(c.nulls('b')?.length, 0);
  assert.deepEqual(c.stringLists('c'), []);
  assert.equal(c.numbers('d').length, 0);
});

test('types say what their units are worth', () => {
  assert.deepEqual(parseNativeType("DateTime64(3, 'Europe/Berlin')"), {
    kind: 'number',
    form: 'signed',
    bytes: 8,
    micros: 1000,
  });
  assert.deepEqual(parseNativeType("DateTime('UTC')"), {
    kind: 'number',
    form: 'unsigned',
    bytes: 4,
    micros: 1_000_000,
  });
  assert.deepEqual(parseNativeType('Decimal(38, 16)'), { kind: 'words', width: 4, scale: 16 });
  const type = parseNativeType("Enum8('it\\'s' = -1, 'b' = 2)");
  assert.deepEqual(type.kind === 'enum' && [...type.values], [
    [-1, "it's"],
    [2, 'b'],
  ]);
});
