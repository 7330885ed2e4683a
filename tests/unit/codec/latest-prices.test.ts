/** The two versions of latest prices: one meaning, two forms, and a reader that takes either. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLatest, encodeLatest, encodeLatestV2 } from '../../../core/codec/topics/ticks.ts';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import { Names } from '../../../core/model/names.ts';
import type { TickBatch } from '../../../core/model/tick-batch.ts';
import {
  asSlice,
  avscType,
  type Event,
  framed,
  fromAvsc,
  recordsOf,
  secondFromAvsc,
  secondToAvsc,
  sliceOf,
  tickEvent,
  tickRows,
  ticksOf,
} from './events.ts';

const FIRST = avscType('events/avro/served.market.latest_prices.v1.avsc');
const SECOND = avscType('events/avro/served.market.latest_prices.v2.avsc');
const eventsOf = (b: TickBatch): Event[] =>
  Array.from({ length: b.length }, (_, i) => tickEvent(b, i, 'test'));

test('every record of the first version has its twin in the second: key, partition, time, id and meaning', () => {
  fc.assert(
    fc.property(tickRows, fc.integer({ min: 1, max: 4 }), (rows, partitions) => {
      const batch = ticksOf(new Names(), rows);
      const first = encodeLatest(batch, 7, partitions, 'test');
      const second = encodeLatestV2(batch, 8, partitions, 'test');
      const flat = (parts: typeof first) =>
        parts.flatMap((part) =>
          recordsOf(part.batch).map((record) => ({ ...record, partition: part.partition })),
        );
      const twins = flat(second);
      assert.equal(twins.length, batch.length);
      flat(first).forEach(({ value, ...rest }, i) => {
        const { value: twin, ...twinRest } = twins[i];
        assert.deepEqual(twinRest, rest);
        assert.deepEqual([...twin.subarray(0, 5)], [0, 0, 0, 0, 8]);
        const { schema_version: version, ...said } = secondFromAvsc(SECOND, twin.subarray(5));
        const { schema_version: before, ...same } = fromAvsc(FIRST, value.subarray(5));
        assert.deepEqual([before, version], ['1.0.0', '2.0.0']);
        assert.deepEqual(said, same);
      });
    }),
  );
});

test('a reader takes either version by the topic, whoever wrote it', () => {
  fc.assert(
    fc.property(
      tickRows.filter((rows) => rows.length > 0),
      (rows) => {
        const batch = ticksOf(new Names(), rows);
        const expected = eventsOf(batch);
        const foreign = sliceOf(expected.map((event) => framed(secondToAvsc(SECOND, event))));
        const slices = [
          asSlice(encodeLatest(batch, 7, 1, 'test')[0], 3, Topic.latestPrices),
          asSlice(encodeLatestV2(batch, 8, 1, 'test')[0], 3, Topic.latestPricesV2),
          { ...foreign, topic: Topic.latestPricesV2 },
        ];
        for (const slice of slices) {
          const decoded = decodeLatest(slice, slice.from, slice.to, new Names());
          assert.deepEqual(decoded.rejected, []);
          assert.deepEqual(eventsOf(decoded.batch), expected);
        }
      },
    ),
  );
});

test('a fault in the second version names its own field', () => {
  const batch = ticksOf(
    new Names(),
    fc.sample(
      tickRows.filter((r) => r.length > 0),
      { numRuns: 1, seed: 3 },
    )[0],
  );
  const event = { ...eventsOf(batch)[0] };
  event.payload = { ...event.payload, quality_flags: ['NO_SUCH'] };
  const slice = { ...sliceOf([framed(secondToAvsc(SECOND, event))]), topic: Topic.latestPricesV2 };
  assert.equal(decodeLatest(slice, 0, 1, new Names()).rejected[0].field, 'payload.quality_flags');
  const cut = {
    ...sliceOf([framed(secondToAvsc(SECOND, eventsOf(batch)[0]).subarray(0, -1))]),
    topic: Topic.latestPricesV2,
  };
  assert.match(String(decodeLatest(cut, 0, 1, new Names()).rejected[0].field), /^payload\.origin\./);
});
