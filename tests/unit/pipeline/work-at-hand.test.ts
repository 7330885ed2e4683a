/** Work that was told to stop is waited for, and left when it does not end. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkAtHand } from '../../../app/pipeline/work-at-hand.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

const hand = (): WorkAtHand => new WorkAtHand({ clock: systemClock, telemetry: { emit: () => {} } });

/** What became of it so far. */
function outcomeOf(work: Promise<void>): { readonly now: () => string } {
  let outcome = 'under way';
  work.then(
    () => {
      outcome = 'done';
    },
    (error: { code?: string; message: string }) => {
      outcome = error.code ?? error.message;
    },
  );
  return { now: () => outcome };
}
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('nothing is left before it was told to stop, nor within the time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = new AbortController();
  const work = Promise.withResolvers<void>();
  const outcome = outcomeOf(hand().untilLeft(work.promise, stop.signal));
  t.mock.timers.tick(3_600_000);
  await turn();
  assert.equal(outcome.now(), 'under way');
  stop.abort();
  t.mock.timers.tick(14_999);
  await turn();
  assert.equal(outcome.now(), 'under way');
  work.resolve();
  await turn();
  assert.equal(outcome.now(), 'done');
});

test('what does not end within the time is left, and its failure afterwards is nobody else’s', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const toldBefore of [false, true]) {
    const stop = new AbortController();
    const work = Promise.withResolvers<void>();
    if (toldBefore) stop.abort();
    const outcome = outcomeOf(hand().untilLeft(work.promise, stop.signal));
    stop.abort();
    t.mock.timers.tick(15_000);
    await turn();
    assert.equal(outcome.now(), 'STORE_UNREACHABLE');
    work.reject(new Error('its connection was closed'));
    await turn();
  }
});

test('a failure is told as it came', async () => {
  const stop = new AbortController();
  await assert.rejects(hand().untilLeft(Promise.reject(new Error('defect')), stop.signal), /defect/);
});
