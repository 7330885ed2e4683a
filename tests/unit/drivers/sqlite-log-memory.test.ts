import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { temporaryFolder } from './child.ts';

test('an append leaves nothing behind in memory, however many came before it', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const log = openSqliteLog({ path: join(await temporaryFolder(t), 'log.db') });
  await log.createTopic({ name: 'a', partitions: 1, retention: null });
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const appendMany = async (): Promise<void> => {
    for (let k = 0; k < 4000; k++) await log.append('a', 0, [batchOf(['x', 1])]);
  };
  await appendMany();
  const before = used();
  await appendMany();
  const grown = used() - before;
  assert.ok(grown < 200_000, `${grown} bytes more after 4,000 appends`);
  await log.close();
});
