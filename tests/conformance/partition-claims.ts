/** What every ReferenceStore driver does about the ownership of partitions. Run from `reference-store.test.ts`. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { Plan } from '../../core/stage/plan.ts';
import { fails, NOW, type OpenedReference, planOf } from './reference-store.ts';

let names = 0;

export function partitionClaimConformance(name: string, open: () => Promise<OpenedReference>): void {
  describe(`claims of partitions: ${name}`, () => {
    let opened: OpenedReference;
    let store: ReferenceStore;
    /** A group that no other test has. */
    let own: string;
    let plan: Plan;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      own = `claims-${process.pid}-${Date.now()}-${names++}`;
      plan = planOf(own);
    });
    afterEach(() => opened.close());
    const openPlan = (): Promise<Plan | null> => store.openPlan(own, plan.topic, plan.partition);
    const next = (changes: Partial<Plan>): Plan => ({ ...plan, from: plan.to, to: plan.to + 50, ...changes });
    const claim = () => store.claimPartition(own, plan.topic, plan.partition);
    const confirm = (fence: number) => store.confirmClaim(own, plan.topic, plan.partition, fence);

    test('who claims a partition owns it, and finds what the owner before left', async () => {
      await assert.rejects(confirm(1), fails('PLAN_CONFLICT'), 'never claimed');
      const first = await claim();
      assert.deepEqual([first.open, first.last], [null, null]);
      await confirm(first.fence);
      const own1 = { ...plan, fence: first.fence };
      await store.storePlan(own1);
      await store.finishPlan(own1);
      const own2 = next({ fence: first.fence });
      await store.storePlan(own2);
      const second = await claim();
      assert.ok(second.fence > first.fence);
      assert.deepEqual([second.open, second.last], [own2, own1]);
      await confirm(second.fence);
    });

    test('a claim shuts the former owner out of everything: storing, storing again, finishing', async () => {
      const { fence } = await claim();
      await store.storePlan({ ...plan, fence });
      const newer = await claim();
      await assert.rejects(confirm(fence), fails('PLAN_CONFLICT'));
      await assert.rejects(store.storePlan({ ...plan, fence }), fails('PLAN_CONFLICT'));
      await assert.rejects(store.finishPlan({ ...plan, fence }), fails('PLAN_CONFLICT'));
      assert.deepEqual(await openPlan(), { ...plan, fence }, 'nothing changed');
      await store.storePlan({ ...plan, fence: newer.fence });
      await store.finishPlan({ ...plan, fence: newer.fence });
      await assert.rejects(store.storePlan(next({ fence })), fails('PLAN_CONFLICT'));
      assert.equal(await openPlan(), null);
    });

    test('a claim is above fences that were stored without one', async () => {
      await store.storePlan({ ...plan, fence: NOW });
      await store.finishPlan({ ...plan, fence: NOW });
      assert.ok((await claim()).fence > NOW);
    });

    test('groups, topics and partitions have claims of their own', async () => {
      const { fence } = await claim();
      await store.claimPartition(`${own}-b`, plan.topic, plan.partition);
      await store.claimPartition(own, 'other', plan.partition);
      await store.claimPartition(own, plan.topic, plan.partition + 1);
      await confirm(fence);
    });

    test('of several that claim at the same time the one with the greatest fence owns', async () => {
      const claims = await Promise.all(Array.from({ length: 8 }, claim));
      const fences = claims.map(({ fence }) => fence);
      assert.equal(new Set(fences).size, 8);
      const newest = Math.max(...fences);
      for (const fence of fences)
        if (fence === newest) await confirm(fence);
        else await assert.rejects(confirm(fence), fails('PLAN_CONFLICT'));
    });
  });
}
