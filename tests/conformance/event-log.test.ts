import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import { eventLogConformance } from './event-log.ts';

for (const durability of ['process', 'power'] as const)
  eventLogConformance(`SQLite, durability ${durability}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'event-log-'));
    const path = join(folder, 'new', 'log.db');
    let log = openSqliteLog({ path, durability });
    return {
      log,
      reopen: async () => {
        await log.close();
        log = openSqliteLog({ path, durability });
        return log;
      },
      close: async () => {
        await log.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
