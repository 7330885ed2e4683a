import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBars, encodeBars } from '../../../core/codec/topics/bars.ts';
import { Names } from '../../../core/model/names.ts';
import {
  asSlice,
  avscType,
  barEvent,
  barRows,
  barsOf,
  framed,
  fromAvsc,
  INTERVALS,
  recordsOf,
  sliceOf,
  toAvsc,
} from './events.ts';

const ALL = { name: 'all', schemaId: 7, partitions: 1 };

const type = avscType('events/avro/aggregation.ohlc.bars.v1.avsc');

test('bars: avsc agrees in both directions and every column comes back', () => {
  fc.assert(
    fc.property(barRows, (rows) => {
      const batch = barsOf(new Names(), rows);
      const [{ batches: encoded }] = encodeBars(batch, INTERVALS, ALL, [], 'test');
      const read = encoded.flatMap((p) => recordsOf(p.batch)).map((r) => fromAvsc(type, r.value.subarray(5)));
      const expected = read.map((e, i) => barEvent(batch, i, 'test', e['event_id']));
      assert.equal(read.length, batch.length);
      assert.deepEqual(read, expected);
      if (read.length === 0) return;
      for (const e of read)
        assert.match(e['event_id'] as string, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
      for (const slice of [asSlice(encoded[0]), sliceOf(expected.map((e) => framed(toAvsc(type, e))))]) {
        const back = decodeBars(slice, 0, slice.to, new Names(), INTERVALS);
        assert.deepEqual(back.rejected, []);
        assert.deepEqual(
          expected.map((e, i) => barEvent(back.batch, i, 'test', e['event_id'])),
          expected,
        );
      }
    }),
  );
});

test('each interval has its topic too, with the same records under its own schema id', () => {
  fc.assert(
    fc.property(barRows, fc.boolean(), (rows, feedsAll) => {
      const batch = barsOf(new Names(), rows);
      const own = INTERVALS.map((name, k) => (k === 1 ? null : { name, schemaId: 300 + k, partitions: 1 }));
      const parts = encodeBars(batch, INTERVALS, feedsAll ? ALL : null, own, 'test');
      assert.deepEqual(
        parts.map((part) => part.topic),
        [...(feedsAll ? ['all'] : []), ...INTERVALS.filter((_, k) => k !== 1)],
      );
      const every = encodeBars(batch, INTERVALS, ALL, [], 'test')[0].batches.flatMap((p) =>
        recordsOf(p.batch),
      );
      for (const { topic, batches } of parts) {
        const k = INTERVALS.indexOf(topic);
        const id = topic === 'all' ? 7 : 300 + k;
        const expected = every.filter((_, i) => topic === 'all' || batch.interval[i] === k);
        const records = batches.flatMap((p) => recordsOf(p.batch));
        assert.deepEqual(
          records.map((r) => [r.key, [...r.value.subarray(5)]]),
          expected.map((r) => [r.key, [...r.value.subarray(5)]]),
        );
        for (const { value } of records)
          assert.deepEqual([...value.subarray(0, 5)], [0, 0, 0, id >> 8, id & 255]);
      }
    }),
  );
});

test('an interval without a name is rejected', () => {
  const batch = barsOf(
    new Names(),
    fc
      .sample(
        barRows.filter((r) => r.length > 0),
        { numRuns: 1, seed: 3 },
      )[0]
      .slice(0, 1),
  );
  batch.interval[0] = 3;
  const [part] = encodeBars(batch, INTERVALS, ALL, [], 'test')[0].batches;
  const { batch: back, rejected } = decodeBars(asSlice(part), 0, 1, new Names(), ['1m', '5m', '1h']);
  assert.equal(back.length, 0);
  assert.equal(rejected[0].field, 'payload.interval');
});
