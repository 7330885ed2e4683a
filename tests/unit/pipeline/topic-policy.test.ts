/** What topics are made with, what is refused, and what the doctor says of topics that are otherwise. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { topicsVerdict } from '../../../app/doctor/topics.ts';
import { alike, loadTopicPolicy, type TopicPolicy } from '../../../app/pipeline/topic-policy.ts';
import { FIRST_VERSIONS } from '../../../app/pipeline/topic-versions.ts';
import { keepRetention } from '../../../app/stores/embedded-retention.ts';
import { topicPolicyOf } from '../../../app/stores/open-stores.ts';
import { allTopics, chainTopics, ensureTopics } from '../../../app/stores/topics.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { rawTopic, Topic } from '../../../core/codec/topics/topic-names.ts';
import type { EventLog, TopicSpec } from '../../../core/ports/event-log.ts';
import { DAY, HOUR } from '../../../core/time/instant.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';
import { ROOT } from '../../integration/cli/carbon.ts';

const folder = mkdtempSync(join(tmpdir(), 'carbon-topic-policy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function loaded(...lines: string[]): Promise<TopicPolicy> {
  const path = join(folder, 'topics.yaml');
  writeFileSync(path, ['version: 1', 'topics:', ...lines.map((line) => `  - ${line}`), ''].join('\n'));
  return loadTopicPolicy(path, {}, 3, chainTopics());
}

test('the first line that fits counts; what no line says has the count of the settings, and is kept', async () => {
  const policy = await loaded(
    '{ match: served.market.latest_prices.v1, partitions: 5, retention: 12h }',
    '{ match: "served.*", retention: 30d }',
    `{ match: ${Topic.deprecateNotice}, partitions: 1, compacted: true }`,
  );
  const { latestPrices, anomalies, deprecateNotice } = Topic;
  assert.deepEqual(policy.specOf(latestPrices), { name: latestPrices, partitions: 5, retention: 12 * HOUR });
  const next = 'served.market.latest_prices.v2';
  assert.deepEqual(policy.specOf(next), { name: next, partitions: 3, retention: 30 * DAY });
  assert.deepEqual(policy.specOf(anomalies), { name: anomalies, partitions: 3, retention: null });
  assert.deepEqual(policy.specOf(deprecateNotice), {
    name: deprecateNotice,
    partitions: 1,
    retention: null,
    compacted: true,
  });
});

test('refused: compaction that would lose instruments, a chain of different counts, words that are none', async () => {
  const refused = async (wanted: RegExp, ...lines: string[]): Promise<void> => {
    await assert.rejects(loaded(...lines), (error: Error & { code?: string; position?: object }) => {
      assert.equal(error.code, 'CONFIG_INVALID');
      assert.match(JSON.stringify([error.message, error.position]), wanted);
      return true;
    });
  };
  await refused(/lose instruments/, `{ match: ${Topic.latestPrices}, compacted: true }`);
  await refused(/12h or 30d/, '{ match: "*", retention: soon }');
  await refused(/partition/, '{ match: "*", partitions: 0 }');
  await refused(/keeps/, '{ match: "*", keeps: 1d }');
  await refused(/ingestion\.miso\.raw\.v1: 6/, `{ match: ${rawTopic('MISO')}, partitions: 6 }`);
  assert.equal((await loaded('{ match: "*", partitions: 6 }')).specOf(rawTopic('MISO')).partitions, 6);
});

test('the file of the checkout keeps everything', async () => {
  const policy = await topicPolicyOf({ root: ROOT, env: {}, partitions: 2 });
  for (const name of allTopics(['1h'], FIRST_VERSIONS))
    assert.deepEqual(policy.specOf(name), { name, partitions: 2, retention: null });
});

test('topics are made by the policy; those that are there stay, and the doctor tells of each that differs', async () => {
  const log = openSqliteLog({ path: join(folder, 'log.sqlite'), durability: 'process' });
  try {
    const names = allTopics(['1h'], FIRST_VERSIONS);
    const policy = await loaded(`{ match: ${Topic.anomalies}, partitions: 1, retention: 2d }`);
    await ensureTopics(log, names, policy);
    const facts = { intervals: ['1h'], versions: FIRST_VERSIONS };
    assert.equal((await topicsVerdict(log, policy, facts, false)).status, 'ok');
    const made = (await log.listTopics()).find(({ name }) => name === Topic.anomalies);
    assert.deepEqual([made?.partitions, made?.retention], [1, 2 * DAY]);
    await ensureTopics(log, names, alike(3));
    assert.deepEqual(
      (await log.listTopics()).find(({ name }) => name === Topic.anomalies),
      made,
      'nothing is changed by itself',
    );
    const { status, detail } = await topicsVerdict(log, alike(3), facts, false);
    assert.equal(status, 'warning');
    assert.match(
      detail,
      /data\.quality\.anomalies\.v1 has 1 partitions and not 3, retention 2d and not for ever$/,
    );
    const compacted: TopicPolicy = {
      specOf: (name) => ({ ...policy.specOf(name), compacted: name === Topic.deprecateNotice }),
    };
    assert.match((await topicsVerdict(log, compacted, facts, true)).detail, /notice\.v1 has no compaction$/);
    assert.equal((await topicsVerdict(log, compacted, facts, false)).status, 'ok');
  } finally {
    await log.close();
  }
});

test('a service removes what is past its retention, and tells how much', async () => {
  const log: EventLog = openSqliteLog({ path: join(folder, 'kept.sqlite'), durability: 'process' });
  try {
    const spec: TopicSpec = { name: 'short', partitions: 1, retention: HOUR };
    for (const topic of [spec, { ...spec, name: 'long', retention: null }]) {
      await log.createTopic(topic);
      const writer = new RecordBatchWriter();
      writer.add(0, null, 0, 0, new Uint8Array(1), 0, 1);
      await log.append(topic.name, 0, [writer.finish()]);
    }
    const told: unknown[] = [];
    const stop = keepRetention(
      log,
      { now: () => 2 * HOUR },
      { emit: ({ name, facts }) => void told.push([name, facts]) },
    );
    await stop();
    assert.deepEqual(told, [['log.removed', { records: 1 }]]);
    assert.deepEqual(await log.bounds('short', 0), { earliest: 1, end: 1 });
    assert.deepEqual(await log.bounds('long', 0), { earliest: 0, end: 1 });
  } finally {
    await log.close();
  }
});
