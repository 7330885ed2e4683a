/** Which versions of a topic are written: what the policy may say, and what follows from it. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { readYaml } from '../../../app/config/yaml-file.ts';
import {
  loadStageSettings,
  policyPaths,
  settingsFromText,
  settingsHashOf,
  settingsText,
} from '../../../app/pipeline/settings.ts';
import { alike } from '../../../app/pipeline/topic-policy.ts';
import {
  FIRST_VERSIONS,
  type TopicVersions,
  topicVersionsSchema,
  writtenTopics,
} from '../../../app/pipeline/topic-versions.ts';
import { openWire } from '../../../app/pipeline/wire.ts';
import { allTopics, ensureTopics } from '../../../app/stores/topics.ts';
import { openSchemaFiles } from '../../../drivers/schema-files/registry.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const V1 = 'served.market.latest_prices.v1';
const V2 = 'served.market.latest_prices.v2';
const folder = mkdtempSync(join(tmpdir(), 'carbon-versions-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const DEPRECATED = ['deprecated_since: 2026-12-01', 'removal_after: 2027-03-01', 'reason: grouped'];
const policy = (...lines: readonly string[]): string =>
  ['version: 1', 'topics:', `  ${V1}:`, ...lines.map((line) => `    ${line}`), ''].join('\n');

function read(text: string): Promise<TopicVersions> {
  const path = join(folder, 'topic_versions.yaml');
  writeFileSync(path, text);
  return readYaml(path, topicVersionsSchema, {});
}

test('what is written: the old one, both, the new one; and a topic of which nothing is said', async () => {
  const written = async (...lines: string[]) =>
    writtenTopics(await read(policy(`successor: ${V2}`, ...lines)), V1);
  assert.deepEqual(await written('write: v1'), [V1]);
  assert.deepEqual(await written('write: both'), [V1, V2]);
  assert.deepEqual(await written('write: v2', ...DEPRECATED), [V2]);
  assert.deepEqual(writtenTopics(await read('version: 1\n'), V1), [V1]);
  assert.deepEqual(writtenTopics(FIRST_VERSIONS, 'normalized.market.ticks.v1'), [
    'normalized.market.ticks.v1',
  ]);
});

const REFUSED: readonly (readonly [string, string, number, string, RegExp])[] = [
  [
    'a topic that falls silent without a notice',
    policy(`successor: ${V2}`, 'write: v2'),
    5,
    'write',
    /notice/,
  ],
  ['a version that is neither', policy(`successor: ${V2}`, 'write: v3'), 5, 'write', /one of v1, both, v2/],
  ['another successor', policy('successor: some.topic.v2', 'write: v1'), 4, 'successor', /latest_prices\.v2/],
  [
    'a removal before the deprecation',
    policy(`successor: ${V2}`, 'write: both', DEPRECATED[0], 'removal_after: 2026-12-01', DEPRECATED[2]),
    7,
    'removal_after',
    /after 2026-12-01/,
  ],
  [
    'a deprecation without an end',
    policy(`successor: ${V2}`, 'write: both', DEPRECATED[0], DEPRECATED[2]),
    6,
    'deprecated_since',
    /removal_after/,
  ],
  [
    'a deprecation without a reason',
    policy(`successor: ${V2}`, 'write: both', DEPRECATED[0], DEPRECATED[1]),
    6,
    'deprecated_since',
    /reason/,
  ],
  [
    'an end without a deprecation',
    policy(`successor: ${V2}`, 'write: both', DEPRECATED[1]),
    6,
    'removal_after',
    /deprecated_since/,
  ],
  [
    'a day that is none',
    policy(`successor: ${V2}`, 'write: both', 'deprecated_since: 2026-02-30'),
    6,
    'deprecated_since',
    /date/i,
  ],
  ['an unknown key', policy(`successor: ${V2}`, 'write: both', 'wrote: v1'), 6, 'wrote', /known key/],
  [
    'a topic without a successor',
    policy(`successor: ${V2}`, 'write: v1').replace(V1, 'normalized.market.ticks.v1'),
    4,
    'normalized.market.ticks.v1',
    /successor/,
  ],
];

for (const [what, text, line, key, expected] of REFUSED)
  test(`refused with line and key: ${what}`, async () => {
    await assert.rejects(read(text), (error: { code: string; position: Record<string, unknown> }) => {
      assert.deepEqual([error.code, error.position['line']], ['CONFIG_INVALID', line], String(error));
      assert.ok(String(error.position['field']).endsWith(key), String(error.position['field']));
      assert.match(String(error.position['expected']), expected);
      return true;
    });
  });

test('the policy is part of the settings hash, and settings older than it are those that write the first version', async () => {
  const settings = await loadStageSettings(policyPaths(ROOT, {}), {});
  const both = { ...settings, topics: await read(policy(`successor: ${V2}`, 'write: both')) };
  assert.notEqual(settingsHashOf(both), settingsHashOf(settings));
  assert.deepEqual(settingsFromText(settingsText(both)), both);
  const { topics: _, ...older } = settings;
  assert.deepEqual(settingsFromText(JSON.stringify(older)).topics, FIRST_VERSIONS);
});

test('a topic is made when it is written, with the partitions of the one before it', async () => {
  const log = openSqliteLog({ path: join(folder, 'log.sqlite'), durability: 'process' });
  try {
    const first = await ensureTopics(log, allTopics(['1h'], FIRST_VERSIONS), alike(3));
    assert.deepEqual([first.get(V1), first.has(V2)], [3, false]);
    const both = await read(policy(`successor: ${V2}`, 'write: both'));
    const then = await ensureTopics(log, allTopics(['1h'], both), alike(5));
    assert.deepEqual([then.get(V1), then.get(V2)], [3, 3]);
    const late = await read(policy(`successor: ${V2}`, 'write: v2', ...DEPRECATED));
    assert.ok(!allTopics(['1h'], late).includes(V1));
  } finally {
    await log.close();
  }
});

test('the wire feeds what policy writes, by its own schema, and guesses none', async () => {
  const registry = await openSchemaFiles(ROOT, null);
  const wireOf = async (versions: TopicVersions) => {
    const topics = allTopics(['1h', '15m'], versions);
    return openWire('projection', topics, registry, new Map(topics.map((name) => [name, 2])), 'served');
  };
  const first = await wireOf(FIRST_VERSIONS);
  assert.deepEqual([first.feeds(V1), first.feeds(V2)], [true, false]);
  const both = await wireOf(await read(policy(`successor: ${V2}`, 'write: both')));
  assert.deepEqual([both.feeds(V1), both.feeds(V2)], [true, true]);
  assert.equal(both.schemaId(V2), (await registry.latest(`${V2}-value`)).id);
  assert.notEqual(both.schemaId(V1), both.schemaId(V2));
  const late = await wireOf(await read(policy(`successor: ${V2}`, 'write: v2', ...DEPRECATED)));
  assert.deepEqual([late.feeds(V1), late.feeds(V2)], [false, true]);
  // Bars of an interval without a file have the schema of the topic of all intervals; nothing else borrows one.
  assert.equal(first.schemaId('aggregated.market.bars.15m.v1'), first.schemaId('aggregation.ohlc.bars.v1'));
  await assert.rejects(
    openWire('projection', ['some.topic.v1'], registry, new Map(), 'served'),
    (error: { code: string }) => error.code === 'SCHEMA_UNKNOWN',
  );
});

test('what is fed: served topics, normalized ticks alone, or all', async () => {
  const registry = await openSchemaFiles(ROOT, null);
  const topics = allTopics(['1m'], FIRST_VERSIONS);
  const fed = async (feed: 'served' | 'silver' | 'all'): Promise<string[]> => {
    const wire = await openWire('pipeline', topics, registry, new Map(), feed);
    const governed = /^(normalized|enriched|aggregation|aggregated|pricing|served)\./;
    return topics.filter((topic) => governed.test(topic) && wire.feeds(topic));
  };
  const ticks = ['normalized.market.ticks.v1', 'enriched.market.ticks.v1'];
  const prestage = 'aggregation.curve.prestage.v1';
  const bars = ['aggregation.ohlc.bars.v1', 'aggregated.market.bars.1m.v1'];
  const rolling = 'aggregation.rolling.metrics.v1';
  const served = [...bars, rolling, prestage, 'pricing.curve.updates.v1', V1];
  assert.deepEqual(await fed('served'), served);
  assert.deepEqual(await fed('silver'), [ticks[0], prestage]);
  assert.deepEqual(await fed('all'), [...ticks, ...served]);
});
