import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { AvroReader } from '../../../core/codec/avro/reader.ts';
import { AvroWriter } from '../../../core/codec/avro/writer.ts';
import { SpanTable, textOf, utf8 } from '../../../core/codec/bytes.ts';
import { bigSumAt, sumFromWords } from '../../../core/math/exact-sum.ts';
import { bigMantissaAt, setBigMantissa } from '../../../core/model/decimal.ts';
import { generateAll } from '../../../scripts/generate-codecs.ts';
import { root } from './events.ts';

/** Zigzag varint of any integer, by the definition. */
function longBytes(value: bigint): number[] {
  let z = value < 0n ? -2n * value - 1n : 2n * value;
  const out: number[] = [];
  for (; z > 127n; z >>= 7n) out.push(Number(z & 127n) | 128);
  return [...out, Number(z)];
}

function reading(bytes: Uint8Array): AvroReader {
  const r = new AvroReader();
  r.open(bytes, 0, bytes.length);
  return r;
}

const edges = [
  0,
  1,
  -1,
  63,
  64,
  -64,
  -65,
  2 ** 30 - 1,
  2 ** 30,
  -(2 ** 30),
  -(2 ** 30) - 1,
  2 ** 31,
  2 ** 52,
  2 ** 53 - 1,
  1 - 2 ** 53,
];

test('longs up to 53 bits are the zigzag varints of the definition, and come back', () => {
  const check = (n: number): void => {
    const w = new AvroWriter(0);
    w.long(n);
    const bytes = w.take();
    assert.deepEqual([...bytes], longBytes(BigInt(n)));
    const r = reading(bytes);
    assert.equal(r.long(), n === 0 ? 0 : n);
    assert.ok(r.done());
  };
  edges.forEach(check);
  fc.assert(
    fc.property(
      fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 })),
      check,
    ),
  );
});

test('a long that a number cannot hold is a fault, not another number', () => {
  for (const big of [2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const r = reading(Uint8Array.from(longBytes(big)));
    r.long();
    assert.equal(r.ok, false);
  }
  const endless = reading(new Uint8Array(20).fill(255));
  endless.long();
  assert.equal(endless.ok, false);
});

test('decimals are the shortest two-complement bytes, and longer ones are read', () => {
  const words = new Int32Array(2);
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), fc.nat(12), (value, pad) => {
      const small = value >> BigInt(pad * 5);
      setBigMantissa(words, 0, small);
      const w = new AvroWriter(0);
      w.decimal(words, 0);
      const bytes = w.take();
      const n = bytes.length - 1;
      assert.equal(bytes[0], 2 * n);
      assert.equal(BigInt.asIntN(8 * n, small), small);
      assert.ok(n === 1 || BigInt.asIntN(8 * n - 8, small) !== small);
      const padded = Uint8Array.of(
        2 * (n + pad),
        ...new Array<number>(pad).fill(small < 0n ? 255 : 0),
        ...bytes.subarray(1),
      );
      for (const form of [bytes, padded]) {
        const back = new Int32Array(2);
        const r = reading(form);
        r.decimal(back, 0);
        assert.ok(r.done());
        assert.equal(bigMantissaAt(back, 0), small);
      }
    }),
  );
});

test('a decimal of more than 18 digits or without bytes is a fault', () => {
  for (const bytes of [
    [0],
    [16, 0x0d, 0xe0, 0xb6, 0xb3, 0xa7, 0x64, 0, 0],
    [16, 0x80, 0, 0, 0, 0, 0, 0, 0],
    [18, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  ]) {
    const r = reading(Uint8Array.from(bytes));
    r.decimal(new Int32Array(2), 0);
    assert.equal(r.ok, false);
  }
  const wide = reading(Uint8Array.from([34, 1, ...new Array<number>(16).fill(0)]));
  wide.sum(new Float64Array(4), 0);
  assert.equal(wide.ok, false);
});

test('sums of 128 bits come back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 4, maxLength: 4 }), fc.nat(3), (words, top) => {
      const sums = new Float64Array(4);
      const short = words.map((v, k) => (k <= top ? v : words[top] >> 31));
      sumFromWords(Int32Array.from(short), 0, sums, 0);
      const w = new AvroWriter(0);
      w.sum(sums, 0);
      const back = new Float64Array(4);
      const r = reading(w.take());
      r.sum(back, 0);
      assert.ok(r.done());
      assert.equal(bigSumAt(back, 0), bigSumAt(sums, 0));
    }),
  );
});

test('random bytes never throw and never loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const read of [
        'texts',
        'textMap',
        'skipTexts',
        'long',
        'double',
        'boolean',
        'span',
        'text',
        'data',
      ] as const) {
        const r = reading(bytes);
        r[read]();
        assert.ok(r.at <= r.end && r.from <= r.to && r.to <= bytes.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a span table gives each span the id of its text and asks once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 9 }), { maxLength: 200 }), (texts) => {
      const known: string[] = [];
      const table = new SpanTable((bytes, from, to) => known.push(textOf(bytes, from, to) ?? '?') - 1);
      for (const text of [...texts, ...texts.toReversed()]) {
        const bytes = utf8(`<${text}>`);
        assert.equal(known[table.idOf(bytes, 1, bytes.length - 1)], text);
      }
      assert.equal(known.length, new Set(texts).size);
    }),
  );
});

test('a refused span is asked for again', () => {
  let asked = 0;
  const table = new SpanTable(() => {
    asked++;
    return -1;
  });
  assert.equal(table.idOf(utf8('a'), 0, 1), -1);
  assert.equal(table.idOf(utf8('a'), 0, 1), -1);
  assert.equal(asked, 2);
});

test('the generated codecs are what the schemas and bindings give', () => {
  for (const [path, text] of generateAll())
    assert.equal(readFileSync(resolve(root, path), 'utf8'), text, path);
});

test('topics that share a codec share a schema', () => {
  const schema = (file: string): unknown => JSON.parse(readFileSync(resolve(root, file), 'utf8'));
  for (const interval of ['1m', '5m', '1h', '1d'])
    assert.deepEqual(
      schema(`events/avro/aggregated.market.bars.${interval}.v1.avsc`),
      schema('events/avro/aggregation.ohlc.bars.v1.avsc'),
    );
  for (const stage of ['enrichment', 'aggregation', 'projection'])
    assert.deepEqual(
      schema(`events/avro/processing.deadletter.${stage}.v1.avsc`),
      schema('events/avro/processing.deadletter.normalization.v1.avsc'),
    );
  const shape = (file: string): unknown =>
    JSON.parse(
      JSON.stringify(schema(file), (key, value) =>
        key === 'doc' || key === 'name'
          ? String(value)
              .replace(/^.*(Payload|Value)$/, '$1')
              .replace(/^Raw.*|.* of .*/, '')
          : value,
      ),
    );
  assert.deepEqual(
    shape('connectors/generic/schemas/raw_generic_trade.avsc'),
    shape('connectors/nyiso/schemas/raw_nyiso_lmp.avsc'),
  );
});
