/** What every ReferenceStore driver does. Run from `reference-store.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ErrorCode } from '../../core/errors.ts';
import type { FetchOutcome, FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { ReferenceStore, TaxonomyEntry } from '../../core/ports/reference-store.ts';
import type { Plan } from '../../core/stage/plan.ts';
import { HOUR, MINUTE, SECOND } from '../../core/time/instant.ts';

/** A store at its present schema. Tests use names of their own, so it may be shared. */
export interface OpenedReference {
  readonly store: ReferenceStore;
  /** Closes the store in use and removes what it left. */
  close(): Promise<void>;
  /** Closes the store in use and opens it again. */
  reopen?(): Promise<ReferenceStore>;
}

/** 2026-03-08T05:00:00.000001Z: the last microsecond must not be lost. */
export const NOW = 1_772_946_000_000_001;
export const fails = (code: ErrorCode) => ({ name: 'CarbonError', code });
let names = 0;

const entry = (instrumentId: string, changes: Partial<TaxonomyEntry> = {}): TaxonomyEntry => ({
  instrumentId,
  commodity: 'power',
  region: 'MISO',
  productTier: 'hub',
  tags: ['day-ahead', 'lmp'],
  confidence: 0.75,
  ...changes,
});

/** A plan of a group, every value of it awkward. */
export const planOf = (group: string): Plan => ({
  group,
  topic: 'ingestion.miso.raw.v1',
  partition: 3,
  from: 9_007_199_254_740_000,
  to: 9_007_199_254_740_900,
  since: { 'ingestion.b': 4, 'ingestion.a': 17 },
  until: { 'ingestion.a': 18, 'ingestion.b': 4 },
  settingsHash: "5e'77\\☃",
  referenceVersion: 12,
  clock: NOW,
  codeVersion: '0.1.0+abc',
  fence: 5,
});

