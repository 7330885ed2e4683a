/** Random rows of rolling metrics, and what they are as plain events. */

import fc from 'fast-check';
import { bigSumAt, sumFromWords } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES } from '../../../core/model/bar-batch.ts';
import { bigMantissaAt, setBigMantissa } from '../../../core/model/decimal.ts';
import type { Names } from '../../../core/model/names.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import { Figure, RollingBatch } from '../../../core/model/rolling-batch.ts';
import {
  type Event,
  INTERVALS,
  instrumentOf,
  mantissa,
  micros,
  parts,
  type RowsOf,
  sumWords,
  word,
} from './events.ts';

/** Names of intervals and windows by their numbers. */
export const LISTS = { intervals: INTERVALS, windows: ['24h', '7d'] };
const int = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** One row. */
export const rollingRow = fc.record({
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
/** Rows, filled into a batch by {@link rollingOf}. */
export const rollingRows = fc.array(rollingRow, { maxLength: 15 });

const FIGURES = [Figure.VWAP, Figure.DEVIATION, Figure.SCORE, Figure.RMS_CHANGE];

export function rollingOf(names: Names, given: RowsOf<typeof rollingRows>): RollingBatch {
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

/** Row i as the event of its schema; decimals are mantissas. */
export function rollingEvent(b: RollingBatch, i: number, eventId: unknown): Event {
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
