/** A broker that dies, and answers that are lost: what was appended is there once. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaLog } from '../../../drivers/kafka/event-log.ts';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { batchOf, readAll } from '../../conformance/event-log-records.ts';
import { type OwnBroker, ownBroker } from '../../support/kafka-broker.ts';
import { LossyProxy } from '../../support/lossy-proxy.ts';

const started = await ownBroker();
const skip = typeof started === 'string' ? `no broker: ${started}` : false;
/** 2020-01-01T00:00:00Z in milliseconds: a broker that starts again has forgotten who wrote records so old. */
const OLD = 1_577_836_800_000;
let made = 0;

describe('a broker that dies', { skip }, () => {
  let go = true;
  const broker = started as OwnBroker;
  let proxy: LossyProxy;
  const logs: KafkaLog[] = [];
  const open = (patienceMs: number): KafkaLog => {
    const log = openKafkaLog({
      bootstrap: [`127.0.0.1:${broker.advertisedPort}`],
      patienceMs,
      requestTimeoutMs: 5000,
    });
    logs.push(log);
    return log;
  };
  before(async () => {
    proxy = await LossyProxy.listen(broker.advertisedPort, broker.port);
  });
  after(async () => {
    go = false;
    for (const log of logs) await log.close();
    await proxy.close();
    await broker.remove();
  });

  const newTopic = async (log: KafkaLog, partitions = 1): Promise<string> => {
    const topic = `death.${made++}`;
    await log.createTopic({ name: topic, partitions, retention: null });
    return topic;
  };
  const values = async (log: KafkaLog, topic: string, partition = 0): Promise<string[]> =>
    (await readAll(log, topic, partition, 0)).map(({ value }) => value);

  test('an answer that is lost: the batch is found and not sent again', async () => {
    const log = open(20_000);
    const topic = await newTopic(log);
    await log.append(topic, 0, [batchOf(['a', OLD])]);
    const lost = proxy.lost;
    proxy.lose = 1;
    assert.equal(await log.append(topic, 0, [batchOf(['b', OLD], ['c', OLD])]), 1);
    assert.equal(proxy.lost, lost + 1, 'an answer was lost');
    assert.equal(await log.append(topic, 0, [batchOf(['d', OLD])]), 3);
    assert.deepEqual(await values(log, topic), ['a', 'b', 'c', 'd']);
  });

  test('a lost answer, and a broker that has forgotten the producer since: still once', async () => {
    const log = open(60_000);
    const topic = await newTopic(log);
    await log.append(topic, 0, [batchOf(['a', OLD])]);
    const lost = proxy.lost;
    proxy.lose = 1;
    // Everything after the loss meets a broker that is being killed and started again.
    const appended = log.append(topic, 0, [batchOf(['b', OLD])]);
    while (proxy.lost === lost) await delay(1);
    await broker.signal('SIGKILL');
    await broker.start();
    assert.equal(await appended, 1);
    assert.equal(await log.append(topic, 0, [batchOf(['c', OLD])]), 2);
    assert.deepEqual(await values(log, topic), ['a', 'b', 'c']);
  });

  test('an append that failed for want of a broker is repeated by the caller: still once', async () => {
    // Gives up at the first failure.
    const log = open(1);
    const patient = open(20_000);
    const topic = await newTopic(patient);
    await patient.append(topic, 0, [batchOf(['a', OLD])]);
    for (const [stored, other] of [
      ['b', false],
      ['c', true],
    ] as const) {
      proxy.lose = 1000;
      await assert.rejects(log.append(topic, 0, [batchOf([stored, OLD])]), { code: 'STORE_UNREACHABLE' });
      proxy.lose = 0;
      // The same bytes are found; other ones are stored after them.
      await log.append(topic, 0, [batchOf([other ? 'd' : stored, OLD])]);
    }
    assert.deepEqual(await values(patient, topic), ['a', 'b', 'c', 'd']);
  });

  test('killed under load: nothing lost, nothing twice, all in order', async () => {
    const log = open(60_000);
    const topic = await newTopic(log, 2);
    let sent = 0;
    const lane = async (partition: number): Promise<number> => {
      for (let n = 0; ; n++) {
        if (!go) return n;
        await log.append(topic, partition, [
          batchOf([`${partition}.${n}.0`, OLD + n], [`${partition}.${n}.1`, OLD + n]),
        ]);
        sent++;
      }
    };
    const lanes = [lane(0), lane(1)];
    while (sent < 100) await delay(5);
    await broker.signal('SIGKILL');
    await delay(100);
    await broker.start();
    const before = sent;
    while (sent < before + 100) await delay(5);
    go = false;
    const counts = await Promise.all(lanes);
    for (const partition of [0, 1])
      assert.deepEqual(
        await values(log, topic, partition),
        Array.from({ length: counts[partition] }, (_, n) => [
          `${partition}.${n}.0`,
          `${partition}.${n}.1`,
        ]).flat(),
      );
  });

  test('a member of a group goes on where it was when its broker is back', async () => {
    const log = open(60_000);
    const topic = await newTopic(log, 2);
    const share = await log.joinGroup({ group: `g.${topic}`, topics: [topic] });
    while (share.owned.length < 2) {
      share.take();
      await delay(10);
    }
    await log.append(topic, 0, [batchOf(['a', OLD])]);
    await log.commit(`g.${topic}`, topic, 0, 1);
    await broker.signal('SIGKILL');
    await delay(100);
    await broker.start();
    await log.append(topic, 0, [batchOf(['b', OLD])]);
    // Thrown out or not meanwhile: it ends with both partitions, and may commit.
    for (let tries = 0; ; tries++) {
      share.lost();
      share.take();
      if (share.owned.length === 2) {
        const done = await log.commit(`g.${topic}`, topic, 0, 2).then(
          () => true,
          (error: { code: string }) => {
            assert.equal(error.code, 'PLAN_CONFLICT');
            return false;
          },
        );
        if (done) break;
      }
      assert.ok(tries < 300, 'never came about');
      await delay(50);
    }
    assert.equal(await log.committed(`g.${topic}`, topic, 0), 2);
    assert.deepEqual(await values(log, topic), ['a', 'b']);
    await share.close();
  });
});
