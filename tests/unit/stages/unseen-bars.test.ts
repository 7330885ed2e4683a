/** Bars of open windows are shown at most once per flush, as they stand then, and only while they are open. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarBatch } from '../../../core/model/bar-batch.ts';
import { Names } from '../../../core/model/names.ts';
import { OpenWindows, SlotState } from '../../../services/aggregation/open-windows.ts';
import { UnseenBars } from '../../../services/aggregation/unseen-bars.ts';

const SECOND = 1_000_000;

function opened(instrument: number, windows: OpenWindows): number {
  const slot = windows.open(
    { tenant: 1, instrument, interval: 0, start: 0, end: 60 * SECOND, closesAt: 70 * SECOND },
    windows.clocks.idOf(1, 1, 1),
  );
  windows.bars.count[slot] = 1;
  return slot;
}

test('many changes between two flushes are one row, with the last state', () => {
  const names = new Names();
  const windows = new OpenWindows(names, () => 10 * SECOND);
  const unseen = new UnseenBars(SECOND);
  const slot = opened(1, windows);
  const shown = (clock: number): number[] => {
    const out = new BarBatch(names);
    unseen.show(windows, clock, out);
    return [...out.count.subarray(0, out.length)];
  };
  assert.equal(unseen.dueAt, Infinity);
  assert.deepEqual(shown(0), []);
  unseen.add(slot);
  assert.deepEqual(shown(5 * SECOND), [1]);
  for (let n = 2; n <= 9; n++) {
    windows.bars.count[slot] = n;
    unseen.add(slot);
    assert.deepEqual(shown(5 * SECOND + n), []);
  }
  assert.equal(unseen.dueAt, 6 * SECOND);
  assert.deepEqual(shown(6 * SECOND - 1), []);
  assert.deepEqual(shown(6 * SECOND), [9]);
  assert.deepEqual(shown(9 * SECOND), []);
});

test('a window that closed, or holds nothing any more, is not shown', () => {
  const names = new Names();
  const windows = new OpenWindows(names, () => 10 * SECOND);
  const unseen = new UnseenBars(SECOND);
  const [closed, empty, open] = [1, 2, 3].map((instrument) => opened(instrument, windows));
  for (const slot of [closed, empty, open]) unseen.add(slot);
  windows.state[closed] = SlotState.closed;
  windows.bars.count[empty] = 0;
  const out = new BarBatch(names);
  unseen.show(windows, 0, out);
  assert.deepEqual([...out.instrument.subarray(0, out.length)], [3]);
});
