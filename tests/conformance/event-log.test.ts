import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openKafkaLog } from '../../drivers/kafka/event-log.ts';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import { sharedBroker } from '../support/kafka-broker.ts';
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

const broker = await sharedBroker();
if (typeof broker === 'string') test.skip(`event log: Kafka, no broker: ${broker}`);
else
  for (const compression of ['none', 'lz4', 'zstd'] as const)
    eventLogConformance(`Kafka, compression ${compression}`, async () => {
      const open = () => openKafkaLog({ bootstrap: [broker.plain], compression });
      let log = open();
      return {
        log,
        reopen: async () => {
          await log.close();
          log = open();
          return log;
        },
        close: () => log.close(),
      };
    });
