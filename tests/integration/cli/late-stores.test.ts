/** A service whose engines are not there can be told to stop, and ends at once for what no waiting mends. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, newFolder, start } from './carbon.ts';

/** Nobody listens on this port. */
const NOBODY = { DATA_PROC_PROFILE: 'cluster', DATA_PROC_CLICKHOUSE_URL: 'http://127.0.0.1:1' };

test('told to stop while it waits it ends with 0, and says that it never started', async () => {
  const service = start(['--data', newFolder(), 'run', 'aggregation'], NOBODY);
  await service.shown('"event":"service.waiting"');
  service.child.kill('SIGTERM');
  const { exit, stderr } = await service.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /"error":"the store at http:\/\/127.0.0.1:1 does not answer/);
  assert.doesNotMatch(stderr, /service.started|closing.left/);
});

test('a command that is no service does not wait', async () => {
  const error = await errorOf(7, ['--data', newFolder(), 'latest'], NOBODY);
  assert.equal(error['code'], 'STORE_UNREACHABLE');
});

test('a setting that is wrong is told at once', async () => {
  const error = await errorOf(78, ['--data', newFolder(), '--log-level', 'error', 'run', 'aggregation'], {
    ...NOBODY,
    DATA_PROC_PARTITIONS: 'many',
  });
  assert.equal(error['code'], 'CONFIG_INVALID');
});
