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
import type { CurveInput } from '../../../core/model/curve-input.ts';
import { curveInput, curveUpdate } from './curve-events.ts';
import { asSlice, avscType, plain, recordsOf } from './events.ts';

test('inputs: what is written is read, in order, and all of one curve lie on one partition', () => {
  fc.assert(
    fc.property(
      fc.array(curveInput, { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      (inputs, partitions) => {
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
      },
    ),
    { numRuns: 100 },
  );
});

test('statements: what is written is read, and the library reads the same', () => {
  const type = avscType('events/avro/pricing.curve.updates.v1.avsc');
  fc.assert(
    fc.property(fc.array(curveUpdate, { minLength: 1, maxLength: 5 }), (updates) => {
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

test('a day that cannot be stored, and a block or kind that nobody knows, is refused at its field', () => {
  const [good] = fc.sample(curveInput, { numRuns: 1, seed: 1 });
  const bad = [
    { ...good, block: '9x99' },
    { ...good, kind: 'rumour' },
    { ...good, asOf: -1 },
    { ...good, end: good.start },
    { ...good, end: 70_000 },
  ] as unknown as CurveInput[];
  const [part] = encodeCurveInputs([good, ...bad], 27, 1, 'test');
  const { inputs, offsets, rejected } = decodeCurveInputs(asSlice(part), 0, Infinity);
  assert.deepEqual([inputs.length, offsets], [1, [0]]);
  assert.deepEqual(
    rejected.map(({ field, offset }) => [field, offset]),
    [
      ['payload.block', 1],
      ['payload.kind', 2],
      ['payload.as_of_date', 3],
      ['payload.delivery_end', 4],
      ['payload.delivery_end', 5],
    ],
  );
});
