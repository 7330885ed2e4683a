import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { doorOf } from '../../../app/ingest/source-door.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Http } from '../../../core/ports/http.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

const surroundings = (clock: Clock = systemClock) => {
  const unused = () => Promise.reject(new Error('unused'));
  const http: Http = { prepare: async () => {}, get: unused, post: unused, close: async () => {} };
  return { http, clock, telemetry: { emit: () => {} } };
};

/** A clock that stands still but for those who sleep: each of them moves it on. */
function clockOfSleepers(): Clock {
  let at = 0;
  return {
    now: () => at,
    sleep: async (milliseconds) => {
      await pause(0);
      at += milliseconds * 1000;
    },
  };
}

const gapsOf = (starts: readonly number[]): number[] => starts.slice(1).map((at, i) => at - (starts[i] ?? 0));

test('no more at a time than the host is allowed, whichever connector asks', async () => {
  const around = surroundings();
  let running = 0;
  let most = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await pause(20);
    running--;
    done++;
  };
  const pace = { minIntervalMs: 0, maxConcurrency: 2 };
  const passes = Array.from({ length: 8 }, (_, i) =>
    doorOf(around, i % 2 === 0 ? 'a' : 'b').pass('h', pace, work),
  );
  await Promise.all(passes);
  assert.deepEqual([most, done], [2, 8]);
  const failing = doorOf(around, 'a').pass('h', pace, () => Promise.reject(new Error('defect')));
  await assert.rejects(failing, /defect/);
  await doorOf(around, 'a').pass('h', pace, work);
  assert.equal(done, 9, 'a failure gives its place back');
});

test('starts keep their distance, and other hosts do not wait', async () => {
  let at = 0;
  const sleepers: (() => void)[] = [];
  const clock: Clock = {
    now: () => at,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push(() => {
          at += milliseconds * 1000;
          wake();
        });
      }),
  };
  const around = surroundings(clock);
  const starts: number[] = [];
  const work = async (): Promise<void> => {
    starts.push(clock.now());
  };
  const pace = { minIntervalMs: 80, maxConcurrency: 3 };
  const slow = Promise.all([1, 2, 3].map(() => doorOf(around, 'a').pass('one', pace, work)));
  // No time passes for as long as nobody who sleeps is woken.
  await doorOf(around, 'a').pass('two', pace, async () => {});
  assert.deepEqual(starts, [0], 'the others of the first host wait');
  for (; starts.length < 3; await pause(0)) sleepers.shift()?.();
  await slow;
  assert.deepEqual(gapsOf(starts), [80_000, 80_000]);
});

test('two processes that share a store share the budget of a host, and so does the one after a restart', async (t) => {
  const reference = openSqliteReference({ path: ':memory:' });
  t.after(() => reference.close());
  const clock = clockOfSleepers();
  const starts: number[] = [];
  const pace = { minIntervalMs: 80, maxConcurrency: 2 };
  const ask = (times: number): Promise<void>[] =>
    Array.from({ length: times }, () =>
      // Surroundings of their own: as processes have.
      doorOf({ ...surroundings(clock), reference }, 'x').pass('host', pace, async () => {
        starts.push(clock.now());
      }),
    );
  await Promise.all([...ask(3), ...ask(3)]);
  await Promise.all(ask(1));
  assert.equal(starts.length, 7);
  for (const gap of gapsOf(starts)) assert.ok(gap >= 80_000, `starts keep their distance: ${gap} µs`);
});

test('a clock that was set back makes nobody wait for longer than one gap', async (t) => {
  const reference = openSqliteReference({ path: ':memory:' });
  t.after(() => reference.close());
  await reference.acquireLease('pace/host', 'before', 0, 3_600_000_000);
  const clock = clockOfSleepers();
  const door = doorOf({ ...surroundings(clock), reference }, 'y');
  await door.pass('host', { minIntervalMs: 50, maxConcurrency: 1 }, async () => {});
  assert.ok(clock.now() <= 50_000, `${clock.now()} µs`);
});
