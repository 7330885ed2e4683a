/** The short form of the cluster section of `make chaos`: every service and every engine killed at seeded moments. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enginesOfRun } from './engines.ts';
import { KILLED_ENGINES, killLane, SERVICES } from './kill-lane.ts';

const SEED = 254;
const ROUNDS = 3;
const RECOVERY_MS = 30_000;

test(`five services, Kafka, PostgreSQL, Redis and the warehouse, each killed ${ROUNDS} times: nothing lost, nothing twice`, async (t) => {
  const engines = await enginesOfRun();
  if (typeof engines === 'string') return t.skip(engines);
  const lane = await killLane(engines, { seed: SEED, rounds: ROUNDS, say: (text) => t.diagnostic(text) });
  const { kills, recoveries, cutOff, served } = lane;
  assert.deepEqual(kills, Object.fromEntries([...SERVICES, ...KILLED_ENGINES].map((name) => [name, ROUNDS])));
  for (const [target, times] of Object.entries(recoveries))
    for (const ms of times) assert.ok(ms <= RECOVERY_MS, `${target} recovered in ${ms} ms`);
  for (const [engine, statuses] of Object.entries(served))
    assert.deepEqual(statuses, Array<number>(ROUNDS).fill(200), `reads while ${engine} is away`);
  assert.ok(cutOff > 0, 'no store went away while a plan was under way');
});
