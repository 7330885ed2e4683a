/** What loses or repeats data with Kafka where it is not known, each on a real broker; the client's own codec is the oracle. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Admin,
  type CompressionAlgorithmValue,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { encodeHeaders, RecordBatchWriter, RecordSpans } from '../../../core/codec/kafka/record-batch.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import { HOUR } from '../../../core/time/instant.ts';
import { KafkaCluster } from '../../../drivers/kafka/cluster.ts';
import { type KafkaLog, openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { IdempotentProducer } from '../../../drivers/kafka/producer.ts';
import { batchOf, readAll } from '../../conformance/event-log-records.ts';
import { sharedBroker } from '../../support/kafka-broker.ts';

const broker = await sharedBroker();
const skip = typeof broker === 'string' ? `no broker: ${broker}` : false;
const bootstrap = typeof broker === 'string' ? [] : [broker.plain];
const base = { bootstrapBrokers: bootstrap, clientId: 'oracle' };
/** 2020-01-01T00:00:00Z in milliseconds. */
const OLD = 1_577_836_800_000;
let made = 0;

/** Waits for a close that may fail, or never end, because it was done before. */
async function settled(close: () => unknown): Promise<void> {
  await Promise.race([(async () => close())().catch(() => {}), delay(1000, undefined, { ref: false })]);
}

