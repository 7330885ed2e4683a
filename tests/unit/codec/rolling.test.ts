/** Rolling metrics on the wire, against avsc. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRolling, encodeRolling } from '../../../core/codec/topics/rolling.ts';
import { bigSumAt, sumFromWords } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES } from '../../../core/model/bar-batch.ts';
import { bigMantissaAt, setBigMantissa } from '../../../core/model/decimal.ts';
import { Names } from '../../../core/model/names.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import { Figure, RollingBatch } from '../../../core/model/rolling-batch.ts';
import {
  asSlice,
  avscType,
  type Event,
  framed,
  fromAvsc,
  INTERVALS,
  instrumentOf,
  mantissa,
  micros,
  parts,
  type RowsOf,
  recordsOf,
  sliceOf,
  sumWords,
  toAvsc,
  word,
} from './events.ts';

const LISTS = { intervals: INTERVALS, windows: ['24h', '7d'] };
const type = avscType('events/avro/aggregation.rolling.metrics.v1.avsc');
const int = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const row = fc.record({
  tenant: word,
  trace: word,
  instrument: fc.tuple(word, parts),
  interval: fc.integer({ min: 0, max: 3 }),
  window: fc.integer({ min: 0, max: 1 }),
  status: fc.integer({ min: 1, max: 4 }),
  times: fc.array(micros, { minLength: 3, maxLength: 3 }),
  counts: fc.array(int, { minLength: 2, maxLength: 2 }),
  present: fc.integer({ min: 0, max: 15 }),
  prices: fc.array(mantissa, { minLength: 3, maxLength: 3 }),
  figures: fc.array(sumWords, { minLength: 4, maxLength: 4 }),
  flags: fc.integer({ min: 0, max: 1023 }),
  topic: word,
  partition: int,
  offset: fc.integer({ min: 0, max: 2 ** 52 }),
});
const rows = fc.array(row, { maxLength: 15 });

const FIGURES = [Figure.VWAP, Figure.DEVIATION, Figure.SCORE, Figure.RMS_CHANGE];

function batchOf(names: Names, given: RowsOf<typeof rows>): RollingBatch {
  const b = new RollingBatch(names, 1);
  for (const one of given) {
    const i = b.reserve();
    b.tenant[i] = names.tenants.idOf(one.tenant);
    b.trace[i] = names.traces.idOf(one.trace);
    b.instrument[i] = names.instruments.idOf(...one.instrument);
    b.interval[i] = one.interval;
    b.window[i] = one.window;
    b.status[i] = one.status;
    [b.start[i], b.end[i], b.knownAt[i]] = one.times;
    [b.bars[i], b.expected[i]] = one.counts;
    b.present[i] = one.present;
    [b.mean, b.high, b.low].forEach((column, k) => {
      setBigMantissa(column, i, one.prices[k]);
    });
    [b.vwap, b.deviation, b.score, b.rmsChange].forEach((column, k) => {
      if ((one.present & FIGURES[k]) !== 0) sumFromWords(Int32Array.from(one.figures[k]), 0, column, i);
    });
    b.flags[i] = one.flags;
    b.srcTopic[i] = names.topics.idOf(one.topic);
    b.srcPartition[i] = one.partition;
    b.srcOffset[i] = one.offset;
  }
  return b;
}

function eventOf(b: RollingBatch, i: number, eventId: unknown): Event {
  const n = b.names;
  const figure = (bit: number, column: Float64Array): bigint | null =>
    (b.present[i] & bit) === 0 ? null : bigSumAt(column, i);
  return {
    event_id: eventId,
    trace_id: n.traces.nameOf(b.trace[i]),
    occurred_at: b.knownAt[i],
    tenant_id: n.tenants.nameOf(b.tenant[i]),
    schema_version: '1.0.0',
    producer: 'test',
    payload: {
      ...instrumentOf(n, b.instrument[i]),
      interval: LISTS.intervals[b.interval[i]],
      window: LISTS.windows[b.window[i]],
      window_start: b.start[i],
      window_end: b.end[i],
      status: BAR_STATUS_NAMES[b.status[i]],
      bars: b.bars[i],
      bars_expected: b.expected[i],
      sma: bigMantissaAt(b.mean, i),
      vwap: figure(Figure.VWAP, b.vwap),
      high_price: bigMantissaAt(b.high, i),
      low_price: bigMantissaAt(b.low, i),
      stddev: figure(Figure.DEVIATION, b.deviation),
      zscore: figure(Figure.SCORE, b.score),
      rms_change: figure(Figure.RMS_CHANGE, b.rmsChange),
      quality_flags: flagNames(b.flags[i]),
      source_topic: n.topics.nameOf(b.srcTopic[i]),
      source_partition: b.srcPartition[i],
      source_offset: b.srcOffset[i],
    },
  };
}

test('rolling metrics: avsc agrees in both directions and every column comes back', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const batch = batchOf(new Names(), given);
      const encoded = encodeRolling(batch, LISTS, 7, 1, 'test');
      const read = encoded.flatMap((p) => recordsOf(p.batch)).map((r) => fromAvsc(type, r.value.subarray(5)));
      const expected = read.map((e, i) => eventOf(batch, i, e['event_id']));
      assert.equal(read.length, batch.length);
      assert.deepEqual(read, expected);
      if (read.length === 0) return;
      for (const e of read)
        assert.match(e['event_id'] as string, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
      for (const slice of [asSlice(encoded[0]), sliceOf(expected.map((e) => framed(toAvsc(type, e))))]) {
        const back = decodeRolling(slice, 0, slice.to, new Names(), LISTS);
        assert.deepEqual(back.rejected, []);
        assert.deepEqual(
          expected.map((e, i) => eventOf(back.batch, i, e['event_id'])),
          expected,
        );
      }
    }),
  );
});

test('the event id is that of the statement: other key, known time, status or position, other id', () => {
  const one = fc.sample(row, { numRuns: 1, seed: 5 })[0];
  const idOf = (change: Partial<typeof one>): unknown => {
    const batch = batchOf(new Names(), [{ ...one, ...change }]);
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
  const batch = batchOf(new Names(), fc.sample(row, { numRuns: 1, seed: 3 }));
  batch.window[0] = 1;
  const [part] = encodeRolling(batch, LISTS, 7, 1, 'test');
  const only = { intervals: INTERVALS, windows: ['24h'] };
  const { batch: back, rejected } = decodeRolling(asSlice(part), 0, 1, new Names(), only);
  assert.equal(back.length, 0);
  assert.equal(rejected[0].field, 'payload.window');
});
