/** The drivers without a store: cache, clock. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openMemoryCache } from '../../../drivers/memory-cache/hot-cache.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

test('the value used longest ago makes room', async () => {
  const cache = openMemoryCache({ maxEntries: 3, clock: { now: () => 0 } });
  for (const key of ['a', 'b', 'c']) await cache.setMany([[key, key]], 60);
  await cache.getMany(['a']);
  await cache.setMany([['b', 'again']], 60);
  await cache.setMany([['d', 'd']], 60);
  assert.deepEqual(await cache.getMany(['a', 'b', 'c', 'd']), ['a', 'again', null, 'd']);
});

test('a value is gone exactly at its end, and one without time is never there', async () => {
  let now = 1000;
  const cache = openMemoryCache({ maxEntries: 3, clock: { now: () => now } });
  await cache.setMany([['a', '1']], 2);
  await cache.setMany([['b', '1']], 9);
  await cache.setMany([['b', '2']], 0);
  now = 1000 + 2_000_000 - 1;
  assert.deepEqual(await cache.getMany(['a', 'b']), ['1', null]);
  now++;
  assert.deepEqual(await cache.getMany(['a']), [null]);
});

test('the cache agrees with a list in order of use', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key }),
    fc.record({ do: fc.constant('get' as const), key }),
    fc.record({ do: fc.constant('delete' as const), key }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, size) => {
        const cache = openMemoryCache({ maxEntries: size, clock: { now: () => 0 } });
        let model: [string, string][] = [];
        for (const [i, s] of steps.entries()) {
          const known = model.find(([k]) => k === s.key);
          if (s.do === 'get') assert.deepEqual(await cache.getMany([s.key]), [known?.[1] ?? null]);
          if (s.do === 'set') await cache.setMany([[s.key, String(i)]], 60);
          if (s.do === 'delete') await cache.deleteMany([s.key]);
          model = model.filter(([k]) => k !== s.key);
          if (s.do === 'set') model.push([s.key, String(i)]);
          if (s.do === 'get' && known !== undefined) model.push(known);
          model = model.slice(-size);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the clock tells UTC micros and sleeps for about as long as asked', async () => {
  const before = Date.now() * 1000;
  const now = systemClock.now();
  assert.ok(now >= before && now <= Date.now() * 1000 && Number.isSafeInteger(now));
  const started = performance.now();
  await systemClock.sleep(40);
  assert.ok(performance.now() - started >= 35);
  await systemClock.sleep(0);
  await systemClock.sleep(-5);
});

test('a sleep ends with its signal, however long, and leaves no listener', async () => {
  const abort = new AbortController();
  let listeners = 0;
  const signal = new Proxy(abort.signal, {
    get(target, name) {
      if (name === 'addEventListener') listeners++;
      if (name === 'removeEventListener') listeners--;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await systemClock.sleep(1, signal);
  assert.equal(listeners, 0);
  const started = performance.now();
  const sleep = systemClock.sleep(2 ** 31, signal);
  let ended = false;
  void sleep.then(() => (ended = true));
  await systemClock.sleep(20);
  assert.equal(ended, false, 'longer than one timer takes is not no time at all');
  abort.abort();
  await sleep;
  await systemClock.sleep(60_000, signal);
  assert.ok(performance.now() - started < 30_000);
  assert.equal(listeners, 0);
});
