/** Stores close in the opposite order, all of them whatever the others do; who needs long is named. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Closing } from '../../../app/stores/closing.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';

function world() {
  const told: TelemetryEvent[] = [];
  const closed: string[] = [];
  const closing = new Closing({ emit: (event) => told.push(event) });
  const add = (name: string | null, ms = 0, error: Error | null = null): void =>
    closing.add(name, async () => {
      closed.push(name ?? 'parts');
      await delay(ms);
      if (error !== null) throw error;
    });
  return { closing, told, closed, add };
}

test('the last one opened is closed first, each once, and nothing is told of what closes soon', async () => {
  const { closing, told, closed, add } = world();
  add('warehouse');
  add(null);
  add('cache');
  await closing.closeAll();
  await closing.closeAll();
  assert.deepEqual([closed, told], [['cache', 'parts', 'warehouse'], []]);
});

test('a failure does not keep the others open, and the first one is thrown', async () => {
  const { closing, closed, add } = world();
  add('warehouse', 0, new Error('second'));
  add('event log', 0, new Error('first'));
  add('cache');
  await assert.rejects(closing.closeAll(), /first/);
  assert.deepEqual(closed, ['cache', 'event log', 'warehouse']);
});

test('who needs long is named, failed or not; what has parts leaves it to them', async () => {
  const { closing, told, add } = world();
  add('reference store', 1600, new Error('cut'));
  add(null, 1600);
  await assert.rejects(closing.closeAll(), /cut/);
  assert.deepEqual(
    told.map(({ name, level, facts }) => [name, level, facts['store'], Number(facts['took_ms']) >= 1590]),
    [['closing.slow', 'warning', 'reference store', true]],
  );
});
