/** Back-pressure: past the bound a stage waits, and goes on when half of it is left. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BackPressure } from '../../../app/pipeline/back-pressure.ts';
import type { ServiceName } from '../../../app/pipeline/services.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';

const logs: { close(): Promise<void> }[] = [];
after(async () => {
  for (const log of logs) await log.close();
});

async function world(service: ServiceName, topic: string, maxLag: number) {
  const log = openSqliteLog({ path: ':memory:' });
  logs.push(log);
  await log.createTopic({ name: topic, partitions: 2, retention: null });
  const events: TelemetryEvent[] = [];
  const pressure = new BackPressure(service, {
    log,
    telemetry: { emit: (event) => void events.push(event) },
    partitions: new Map([[topic, 2]]),
    runtime: { maxLag },
  });
  const append = async (partition: number, records: number): Promise<void> => {
    const writer = new RecordBatchWriter();
    for (let i = 0; i < records; i++) writer.add(0, null, 0, 0, new Uint8Array(1), 0, 1);
    await log.append(topic, partition, [writer.finish()]);
  };
  const told = (): unknown[] =>
    events.splice(0).map(({ name, facts }) => [name, facts['partition'], facts['group'], facts['lag']]);
  return { log, pressure, append, told };
}

test('it waits past the bound for the slowest reader, and goes on at half of it', async () => {
  const topic = Topic.enrichedTicks;
  const { log, pressure, append, told } = await world('enrichment', topic, 10);
  await append(0, 20);
  await append(1, 3);
  await pressure.look();
  assert.deepEqual([told(), pressure.holds], [[], false], 'nobody has ever read: nobody is waited for');
  await log.commit('aggregation', topic, 1, 0);
  await log.commit('projection', topic, 0, 15);
  await pressure.look();
  assert.deepEqual([told(), pressure.holds], [[['backpressure.on', 0, 'aggregation', 20]], true]);
  await log.commit('aggregation', topic, 0, 14);
  await pressure.look();
  assert.deepEqual([told(), pressure.holds], [[], true]);
  await log.commit('aggregation', topic, 0, 15);
  await pressure.look();
  assert.deepEqual([told(), pressure.holds], [[['backpressure.off', 0, 'aggregation', 5]], false]);
});

test('the fused chain has nobody to wait for', async () => {
  const { log, pressure, append } = await world('pipeline', Topic.normalizedTicks, 1);
  await append(0, 5);
  await log.commit('enrichment', Topic.normalizedTicks, 0, 0);
  await pressure.look();
  assert.equal(pressure.holds, false);
});
