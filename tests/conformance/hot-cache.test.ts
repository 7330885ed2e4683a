import { describe, test } from 'node:test';
import { openMemoryCache } from '../../drivers/memory-cache/hot-cache.ts';
import { openRedisCache } from '../../drivers/redis-cache/hot-cache.ts';
import { sharedEngine } from '../support/engine-server.ts';
import { hotCacheConformance } from './hot-cache.ts';

hotCacheConformance('in the process', async () => {
  let now = 1_772_946_000_000_000;
  const cache = openMemoryCache({ maxEntries: 100, clock: { now: () => now } });
  return {
    cache,
    advance: async (seconds) => {
      now += seconds * 1_000_000;
    },
    close: () => cache.close(),
  };
});

const redis = await sharedEngine('redis');
if (typeof redis === 'string') test(`hot cache: Redis, skipped: ${redis}`, { skip: true });
else
  describe('hot caches of a server', { concurrency: true }, () => {
    for (const [name, nearEntries] of [
      ['Redis', 0],
      ['Redis with values near at hand', 1000],
    ] as const)
      hotCacheConformance(name, async () => {
        const cache = openRedisCache({ url: `redis://127.0.0.1:${redis.port}/0`, nearEntries });
        // It connects in its own time.
        for (let dropped = -1; cache.stats().dropped !== dropped; ) {
          dropped = cache.stats().dropped;
          await cache.setMany([['conformance:probe', '1']], 60);
          await new Promise((done) => setTimeout(done, 10));
        }
        return {
          cache,
          advance: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
          close: () => cache.close(),
        };
      });
  });
