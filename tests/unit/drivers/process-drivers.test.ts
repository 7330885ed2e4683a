/** The drivers without a store: cache, clock, telemetry. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consoleTelemetry } from '../../../drivers/console-telemetry/telemetry.ts';
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

test('an event is one JSON line: ts, level, service, event, then its facts', () => {
  const lines: string[] = [];
  const telemetry = consoleTelemetry({
    service: 'normalization',
    level: 'info',
    clock: { now: () => 1_759_691_553_000_000 },
    write: (line) => lines.push(line),
  });
  telemetry.emit({ name: 'batch.committed', level: 'info', facts: { connector: 'miso', records: 2500 } });
  telemetry.emit({ name: 'hidden', level: 'debug', facts: {} });
  telemetry.emit({
    name: 'odd',
    level: 'warning',
    facts: { ts: 'x', level: 'x', event: 'x', service: 'aggregation', text: 'a\n"b"' },
  });
  telemetry.emit({ name: 'bad', level: 'error', facts: { ok: false } });
  assert.deepEqual(lines, [
    '{"ts":"2025-10-05T19:12:33Z","level":"INFO","service":"normalization","event":"batch.committed","connector":"miso","records":2500}\n',
    '{"ts":"2025-10-05T19:12:33Z","level":"WARNING","service":"aggregation","event":"odd","text":"a\\n\\"b\\""}\n',
    '{"ts":"2025-10-05T19:12:33Z","level":"ERROR","service":"normalization","event":"bad","ok":false}\n',
  ]);
});

test('the threshold lets its own level through', () => {
  const levels = ['debug', 'info', 'warning', 'error'] as const;
  for (const [i, level] of levels.entries()) {
    let lines = 0;
    const write = (): void => void lines++;
    const telemetry = consoleTelemetry({ service: 's', level, clock: { now: () => 0 }, write });
    for (const other of levels) telemetry.emit({ name: 'n', level: other, facts: {} });
    assert.equal(lines, 4 - i);
  }
});

test('a line that cannot be written stops nobody', () => {
  const write = (): void => {
    throw new Error('closed');
  };
  const telemetry = consoleTelemetry({ service: 's', level: 'debug', clock: { now: () => 0 }, write });
  telemetry.emit({ name: 'n', level: 'error', facts: {} });
});
