/** Inputs and statements of curves on the wire: what is written is read, and a library reads it too. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeCurveInputs,
  decodeCurveUpdates,
  encodeCurveInputs,
  encodeCurveUpdates,
} from '../../../core/codec/topics/curves.ts';
import { DELIVERY_BLOCKS, QUOTE_KINDS } from '../../../core/math/curves/forward-curve.ts';
import type { CurveInput } from '../../../core/model/curve-input.ts';
import type { CurveUpdate } from '../../../core/model/curve-statement.ts';
import { asSlice, avscType, plain, recordsOf } from './events.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const micros = fc.integer({ min: 0, max: 2 ** 51 });
const day = fc.integer({ min: 0, max: 65_000 });
const block = fc.constantFrom(...DELIVERY_BLOCKS);
const price = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((n) => Int32Array.of(n, n < 0 ? -1 : 0));
const words = fc
  .array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 4, maxLength: 4 })
  .map((list) => Uint32Array.from(list));
const place = { srcTopic: text, srcPartition: fc.nat(), srcOffset: fc.integer({ min: 0, max: 2 ** 52 }) };
const input: fc.Arbitrary<CurveInput> = fc
  .record(
    {
      tenant: text,
      traceId: text,
      knownAt: micros,
      curve: text,
      asOf: day,
      contract: text,
      start: day,
      end: day,
      block,
      kind: fc.constantFrom(...QUOTE_KINDS),
      price,
      unit: text,
      withdrawn: fc.boolean(),
      eventTime: micros,
      sequence: fc.option(fc.nat()),
      source: text,
      dataset: text,
      valueKey: words,
      valueId: words,
      ...place,
    },
    { noNullPrototype: true },
  )
  .map((made) => (made.withdrawn ? { ...made, price: new Int32Array(2) } : made));
const update: fc.Arbitrary<CurveUpdate> = fc.record(
  {
    tenant: text,
    traceId: text,
    knownAt: micros,
    curve: text,
    asOf: day,
    statement: fc.nat(),
    previousKnownAt: fc.option(micros),
    isDelta: fc.boolean(),
    unit: text,
    method: fc.constant('flat'),
    points: fc.array(
      fc.record(
        {
          start: day,
          end: day,
          block,
          price: fc.option(price),
          source: fc.constantFrom('QUOTED', 'IMPLIED', 'SHAPED', 'GONE'),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 5 },
    ),
    metadata: text,
    ...place,
  },
  { noNullPrototype: true },
);

test('inputs: what is written is read, in order, and all of one curve lie on one partition', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (inputs, partitions) => {
      const batches = encodeCurveInputs(inputs, 27, partitions, 'test');
      const read = batches.flatMap((each) => {
        const { inputs: found, rejected } = decodeCurveInputs(asSlice(each), 0, Infinity);
        assert.deepEqual(rejected, []);
        return found.map((one) => ({ one, partition: each.partition }));
      });
      assert.equal(read.length, inputs.length);
      for (const [curve, own] of Map.groupBy(inputs, (each) => `${each.tenant}|${each.curve}`)) {
        const found = read.filter(({ one }) => `${one.tenant}|${one.curve}` === curve);
        assert.deepEqual(
          found.map(({ one }) => one),
          own,
        );
        assert.equal(new Set(found.map(({ partition }) => partition)).size, 1);
      }
    }),
    { numRuns: 100 },
  );
});

test('statements: what is written is read, and the library reads the same', () => {
  const type = avscType('events/avro/pricing.curve.updates.v1.avsc');
  fc.assert(
    fc.property(fc.array(update, { minLength: 1, maxLength: 5 }), (updates) => {
      const [part] = encodeCurveUpdates(updates, 28, 1, 'test');
      const { updates: read, rejected } = decodeCurveUpdates(asSlice(part), 0, Infinity);
      assert.deepEqual(rejected, []);
      assert.deepEqual(read, updates);
      recordsOf(part.batch).forEach(({ value }, k) => {
        const event = plain(type.fromBuffer(Buffer.from(value.subarray(5)))) as {
          payload: { curve_id: string; points: unknown[] };
        };
        assert.equal(event.payload.curve_id, updates[k].curve);
        assert.equal(event.payload.points.length, updates[k].points.length);
      });
    }),
    { numRuns: 60 },
  );
});

test('a block or kind that nobody knows is refused at its field', () => {
  const [good] = fc.sample(input, { numRuns: 1, seed: 1 });
  const bad = [
    { ...good, block: '9x99' },
    { ...good, kind: 'rumour' },
  ] as unknown as CurveInput[];
  const [part] = encodeCurveInputs([good, ...bad], 27, 1, 'test');
  const { inputs, offsets, rejected } = decodeCurveInputs(asSlice(part), 0, Infinity);
  assert.deepEqual([inputs.length, offsets], [1, [0]]);
  assert.deepEqual(
    rejected.map(({ field, offset }) => [field, offset]),
    [
      ['payload.block', 1],
      ['payload.kind', 2],
    ],
  );
});
