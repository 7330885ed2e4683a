/** A machine for which there is no chDB: the cluster profile runs, the embedded one says why it cannot. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { carbon, errorOf, newFolder, ROOT, SPRING, start } from './carbon.ts';

const WITHOUT = { NODE_OPTIONS: `--import=${join(ROOT, 'tests/support/without-chdb.ts')}` };

test('the embedded profile says that it lacks its engine, and which profile needs none', async () => {
  const error = await errorOf(78, ['--data', newFolder(), 'replay', SPRING], WITHOUT);
  assert.equal(error['code'], 'RUNTIME_UNSUITABLE');
  assert.match(String(error['message']), new RegExp(`no library for ${process.platform} ${process.arch}`));
});

test('what needs no warehouse works', async () => {
  const { exit, stderr } = await carbon(['decode', SPRING], WITHOUT);
  assert.equal(exit, 0, stderr);
});

test('a service of the cluster profile runs without it', async () => {
  const service = start(['--data', newFolder(), '--profile', 'cluster', 'run', 'normalization'], {
    ...WITHOUT,
    // Nobody is there: it waits for its engines, which it can only do once it has loaded all that it needs.
    DATA_PROC_CLICKHOUSE_URL: 'http://127.0.0.1:1',
    DATA_PROC_POSTGRES_DSN: 'postgres://carbon@127.0.0.1:1/carbon',
    DATA_PROC_KAFKA_BOOTSTRAP: '127.0.0.1:1',
  });
  await service.shown('service.waiting');
  service.child.kill('SIGTERM');
  await service.ended;
});
