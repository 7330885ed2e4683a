/** What every driver of the job store does. Run from `reference-store.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { JOB_STATUSES, type Job, type JobStatus, type NewJob } from '../../core/model/job.ts';
import type { JobLease } from '../../core/ports/job-store.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { OpenedReference } from './reference-store.ts';

/** 2026-03-08T05:00:00.000001Z: the last microsecond must not be lost. */
const NOW = 1_772_946_000_000_001;
let names = 0;

export function jobStoreConformance(name: string, open: () => Promise<OpenedReference>): void {
  describe(`job store: ${name}`, () => {
    let opened: OpenedReference;
    let store: ReferenceStore;
    /** A name that no other test has. */
    let own: string;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      own = `j${process.pid}-${Date.now()}-${names++}`;
    });
    afterEach(() => opened.close());

    const newJob = (changes: Partial<NewJob> = {}): NewJob => ({
      id: own,
      tenant: own,
      requestId: "week '36' ☃",
      requestedBy: 'desk',
      window: { start: NOW, end: NOW + HOUR },
      instruments: ['NG_HH_BALMO', "O'NEIL"],
      market: 'MISO',
      dryRun: true,
      createdAt: NOW,
      error: null,
      ...changes,
    });
    const lease = (holder: string, now = NOW): JobLease => ({ holder, now, until: now + MINUTE });
    const take = (holder: string, now = NOW): Promise<Job | null> => store.takeJob(lease(holder, now), own);
    const statusOf = async (): Promise<JobStatus | undefined> => (await store.jobOf(own, own))?.status;

    test('a job comes back with every value exact, and the same id again is the same job', async () => {
      const { job, created } = await store.createJob(newJob());
      const { error, ...rest } = newJob();
      const fresh = { kind: 'backfill', status: 'pending', place: '', done: 0, total: 0, differences: 0 };
      const times = { startedAt: null, updatedAt: NOW, endedAt: null };
      const nobody = { holder: '', leaseUntil: 0, told: '' };
      assert.deepEqual([created, job], [true, { ...rest, ...fresh, error, ...times, ...nobody }]);
      const again = await store.createJob(newJob({ market: null, createdAt: NOW + 5 }));
      assert.deepEqual([again.created, again.job], [false, job]);
      assert.deepEqual(await store.jobOf(own, own), job);
      assert.equal(await store.jobOf('another', own), null);
      const failed = await store.createJob(
        newJob({ id: `${own}-f`, error: { code: 'USAGE_INVALID', message: 'ü' } }),
      );
      assert.deepEqual(
        [failed.job.status, failed.job.error?.message, failed.job.endedAt],
        ['failed', 'ü', NOW],
      );
      if (opened.reopen === undefined) return;
      store = await opened.reopen();
      assert.deepEqual(await store.jobOf(own, own), job);
    });

    test('one holder at a time, until its lease ends; the next one finds the place', async () => {
      await store.createJob(newJob());
      const [a, b] = await Promise.all([take('a'), take('b')]);
      assert.equal([a, b].filter((job) => job !== null).length, 1);
      const holder = a === null ? 'b' : 'a';
      assert.deepEqual([a?.status ?? b?.status, a?.startedAt ?? b?.startedAt], ['running', NOW]);
      const progress = { place: '{"day":3}', done: 7, total: 2 ** 40, differences: 2 };
      const saved = await store.saveJob(own, lease(holder, NOW + 5), progress);
      assert.deepEqual(
        [saved?.place, saved?.done, saved?.total, saved?.differences, saved?.leaseUntil],
        ['{"day":3}', 7, 2 ** 40, 2, NOW + 5 + MINUTE],
      );
      assert.equal(await take('c', NOW + MINUTE), null);
      const next = await take('c', NOW + 5 + MINUTE);
      assert.deepEqual([next?.holder, next?.place, next?.startedAt], ['c', '{"day":3}', NOW]);
      // Who lost it can change nothing any more.
      assert.equal(await store.saveJob(own, lease(holder, NOW + 9), { ...progress, done: 1 }), null);
      assert.equal(await store.endJob(own, holder, NOW + 9, null), null);
      await store.leaveJob(own, holder);
      assert.deepEqual([(await store.jobOf(own, own))?.holder, await statusOf()], ['c', 'running']);
      await store.leaveJob(own, 'c');
      assert.equal(await statusOf(), 'pending');
      assert.equal((await take('d', NOW + 9))?.holder, 'd');
    });

    test('the oldest is taken first; those that wait, are paused, or have ended are not', async () => {
      for (const [k, id] of ['y', 'x'].entries())
        await store.createJob(newJob({ id: `${own}-${id}`, createdAt: NOW - 100 * HOUR + k }));
      // Other cases leave jobs of their own: theirs are newer.
      const first = await store.takeJob(lease('a', NOW - 50 * HOUR), null);
      assert.equal(first?.id, `${own}-y`);
      await store.changeJob(own, `${own}-x`, ['pending'], 'paused', NOW);
      assert.equal(await store.takeJob(lease('a'), `${own}-x`), null);
      assert.equal(await store.takeJob(lease('b', NOW - 50 * HOUR), `${own}-y`), null);
      await store.endJob(`${own}-y`, 'a', NOW, null);
      await store.changeJob(own, `${own}-x`, ['paused'], 'cancelled', NOW);
      for (const id of ['x', 'y']) assert.equal(await store.takeJob(lease('a'), `${own}-${id}`), null);
    });

    test('a paused or cancelled job tells its holder, who keeps his place and no lease', async () => {
      await store.createJob(newJob());
      await take('a');
      const change = (from: readonly JobStatus[], to: JobStatus): Promise<Job | null> =>
        store.changeJob(own, own, from, to, NOW + 7);
      assert.equal(await change(['pending'], 'cancelled'), null);
      assert.equal((await change(['pending', 'running'], 'paused'))?.status, 'paused');
      const progress = { place: 'p', done: 1, total: 2, differences: 0 };
      const saved = await store.saveJob(own, lease('a', NOW + 8), progress);
      assert.deepEqual([saved?.status, saved?.place, saved?.leaseUntil], ['paused', 'p', NOW + MINUTE]);
      assert.equal(await store.endJob(own, 'a', NOW + 9, null), null);
      await store.leaveJob(own, 'a');
      assert.equal(await statusOf(), 'paused');
      assert.equal(await store.changeJob('another', own, ['paused'], 'pending', NOW), null);
      await change(['paused'], 'pending');
      assert.equal((await take('b'))?.place, 'p');
      const cancelled = await change(['running'], 'cancelled');
      assert.deepEqual([cancelled?.status, cancelled?.endedAt], ['cancelled', NOW + 7]);
    });

    test('it ends well, or with what it failed for', async () => {
      for (const [id, error] of [
        ['good', null],
        ['bad', { code: 'NOT_FOUND', message: 'nothing' }],
      ] as const) {
        await store.createJob(newJob({ id: `${own}-${id}` }));
        await store.takeJob(lease('a'), `${own}-${id}`);
        const ended = await store.endJob(`${own}-${id}`, 'a', NOW + 3, error);
        assert.deepEqual(
          [ended?.status, ended?.error, ended?.endedAt, ended?.holder, ended?.leaseUntil],
          [error === null ? 'succeeded' : 'failed', error, NOW + 3, '', 0],
        );
      }
    });

    test('lists are the newest first, of what is asked for', async () => {
      for (let k = 0; k < 3; k++) await store.createJob(newJob({ id: `${own}-${k}`, createdAt: NOW + k }));
      await store.changeJob(own, `${own}-1`, ['pending'], 'paused', NOW);
      const ids = async (changes: object): Promise<string[]> =>
        (await store.listJobs({ tenant: own, limit: 10, ...changes })).map(({ id }) => id.slice(-1));
      assert.deepEqual(await ids({}), ['2', '1', '0']);
      assert.deepEqual(await ids({ limit: 2 }), ['2', '1']);
      assert.deepEqual(await ids({ status: 'paused' }), ['1']);
      // Of several who told a state one is the first; what is past is not noted.
      const told = (id: string): Promise<boolean> => store.noteTold(`${own}-${id}`, 'pending');
      assert.deepEqual([await told('2'), await told('2'), await told('1')], [true, false, false]);
      assert.deepEqual(await ids({ untold: true }), ['1', '0']);
      for (const status of JOB_STATUSES) await ids({ status });
    });
  });
}
