/**
 * A process that opens one driver, has something under way, and closes when it is told to on standard input. It ends by
 * itself or not at all: nothing here calls `exit`.
 */

import { createInterface } from 'node:readline';
import { openClickHouse } from '../../../drivers/clickhouse/warehouse.ts';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { openRedisCache } from '../../../drivers/redis-cache/hot-cache.ts';
import { openStore } from '../../support/postgres-databases.ts';

/** A driver that is open, and how it is closed. */
interface Opened {
  /** Calls the engine, and does not wait. What it does is of no matter. */
  ask(): Promise<unknown>;
  close(): Promise<void>;
}

const OPENERS: Readonly<Record<string, (address: string) => Promise<Opened>>> = {
  redis: async (url) => {
    const cache = openRedisCache({ url });
    while (!(await wasWritten(cache))) await pause(20);
    return { ask: () => cache.getMany([`absent.${performance.now()}`]), close: () => cache.close() };
  },
  postgres: async (dsn) => {
    const store = await openStore(dsn);
    store.onReferenceChange(() => {});
    await store.leaseOf('readiness');
    return { ask: () => store.leaseOf('readiness'), close: () => store.close() };
  },
  warehouse: async (url) => {
    const warehouse = openClickHouse({ urls: [url, url] });
    await warehouse.queryRows('SELECT 1');
    return { ask: () => warehouse.queryRows('SELECT 1'), close: () => warehouse.close() };
  },
  kafka: (bootstrap) => openLog(bootstrap, 'consumer'),
  'kafka classic': (bootstrap) => openLog(bootstrap, 'classic'),
};

async function openLog(bootstrap: string, protocol: 'consumer' | 'classic'): Promise<Opened> {
  const log = openKafkaLog({ bootstrap: [bootstrap] });
  const topic = `closing.${process.pid}`;
  await log.createTopic({ name: topic, partitions: 2, retention: null });
  const share = await log.joinGroup({
    group: `g.${topic}`,
    topics: [topic],
    protocol,
    onUnheard: ({ message }) => say({ unheard: message }),
  });
  while (share.owned.length < 2) {
    share.take();
    await pause(20);
  }
  return {
    ask: () => Promise.all([log.listTopics(), log.waitForAppend([topic], 30_000)]),
    close: async () => {
      await share.close();
      await log.close();
    },
  };
}

async function wasWritten(cache: ReturnType<typeof openRedisCache>): Promise<boolean> {
  await cache.setMany([['probe', '1']], 60);
  return cache.stats().dropped === 0 || (await cache.getMany(['probe']))[0] === '1';
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const say = (facts: object): boolean => process.stdout.write(`${JSON.stringify(facts)}\n`);

const [engine, address] = process.argv.slice(2);
const opened = await OPENERS[engine](address);
const input = createInterface({ input: process.stdin });
input.on('line', (word) => {
  if (word === 'ask') void opened.ask().catch(() => {});
  else {
    input.close();
    process.stdin.destroy();
    opened.close().then(
      () => say({ closed: true }),
      (error) => say({ closed: String(error) }),
    );
  }
});
say({ open: true });
