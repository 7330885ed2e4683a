/** How many connections a log keeps, as seen from in front of a real broker: no more than it needs, and none when it is closed. */

import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { createConnection, createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { within } from '../../support/engine-server.ts';
import { type OwnBroker, ownBroker } from '../../support/kafka-broker.ts';

const started = await ownBroker();
const skip = typeof started === 'string' ? `no broker: ${started}` : false;
const AT = 1_577_836_800_000;
/** What the client tells of an attempt that failed, before anybody else hears of it. */
const FAILED = 'tracing:plt:kafka:connections:connects:error';

describe('connections of a log', { skip }, () => {
  const broker = started as OwnBroker;
  const clients = new Set<Socket>();
  const front = createServer((client) => {
    const behind = createConnection({ host: '127.0.0.1', port: broker.port });
    clients.add(client);
    client.on('close', () => clients.delete(client));
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ]) {
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  // Without a host it listens before the call returns.
  const listen = (): void => {
    front.listen({ port: broker.advertisedPort });
  };
  const sever = async (): Promise<void> => {
    const closed = new Promise((done) => front.close(done));
    for (const client of clients) client.destroy();
    await closed;
  };
  const open = () => openKafkaLog({ bootstrap: [`127.0.0.1:${broker.advertisedPort}`] });

  before(listen);
  after(async () => {
    await sever();
    await broker.remove();
  });

  test('one that is woken again and again keeps the connections that it has', async () => {
    const log = open();
    await log.createTopic({ name: 'woken', partitions: 1, retention: null });
    for (let i = 0; i < 20; i++) {
      const woken = log.waitForAppend(['woken'], 30_000);
      await delay(20);
      await log.append('woken', 0, [batchOf([String(i), AT])]);
      await woken;
    }
    assert.ok(clients.size <= 3, `${clients.size} connections: one to ask, and one or two to wait`);
    await log.close();
    await within(5000, async () => (clients.size === 0 ? true : null));
  });

  test('a broker that is back between two attempts: nothing is left open when the log is closed', async () => {
    const log = open();
    await log.createTopic({ name: 'back', partitions: 1, retention: null });
    await sever();
    // The first attempt is refused, and the very next one is taken.
    const back = (): void => {
      diagnostics.unsubscribe(FAILED, back);
      listen();
    };
    diagnostics.subscribe(FAILED, back);
    await log.listTopics();
    await log.bounds('back', 0);
    assert.equal(clients.size, 1, 'one connection, and none that nobody knows of');
    await log.close();
    await within(5000, async () => (clients.size === 0 ? true : null));
  });
});
