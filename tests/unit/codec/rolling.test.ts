/** Rolling metrics on the wire, against avsc. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRolling, encodeRolling } from '../../../core/codec/topics/rolling.ts';
import { Names } from '../../../core/model/names.ts';
import { asSlice, avscType, framed, fromAvsc, INTERVALS, recordsOf, sliceOf, toAvsc } from './events.ts';
import { LISTS, rollingEvent, rollingOf, rollingRow, rollingRows } from './rolling-events.ts';

const type = avscType('events/avro/aggregation.rolling.metrics.v1.avsc');

test('rolling metrics: avsc agrees in both directions and every column comes back', () => {
  fc.assert(
    fc.property(rollingRows, (given) => {
      const batch = rollingOf(new Names(), given);
      const encoded = encodeRolling(batch, LISTS, 7, 1, 'test');
      const read = encoded.flatMap((p) => recordsOf(p.batch)).map((r) => fromAvsc(type, r.value.subarray(5)));
      const expected = read.map((e, i) => rollingEvent(batch, i, e['event_id']));
      assert.equal(read.length, batch.length);
      assert.deepEqual(read, expected);
      if (read.length === 0) return;
      for (const e of read)
        assert.match(e['event_id'] as string, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
      for (const slice of [asSlice(encoded[0]), sliceOf(expected.map((e) => framed(toAvsc(type, e))))]) {
        const back = decodeRolling(slice, 0, slice.to, new Names(), LISTS);
        assert.deepEqual(back.rejected, []);
        assert.deepEqual(
          expected.map((e, i) => rollingEvent(back.batch, i, e['event_id'])),
          expected,
        );
      }
    }),
  );
});

test('the event id is that of the statement: other key, known time, status or position, other id', () => {
  const one = fc.sample(rollingRow, { numRuns: 1, seed: 5 })[0];
  const idOf = (change: Partial<typeof one>): unknown => {
    const batch = rollingOf(new Names(), [{ ...one, ...change }]);
    const [part] = encodeRolling(batch, LISTS, 7, 1, 'test');
    return fromAvsc(type, recordsOf(part.batch)[0].value.subarray(5))['event_id'];
  };
  const [start, end, known] = one.times;
  const ids = [
    idOf({}),
    idOf({ window: 1 - one.window }),
    idOf({ times: [start, end + 1, known] }),
    idOf({ times: [start, end, known + 1] }),
    idOf({ status: (one.status % 4) + 1 }),
    idOf({ offset: one.offset + 1 }),
    idOf({ interval: (one.interval + 1) % 4 }),
  ];
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(idOf({ prices: [1n, 2n, 3n], trace: 'other' }), ids[0]);
});

test('a window without a name is rejected', () => {
  const batch = rollingOf(new Names(), fc.sample(rollingRow, { numRuns: 1, seed: 3 }));
  batch.window[0] = 1;
  const [part] = encodeRolling(batch, LISTS, 7, 1, 'test');
  const only = { intervals: INTERVALS, windows: ['24h'] };
  const { batch: back, rejected } = decodeRolling(asSlice(part), 0, 1, new Names(), only);
  assert.equal(back.length, 0);
  assert.equal(rejected[0].field, 'payload.window');
});
