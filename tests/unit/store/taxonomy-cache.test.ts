/** The taxonomy cache answers as the store does, with fewer questions, whatever is asked and changed in between. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CarbonError } from '../../../core/errors.ts';
import type { TaxonomyEntry } from '../../../core/ports/reference-store.ts';
import { TaxonomyCache } from '../../../core/store/taxonomy-cache.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';

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
      100,
    );
    assert.equal(await cache.warm('t'), 2);
    const entries = await cache.lookupInstruments('t', ['A', 'B']);
    assert.deepEqual([entries.get('A')?.commodity, entries.size, asked], ['gas', 2, 0]);
    // Aliases and ids without an entry are asked for once.
    for (let k = 0; k < 2; k++) assert.equal((await cache.lookupInstruments('t', ['a', 'none'])).size, 1);
    assert.equal(asked, 2);
    await store.upsertInstruments('t', [entry('A', 'power')]);
    const after = await cache.lookupInstruments('t', ['A', 'a']);
    assert.deepEqual(
      [...after].map(([id, { commodity }]) => [id, commodity]),
      [
        ['A', 'power'],
        ['a', 'power'],
      ],
    );
    assert.equal((await cache.lookupInstruments('other', ['A'])).size, 0);
  } finally {
    await store.close();
  }
});

test('while the store is away it says what it knew, nothing of the rest, and asks again when it is back', async () => {
  const store = openSqliteReference({ path: ':memory:' });
  try {
    await store.upsertInstruments('t', [entry('A', 'gas')]);
    let failure: CarbonError | null = null;
    const orFail = <T>(work: () => Promise<T>): Promise<T> =>
      failure === null ? work() : Promise.reject(failure);
    let told = 0;
    const cache = new TaxonomyCache(
      {
        referenceVersion: (tenant) => orFail(() => store.referenceVersion(tenant)),
        listInstruments: (tenant, after, limit) => orFail(() => store.listInstruments(tenant, after, limit)),
        lookupInstruments: (tenant, ids) => orFail(() => store.lookupInstruments(tenant, ids)),
      },
      100,
      () => told++,
    );
    await cache.warm('t');
    const version = await cache.referenceVersion('t');
    await store.upsertInstruments('t', [entry('B', 'oil')]);
    failure = new CarbonError('STORE_UNREACHABLE', 'away');
    const during = await cache.lookupInstruments('t', ['A', 'B']);
    assert.deepEqual([...during.keys()], ['A']);
    assert.equal(await cache.referenceVersion('t'), version);
    assert.equal(told, 3);
    await assert.rejects(cache.lookupInstruments('never-seen', ['A']), { code: 'STORE_UNREACHABLE' });
    failure = new CarbonError('STORE_REFUSED', 'something else');
    await assert.rejects(cache.lookupInstruments('t', ['A']), { code: 'STORE_REFUSED' });
    failure = null;
    assert.deepEqual([...(await cache.lookupInstruments('t', ['A', 'B'])).keys()], ['A', 'B']);
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
          const cache = new TaxonomyCache(store, size);
          for (const each of steps) {
            if ('put' in each) await store.upsertInstruments('t', [entry(each.put, each.commodity)]);
            else if ('alias' in each) {
              if (each.alias !== 'alias') await store.upsertAlias('t', 'alias', each.alias);
            } else {
              const entries = await cache.lookupInstruments('t', each.ask);
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
