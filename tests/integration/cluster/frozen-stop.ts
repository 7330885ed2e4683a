/**
 * `carbon up` is told to stop while the warehouse is frozen in the middle of its work: every service ends by itself, within
 * the time that a supervisor allows, and the next start finishes what was left.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../../support/engine-server.ts';
import { newFolder, start } from '../cli/carbon.ts';
import { enginesOfRun } from './engines.ts';
import { ClusterWorld } from './world.ts';

test('a warehouse that is frozen holds no service up, and nothing is lost', async (t) => {
  const engines = await enginesOfRun();
  if (typeof engines === 'string') return t.skip(engines);
  const { servers, emptied } = engines;
  const data = join(newFolder(), 'data');
  const log = { seed: 41, pieces: 10, disorder: 0, markets: ['NYISO', 'MISO'] } as const;
  const world = await ClusterWorld.open(data, await emptied(), log);
  try {
    const fleet = start(['--data', data, 'up'], world.variables);
    await fleet.shown('"service":"normalization","event":"service.started"');
    await world.publish(2);
    await world.caughtUp();
    await servers.warehouse.signal('SIGSTOP');
    await world.publish(4);
    // Plans are under way, and their blocks go nowhere.
    await delay(2000);
    const began = Date.now();
    fleet.child.kill('SIGTERM');
    const { exit, stderr } = await fleet.ended;
    const took = Date.now() - began;
    await servers.warehouse.signal('SIGCONT');
    assert.match(stderr, /"event":"drain.left"/, 'there was work at hand');
    assert.doesNotMatch(stderr, /"event":"(process.ended|closing.left)"/);
    assert.equal(exit, 0, stderr.slice(-4000));
    assert.ok(took < 30_000, `${took} ms`);

    const again = start(['--data', data, 'up'], world.variables);
    await within(60_000, async () => (again.stderr().match(/service.started/g)?.length === 5 ? true : null));
    await world.publishRest();
    await world.verified();
    again.child.kill('SIGTERM');
    assert.equal((await again.ended).exit, 0);
  } finally {
    await servers.warehouse.signal('SIGCONT');
    await world.close();
  }
});
