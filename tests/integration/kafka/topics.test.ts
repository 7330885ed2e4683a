/** Our topics on a real broker: JSON and Avro side by side, headers that others read, lag, and the log of the embedded profile's code. */

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Consumer, Producer, stringSerializers } from '@platformatic/kafka';
import avsc from 'avsc';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { asSettingSays } from '../../../app/stores/cloud-events-log.ts';
import { lagsOf } from '../../../app/telemetry/consumer-lag.ts';
import { decodeRawEvents, encodeRawRows } from '../../../core/codec/topics/raw.ts';
import { Names } from '../../../core/model/names.ts';
import type { RawContext, RawRow } from '../../../core/model/raw-row.ts';
import { type KafkaLog, openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { openSchemaFiles } from '../../../drivers/schema-files/registry.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { sharedBroker } from '../../support/kafka-broker.ts';

const started = await sharedBroker();
const skip = typeof started === 'string' ? `no broker: ${started}` : false;
const bootstrap = typeof started === 'string' ? [] : [started.plain];
const root = resolve(import.meta.dirname, '../../..');
const SUBJECT = 'ingestion.nyiso.raw.v1-com.carbon254.ingestion.RawNyisoLmp';
const KNOWN = 1_772_928_000_000_000;

const row: RawRow = {
  market: 'NYISO',
  dataset: 'da_lmp',
  location: 'N.Y.C.',
  series: null,
  sourceTime: '03/08/2026 00:00',
  intervalStart: KNOWN,
  intervalEnd: KNOWN + 3_600_000_000,
  timeRule: 'eastern-hour-beginning',
  sequence: null,
  tradeId: null,
  cancels: false,
  publishedAt: null,
  row: 8,
  values: [{ field: 'lmp', value: '51.49', unit: 'USD/MWh' }],
};
const context: RawContext = {
  tenant: 'default',
  source: 'nyiso',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  archivedAt: KNOWN,
  archiveSha256: 'a'.repeat(64),
  archiveMember: null,
};

describe('topics on Kafka', { skip }, () => {
  let log: KafkaLog;
  before(() => {
    log = openKafkaLog({ bootstrap });
  });
  const opened: { close(force: boolean): unknown }[] = [];
  after(async () => {
    for (const client of opened) await (async () => client.close(true))().catch(() => {});
    await log.close();
  });

  test('plain JSON of others and framed Avro of ours share a raw topic, told apart by their first byte', async () => {
    const topic = `ingestion.kafka${process.pid}.raw.v1`;
    await log.createTopic({ name: topic, partitions: 1, retention: null });
    const registry = await openSchemaFiles(root, null);
    const { id } = await registry.latest(SUBJECT);
    const [{ batch }] = encodeRawRows([row], context, id, 1, 100_000);
    await log.append(topic, 0, [batch]);
    const producer = new Producer({
      bootstrapBrokers: bootstrap,
      clientId: 'seatunnel',
      serializers: stringSerializers,
    });
    const json = {
      envelope: { event_type: 'ingestion.market.raw.v1', event_id: 'x', timestamp: '2026-03-08T00:00:01Z' },
      payload: {
        market: 'MISO',
        instrument_id: 'NG_HH_BALMO',
        raw_data: { timestamp: '2026-03-08T00:00:00Z', price: 3.25, volume: 10 },
      },
    };
    const values = [JSON.stringify(json), ' \n{"envelope": {', 'no json'];
    opened.push(producer);
    await producer.send({
      acks: -1,
      compression: 'gzip',
      messages: values.map((value) => ({ topic, partition: 0, value, timestamp: BigInt(KNOWN / 1000) })),
    });
    await producer.close();
    const names = new Names();
    const found: string[] = [];
    const refused: number[] = [];
    for (const slice of await log.read(topic, 0, 0, 1_000_000)) {
      const { batch: rows, rejected } = decodeRawEvents(slice, 0, 100, names);
      for (let i = 0; i < rows.length; i++)
        found.push(`${rows.srcOffset[i]} ${names.datasets.nameOf(rows.dataset[i])}`);
      refused.push(...rejected.map(({ offset }) => offset));
    }
    assert.deepEqual(
      [found.map((text) => text.split(' ')[0]), refused],
      [
        ['0', '1'],
        [2, 3],
      ],
    );
    assert.equal(found[0], '0 da_lmp');
  });

  test('a consumer of another make reads our Avro by the schema that its id names, and our headers', async () => {
    const topic = `ingestion.headers${process.pid}.raw.v1`;
    const registry = await openSchemaFiles(root, null);
    const { id } = await registry.latest(SUBJECT);
    const variables = {
      DATA_PROC_PROFILE: 'cluster',
      DATA_PROC_CLOUD_EVENTS_TOPICS: 'served.*, ingestion.headers*',
      DATA_PROC_SCHEMA_REGISTRY_URL: 'http://registry:8081/',
    };
    const bearing = asSettingSays(log, runtimeSettings({}, variables));
    await bearing.createTopic({ name: topic, partitions: 1, retention: null });
    const [{ batch }] = encodeRawRows([row], context, id, 1, 100_000);
    await bearing.append(topic, 0, [batch]);
    const consumer = new Consumer({ bootstrapBrokers: bootstrap, clientId: 'other', groupId: `g.${topic}` });
    opened.push(consumer);
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: false,
      maxWaitTime: 100,
    });
    for await (const message of stream) {
      const value = message.value as Buffer;
      assert.equal(value[0], 0);
      const { schema } = await registry.byId(value.readInt32BE(1));
      const event = avsc.Type.forSchema(JSON.parse(schema)).fromBuffer(value.subarray(5)) as {
        event_id: string;
        tenant_id: string;
      };
      const headers = Object.fromEntries(
        [...message.headers].map(([name, text]) => [String(name), String(text)]),
      );
      assert.equal(headers['ce_id'], event.event_id);
      assert.equal(headers['ce_source'], `/${event.tenant_id}/nyiso`);
      assert.equal(headers['ce_dataschema'], `http://registry:8081/schemas/ids/${id}`);
      assert.match(headers['traceparent'], /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
      assert.equal(String(message.key), 'default|NYISO|N.Y.C.');
      break;
    }
    await consumer.close(true);
  });

  test('lag is right when nobody reads', async () => {
    const topic = `lag.${process.pid}`;
    await log.createTopic({ name: topic, partitions: 2, retention: null });
    await log.append(topic, 0, [batchOf(['a', 0], ['b', 0], ['c', 0])]);
    await log.append(topic, 1, [batchOf(['d', 0])]);
    const watch = [{ group: `g.${topic}`, topics: [topic], onlyIfCommitted: false }];
    assert.deepEqual(await lagsOf(log, watch), [{ topic, group: `g.${topic}`, lag: 4 }]);
    await log.commit(`g.${topic}`, topic, 0, 2);
    assert.deepEqual(await lagsOf(log, watch), [{ topic, group: `g.${topic}`, lag: 2 }]);
  });
});
