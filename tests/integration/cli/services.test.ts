/** The four stages as processes of their own give what the fused chain gives. */

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AUTUMN, carbon, daemon, edited, newFolder, type Running, replay, rowsOf, start } from './carbon.ts';

const SERVICES = ['normalization', 'enrichment', 'aggregation', 'projection'] as const;
/** Where a row came from and when it was written differ between the two by their nature. */
const POSITION = ['src_topic', 'src_partition', 'src_offset', 'ingested_at', 'trace_id'];

/** Every row of what is read, in one order, without the columns of its way here. */
async function contents(data: string): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of ['silver_ticks', 'bars_history', 'served_latest_prices']) {
    const rows = await rowsOf(data, 'sql', `SELECT * FROM ${table}`);
    assert.ok(rows.length > 0, table);
    for (const row of rows) for (const name of POSITION) delete row[name];
    tables[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
}

test('normalization, enrichment, aggregation and projection apart equal the fused run', async () => {
  const corrected = edited(AUTUMN, '"CAPITL",61757,-3.31,', '"CAPITL",61757,77.25,');
  const fused = newFolder();
  await replay(fused, AUTUMN);
  await replay(fused, corrected);
  // The archive knows when each payload was first seen: with it the known times are the same on both sides.
  const apart = newFolder();
  cpSync(join(fused, 'archive'), join(apart, 'archive'), { recursive: true });
  const running: Running[] = await Promise.all(SERVICES.map((service) => daemon(apart, ['run', service])));
  const { stderr } = await replay(apart, AUTUMN);
  assert.match(stderr, /waiting for it/);
  await replay(apart, corrected);
  assert.deepEqual(await contents(apart), await contents(fused));
  const list = await rowsOf(apart, 'tap', '--list');
  for (const topic of ['normalized.market.ticks.v1', 'enriched.market.ticks.v1'])
    assert.equal(list.find((row) => row['topic'] === topic)?.['records'], 25 * 45 + 1, topic);
  for (const { child } of running) child.kill('SIGTERM');
  for (const { ended } of running) assert.equal((await ended).exit, 0);
});

test('service- in front of a name is understood', async () => {
  const data = newFolder();
  const running = await daemon(data, ['run', 'service-projection']);
  running.child.kill('SIGTERM');
  assert.equal((await running.ended).exit, 0);
  assert.equal((await carbon(['--data', data, 'run', 'service-nope'])).exit, 2);
});

test('replay waits for the last of the stages', async () => {
  const data = newFolder();
  const running = [await daemon(data, ['run', 'normalization'])];
  running.push(...(await Promise.all(SERVICES.slice(1).map((service) => daemon(data, ['run', service])))));
  const last = running[3].child;
  last.kill('SIGSTOP');
  const waiting = start(['--data', data, '--json', 'replay', AUTUMN]);
  const ended = waiting.ended.then(() => 'ended');
  await waiting.shown('waiting for it');
  const pause = new Promise((done) => setTimeout(done, 2500, 'still waiting'));
  assert.equal(await Promise.race([ended, pause]), 'still waiting');
  last.kill('SIGCONT');
  const { exit, stdout, stderr } = await waiting.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /"served":"latest_prices","rows":"45"/);
  for (const { child } of running.toReversed()) child.kill('SIGTERM');
  for (const { ended: stopped } of running) assert.equal((await stopped).exit, 0);
});
