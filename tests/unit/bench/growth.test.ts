/** The measures of a long run: growth is found beneath the swings of collections, and latencies take no memory with time. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthOf } from '../../../bench/trades/growth.ts';
import { Latencies } from '../../../bench/trades/latencies.ts';

/** Readings of ten minutes: growth in MB a minute, and a saw of 100 MB and seven seconds on top of it. */
const readings = (perMinute: number): number[] =>
  Array.from({ length: 600 }, (_, s) => 1000 + (perMinute * s) / 60 + ((s * 37) % 7) * 16);

test('growth is found beneath swings that are a hundred times as large, and none where there is none', () => {
  for (const perMinute of [0, 1, -2, 12]) {
    const growth = growthOf(readings(perMinute));
    assert.ok(growth !== null);
    assert.ok(Math.abs(growth.slope - perMinute) <= growth.error + 0.05, `${growth.slope} for ${perMinute}`);
    assert.ok(growth.error < 0.5, `error ${growth.error}`);
  }
});

test('a beginning that grows does not count, and a run that is too short says nothing', () => {
  const growth = growthOf(readings(0).map((mb, s) => (s < 290 ? mb - 3 * (290 - s) : mb)));
  assert.ok(growth !== null && Math.abs(growth.slope) < 0.5);
  assert.equal(growthOf(readings(1).slice(0, 100)), null);
});

test('quantiles are of ticks, by the notes whose end has been reached', () => {
  const latencies = new Latencies(2);
  assert.equal(latencies.quantile(0.5), null);
  latencies.sent({ partition: 0, end: 90, records: 90, due: 1000 });
  latencies.sent({ partition: 0, end: 100, records: 10, due: 1010 });
  latencies.sent({ partition: 1, end: 5, records: 5, due: 0 });
  latencies.stored(0, 99, 1100);
  assert.equal(latencies.quantile(1), 100);
  latencies.stored(0, 100, 1310);
  assert.deepEqual(
    [0.5, 0.9, 0.91, 1].map((share) => latencies.quantile(share)),
    [100, 100, 300, 300],
  );
});

test('more notes than there is room for become one, by the time of the older', () => {
  const latencies = new Latencies(1);
  for (let k = 1; k <= 70_000; k++) latencies.sent({ partition: 0, end: k, records: 1, due: k });
  latencies.stored(0, 69_999, 70_000);
  assert.equal(latencies.quantile(1 / 65_535), 70_000 - 65_535);
  latencies.stored(0, 70_000, 70_000);
  assert.equal(latencies.quantile(1 / 70_000), 70_000 - 65_536);
});
