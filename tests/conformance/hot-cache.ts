/** What every HotCache driver does. Run from `hot-cache.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { HotCache } from '../../core/ports/hot-cache.ts';

/** A cache, which may hold values of other tests, and a way to let its time pass. */
export interface OpenedCache {
  readonly cache: HotCache;
  /** Lets whole seconds pass on the clock of the cache. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
}

let names = 0;

export function hotCacheConformance(name: string, open: () => Promise<OpenedCache>): void {
  // What takes time is waiting for values to expire.
  describe(`hot cache: ${name}`, { concurrency: true }, () => {
    /** A cache of the test's own, and keys that no other test has. */
    const opened = async (t: TestContext) => {
      const { cache, advance, close } = await open();
      t.after(close);
      const own = `conformance:${process.pid}:${Date.now()}:${names++}`;
      return { cache, advance, key: (part: string): string => `${own}:${part}` };
    };

    test('values come back in the order of the keys, null where there is none', async (t) => {
      const { cache, key } = await opened(t);
      await cache.setMany(
        [
          [key('a'), '1'],
          [key('b'), ''],
          [key('c'), '{"x":"☃ \' \\n"}'],
        ],
        60,
      );
      assert.deepEqual(await cache.getMany([key('c'), key('none'), key('b'), key('a'), key('c')]), [
        '{"x":"☃ \' \\n"}',
        null,
        '',
        '1',
        '{"x":"☃ \' \\n"}',
      ]);
    });

    test('no keys and no entries are no question', async (t) => {
      const { cache } = await opened(t);
      await cache.setMany([], 60);
      await cache.deleteMany([]);
      assert.deepEqual(await cache.getMany([]), []);
    });

    test('a later value replaces an earlier one, also in one call', async (t) => {
      const { cache, key } = await opened(t);
      await cache.setMany([[key('a'), '1']], 60);
      await cache.setMany(
        [
          [key('a'), '2'],
          [key('a'), '3'],
        ],
        60,
      );
      assert.deepEqual(await cache.getMany([key('a')]), ['3']);
    });

    test('deleted values are gone, the others stay', async (t) => {
      const { cache, key } = await opened(t);
      await cache.setMany(
        [
          [key('a'), '1'],
          [key('b'), '2'],
        ],
        60,
      );
      await cache.deleteMany([key('a'), key('none')]);
      assert.deepEqual(await cache.getMany([key('a'), key('b')]), [null, '2']);
    });

    test('values expire, each after its own time', async (t) => {
      const { cache, advance, key } = await opened(t);
      await cache.setMany([[key('short'), '1']], 3);
      await cache.setMany([[key('long'), '2']], 100);
      assert.deepEqual(await cache.getMany([key('short'), key('long')]), ['1', '2']);
      await advance(4);
      assert.deepEqual(await cache.getMany([key('short'), key('long')]), [null, '2']);
    });

    test('setting again begins a new time', async (t) => {
      const { cache, advance, key } = await opened(t);
      await cache.setMany([[key('a'), '1']], 5);
      await advance(3);
      await cache.setMany([[key('a'), '2']], 5);
      await advance(3);
      assert.deepEqual(await cache.getMany([key('a')]), ['2']);
    });

    test('hits and misses are counted per key', async (t) => {
      const { cache, advance, key } = await opened(t);
      await cache.setMany([[key('a'), '1']], 3);
      const before = cache.stats();
      await cache.getMany([key('a'), key('none'), key('a')]);
      await advance(4);
      await cache.getMany([key('a')]);
      const after = cache.stats();
      assert.deepEqual([after.hits - before.hits, after.misses - before.misses], [2, 2]);
    });
  });
}
