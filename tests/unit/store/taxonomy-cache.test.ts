/** The taxonomy cache answers as the store does, with fewer questions, whatever is asked and changed in between. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CarbonError } from '../../../core/errors.ts';
import type { TaxonomyEntry } from '../../../core/ports/reference-store.ts';
import { TaxonomyCache } from '../../../core/store/taxonomy-cache.ts';
import { openMemoryCache } from '../../../drivers/memory-cache/hot-cache.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

const OPTIONS = { clock: { now: () => 0 }, maxEntries: 100, shared: null };

const entry = (instrumentId: string, commodity: string): TaxonomyEntry => ({
  instrumentId,
  commodity,
  region: 'US Gulf',
  productTier: 'forward',
  tags: [],
  confidence: 1,
});

test('warmed, it asks for nothing but the version; after a change it takes everything in anew', async () => {
  const store = openSqliteReference({ path: ':memory:' });
  try {
    await store.upsertInstruments('t', [entry('A', 'gas'), entry('B', 'oil')]);
    await store.upsertAlias('t', 'a', 'A');
    let asked = 0;
    const cache = new TaxonomyCache(
      {
        referenceVersion: (tenant) => store.referenceVersion(tenant),
        listInstruments: (tenant, after, limit) => store.listInstruments(tenant, after, limit),
        lookupInstruments: (tenant, ids) => {
          asked += ids.length;
          return store.lookupInstruments(tenant, ids);
        },
      },
      OPTIONS,
    );
    assert.equal(await cache.warm('t'), 2);
    const { entries } = await cache.lookUp('t', ['A', 'B']);
    assert.deepEqual([entries.get('A')?.commodity, entries.size, asked], ['gas', 2, 0]);
    // Aliases and ids without an entry are asked for once.
    for (let k = 0; k < 2; k++) assert.equal((await cache.lookUp('t', ['a', 'none'])).entries.size, 1);
    assert.equal(asked, 2);
    await store.upsertInstruments('t', [entry('A', 'power')]);
    const { entries: after } = await cache.lookUp('t', ['A', 'a']);
    assert.deepEqual(
      [...after].map(([id, { commodity }]) => [id, commodity]),
      [
        ['A', 'power'],
        ['a', 'power'],
      ],
    );
    assert.equal((await cache.lookUp('other', ['A'])).entries.size, 0);
  } finally {
    await store.close();
  }
});

test('while the store is away it says what it knew and what it could not ask, and leaves the store alone for a moment', async () => {
  const store = openSqliteReference({ path: ':memory:' });
  try {
    await store.upsertInstruments('t', [entry('A', 'gas')]);
    let failure: CarbonError | null = null;
    let now = 0;
    let [asked, told] = [0, 0];
    const orFail = <T>(work: () => Promise<T>): Promise<T> => {
      asked++;
      return failure === null ? work() : Promise.reject(failure);
    };
    const cache = new TaxonomyCache(
      {
        referenceVersion: (tenant) => orFail(() => store.referenceVersion(tenant)),
        listInstruments: (tenant, after, limit) => orFail(() => store.listInstruments(tenant, after, limit)),
        lookupInstruments: (tenant, ids) => orFail(() => store.lookupInstruments(tenant, ids)),
      },
      { ...OPTIONS, clock: { now: () => now }, onAway: () => told++ },
    );
    await cache.warm('t');
    const version = await cache.referenceVersion('t');
    await store.upsertInstruments('t', [entry('B', 'oil')]);
    failure = new CarbonError('STORE_UNREACHABLE', 'away');
    asked = 0;
    for (let k = 0; k < 3; k++) {
      const during = await cache.lookUp('t', ['A', 'B']);
      assert.deepEqual([[...during.entries.keys()], [...during.unanswered]], [['A'], ['B']]);
      assert.equal(during.version, version);
      assert.equal(await cache.referenceVersion('t'), version);
    }
    assert.deepEqual([asked, told], [1, 1], 'asked and told once');
    await assert.rejects(cache.lookUp('never-seen', ['A']), { code: 'STORE_UNREACHABLE' });
    now += 1_000_000;
    failure = new CarbonError('STORE_UNREACHABLE', 'still away');
    assert.deepEqual([...(await cache.lookUp('t', ['B'])).unanswered], ['B']);
    assert.deepEqual([asked, told], [2, 2], 'asked again after a moment');
    now += 1_000_000;
    failure = new CarbonError('STORE_REFUSED', 'something else');
    await assert.rejects(cache.lookUp('t', ['A']), { code: 'STORE_REFUSED' });
    failure = null;
    const after = await cache.lookUp('t', ['A', 'B']);
    assert.deepEqual([[...after.entries.keys()], [...after.unanswered]], [['A', 'B'], []]);
    assert.equal(after.version, version + 1);
  } finally {
    await store.close();
  }
});

test('what one process looked up, another finds while the store is away, of the same version and tenant alone', async () => {
  const store = openSqliteReference({ path: ':memory:' });
  try {
    let isAway = false;
    const source = {
      referenceVersion: (tenant: string) => store.referenceVersion(tenant),
      listInstruments: (tenant: string, after: string, limit: number) =>
        store.listInstruments(tenant, after, limit),
      lookupInstruments: (tenant: string, ids: readonly string[]) =>
        isAway
          ? Promise.reject(new CarbonError('STORE_UNREACHABLE', 'away'))
          : store.lookupInstruments(tenant, ids),
    };
    await store.upsertInstruments('t', [entry('A', 'gas')]);
    await store.upsertAlias('t', 'a', 'A');
    const shared = openMemoryCache({ clock: systemClock, maxEntries: 100 });
    const one = new TaxonomyCache(source, { ...OPTIONS, shared });
    await one.lookUp('t', ['a', 'none']);
    /** What another process finds that starts, and is left alone by the store then. */
    const found = async (tenant: string, ids: readonly string[], cache: typeof shared | null = shared) => {
      const other = new TaxonomyCache(source, { ...OPTIONS, shared: cache });
      isAway = false;
      await other.warm(tenant);
      isAway = true;
      const { entries, unanswered } = await other.lookUp(tenant, ids);
      return [[...entries], [...unanswered]];
    };
    // That an instrument has no entry is not told on.
    assert.deepEqual(await found('t', ['a', 'none']), [[['a', entry('A', 'gas')]], ['none']]);
    assert.deepEqual(await found('t', ['a'], null), [[], ['a']]);
    assert.deepEqual(await found('u', ['a']), [[], ['a']], 'another tenant');
    await store.raiseReferenceVersion('t');
    assert.deepEqual(await found('t', ['a']), [[], ['a']], 'another version');
    // What somebody else put there is no entry.
    const version = await store.referenceVersion('t');
    for (const text of ['x', 'null', '{"commodity":1}']) {
      await shared.setMany([[`tenant:t:taxonomy:${version}:a`, text]], 60);
      assert.deepEqual(await found('t', ['a']), [[], ['a']], text);
    }
    await shared.close();
  } finally {
    await store.close();
  }
});

