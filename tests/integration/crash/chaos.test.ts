/** The short form of `make chaos`: lanes of each kind, over the days of three markets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChaos } from './chaos.ts';

/** A fused lane, three split ones and one that pulls. */
const SEED = 254;
const KILLS = 50;

test(`killed at ${KILLS} moments from seed ${SEED}, several in a row: nothing lost, nothing twice`, async (t) => {
  const { lanes, failures } = await runChaos({ seed: SEED, kills: KILLS, say: (text) => t.diagnostic(text) });
  if (failures.length > 0) throw failures[0];
  assert.deepEqual(lanes.map(({ kind }) => kind).sort(), ['fused', 'pull', 'split', 'split', 'split']);
  const killed = lanes.flatMap(({ kills }) => Object.values(kills)).reduce((a, b) => a + b, 0);
  assert.equal(killed, KILLS, 'processes that were killed');
});
