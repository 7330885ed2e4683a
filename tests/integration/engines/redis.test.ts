/** Redis for real: what others change, a server that is killed or frozen, and what must not come back afterwards. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from '@redis/client';
import type { HotCache } from '../../../core/ports/hot-cache.ts';
import { openRedisCache } from '../../../drivers/redis-cache/hot-cache.ts';
import { type OwnServer, ownEngine, within } from '../../support/engine-server.ts';

const server = await ownEngine('redis');
const skip = typeof server === 'string';
const why = skip ? `, skipped: ${server}` : '';
const own = server as OwnServer;
const url = skip ? '' : `redis://127.0.0.1:${own.port}/0`;
const KEY = 'tenant:default:latest:NYISO.DA.LMP.N.Y.C.';
let other: ReturnType<typeof connect>;
const caches: HotCache[] = [];

function connect() {
  const client = createClient({ url, RESP: 3 });
  client.on('error', () => {});
  return client;
}

/** A cache that has reached its server. */
async function reached(options: { nearEntries?: number; timeoutMs?: number } = {}): Promise<HotCache> {
  const cache = openRedisCache({ url, ...options });
  caches.push(cache);
  await within(5000, () => writes(cache, 'probe'));
  return cache;
}

/** True when a write was not dropped. */
async function writes(cache: HotCache, key: string, value = '1'): Promise<true | null> {
  const { dropped } = cache.stats();
  await cache.setMany([[key, value]], 60);
  return cache.stats().dropped === dropped ? true : null;
}

before(async () => {
  if (skip) return;
  other = connect();
  await other.connect();
});
beforeEach(async () => {
  if (!skip) await other.flushAll();
});
after(async () => {
  for (const cache of caches) await cache.close();
  if (skip) return;
  other.destroy();
  await own.remove();
});

test(`values stand under the documents' keys as they were given, with their time to live${why}`, {
  skip,
}, async () => {
  const cache = await reached();
  await cache.setMany([[KEY, '{"price":"51.49"}']], 300);
  assert.equal(await other.get(KEY), '{"price":"51.49"}');
  const life = await other.ttl(KEY);
  assert.ok(life > 295 && life <= 300, `${life} s`);
  await cache.setMany([[KEY, 'x']], 0);
  assert.equal(await other.get(KEY), null);
});

test(`what is near at hand is not asked for again, until somebody else changes it${why}`, {
  skip,
}, async () => {
  const cache = await reached();
  await cache.setMany([[KEY, '1']], 60);
  assert.deepEqual(await cache.getMany([KEY, 'absent']), ['1', null]);
  const calls = async (): Promise<number> =>
    Number(/cmdstat_mget:calls=(\d+)/.exec(await other.info('commandstats'))?.[1]);
  const asked = await calls();
  for (let i = 0; i < 10; i++) assert.deepEqual(await cache.getMany([KEY, 'absent']), ['1', null]);
  assert.equal(await calls(), asked, 'near at hand');
  const changes: [() => Promise<unknown>, string | null][] = [
    [() => other.set(KEY, '2', { expiration: { type: 'EX', value: 60 } }), '2'],
    [() => other.del(KEY), null],
    [() => other.set(KEY, '3', { expiration: { type: 'EX', value: 60 } }), '3'],
    [() => other.flushAll(), null],
  ];
  for (const [change, expected] of changes) {
    await change();
    await within(2000, async () => ((await cache.getMany([KEY]))[0] === expected ? true : null));
  }
  await other.set('absent', 'now');
  await within(2000, async () => ((await cache.getMany(['absent']))[0] === 'now' ? true : null));
});

test(`a value that others change all the time is never kept old${why}`, { skip }, async () => {
  const cache = await reached();
  for (let i = 0; i < 300; i++) {
    const reading = cache.getMany([KEY]);
    await other.set(KEY, String(i), { expiration: { type: 'EX', value: 60 } });
    await reading;
    await within(10_000, async () => ((await cache.getMany([KEY]))[0] === String(i) ? true : null));
  }
});

test(`killed: no call fails or hangs, drops are counted, it heals, and nothing old comes back${why}`, {
  skip,
}, async () => {
  const cache = await reached();
  await cache.setMany([[KEY, 'old']], 60);
  assert.deepEqual(await cache.getMany([KEY]), ['old']);
  await own.signal('SIGKILL');
  const began = Date.now();
  await within(10_000, async () => ((await cache.getMany([KEY]))[0] === null ? true : null));
  const { dropped, misses } = cache.stats();
  await cache.setMany(
    [
      [KEY, 'new'],
      ['b', '2'],
    ],
    60,
  );
  await cache.deleteMany(['c']);
  assert.deepEqual(await cache.getMany([KEY]), [null]);
  assert.ok(Date.now() - began < 10_000, 'no call waits for a server that is started only now');
  assert.equal(cache.stats().dropped, dropped + 3);
  assert.equal(cache.stats().misses, misses + 1);
  await own.start();
  await within(10_000, () => writes(cache, 'probe'));
  await cache.setMany([[KEY, 'newest']], 60);
  assert.deepEqual(await cache.getMany([KEY]), ['newest']);
  if (!other.isReady) await within(10_000, async () => (other.isReady ? true : null));
  await other.set(KEY, 'theirs', { expiration: { type: 'EX', value: 60 } });
  await within(10_000, async () => ((await cache.getMany([KEY]))[0] === 'theirs' ? true : null));
});

test(`frozen: reads miss within their time, and what was dropped meanwhile is not served old${why}`, {
  skip,
}, async () => {
  const cache = await reached({ timeoutMs: 100 });
  const bystander = await reached({ timeoutMs: 100 });
  await cache.setMany(
    [
      [KEY, 'old'],
      ['stays', '1'],
    ],
    60,
  );
  await own.signal('SIGSTOP');
  const began = Date.now();
  assert.deepEqual(await cache.getMany([KEY]), [null]);
  // Nobody thaws it: a call that waited for an answer would wait for ever.
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
  // Left alone for a while: the next ones do not even wait.
  const again = Date.now();
  for (let i = 0; i < 50; i++) await cache.getMany([KEY]);
  assert.ok(
    Date.now() - again < (50 * 100) / 2,
    `${Date.now() - again} ms: all together would have waited 5 s`,
  );
  await cache.setMany([[KEY, 'new']], 60);
  assert.equal(cache.stats().dropped >= 1, true);
  await own.signal('SIGCONT');
  await within(10_000, async () => ((await cache.getMany(['stays']))[0] === '1' ? true : null));
  assert.notEqual((await cache.getMany([KEY]))[0], 'old');
  assert.notEqual((await bystander.getMany([KEY]))[0], 'old');
});

test(`a wrong URL is refused at once, an address where nobody listens is only away${why}`, {
  skip,
}, async () => {
  assert.throws(() => openRedisCache({ url: 'http://localhost' }), { code: 'CONFIG_INVALID' });
  const away = openRedisCache({ url: 'redis://127.0.0.1:1/0' });
  assert.deepEqual(await away.getMany(['a']), [null]);
  await away.setMany([['a', '1']], 60);
  assert.equal(away.stats().dropped, 1);
  await away.close();
});
