/** `up --split`: five services as five processes of one command. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { daemon, errorOf, newFolder, replay, rowsOf, SPRING, start } from './carbon.ts';

const folders: string[] = [];
after(() => {
  for (const data of folders) for (const pid of childrenOf(data).values()) process.kill(pid, 'SIGKILL');
});

/** A folder whose services do not outlive the tests. */
function folder(): string {
  const data = newFolder();
  folders.push(data);
  return data;
}

/** Process ids of the command's children, by the service that each runs. */
function childrenOf(data: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let args: string[] = [];
    try {
      args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      // It ended while the list was read.
    }
    const run = args.indexOf('run');
    if (run > 0 && args.includes(data)) found.set(args[run + 1], Number(pid));
  }
  return found;
}

const gone = async (data: string): Promise<void> => {
  for (let tries = 0; childrenOf(data).size > 0 && tries < 100; tries++)
    await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual([...childrenOf(data).keys()], []);
};

test('five services work a file through; one that is killed comes back; a signal ends all cleanly', async () => {
  const data = folder();
  const running = await daemon(data, ['up', '--split']);
  for (const name of ['connector-registry', 'normalization', 'enrichment', 'aggregation', 'projection'])
    await running.shown(`"service":"${name}","event":"service.started"`);
  const before = childrenOf(data);
  assert.equal(before.size, 5);
  process.kill(before.get('aggregation') ?? 0, 'SIGKILL');
  await running.shown('process.ended');
  await replay(data, SPRING);
  const bars = await rowsOf(data, 'bars', 'NYISO.DA.LMP.N.Y.C.', '--interval', '1h');
  assert.equal(bars.length, 23);
  const after = childrenOf(data);
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