describe('traps of Kafka', { skip }, () => {
  let log: KafkaLog;
  let topic: string;
  before(() => {
    log = openKafkaLog({ bootstrap });
  });
  /** Clients of the oracle and logs of single tests: one that stays open would keep a failed run from ending. */
  const opened: { close(): unknown }[] = [];
  const closing = <T extends { close(): unknown }>(client: T): T => {
    opened.push(client);
    return client;
  };
  after(async () => {
    for (const client of opened) await settled(() => client.close());
    await log.close();
  });

  const newTopic = async (): Promise<string> => {
    topic = `traps.${process.pid}.${made++}`;
    await log.createTopic({ name: topic, partitions: 1, retention: null });
    return topic;
  };
  const values = async (maxBytes?: number): Promise<string[]> =>
    (await readAll(log, topic, 0, 0, maxBytes)).map(({ value }) => value);

  test('batches of every codec that others write are read, with keys, headers and times', async () => {
    for (const compression of [
      'none',
      'gzip',
      'snappy',
      'lz4',
      'zstd',
    ] satisfies CompressionAlgorithmValue[]) {
      await newTopic();
      const producer = closing(new Producer({ ...base, serializers: stringSerializers }));
      const messages = Array.from({ length: 500 }, (_, i) => ({
        topic,
        partition: 0,
        key: `key-${i % 7}`,
        value: `value-${i}`.repeat(1 + (i % 30)),
        headers: { traceparent: `00-${i}` },
        timestamp: BigInt(OLD + 10 * i - (i % 3) * 1000),
      }));
      await producer.send({ acks: -1, compression, messages });
      await producer.close();
      const slices = await log.read(topic, 0, 0, 8_000_000);
      const spans = new RecordSpans();
      let i = 0;
      for (const slice of slices) {
        spans.walk(slice.bytes);
        for (let k = 0; k < spans.count; k++, i++) {
          const text = (from: Int32Array, to: Int32Array): string =>
            Buffer.from(slice.bytes.subarray(from[k], to[k])).toString();
          assert.equal(text(spans.keyFrom, spans.keyTo), messages[i].key);
          assert.equal(text(spans.valueFrom, spans.valueTo), messages[i].value);
          assert.equal(spans.header(k, 'traceparent'), `00-${i}`);
          assert.equal(spans.timestampMs[k], Number(messages[i].timestamp));
          assert.equal(spans.offset[k], i);
        }
      }
      assert.equal(i, 500, compression);
    }
  });

  test('what we write in any codec is what the client reads, with keys, headers and times', async () => {
    for (const compression of ['none', 'lz4', 'zstd'] as const) {
      await newTopic();
      const ours = closing(openKafkaLog({ bootstrap, compression }));
      const writer = new RecordBatchWriter();
      const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
      for (let i = 0; i < 300; i++) {
        const key = bytes(`key-${i % 5}`);
        const value = bytes(`value-${i}`.repeat(1 + (i % 20)));
        const headers = encodeHeaders([['ce_id', String(i)]]);
        writer.add(OLD + 7 * i - 3, key, 0, key.length, value, 0, value.length, headers);
      }
      await ours.append(topic, 0, [writer.finish()]);
      await ours.close();
      const consumer = closing(
        new Consumer({
          ...base,
          groupId: `g.${topic}`,
          deserializers: { ...stringDeserializers },
        }),
      );
      const stream = await consumer.consume({
        topics: [topic],
        mode: 'earliest',
        autocommit: false,
        maxWaitTime: 100,
      });
      let i = 0;
      for await (const message of stream) {
        assert.equal(message.key, `key-${i % 5}`);
        assert.equal(message.value, `value-${i}`.repeat(1 + (i % 20)));
        assert.equal(message.headers.get('ce_id'), String(i));
        assert.equal(message.timestamp, BigInt(OLD + 7 * i - 3));
        assert.equal(message.offset, BigInt(i));
        if (++i === 300) break;
      }
      await consumer.close(true);
    }
  });

  /** Appends records within transactions: committed and aborted ones. */
  const transactions = async (
    ...steps: readonly (readonly [tag: string, records: number, commit: boolean])[]
  ) => {
    const producer = closing(
      new Producer({
        ...base,
        idempotent: true,
        transactionalId: `tx.${topic}.${made++}`,
        serializers: stringSerializers,
      }),
    );
    for (const [tag, records, commit] of steps) {
      const transaction = await producer.beginTransaction({ producerId: -1n, producerEpoch: -1 });
      for (let from = 0; from < records; from += 200)
        await transaction.send({
          messages: Array.from({ length: Math.min(200, records - from) }, (_, i) => ({
            topic,
            partition: 0,
            value: `${tag}${from + i}`.padEnd(1000, '.'),
          })),
        });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.close();
  };
  const tags = (found: readonly string[]): string => found.map((value) => value.replace(/\.+$/, '')).join();

  test('two aborted transactions of one producer in one fetch leave nothing behind', async () => {
    await newTopic();
    await transactions(['a', 3, false], ['c', 2, true], ['b', 3, false], ['d', 2, true]);
    for (const maxBytes of [1, 3000, 100_000, 8_000_000])
      assert.equal(tags(await values(maxBytes)), 'c0,c1,d0,d1', `in steps of ${maxBytes}`);
  });

  test('an aborted transaction longer than a fetch leaves nothing behind', async () => {
    await newTopic();
    await transactions(['a', 1200, false], ['c', 2, true]);
    for (const maxBytes of [3000, 100_000, 8_000_000])
      assert.equal(tags(await values(maxBytes)), 'c0,c1', `in steps of ${maxBytes}`);
  });

  test('slices follow each other without a gap over control batches and aborted ones', async () => {
    await newTopic();
    await transactions(['a', 2, false], ['c', 2, true]);
    await log.append(topic, 0, [batchOf(['e', OLD])]);
    let next = 0;
    let slices: LogSlice[] = [];
    do {
      slices = await log.read(topic, 0, next, 1);
      for (const slice of slices) {
        assert.equal(slice.from, next);
        next = slice.to;
      }
    } while (slices.length > 0);
    assert.equal(next, (await log.bounds(topic, 0)).end);
    assert.equal(next, 7);
  });

  test('a transaction that is not decided ends the partition for readers, and for those who wait', async () => {
    await newTopic();
    await log.append(topic, 0, [batchOf(['before', OLD])]);
    const producer = closing(
      new Producer({
        ...base,
        idempotent: true,
        transactionalId: `tx.${topic}`,
        serializers: stringSerializers,
      }),
    );
    const transaction = await producer.beginTransaction({ producerId: -1n, producerEpoch: -1 });
    await transaction.send({ messages: [{ topic, partition: 0, value: 'open' }] });
    await log.append(topic, 0, [batchOf(['after', OLD])]);
    assert.deepEqual(await values(), ['before']);
    assert.equal((await log.bounds(topic, 0)).end, 1);
    assert.deepEqual(await log.read(topic, 0, 1, 1000), []);
    const began = performance.now();
    await log.waitForAppend([topic], 300);
    assert.ok(performance.now() - began > 250, 'nothing that could be read woke the waiter');
    const wait = log.waitForAppend([topic], 20_000);
    await transaction.commit();
    await wait;
    assert.ok(performance.now() - began < 15_000);
    assert.deepEqual(await values(), ['before', 'open', 'after']);
    await producer.close();
  });

  test('sequences go on after 2^31 - 1 with 0, also within a batch', async () => {
    await newTopic();
    const cluster = closing(new KafkaCluster({ bootstrap }));
    const producer = new IdempotentProducer(cluster, 2 ** 31 - 3);
    for (let i = 0; i < 4; i++)
      assert.equal(await producer.append(topic, 0, batchOf([`${i}a`, OLD], [`${i}b`, OLD])), 2 * i);
    await cluster.close();
    assert.deepEqual(await values(), ['0a', '0b', '1a', '1b', '2a', '2b', '3a', '3b']);
  });

  test('a topic takes appends the moment it is made', async () => {
    for (let k = 0; k < 5; k++) {
      await newTopic();
      assert.equal(await log.append(topic, 0, [batchOf(['first', OLD])]), 0);
    }
  });

  test('a topic that was removed and made anew takes appends of those who knew the former one', async () => {
    await newTopic();
    await log.append(topic, 0, [batchOf(['a', OLD], ['b', OLD])]);
    const admin = closing(new Admin(base));
    await admin.deleteTopics({ topics: [topic] });
    await admin.close();
    const fresh = closing(openKafkaLog({ bootstrap }));
    for (let tries = 0; ; tries++)
      try {
        await fresh.createTopic({ name: topic, partitions: 1, retention: null });
        break;
      } catch (error) {
        if (tries > 50) throw error;
      }
    await fresh.close();
    assert.equal(await log.append(topic, 0, [batchOf(['c', OLD])]), 0);
    assert.equal(await log.append(topic, 0, [batchOf(['d', OLD])]), 1);
    assert.deepEqual(await values(), ['c', 'd']);
  });

  test('a new group has no position of its own: it begins where it is told, and loses nothing', async () => {
    await newTopic();
    await log.append(topic, 0, [batchOf(['a', OLD]), batchOf(['b', OLD])]);
    assert.equal(await log.committed(`fresh.${topic}`, topic, 0), null);
    const { earliest } = await log.bounds(topic, 0);
    assert.deepEqual(
      (await readAll(log, topic, 0, earliest)).map(({ value }) => value),
      ['a', 'b'],
    );
  });

  test('an offset that retention has passed is an error, never a jump to the end', async () => {
    await newTopic();
    await log.append(topic, 0, [batchOf(['a', OLD])]);
    await log.append(topic, 0, [batchOf(['b', OLD])]);
    // As the broker does by itself; `applyRetention` would reach into the topics of other tests.
    const admin = closing(new Admin(base));
    await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: 1n }] }] });
    await assert.rejects(log.read(topic, 0, 0, 1000), (error: { code: string; context: object }) => {
      assert.equal(error.code, 'LOG_OFFSET_OUT_OF_RANGE');
      assert.deepEqual(error.context, { topic, partition: 0, offset: 0, earliest: 1, end: 2 });
      return true;
    });
  });

  test('topics have the retention and compaction that they were made with, and take over others', async () => {
    const name = `traps.${process.pid}.${made++}`;
    const found = async () => (await log.listTopics()).find((spec) => spec.name === name);
    await log.createTopic({ name, partitions: 3, retention: null, compacted: true });
    assert.deepEqual(await found(), { name, partitions: 3, retention: null, compacted: true });
    await log.createTopic({ name, partitions: 3, retention: 7 * HOUR });
    assert.deepEqual(await found(), { name, partitions: 3, retention: 7 * HOUR });
    for (const bad of ['', 'a b', 'a/b', '..', 'x'.repeat(250)])
      await assert.rejects(log.createTopic({ name: bad, partitions: 1, retention: null }), {
        code: 'USAGE_INVALID',
      });
  });

  test('a batch of eight megabytes is taken: an event is never parted', async () => {
    await newTopic();
    const writer = new RecordBatchWriter();
    // Text that no codec makes small.
    const noise = Buffer.from(
      Array.from({ length: 1_500_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 24) & 255),
    );
    for (let i = 0; i < 5; i++) writer.add(OLD, null, 0, 0, noise, 0, noise.length);
    assert.equal(await log.append(topic, 0, [writer.finish()]), 0);
    const [slice] = await log.read(topic, 0, 0, 1000);
    assert.equal(slice.to, 5);
    await assert.rejects(
      log.append(topic, 0, [
        (() => {
          const large = new RecordBatchWriter();
          const random = Buffer.from(
            Array.from({ length: 9_000_000 }, () => Math.floor(Math.random() * 256)),
          );
          large.add(OLD, null, 0, 0, random, 0, random.length);
          return large.finish();
        })(),
      ]),
      { code: 'STORE_REFUSED' },
    );
    assert.equal(await log.append(topic, 0, [batchOf(['next', OLD])]), 5, 'a refusal holds up nobody');
  });

  test('no broker: the error comes after the patience, as one that passes', async () => {
    const nobody = closing(openKafkaLog({ bootstrap: ['127.0.0.1:1'], patienceMs: 300 }));
    const began = performance.now();
    await assert.rejects(nobody.listTopics(), { code: 'STORE_UNREACHABLE' });
    await assert.rejects(nobody.append('t', 0, [batchOf(['a', OLD])]), { code: 'STORE_UNREACHABLE' });
    await nobody.waitForAppend(['t'], 100);
    assert.ok(performance.now() - began < 10_000);
    await nobody.close();
  });
});
