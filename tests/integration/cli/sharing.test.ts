/** Processes that share a stage by partitions, and a stage that waits for the one after it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, linesOf, newFolder, type Running, rowsOf, start } from './carbon.ts';
import { appendRaw, tradeAt } from './raw-record.ts';

const RAW = 'ingestion.miso.raw.v1';
const TICKS = 'normalized.market.ticks.v1';
const NO_HTTP = { DATA_PROC_HTTP: 'off', DATA_PROC_PARTITIONS: '4' };

async function service(data: string, name: string, variables: Record<string, string> = {}): Promise<Running> {
  const running = start(['--data', data, 'run', name], { ...NO_HTTP, ...variables });
  await running.shown('service.started');
  return running;
}

/** Appends one trade to each of the four partitions, each with a price of its own. */
async function trade(data: string, round: number): Promise<void> {
  const at = new Date(Date.UTC(2025, 6, 1, 10, 0, round)).toISOString();
  for (let partition = 0; partition < 4; partition++)
    await appendRaw(data, RAW, partition, tradeAt(at, at, `tenant-${partition}`, `${round}.5`));
}

async function recordsOf(data: string, topic: string): Promise<number> {
  const list = await rowsOf(data, 'tap', '--list');
  return Number(list.find((row) => row['topic'] === topic)?.['records']);
}

/** Waits until a topic holds so many records; fails after about half a minute. */
async function holds(data: string, topic: string, records: number): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await recordsOf(data, topic)) >= records) break;
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.equal(await recordsOf(data, topic), records);
}

test('two processes share the partitions of a stage; when one is killed the other has all within seconds', async () => {
  const data = newFolder();
  const first = await service(data, 'normalization');
  const second = await service(data, 'normalization');
  await second.shown('"owned":"2,3"');
  await trade(data, 1);
  await holds(data, TICKS, 4);
  // The stage is taken: what runs alone has to wait for its turn.
  const error = await errorOf(6, ['--data', data, '--log-level', 'error', 'up'], NO_HTTP);
  assert.equal(error['code'], 'PLAN_CONFLICT');
  first.child.kill('SIGKILL');
  await first.ended;
  await trade(data, 2);
  await second.shown('"owned":"0,1,2,3"');
  await holds(data, TICKS, 8);
  // A newcomer takes its part back, and the work goes on behind the fences of its former owner.
  const third = await service(data, 'normalization');
  await third.shown('"owned":"2,3"');
  await trade(data, 3);
  await holds(data, TICKS, 12);
  third.child.kill('SIGTERM');
  assert.equal((await third.ended).exit, 0);
  await trade(data, 4);
  await holds(data, TICKS, 16);
  second.child.kill('SIGTERM');
  assert.equal((await second.ended).exit, 0);
  const silver = await rowsOf(
    data,
    'sql',
    'SELECT count() AS n, uniqExact(event_id) AS ids FROM silver_ticks',
  );
  assert.deepEqual(silver, [{ n: '16', ids: '16' }]);
});

test('normalization waits while enrichment lags, says so, and goes on when it has caught up', async () => {
  const data = newFolder();
  const reader = await service(data, 'enrichment');
  const writer = await service(data, 'normalization', {
    DATA_PROC_MAX_LAG: '1',
    DATA_PROC_MAX_BATCH_SIZE: '1',
  });
  await trade(data, 1);
  await holds(data, 'enriched.market.ticks.v1', 4);
  reader.child.kill('SIGTERM');
  await reader.ended;
  for (let round = 2; round <= 4; round++) await trade(data, round);
  await writer.shown('backpressure.on');
  const held = await recordsOf(data, TICKS);
  await trade(data, 5);
  await new Promise((done) => setTimeout(done, 1500));
  for (let round = 6; round <= 8; round++) await trade(data, round);
  assert.ok((await recordsOf(data, TICKS)) <= held + 4, 'it went on all the same');
  const again = await service(data, 'enrichment');
  await writer.shown('backpressure.off');
  await holds(data, 'enriched.market.ticks.v1', 32);
  for (const { child } of [writer, again]) child.kill('SIGTERM');
  const { exit, stderr } = await writer.ended;
  assert.equal(exit, 0, stderr);
  const [on] = linesOf(stderr.replaceAll(/^[^{].*$/gm, '')).filter(
    (line) => line['event'] === 'backpressure.on',
  );
  assert.deepEqual(
    [on['stage'], on['topic'], on['group'], on['bound']],
    ['normalization', TICKS, 'enrichment', 1],
  );
  assert.equal((await again.ended).exit, 0);
});
