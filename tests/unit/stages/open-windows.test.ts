/** Slots of open windows: deadlines in order, reuse, and clocks that are told apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Names } from '../../../core/model/names.ts';
import { MINUTE } from '../../../core/time/instant.ts';
import { OpenWindows, SlotState } from '../../../services/aggregation/open-windows.ts';

const window = (instrument: number, start: number, closesAt: number, interval = 0, tenant = 1) => ({
  tenant,
  instrument,
  interval,
  start,
  end: start + 10,
  closesAt,
});

test('deadlines come in order, each slot once, also when slots are used again', () => {
  const step = fc.record({
    start: fc.nat(40),
    instrument: fc.nat(3),
    wait: fc.nat(6),
    ahead: fc.integer({ min: 1, max: 30 }),
  });
  let reused = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const windows = new OpenWindows(new Names(), () => 0);
      const clock = windows.clocks.idOf(1, 1, 1);
      const expected = new Map<string, number>();
      let now = 0;
      windows.advance(clock, now, []);
      let opened = 0;
      for (const { start, instrument, wait, ahead } of steps) {
        if (windows.find(1, instrument, 0, start) === -1) {
          windows.open(window(instrument, start, now + ahead), clock);
          expected.set(`${instrument},${start}`, now + ahead);
          opened++;
        }
        const next = expected.size === 0 ? Infinity : Math.min(...expected.values());
        assert.equal(windows.clocks.nextDeadline(), next);
        now += wait;
        const due: number[] = [];
        windows.advance(clock, now, due);
        const names = due.map((slot) => `${windows.bars.instrument[slot]},${windows.bars.start[slot]}`);
        const wanted = [...expected].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
        assert.deepEqual(
          names.map((name) => expected.get(name)),
          wanted.map(([, at]) => at),
        );
        assert.equal(new Set(names).size, wanted.length);
        for (const slot of due) windows.forget(slot);
        for (const name of names) expected.delete(name);
        windows.release(due);
        for (const name of names) {
          const [i, s] = name.split(',').map(Number);
          assert.equal(windows.find(1, i, 0, s), -1);
        }
      }
      reused += opened - windows.bars.length;
    }),
    { numRuns: 300 },
  );
  assert.ok(reused > 100);
});

test('a slot of a new window has nothing of the old one', () => {
  const windows = new OpenWindows(new Names(), () => 0);
  const clock = windows.clocks.idOf(1, 1, 1);
  const slot = windows.open(window(1, 0, 10), clock);
  windows.bars.count[slot] = 3;
  windows.bars.knownAt[slot] = 9;
  windows.covered[slot] = 10;
  windows.state[slot] = SlotState.closed;
  const due: number[] = [];
  windows.advance(clock, 10, due);
  windows.forget(slot);
  windows.release(due);
  const again = windows.open(window(2, 100, 200, 1), clock);
  assert.equal(again, slot);
  assert.deepEqual(
    [windows.bars.count[slot], windows.bars.knownAt[slot], windows.covered[slot], windows.state[slot]],
    [0, 0, 0, SlotState.open],
  );
  assert.equal(windows.find(1, 1, 0, 0), -1);
  assert.equal(windows.find(1, 2, 1, 100), slot);
});

test('a slot that was moved to another clock closes by that one alone, once', () => {
  const windows = new OpenWindows(new Names(), () => 0);
  const [a, b] = [windows.clocks.idOf(1, 1, 1), windows.clocks.idOf(1, 1, 2)];
  const slot = windows.open(window(1, 0, 10), a);
  windows.closeBy(slot, b, 20);
  windows.closeBy(slot, a, 10);
  windows.closeBy(slot, b, 20);
  const due: number[] = [];
  windows.advance(a, 50, due);
  assert.deepEqual(due, []);
  windows.advance(b, 19, due);
  assert.deepEqual(due, []);
  windows.advance(b, 20, due);
  assert.deepEqual(due, [slot]);
  // What is left of it does not strike the window that has the slot now.
  windows.forget(slot);
  windows.release(due);
  const c = windows.clocks.idOf(1, 2, 2);
  windows.open(window(7, 0, 90), c);
  windows.advance(b, 1000, due);
  assert.deepEqual(due, [slot]);
});

test('clocks belong to tenant, source and dataset, and never go back', () => {
  const windows = new OpenWindows(new Names(), (dataset) => 100 * dataset);
  const clocks = [
    windows.clocks.idOf(1, 1, 1),
    windows.clocks.idOf(2, 1, 1),
    windows.clocks.idOf(1, 2, 1),
    windows.clocks.idOf(1, 1, 2),
  ];
  assert.deepEqual(clocks, [0, 1, 2, 3]);
  assert.equal(windows.clocks.idOf(1, 1, 1), 0);
  windows.advance(0, 50, []);
  windows.advance(0, 40, []);
  assert.equal(windows.clocks.knownAt(0), 50);
  assert.equal(windows.clocks.knownAt(1), -Infinity);
  assert.deepEqual([windows.clocks.closingBy(0, 5), windows.clocks.closingBy(3, 5)], [105, 205]);
  windows.advance(3, 205, []);
  assert.equal(windows.clocks.mayHaveValues(1, 0, 5), true);
  assert.equal(windows.clocks.mayHaveValues(1, 0, 6), false);
  assert.equal(windows.clocks.mayHaveValues(1, 3, 5), false);
  assert.equal(windows.clocks.mayHaveValues(2, 1, 5), false);
});

test('more slots than the columns began with', () => {
  const windows = new OpenWindows(new Names(), () => 0);
  const clock = windows.clocks.idOf(1, 1, 1);
  for (let k = 0; k < 1000; k++) windows.open(window(k, 0, 10 + (k % 7)), clock);
  for (let k = 0; k < 1000; k++) {
    const slot = windows.find(1, k, 0, 0);
    assert.equal(windows.bars.instrument[slot], k);
    assert.equal(windows.closesAt[slot], 10 + (k % 7));
  }
  const due: number[] = [];
  windows.advance(clock, 100, due);
  assert.equal(new Set(due).size, 1000);
});

test("a slot that the runner's clock closed and that was let go is asked of the store; clocks stay where they were", () => {
  const windows = new OpenWindows(new Names(), () => 5);
  const clock = windows.clocks.idOf(1, 1, 1);
  const count = 50_001;
  for (let k = 0; k < count; k++) windows.open(window(1, k * MINUTE, k + 1), clock);
  const due: number[] = [];
  windows.expire(1e9, due);
  assert.equal(due.length, count);
  assert.equal(windows.clocks.knownAt(clock), -Infinity);
  assert.equal(windows.clocks.nextDeadline(), Infinity);
  for (const slot of due) windows.keep(slot);
  windows.letGo();
  assert.equal(windows.find(1, 1, 0, 0), -1, 'the first of them is gone');
  assert.equal(windows.clocks.mayHaveValues(1, clock, 1), true);
  assert.equal(windows.clocks.mayHaveValues(1, clock, count * MINUTE), false, 'the last of them is kept');
});