test('a version whose entries cannot be read is not said of the entries of the one before', async () => {
  const store = openSqliteReference({ path: ':memory:' });
  try {
    await store.upsertInstruments('t', [entry('A', 'gas')]);
    let isLocked = false;
    const cache = new TaxonomyCache(
      {
        referenceVersion: (tenant) => store.referenceVersion(tenant),
        listInstruments: (tenant, after, limit) =>
          isLocked
            ? Promise.reject(new CarbonError('STORE_UNREACHABLE', 'locked'))
            : store.listInstruments(tenant, after, limit),
        lookupInstruments: (tenant, ids) => store.lookupInstruments(tenant, ids),
      },
      OPTIONS,
    );
    await cache.warm('t');
    const before = await cache.referenceVersion('t');
    await store.upsertInstruments('t', [entry('A', 'oil')]);
    isLocked = true;
    const { entries, version } = await cache.lookUp('t', ['A']);
    assert.deepEqual([entries.get('A')?.commodity, version], ['gas', before]);
  } finally {
    await store.close();
  }
});

test('property: it says what the store says, however few entries it may hold', async () => {
  const id = fc.constantFrom('A', 'B', 'C', 'D', 'alias');
  const step = fc.oneof(
    fc.record({ ask: fc.uniqueArray(id, { minLength: 1 }) }),
    fc.record({ put: id, commodity: fc.constantFrom('gas', 'oil', 'power') }),
    fc.record({ alias: id }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, size) => {
        const store = openSqliteReference({ path: ':memory:' });
        try {
          const cache = new TaxonomyCache(store, { ...OPTIONS, maxEntries: size });
          for (const each of steps) {
            if ('put' in each) await store.upsertInstruments('t', [entry(each.put, each.commodity)]);
            else if ('alias' in each) {
              if (each.alias !== 'alias') await store.upsertAlias('t', 'alias', each.alias);
            } else {
              const { entries } = await cache.lookUp('t', each.ask);
              assert.deepEqual(
                [...entries].sort(),
                [...(await store.lookupInstruments('t', each.ask))].sort(),
              );
            }
          }
        } finally {
          await store.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});
