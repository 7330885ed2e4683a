/** The columns behind open windows, each against a naive model: index, set of touched slots, deadlines. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BarBatch } from '../../../core/model/bar-batch.ts';
import { Names } from '../../../core/model/names.ts';
import { SlotSet } from '../../../core/model/slot-set.ts';
import { MINUTE } from '../../../core/time/instant.ts';
import { Deadlines } from '../../../services/aggregation/deadlines.ts';
import { WindowIndex } from '../../../services/aggregation/window-index.ts';

test('property: windows are found until they are removed, whatever stood beside them', () => {
  // Few windows, so that most steps meet one that is there.
  const window = fc.tuple(fc.nat(1), fc.nat(12), fc.nat(1), fc.nat(6));
  fc.assert(
    fc.property(fc.array(fc.tuple(window, fc.boolean()), { minLength: 50, maxLength: 600 }), (steps) => {
      const bars = new BarBatch(new Names());
      const index = new WindowIndex(bars);
      const model = new Map<string, number>();
      const span = new Float64Array(2);
      for (const [[tenant, instrument, interval, minute], adds] of steps) {
        // Half a minute into the window: the slot kept for the instrument is that of the window, or none.
        span[0] = (minute + 0.5) * MINUTE;
        const latest = index.latestWith(tenant, instrument, interval, span, 0);
        const key = [tenant, instrument, interval, minute].join();
        const known = model.get(key);
        if (latest !== -1) assert.equal(latest, known);
        if (known === undefined && adds) {
          const slot = bars.reserve();
          bars.tenant[slot] = tenant;
          bars.instrument[slot] = instrument;
          bars.interval[slot] = interval;
          bars.start[slot] = minute * MINUTE;
          bars.end[slot] = (minute + 1) * MINUTE;
          index.add(slot);
          model.set(key, slot);
          assert.equal(index.latestWith(tenant, instrument, interval, span, 0), slot);
        } else if (known !== undefined && !adds) {
          index.remove(known);
          model.delete(key);
        }
      }
      for (let tenant = 0; tenant <= 1; tenant++)
        for (let instrument = 0; instrument <= 12; instrument++)
          for (let interval = 0; interval <= 1; interval++)
            for (let minute = 0; minute <= 6; minute++) {
              span[0] = minute * MINUTE;
              const expected = model.get([tenant, instrument, interval, minute].join()) ?? -1;
              if (index.find(tenant, instrument, interval, span) !== expected)
                assert.fail(`window ${tenant},${instrument},${interval},${minute} is not at ${expected}`);
            }
    }),
    { numRuns: 200 },
  );
});

test('property: a set of slots hands out each member once, in order of its last adding', () => {
  const step = fc.tuple(fc.nat(6), fc.constantFrom('add', 'add', 'delete', 'clear'));
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 100 }), (steps) => {
      const set = new SlotSet();
      const model = new Set<number>();
      for (const [slot, kind] of steps) {
        if (kind === 'add') {
          set.add(slot);
          model.add(slot);
        } else if (kind === 'delete') {
          set.delete(slot);
          model.delete(slot);
        } else if (slot === 0) {
          set.clear();
          model.clear();
        }
        assert.equal(set.has(slot), model.has(slot));
      }
      const members = Array.from({ length: set.length }, (_, place) => set.at(place)).filter(
        (slot) => slot !== -1,
      );
      assert.deepEqual(members, [...model]);
    }),
  );
});

test('property: deadlines hand out their slots in order of time, each as often as it was expected', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(50), fc.nat(200)), { maxLength: 200, size: 'max' }),
      fc.nat(60),
      (expected, until) => {
        const deadlines = new Deadlines(0);
        const column = new Float64Array(201);
        for (const [at, slot] of expected) {
          column[slot] = at;
          deadlines.expect(column, slot);
        }
        assert.equal(
          deadlines.next,
          expected.length === 0 ? Infinity : Math.min(...expected.map(([at]) => at)),
        );
        const taken: [number, number][] = [];
        const due: number[] = [];
        for (let at = deadlines.take(due, until); at !== null; at = deadlines.take(due, until)) {
          for (const slot of due) taken.push([at, slot]);
          due.length = 0;
        }
        const order = (a: readonly number[], b: readonly number[]): number => a[0] - b[0] || a[1] - b[1];
        assert.deepEqual(
          taken.map(([at]) => at),
          taken.map(([at]) => at).sort((a, b) => a - b),
        );
        assert.deepEqual(taken.sort(order), expected.filter(([at]) => at <= until).sort(order));
      },
    ),
  );
});
