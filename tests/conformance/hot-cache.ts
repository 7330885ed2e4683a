/** What every HotCache driver does. Run from `hot-cache.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
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
  describe(`hot cache: ${name}`, () => {
    let opened: OpenedCache;
    let cache: HotCache;
    /** A key that no other test has. */
    let key: (name: string) => string;

    beforeEach(async () => {
      opened = await open();
      cache = opened.cache;
      const own = `conformance:${process.pid}:${Date.now()}:${names++}`;
      key = (part) => `${own}:${part}`;
    });
    afterEach(() => opened.close());

    test('values come back in the order of the keys, null where there is none', async () => {
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

    test('no keys and no entries are no question', async () => {
      await cache.setMany([], 60);
      await cache.deleteMany([]);
      assert.deepEqual(await cache.getMany([]), []);
    });

    test('a later value replaces an earlier one, also in one call', async () => {
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

    test('deleted values are gone, the others stay', async () => {
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

    test('values expire, each after its own time', async () => {
      await cache.setMany([[key('short'), '1']], 1);
      await cache.setMany([[key('long'), '2']], 100);
      assert.deepEqual(await cache.getMany([key('short'), key('long')]), ['1', '2']);
      await opened.advance(2);
      assert.deepEqual(await cache.getMany([key('short'), key('long')]), [null, '2']);
    });

    test('setting again begins a new time', async () => {
      await cache.setMany([[key('a'), '1']], 3);
      await opened.advance(2);
      await cache.setMany([[key('a'), '2']], 3);
      await opened.advance(2);
      assert.deepEqual(await cache.getMany([key('a')]), ['2']);
    });

    test('hits and misses are counted per key', async () => {
      await cache.setMany([[key('a'), '1']], 1);
      const before = cache.stats();
      await cache.getMany([key('a'), key('none'), key('a')]);
      await opened.advance(2);
      await cache.getMany([key('a')]);
      const after = cache.stats();
      assert.deepEqual([after.hits - before.hits, after.misses - before.misses], [2, 2]);
    });
  });
}