export function referenceStoreConformance(name: string, open: () => Promise<OpenedReference>): void {
  describe(`reference store: ${name}`, () => {
    let opened: OpenedReference;
    let store: ReferenceStore;
    /** A name that no other test has. */
    let own: string;
    let plan: Plan;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      own = `t${process.pid}-${Date.now()}-${names++}`;
      plan = planOf(own);
    });
    afterEach(() => opened.close());
    const openPlan = (): Promise<Plan | null> => store.openPlan(own, plan.topic, plan.partition);
    const lastPlan = (): Promise<Plan | null> => store.lastFinishedPlan(own, plan.topic, plan.partition);
    const next = (changes: Partial<Plan>): Plan => ({ ...plan, from: plan.to, to: plan.to + 50, ...changes });

    test('a plan is open from its storing to its finishing, every value exact', async () => {
      assert.equal(await openPlan(), null);
      assert.equal(await lastPlan(), null);
      await store.storePlan(plan);
      assert.deepEqual(await openPlan(), plan);
      assert.equal(await lastPlan(), null);
      await store.finishPlan(plan);
      assert.equal(await openPlan(), null);
      assert.deepEqual(await lastPlan(), plan);
    });

    test('a partition has one open plan; the next comes after it is finished', async () => {
      await store.storePlan(plan);
      await assert.rejects(store.storePlan(next({})), fails('PLAN_CONFLICT'));
      const others: Partial<Plan>[] = [
        { from: plan.from - 1 },
        { to: plan.to + 1 },
        { clock: plan.clock + 1 },
        { settingsHash: 'x' },
        { referenceVersion: 13 },
        { since: {} },
        { until: {} },
        { codeVersion: 'x' },
      ];
      for (const other of others)
        await assert.rejects(store.storePlan({ ...plan, ...other }), fails('PLAN_CONFLICT'));
      assert.deepEqual(await openPlan(), plan);
      await store.finishPlan(plan);
      await store.storePlan(next({}));
      assert.deepEqual(await openPlan(), next({}));
      assert.deepEqual(await lastPlan(), plan, 'the finished one stays until another is finished');
      await store.finishPlan(next({}));
      assert.deepEqual(await lastPlan(), next({}));
    });

    test('a plan without records is a plan too', async () => {
      const clockOnly = { ...plan, to: plan.from, since: plan.until };
      await store.storePlan(clockOnly);
      await store.finishPlan(clockOnly);
      assert.deepEqual(await lastPlan(), clockOnly);
    });

    test('the same plan may be stored again: its outcome was not known', async () => {
      await store.storePlan(plan);
      await store.storePlan({ ...plan, since: { 'ingestion.a': 17, 'ingestion.b': 4 } });
      assert.deepEqual(await openPlan(), plan);
    });

    test('only the open plan can be finished, and once', async () => {
      await assert.rejects(store.finishPlan(plan), fails('PLAN_CONFLICT'));
      await store.storePlan(plan);
      for (const other of [
        { from: 1 },
        { to: plan.to + 1 },
        { settingsHash: 'x' },
        { clock: 1 },
        { until: {} },
      ])
        await assert.rejects(store.finishPlan({ ...plan, ...other }), fails('PLAN_CONFLICT'));
      assert.deepEqual(await openPlan(), plan);
      await store.finishPlan(plan);
      await assert.rejects(store.finishPlan(plan), fails('PLAN_CONFLICT'));
      assert.deepEqual(await lastPlan(), plan, 'a refused finish changes nothing');
    });

    test('a runner of an older generation is refused', async () => {
      await store.storePlan(plan);
      await store.finishPlan(plan);
      await assert.rejects(store.storePlan(next({ fence: 4 })), fails('PLAN_CONFLICT'));
      assert.equal(await openPlan(), null);
      await store.storePlan(next({ fence: 6 }));
      await store.finishPlan(next({ fence: 6 }));
      await assert.rejects(store.storePlan(next({ fence: 5 })), fails('PLAN_CONFLICT'));
    });

    test('taking over an open plan shuts its first owner out', async () => {
      await store.storePlan(plan);
      const taken = { ...plan, fence: 9 };
      await store.storePlan(taken);
      assert.deepEqual(await openPlan(), taken);
      await assert.rejects(store.finishPlan(plan), fails('PLAN_CONFLICT'));
      await assert.rejects(store.storePlan(plan), fails('PLAN_CONFLICT'));
      await store.finishPlan(taken);
      assert.deepEqual(await lastPlan(), taken);
    });

    test('a refused plan leaves no newer fence behind', async () => {
      await store.storePlan(plan);
      await assert.rejects(store.storePlan(next({ fence: 50 })), fails('PLAN_CONFLICT'));
      await store.finishPlan(plan);
      await store.storePlan(next({}));
    });

    test('groups, topics and partitions have plans of their own', async () => {
      await store.storePlan(plan);
      for (const other of [{ group: `${own}-b` }, { topic: 'other' }, { partition: 4 }]) {
        await store.storePlan({ ...plan, ...other, fence: 1 });
        await store.finishPlan({ ...plan, ...other, fence: 1 });
      }
      assert.deepEqual(await openPlan(), plan);
      assert.equal(await lastPlan(), null);
    });

    test('of several runners at the same time one stores its plan', async () => {
      const tries = Array.from({ length: 8 }, (_, i) => store.storePlan({ ...plan, to: plan.from + 1 + i }));
      const settled = await Promise.allSettled(tries);
      assert.equal(settled.filter((s) => s.status === 'fulfilled').length, 1);
      for (const s of settled) if (s.status === 'rejected') assert.equal(s.reason.code, 'PLAN_CONFLICT');
      const winner = settled.findIndex((s) => s.status === 'fulfilled');
      assert.equal((await openPlan())?.to, plan.from + 1 + winner);
    });

    test('cursors are texts by name', async () => {
      assert.equal(await store.loadCursor(own), null);
      const hostile = '{"at":"2026-03-08T05:00:00Z","s":"\' $1 ?1 ; -- \\\\ ☃ 𝄞"}';
      await store.saveCursor(own, '');
      assert.equal(await store.loadCursor(own), '');
      await store.saveCursor(own, hostile);
      await store.saveCursor(`${own}'`, 'other');
      assert.equal(await store.loadCursor(own), hostile);
    });

    test('plans, cursors and entries survive reopening', async (t) => {
      if (opened.reopen === undefined) return t.skip('this driver has no store of its own to reopen');
      await store.storePlan(plan);
      await store.saveCursor(own, 'here');
      await store.upsertInstruments(own, [entry('a')]);
      store = await opened.reopen();
      assert.deepEqual(await openPlan(), plan);
      assert.equal(await store.loadCursor(own), 'here');
      assert.deepEqual((await store.lookupInstruments(own, ['a'])).get('a'), entry('a'));
      assert.equal(await store.referenceVersion(own), 1);
    });

    test('entries are inserted, replaced and counted; the version grows with changes only', async () => {
      assert.equal(await store.referenceVersion(own), 0);
      assert.equal(await store.upsertInstruments(own, [entry('a'), entry('b')]), 2);
      assert.equal(await store.referenceVersion(own), 1);
      assert.equal(await store.upsertInstruments(own, [entry('a'), entry('b')]), 0);
      assert.equal(await store.upsertInstruments(own, []), 0);
      assert.equal(await store.referenceVersion(own), 1, 'nothing changed');
      const changes: Partial<TaxonomyEntry>[] = [
        { commodity: 'gas' },
        { region: 'PJM' },
        { productTier: 'node' },
        { tags: [] },
        { confidence: 0.3 },
      ];
      let version = 1;
      for (const change of changes) {
        assert.equal(await store.upsertInstruments(own, [entry('a', change), entry('b')]), 1);
        assert.equal(await store.referenceVersion(own), ++version);
        assert.deepEqual((await store.lookupInstruments(own, ['a'])).get('a'), entry('a', change));
        assert.equal(await store.upsertInstruments(own, [entry('a')]), 1);
        assert.equal(await store.referenceVersion(own), ++version);
      }
    });

    test('tags come back sorted, the last entry of one id wins, hostile texts stay what they are', async () => {
      const odd = `x'y"z\\ $1 ☃ 𝄞`;
      await store.upsertInstruments(own, [
        entry(odd, { region: 'first' }),
        entry(odd, { region: odd, tags: ['b', odd, 'a', 'b'] }),
      ]);
      const found = (await store.lookupInstruments(own, [odd])).get(odd);
      assert.deepEqual(found, entry(odd, { region: odd, tags: ['a', 'b', odd].sort() }));
      assert.equal(
        await store.upsertInstruments(own, [entry(odd, { region: odd, tags: [odd, 'b', 'a'] })]),
        0,
      );
    });

    test('looking up gives what is there, for many ids at once', async () => {
      const ids = Array.from({ length: 700 }, (_, i) => `I.${i}`);
      assert.equal(
        await store.upsertInstruments(
          own,
          ids.map((id, i) => entry(id, { confidence: i / 1000 })),
        ),
        700,
      );
      const found = await store.lookupInstruments(own, [...ids, ...ids.slice(0, 3), 'absent']);
      assert.equal(found.size, 700);
      for (const [i, id] of ids.entries()) assert.equal(found.get(id)?.confidence, i / 1000);
      assert.equal((await store.lookupInstruments(own, [])).size, 0);
    });

    test('tenants see nothing of each other', async () => {
      await store.upsertInstruments(own, [entry('a')]);
      await store.upsertAlias(own, 'b', 'a');
      assert.equal((await store.lookupInstruments(`${own}-2`, ['a', 'b'])).size, 0);
      assert.equal(await store.referenceVersion(`${own}-2`), 0);
    });

    test('entries are listed page by page in order of id, those of the tenant alone', async () => {
      const ids = ['b', 'A', 'c.d', 'é', 'a'];
      await store.upsertInstruments(
        own,
        ids.map((id) => entry(id)),
      );
      await store.upsertInstruments(`${own}-2`, [entry('other')]);
      await store.upsertAlias(own, 'alias', 'a');
      const listed: string[] = [];
      for (let after = ''; ; after = listed[listed.length - 1]) {
        const page = await store.listInstruments(own, after, 2);
        listed.push(...page.map((e) => e.instrumentId));
        if (page.length < 2) break;
      }
      assert.deepEqual([...listed].sort(), [...ids].sort());
      assert.equal(new Set(listed).size, ids.length);
      assert.deepEqual(await store.listInstruments(own, '', 1), [entry(listed[0])]);
      assert.deepEqual(await store.listInstruments(`${own}-3`, '', 10), []);
    });

    test('the version can be raised although nothing changed', async () => {
      const before = await store.referenceVersion(own);
      assert.equal(await store.raiseReferenceVersion(own), before + 1);
      assert.equal(await store.referenceVersion(own), before + 1);
    });

    test('aliases lead to the entry, over other aliases too; an entry of its own goes first', async () => {
      await store.upsertInstruments(own, [entry('a'), entry('c')]);
      await store.upsertAlias(own, 'b', 'a');
      assert.equal(await store.referenceVersion(own), 2);
      await store.upsertAlias(own, 'b', 'a');
      assert.equal(await store.referenceVersion(own), 2, 'nothing changed');
      await store.upsertAlias(own, 'bb', 'b');
      await store.upsertAlias(own, 'c', 'a');
      const found = await store.lookupInstruments(own, ['a', 'b', 'bb', 'c']);
      assert.deepEqual(
        ['a', 'b', 'bb', 'c'].map((id) => found.get(id)?.instrumentId),
        ['a', 'a', 'a', 'c'],
      );
      await store.upsertAlias(own, 'b', 'c');
      assert.equal((await store.lookupInstruments(own, ['bb'])).get('bb')?.instrumentId, 'c');
    });

    test('an alias of nothing, and a ring of aliases, lead nowhere', async () => {
      await store.upsertAlias(own, 'x', 'gone');
      await store.upsertAlias(own, 'r1', 'r2');
      await store.upsertAlias(own, 'r2', 'r1');
      assert.equal((await store.lookupInstruments(own, ['x', 'r1', 'r2'])).size, 0);
      await assert.rejects(store.upsertAlias(own, 'y', 'y'), fails('USAGE_INVALID'));
    });

    test('a lease has one holder until it ends or is given back', async () => {
      assert.equal(await store.acquireLease(own, 'h1', NOW, NOW + MINUTE), true);
      assert.equal(await store.acquireLease(own, 'h2', NOW + SECOND, NOW + HOUR), false);
      assert.equal(await store.acquireLease(own, 'h2', NOW + MINUTE - 1, NOW + HOUR), false);
      assert.equal(await store.acquireLease(own, 'h1', NOW + SECOND, NOW + 2 * MINUTE), true, 'renewed');
      assert.equal(await store.acquireLease(own, 'h2', NOW + MINUTE, NOW + HOUR), false);
      assert.equal(await store.acquireLease(`${own}-b`, 'h2', NOW, NOW + HOUR), true, 'another lease');
      assert.equal(await store.acquireLease(own, 'h2', NOW + 2 * MINUTE, NOW + HOUR), true, 'ended');
      await store.releaseLease(own, 'h1');
      assert.equal(await store.acquireLease(own, 'h1', NOW + 3 * MINUTE, NOW + HOUR), false);
      await store.releaseLease(own, 'h2');
      assert.equal(await store.acquireLease(own, 'h1', NOW + 3 * MINUTE, NOW + HOUR), true);
    });

    test('a lease tells its holder and its end, also after it', async () => {
      assert.equal(await store.leaseOf(own), null);
      await store.acquireLease(own, 'h1', NOW, NOW + MINUTE);
      assert.deepEqual(await store.leaseOf(own), { holder: 'h1', until: NOW + MINUTE });
      await store.acquireLease(own, 'h2', NOW + MINUTE, NOW + HOUR);
      assert.deepEqual(await store.leaseOf(own), { holder: 'h2', until: NOW + HOUR });
      await store.releaseLease(own, 'h2');
      assert.equal(await store.leaseOf(own), null);
    });

    const fetched = (changes: Partial<FetchRecord> = {}): FetchRecord => ({
      tenant: own,
      connector: 'nyiso',
      dataset: 'da_lmp',
      runId: 'run-1',
      request: '20260308damlbmp_zone.csv',
      attempt: 1,
      url: "http://x/a?q='\\☃",
      window: { start: NOW, end: NOW + HOUR },
      outcome: 'published',
      status: 200,
      sha256: 'ab'.repeat(32),
      etag: '"e"',
      lastModified: 'Sun, 08 Mar 2026 05:00:00 GMT',
      knownAt: NOW,
      bytes: 5_000_000_000,
      rows: 360,
      values: 1080,
      rejected: 2,
      code: null,
      message: null,
      startedAt: NOW,
      endedAt: NOW + SECOND,
      ...changes,
    });
    const listed = (changes: object = {}): Promise<FetchRecord[]> =>
      store.listFetches({ tenant: own, limit: 100, ...changes });

    test('a fetch comes back with every value exact, absent ones as null', async () => {
      const empty = fetched({
        attempt: 2,
        outcome: 'failed',
        status: null,
        sha256: null,
        etag: null,
        lastModified: null,
        knownAt: null,
        code: 'SOURCE_UNREACHABLE',
        message: "no answer ' ☃",
        startedAt: NOW + 1,
      });
      await store.recordFetch(fetched());
      await store.recordFetch(empty);
      assert.deepEqual(await listed(), [empty, fetched()]);
    });

    test('a fetch recorded again replaces its row, every column of it', async () => {
      await store.recordFetch(fetched({ outcome: 'archived' }));
      const done = fetched({
        url: 'http://y',
        window: { start: NOW + 1, end: NOW + 2 },
        status: 304,
        sha256: 'cd'.repeat(32),
        etag: 'W/"f"',
        lastModified: 'Mon, 09 Mar 2026 05:00:00 GMT',
        knownAt: NOW + 3,
        bytes: 1,
        rows: 2,
        values: 3,
        rejected: 4,
        code: 'X',
        message: 'm',
        startedAt: NOW + 5,
        endedAt: NOW + 6,
      });
      await store.recordFetch(done);
      assert.deepEqual(await listed(), [done]);
    });

    test('fetches are narrowed by each part of the question, newest first, up to the limit', async () => {
      const others: Partial<FetchRecord>[] = [
        {},
        { connector: 'miso' },
        { dataset: 'rt_lmp' },
        { runId: 'run-2' },
        { request: 'other' },
        { attempt: 2 },
      ];
      for (const [i, other] of others.entries())
        await store.recordFetch(fetched({ ...other, startedAt: NOW + i }));
      await store.recordFetch(fetched({ tenant: `${own}-2`, startedAt: NOW + 50 }));
      assert.deepEqual(
        (await listed()).map((row) => row.startedAt - NOW),
        [5, 4, 3, 2, 1, 0],
      );
      assert.deepEqual(
        (await listed({ limit: 2 })).map((row) => row.startedAt - NOW),
        [5, 4],
      );
      const narrowed = async (part: object): Promise<number[]> =>
        (await listed(part)).map((row) => row.startedAt - NOW);
      assert.deepEqual(await narrowed({ connector: 'miso' }), [1]);
      assert.deepEqual(await narrowed({ dataset: 'rt_lmp' }), [2]);
      assert.deepEqual(await narrowed({ runId: 'run-2' }), [3]);
      assert.deepEqual(await narrowed({ request: 'other' }), [4]);
      assert.deepEqual(await narrowed({ connector: 'miso', dataset: 'rt_lmp' }), []);
    });

    test('bodies of a request are those archived or published, newest first', async () => {
      const outcomes: FetchOutcome[] = [
        'published',
        'retried',
        'archived',
        'unchanged',
        'no_data',
        'rejected',
        'failed',
        'published',
      ];
      for (const [i, outcome] of outcomes.entries())
        await store.recordFetch(fetched({ runId: `r${i}`, outcome, startedAt: NOW + i }));
      for (const other of [{ request: 'x' }, { dataset: 'x' }, { connector: 'x' }, { tenant: `${own}-2` }])
        await store.recordFetch(fetched({ ...other, runId: 'foreign', startedAt: NOW + 90 }));
      const bodies = (limit: number): Promise<FetchRecord[]> =>
        store.bodiesOf(own, 'nyiso', 'da_lmp', fetched().request, limit);
      assert.deepEqual(
        (await bodies(10)).map((row) => row.runId),
        ['r7', 'r2', 'r0'],
      );
      assert.deepEqual(
        (await bodies(1)).map((row) => row.runId),
        ['r7'],
      );
    });

    test('of several takers at the same time one gets the lease', async () => {
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.acquireLease(own, `h${i}`, NOW, NOW + HOUR)),
      );
      assert.equal(taken.filter(Boolean).length, 1);
    });
  });
}
