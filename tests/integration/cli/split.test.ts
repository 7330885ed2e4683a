/** `up --split`: five services as five processes of one command. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { daemon, errorOf, newFolder, replay, rowsOf, SPRING, servicesOf, start } from './carbon.ts';

const folders: string[] = [];
after(() => {
  for (const data of folders) for (const pid of servicesOf(data).values()) process.kill(pid, 'SIGKILL');
});

/** A folder whose services do not outlive the tests. */
function folder(): string {
  const data = newFolder();
  folders.push(data);
  return data;
}

const gone = async (data: string): Promise<void> => {
  for (let tries = 0; servicesOf(data).size > 0 && tries < 100; tries++)
    await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual([...servicesOf(data).keys()], []);
};

test('five services work a file through; one that is killed comes back; a signal ends all cleanly', async () => {
  const data = folder();
  const running = await daemon(data, ['up', '--split']);
  for (const name of ['connector-registry', 'normalization', 'enrichment', 'aggregation', 'projection'])
    await running.shown(`"service":"${name}","event":"service.started"`);
  const before = servicesOf(data);
  assert.equal(before.size, 5);
  process.kill(before.get('aggregation') ?? 0, 'SIGKILL');
  await running.shown('process.ended');
  await replay(data, SPRING);
  const bars = await rowsOf(data, 'bars', 'NYISO.DA.LMP.N.Y.C.', '--interval', '1h');
  assert.equal(bars.length, 23);
  const after = servicesOf(data);
  assert.notEqual(after.get('aggregation'), before.get('aggregation'));
  assert.equal(after.get('projection'), before.get('projection'));
  running.child.kill('SIGTERM');
  const { exit, stderr } = await running.ended;
  assert.equal(exit, 0, stderr);
  assert.equal(stderr.match(/"event":"service.stopped"/g)?.length, 5);
  await gone(data);
});

test('services do not outlive a command that is killed', async () => {
  const data = folder();
  const running = await daemon(data, ['up', '--split']);
  running.child.kill('SIGKILL');
  await running.ended;
  await gone(data);
});

test('what would fail again ends the command, with its code', async () => {
  const error = await errorOf(78, ['--data', newFolder(), 'up', '--split'], { DATA_PROC_PARTITIONS: 'many' });
  assert.equal(error['code'], 'CONFIG_INVALID');
  // One that only a service meets: all others are stopped, too.
  const data = folder();
  const running = start(['--data', data, 'up', '--split'], { NORMALIZATION_RULES_PATH: '/nowhere.yaml' });
  assert.equal((await running.ended).exit, 2);
  await gone(data);
});
