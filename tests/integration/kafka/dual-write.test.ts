/** One topic gives way to the next on a real broker: the same runner, the same policy, the same twins. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { startWorker } from '../../../app/pipeline/worker.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { recordsOf } from '../../support/ingest-world.ts';
import { sharedBroker } from '../../support/kafka-broker.ts';
import {
  INSTRUMENTS,
  isOfHour,
  NOTICES,
  newWorldFolder,
  noticesBy,
  openVersionWorld,
  publishHour,
  saidBy,
  V1,
  V2,
  writePolicy,
} from '../../support/version-world.ts';

const broker = await sharedBroker();
const skip = typeof broker === 'string' ? `no broker: ${broker}` : false;

test('both, then the second alone, on Kafka', { skip }, async () => {
  if (typeof broker === 'string') return;
  const log = openKafkaLog({ bootstrap: [broker.plain] });
  const folder = newWorldFolder();
  const now = systemClock.now();
  // The broker outlives a run of this file: what counts is what comes from here on.
  const ends = new Map<string, number[]>();
  const said = async ({ registry }: Stores, topic: string) =>
    recordsOf(log, registry, topic, ends.get(topic) ?? []);
  try {
    for (const [hour, write] of [
      [1, 'both'],
      [2, 'v2'],
    ] as const) {
      writePolicy(folder, write);
      const { world, stores } = await openVersionWorld(folder, now, log);
      for (const topic of hour === 1 ? [V1, V2, NOTICES] : [])
        ends.set(topic, [(await log.bounds(topic, 0)).end, (await log.bounds(topic, 1)).end]);
      const worker = await startWorker('projection', stores);
      await worker.catchUp();
      await publishHour(stores, hour, now);
      await worker.catchUp();
      await worker.close();
      const first = saidBy(await said(stores, V1), V1);
      const second = saidBy(await said(stores, V2), V2);
      assert.equal(first.length, INSTRUMENTS.length);
      assert.deepEqual(second.filter(isOfHour(1)), first);
      assert.equal(second.filter(isOfHour(2)).length, hour === 1 ? 0 : INSTRUMENTS.length);
      const notices = noticesBy(await said(stores, NOTICES));
      assert.deepEqual(
        notices.map((notice) => notice.write),
        hour === 1 ? ['both'] : ['both', 'v2'],
      );
      assert.equal(notices.at(-1)?.revision, (notices[0]?.revision ?? 0) + hour - 1);
      await world.close();
    }
  } finally {
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
