/** Partitions in which nothing happens are asked about together; what happens in one of them is seen all the same. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { KafkaCluster } from '../../../drivers/kafka/cluster.ts';
import { KafkaLog, openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { within } from '../../support/engine-server.ts';
import { sharedBroker } from '../../support/kafka-broker.ts';

const broker = await sharedBroker();
const skip = typeof broker === 'string' ? `no broker: ${broker}` : false;
const bootstrap = typeof broker === 'string' ? [] : [broker.plain];
const PARTITIONS = 24;
const PAYLOAD = batchOf(['x', 1_772_928_000_000]);
let made = 0;

/** Counts the requests that are sent. */
class CountingCluster extends KafkaCluster {
  requests = 0;

  override call: KafkaCluster['call'] = (api, connection, ...request) => {
    this.requests++;
    return super.call(api, connection, ...request);
  };
}

describe('quiet partitions of Kafka', { skip }, () => {
  let cluster: CountingCluster;
  let log: KafkaLog;
  let other: KafkaLog;
  let topic: string;

  before(() => {
    cluster = new CountingCluster({ bootstrap });
    log = new KafkaLog(cluster);
    other = openKafkaLog({ bootstrap });
  });
  after(async () => {
    await log.close();
    await other.close();
  });
  beforeEach(async () => {
    topic = `quiet.${process.pid}.${made++}`;
    await log.createTopic({ name: topic, partitions: PARTITIONS, retention: null });
    assert.equal(await round(), 0);
  });

  const held = async (partition: number): Promise<number> =>
    (await log.read(topic, partition, 0, 1 << 20)).length;
  /** Reads all partitions, one after the other, and returns how many had something. */
  const round = async (): Promise<number> => {
    let found = 0;
    for (let partition = 0; partition < PARTITIONS; partition++) found += await held(partition);
    return found;
  };

  test('a round through them costs far fewer requests than there are partitions', async () => {
    const before = cluster.requests;
    assert.equal(await round(), 0);
    assert.ok(cluster.requests - before <= PARTITIONS / 2, `${cluster.requests - before} requests`);
  });

  test('what is appended through the same log is read at once', async () => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await log.append(topic, partition, [PAYLOAD]);
      assert.equal(await held(partition), 1);
    }
  });

  test('who is woken finds what woke him, although all was quiet a moment ago', async () => {
    for (let partition = 0; partition < 6; partition++) {
      let isAwake = false;
      const woken = log.waitForAppend([topic], 10_000).then(() => {
        isAwake = true;
      });
      const appended = other.append(topic, partition, [PAYLOAD]);
      // Somebody else reads on, so that the answer about all of them is always fresh.
      while (!isAwake) await held(PARTITIONS - 1);
      await appended;
      await woken;
      assert.equal(await held(partition), 1);
    }
  });

  test('what others append is read soon by who does not wait', async () => {
    await other.append(topic, 3, [PAYLOAD]);
    await within(2000, async () => ((await held(3)) === 1 ? true : null));
  });
});
