/** The short form of the storm of `make chaos`: frozen processes, then a minute of rebalances. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enginesOfRun } from './engines.ts';
import { stormLane } from './storm-lane.ts';

/** Sessions of the tests last for 5 s. */
const ORDER = { seed: 254, frozenMs: 10_000, stormMs: 60_000 };

test('frozen beyond the session and thawed, then instances that come and go for a minute: exact results', async (t) => {
  const engines = await enginesOfRun();
  if (typeof engines === 'string') return t.skip(engines);
  const lane = await stormLane(engines, { ...ORDER, say: (text) => t.diagnostic(text) });
  assert.ok(lane.joined > 0 && lane.left + lane.killed > 0, JSON.stringify(lane));
});
