import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { doorOf } from '../../../app/ingest/source-door.ts';
import type { Http } from '../../../core/ports/http.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

const surroundings = () => {
  const unused = () => Promise.reject(new Error('unused'));
  const http: Http = { get: unused, post: unused, close: async () => {} };
  return { http, clock: systemClock, telemetry: { emit: () => {} } };
};

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
  const around = surroundings();
  const starts: number[] = [];
  const work = async (): Promise<void> => {
    starts.push(performance.now());
  };
  const pace = { minIntervalMs: 80, maxConcurrency: 3 };
  const begun = performance.now();
  const slow = Promise.all([1, 2, 3].map(() => doorOf(around, 'a').pass('one', pace, work)));
  await doorOf(around, 'a').pass('two', pace, async () => {});
  assert.ok(performance.now() - begun < 70, 'another host');
  await slow;
  for (const [i, at] of starts.slice(1).entries())
    assert.ok(at - (starts[i] ?? 0) >= 75, `gap of ${at - (starts[i] ?? 0)} ms`);
});

test('two processes that share a store share the budget of a host, and so does the one after a restart', async (t) => {
  const reference = openSqliteReference({ path: ':memory:' });
  t.after(() => reference.close());
  const starts: number[] = [];
  const pace = { minIntervalMs: 80, maxConcurrency: 2 };
  const ask = (around: object, times: number): Promise<void>[] =>
    Array.from({ length: times }, () =>
      doorOf({ ...surroundings(), ...around, reference }, 'x').pass('host', pace, async () => {
        starts.push(performance.now());
      }),
    );
  // Surroundings of their own: as processes have.
  await Promise.all([...ask({}, 3), ...ask({}, 3)]);
  await Promise.all(ask({}, 1));
  starts.sort((a, b) => a - b);
  const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
  assert.equal(starts.length, 7);
  assert.ok(
    gaps.every((gap) => gap >= 70),
    `starts keep their distance: ${gaps.map(Math.round).join(', ')}`,
  );
});

test('a clock that was set back makes nobody wait for longer than one gap', async (t) => {
  const reference = openSqliteReference({ path: ':memory:' });
  t.after(() => reference.close());
  const far = systemClock.now() + 3_600_000_000;
  await reference.acquireLease('pace/host', 'before', 0, far);
  const begun = performance.now();
  const door = doorOf({ ...surroundings(), reference }, 'y');
  await door.pass('host', { minIntervalMs: 50, maxConcurrency: 1 }, async () => {});
  assert.ok(performance.now() - begun < 2000);
});
