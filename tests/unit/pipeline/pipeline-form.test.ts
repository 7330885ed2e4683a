/** The fused pipeline and the services of its stages shut each other out, and each lets its own kind in. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELD_MS, holdForm, sharedWhileHeld } from '../../../app/stores/pipeline-form.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { PartitionShare } from '../../../core/ports/partition-share.ts';
import { openSqliteReference } from '../../../drivers/sqlite-reference/reference-store.ts';

const START = 1_772_946_000_000_000;

/** A clock that sleeping moves on. */
function leap(): Clock & { pass(ms: number): void } {
  let now = START;
  const pass = (ms: number): void => {
    now += ms * 1000;
  };
  return { now: () => now, sleep: async (ms) => pass(ms), pass };
}

const refused = { code: 'PLAN_CONFLICT' };

test('several of one form, none of the other, until the last has been gone for a while', async () => {
  const reference = openSqliteReference({ path: ':memory:' });
  const clock = leap();
  const [first, second] = [
    await holdForm(reference, clock, 'services'),
    await holdForm(reference, clock, 'services'),
  ];
  const began = clock.now();
  // Both are renewed for as long as the fused one waits.
  const renewing: Clock = {
    ...clock,
    sleep: async (ms) => {
      await reference.acquireLease('pipeline-form', 'services', clock.now(), clock.now() + HELD_MS * 1000);
      clock.pass(ms);
    },
  };
  await assert.rejects(holdForm(reference, renewing, 'fused'), refused);
  assert.ok(clock.now() > began + HELD_MS * 1000, 'it waited for the others to end');
  first.letGo();
  second.letGo();
  const fused = await holdForm(reference, clock, 'fused');
  fused.check();
  fused.letGo();
  await reference.close();
});

test('a form that was lost takes no more partitions', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const reference = openSqliteReference({ path: ':memory:' });
  const clock = leap();
  const held = await holdForm(reference, clock, 'services');
  let closed = false;
  const share = {
    take: () => [],
    close: async () => {
      closed = true;
    },
  } as unknown as PartitionShare;
  const shared = sharedWhileHeld(share, held);
  assert.deepEqual(shared.take(), []);
  // Cut off for longer than it is held; the other form begins meanwhile.
  clock.pass(HELD_MS + 1);
  assert.equal(
    await reference.acquireLease('pipeline-form', 'fused', clock.now(), clock.now() + HELD_MS * 1000),
    true,
  );
  t.mock.timers.tick(5_000);
  await new Promise((done) => setImmediate(done));
  assert.throws(() => shared.take(), refused);
  await shared.close();
  assert.ok(closed);
  await reference.close();
});
