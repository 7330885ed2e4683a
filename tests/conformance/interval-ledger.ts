/** What every driver of the interval ledger does. Run from `reference-store.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Landing, LedgerScope } from '../../core/ports/interval-ledger.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { OpenedReference } from './reference-store.ts';

/** 2026-03-08T05:00:00.000001Z: the last microsecond must not be lost. */
const NOW = 1_772_946_000_000_001;
let names = 0;

export function intervalLedgerConformance(name: string, open: () => Promise<OpenedReference>): void {
  describe(`interval ledger: ${name}`, () => {
    let opened: OpenedReference;
    let store: ReferenceStore;
    let scope: LedgerScope;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      scope = { tenant: `l${process.pid}-${Date.now()}-${names++}`, connector: 'nyiso', dataset: 'da_lmp' };
    });
    afterEach(() => opened.close());

    const landing = (hour: number, changes: Partial<Landing> = {}): Landing => ({
      interval: { start: NOW + hour * HOUR, end: NOW + (hour + 1) * HOUR },
      places: '00000000000000aa',
      digest: '0000000000000001',
      values: 45,
      knownAt: NOW,
      sha256: 'ab'.repeat(32),
      ...changes,
    });
    const all = { start: NOW, end: NOW + 100 * HOUR };
    const only = async () => {
      const rows = await store.landedIn(scope, all);
      assert.equal(rows.length, 1);
      return rows[0];
    };

    test('a landing comes back with every value exact', async () => {
      await store.recordLandings(scope, [landing(0)]);
      const { knownAt: _, ...rest } = landing(0);
      assert.deepEqual(await only(), { ...rest, firstKnownAt: NOW, lastKnownAt: NOW, revisions: 0 });
    });

    test('the same again changes nothing; another digest known later is a revision', async () => {
      await store.recordLandings(scope, [landing(0)]);
      await store.recordLandings(scope, [landing(0, { knownAt: NOW + 5, sha256: 'cd' })]);
      assert.deepEqual([(await only())?.revisions, (await only())?.lastKnownAt], [0, NOW]);
      const corrected = landing(0, { digest: '2', knownAt: NOW + 9, sha256: 'cd', values: 44 });
      await store.recordLandings(scope, [corrected]);
      await store.recordLandings(scope, [corrected]);
      const row = await only();
      assert.deepEqual(
        [row?.revisions, row?.digest, row?.values, row?.sha256, row?.firstKnownAt, row?.lastKnownAt],
        [1, '2', 44, 'cd', NOW, NOW + 9],
      );
    });

    test('an older payload never replaces a newer one', async () => {
      await store.recordLandings(scope, [landing(0, { digest: '2', knownAt: NOW + 9 })]);
      await store.recordLandings(scope, [landing(0, { digest: '1', knownAt: NOW })]);
      assert.deepEqual([(await only())?.digest, (await only())?.revisions], ['2', 0]);
    });

    test('other places of the same interval are no revision', async () => {
      await store.recordLandings(scope, [landing(0), landing(0, { places: 'bb', digest: '7' })]);
      const rows = await store.landedIn(scope, all);
      assert.deepEqual(
        rows.map(({ places, revisions }) => [places, revisions]),
        [
          ['00000000000000aa', 0],
          ['bb', 0],
        ],
      );
    });

    test('a window gives what touches it, in order, and nothing of other datasets', async () => {
      await store.recordLandings(scope, [landing(3), landing(0), landing(1), landing(2)]);
      const instant = { start: NOW + HOUR, end: NOW + HOUR };
      await store.recordLandings(scope, [landing(0, { interval: instant })]);
      for (const other of [{ tenant: `${scope.tenant}x` }, { connector: 'miso' }, { dataset: 'rt_lmp' }])
        await store.recordLandings({ ...scope, ...other }, [landing(1), landing(-5)]);
      const hours = async (from: number, to: number): Promise<number[]> =>
        (await store.landedIn(scope, { start: NOW + from * HOUR, end: NOW + to * HOUR })).map(
          ({ interval }) => (interval.start - NOW) / HOUR,
        );
      assert.deepEqual(await hours(0, 4), [0, 1, 1, 2, 3]);
      assert.deepEqual(await hours(1, 2), [1, 1], 'half-open, the reading at its begin included');
      assert.deepEqual(await hours(0.5, 1), [0]);
      assert.equal(await store.firstLanded(scope), NOW);
      assert.equal(await store.firstLanded({ ...scope, dataset: 'none' }), null);
    });

    test('told gaps are kept until they are none any more', async () => {
      const gap = (hour: number) => ({ interval: landing(hour).interval, dueAt: NOW });
      const told = async (): Promise<number[]> =>
        (await store.toldGaps(scope, all)).map(({ start }) => (start - NOW) / HOUR);
      await store.noteGaps(scope, all, [gap(2), gap(1)], NOW);
      assert.deepEqual(await told(), [1, 2]);
      await store.noteGaps(scope, all, [gap(2), gap(3)], NOW + 1);
      assert.deepEqual(await told(), [2, 3], 'one filled, one new');
      await store.noteGaps({ ...scope, dataset: 'rt_lmp' }, all, [], NOW + 1);
      await store.noteGaps(scope, { start: NOW, end: NOW + 2 * HOUR }, [], NOW + 2);
      assert.deepEqual(await told(), [2, 3], 'what lies outside the window stays');
    });
  });
}
