/** Settings: where they come from, what disagrees, what is refused, and what is never shown. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { printable } from '../../../app/config/redact.ts';
import { RUNTIME_SETTINGS, resolveRuntime, runtimeSettings } from '../../../app/config/runtime.ts';
import type { Setting } from '../../../app/config/setting.ts';
import { ownRulesOf } from '../../../app/connectors/start-facts.ts';
import { loadStageSettings, policyPaths, withOwnRules } from '../../../app/pipeline/settings.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import type { Dataset, DatasetRule } from '../../../connectors/kit/contract.ts';
import type { NormalizationSettings } from '../../../services/normalization/config.ts';
import { ruleFor } from '../../../services/normalization/policy.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'carbon-settings-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (text: string): string => {
  const path = join(folder, `secret-${Math.random()}`);
  writeFileSync(path, text);
  return path;
};
const refused = (env: Record<string, string>, ...parts: RegExp[]): void =>
  assert.throws(
    () => runtimeSettings({}, env),
    (error: Error & { code?: string; exitCode?: number }) => {
      assert.equal(error.code, 'CONFIG_INVALID');
      assert.equal(error.exitCode, 78);
      for (const part of parts) assert.match(error.message, part);
      return true;
    },
  );

test('an option goes before the environment, the environment before the default; what is empty is not given', () => {
  assert.equal(runtimeSettings({ tenant: 'a' }, { DATA_PROC_TENANT: 'b' }).tenant, 'a');
  assert.equal(runtimeSettings({}, { DATA_PROC_TENANT: 'b' }).tenant, 'b');
  assert.equal(runtimeSettings({}, { DATA_PROC_TENANT: '' }).tenant, 'default');
  assert.equal(runtimeSettings({}, {}).profile, 'embedded');
});

test('every name of the documents is understood, and each says the same as the first', () => {
  const aliases: [string, string, string][] = [
    ['INGEST_ENV', 'DATA_PROC_ENV', 'staging'],
    ['KAFKA_BOOTSTRAP', 'DATA_PROC_KAFKA_BOOTSTRAP', 'kafka:9092'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'DATA_PROC_KAFKA_BOOTSTRAP', 'a:1,b:2'],
    ['SCHEMA_REGISTRY_URL', 'DATA_PROC_SCHEMA_REGISTRY_URL', 'http://r:8081'],
    ['REDIS_URL', 'DATA_PROC_REDIS_URL', 'redis://redis:6379/0'],
    ['NORMALIZATION_CONFIG', 'NORMALIZATION_RULES_PATH', '/x/rules.yaml'],
    ['ENRICHMENT_CONFIG', 'ENRICHMENT_TAXONOMY_PATH', '/x/taxonomy.yaml'],
  ];
  for (const [alias, first, text] of aliases) {
    const { settings, problems } = resolveRuntime({}, { [alias]: text });
    assert.deepEqual(problems, []);
    const found = [...settings.values()].find(({ setting }) => setting.variable === first);
    assert.deepEqual([found?.text, found?.source], [text, alias]);
    assert.equal(runtimeSettings({}, { [alias]: text }).env[first], text, 'under its first name');
  }
});

test('the tables of the documents hold no variable that is not understood', () => {
  // Documents 001 (Environment & Configuration, SeaTunnel, scaling), 003 and 004 section 9.
  const named = `INGEST_ENV KAFKA_BOOTSTRAP KAFKA_BOOTSTRAP_SERVERS SCHEMA_REGISTRY_URL CLICKHOUSE_DSN REDIS_URL
    AIRFLOW__CORE__FERNET_KEY NORMALIZATION_RULES_PATH ENRICHMENT_TAXONOMY_PATH AGGREGATION_POLICIES_PATH
    NORMALIZATION_CONFIG ENRICHMENT_CONFIG OTLP_ENDPOINT PARALLEL_WORKERS MISO_API_URL MISO_API_TOKEN DATA_PROC_ENV
    DATA_PROC_KAFKA_BOOTSTRAP DATA_PROC_CLICKHOUSE_URL DATA_PROC_POSTGRES_DSN DATA_PROC_REDIS_URL
    DATA_PROC_CONSUMER_GROUP DATA_PROC_MAX_BATCH_SIZE DATA_PROC_BAR_INTERVALS DATA_PROC_CURVE_REBUILD_THREADS
    DATA_PROC_PROJECTION_REFRESH_INTERVAL DATA_PROC_TRACE_ENABLED DATA_PROC_LOG_LEVEL`;
  const known = new Set(
    Object.values<Setting>(RUNTIME_SETTINGS).flatMap(({ variable, aliases = [], part }) => [
      variable,
      ...aliases,
      part?.variable,
    ]),
  );
  for (const name of named.split(/\s+/)) assert.ok(known.has(name), name);
  assert.equal(runtimeSettings({}, { DATA_PROC_MAX_BATCH_SIZE: '5000' }).maxBatchSize, 5000);
});

test('two names that disagree are an error that names both; the same value twice is none', () => {
  refused(
    { DATA_PROC_KAFKA_BOOTSTRAP: 'a:1', KAFKA_BOOTSTRAP_SERVERS: 'b:1' },
    /DATA_PROC_KAFKA_BOOTSTRAP \("a:1"\)/,
    /KAFKA_BOOTSTRAP_SERVERS \("b:1"\)/,
  );
  refused(
    { KAFKA_BOOTSTRAP: 'a:1', KAFKA_BOOTSTRAP_SERVERS: 'b:1' },
    /KAFKA_BOOTSTRAP .*KAFKA_BOOTSTRAP_SERVERS/,
  );
  const same = runtimeSettings({}, { KAFKA_BOOTSTRAP: 'a:1', KAFKA_BOOTSTRAP_SERVERS: 'a:1' });
  assert.equal(same.engines.kafkaBootstrap, 'a:1');
});

test('secrets that disagree, and refused ones, are named and not shown', () => {
  const env = {
    DATA_PROC_POSTGRES_PASSWORD: 'hunter2',
    DATA_PROC_POSTGRES_PASSWORD_FILE: fileOf('swordfish\n'),
  };
  assert.throws(
    () => runtimeSettings({}, env),
    (error: Error) => {
      assert.match(error.message, /DATA_PROC_POSTGRES_PASSWORD and .*DATA_PROC_POSTGRES_PASSWORD_FILE/);
      assert.ok(!/hunter2|swordfish/.test(JSON.stringify([error.message, error])));
      return true;
    },
  );
  assert.throws(
    () => runtimeSettings({}, { DATA_PROC_POSTGRES_DSN: 'mysql:hunter2' }),
    (error: Error) => !error.message.includes('hunter2') && error.message.includes('postgres://user'),
  );
});

test('a secret stands in a file as well; its last line has no ending of its own', () => {
  const { engines } = runtimeSettings(
    {},
    {
      DATA_PROC_REDIS_PASSWORD_FILE: fileOf(' p w \r\n'),
      DATA_PROC_POSTGRES_DSN_FILE: fileOf('postgres://u:p@h/d\n'),
    },
  );
  assert.deepEqual([engines.redisPassword, engines.postgresDsn], [' p w ', 'postgres://u:p@h/d']);
  refused(
    { DATA_PROC_REDIS_PASSWORD_FILE: '/nowhere/at/all' },
    /DATA_PROC_REDIS_PASSWORD_FILE names \/nowhere/,
  );
  // What is no secret has no file.
  assert.equal(runtimeSettings({}, { DATA_PROC_TENANT_FILE: fileOf('x') }).tenant, 'default');
});

test('CLICKHOUSE_DSN gives address, user, password and database; its native port means that of HTTP', () => {
  const cases: [string, string, string, string, string][] = [
    ['clickhouse://user:pass@host:9000', 'http://host:8123', 'user', 'pass', 'default'],
    [
      'clickhouse://default@localhost:9000/carbon_ingestion',
      'http://localhost:8123',
      'default',
      '',
      'carbon_ingestion',
    ],
    ['clickhouse://h', 'http://h:8123', 'default', '', 'default'],
    ['clickhouses://u:p%40s@h:9440/d', 'https://h:8443', 'u', 'p@s', 'd'],
    ['http://h:8124/d', 'http://h:8124', 'default', '', 'd'],
    ['https://h/d', 'https://h:8443', 'default', '', 'd'],
    ['clickhouse://h:80/d?secure=0', 'http://h:80', 'default', '', 'd'],
  ];
  for (const [dsn, url, user, password, database] of cases) {
    const { engines } = runtimeSettings({}, { CLICKHOUSE_DSN: dsn });
    assert.deepEqual(
      [engines.clickhouseUrl, engines.clickhouseUser, engines.clickhousePassword, engines.clickhouseDatabase],
      [url, user, password, database],
      dsn,
    );
  }
  // An address of the list is the same address.
  const both = {
    CLICKHOUSE_DSN: 'clickhouse://h:9000',
    DATA_PROC_CLICKHOUSE_URL: 'http://g:8123,http://h:8123/',
  };
  assert.equal(runtimeSettings({}, both).engines.clickhouseUrl, both.DATA_PROC_CLICKHOUSE_URL);
  refused(
    { CLICKHOUSE_DSN: 'clickhouse://h:9000', DATA_PROC_CLICKHOUSE_URL: 'http://h:9999' },
    /DATA_PROC_CLICKHOUSE_URL/,
    /CLICKHOUSE_DSN/,
  );
  refused({ CLICKHOUSE_DSN: 'mysql://u:hunter2@h' }, /CLICKHOUSE_DSN is refused.*clickhouse:\/\//);
});

test('a value that is refused is told with its name and what is allowed, all of them at once when asked', () => {
  refused({ DATA_PROC_POSTGRES_POOL_SIZE: '0' }, /DATA_PROC_POSTGRES_POOL_SIZE is "0".*from 1 to 100/);
  refused({ DATA_PROC_PROFILE: 'kluster' }, /DATA_PROC_PROFILE is "kluster".*embedded or cluster/);
  refused({ KAFKA_BOOTSTRAP: 'kafka' }, /KAFKA_BOOTSTRAP is "kafka".*host:port/);
  refused({ DATA_PROC_KAFKA_COMPRESSION: 'gzip' }, /one of none, lz4, zstd/);
  const { problems } = resolveRuntime(
    { profile: 'x' },
    { DATA_PROC_PARTITIONS: 'many', REDIS_URL: 'http://x' },
  );
  assert.deepEqual(problems.map(({ position }) => position.field).sort(), [
    '--profile',
    'DATA_PROC_PARTITIONS',
    'REDIS_URL',
  ]);
});

test('what is printed of a setting holds no password', () => {
  const dsn = RUNTIME_SETTINGS.postgresDsn;
  const url = RUNTIME_SETTINGS.clickhouseUrl;
  assert.equal(printable(dsn, 'postgres://u:hunter2@h:5432/d'), 'postgres://u:***@h:5432/d');
  assert.equal(
    printable(dsn, 'postgres://u@h/d?password=hunter2&sslmode=require'),
    'postgres://u@h/d?password=***&sslmode=require',
  );
  assert.equal(printable(dsn, 'postgres://u:hun@ter2@h/d'), '***');
  assert.equal(
    printable(url, 'http://u:hunter2@a:1,http://u:hunter2@b:1'),
    'http://u:***@a:1,http://u:***@b:1',
  );
  assert.equal(printable(RUNTIME_SETTINGS.redisPassword, 'hunter2'), '***');
  assert.equal(printable(RUNTIME_SETTINGS.redisPassword, ''), '');
});

test('the examples of all environments are accepted as they stand, and hold every setting', () => {
  for (const name of ['local', 'dev', 'staging', 'production']) {
    const text = readFileSync(join(ROOT, `configs/environments/${name}/env.example`), 'utf8');
    const given: Record<string, string> = {};
    for (const line of text.split('\n')) {
      const found = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
      // Secrets are mounted where the files say; here some other file stands for them.
      if (found !== null) given[found[1]] = found[1].endsWith('_FILE') ? fileOf('secret') : found[2];
    }
    const { settings, problems } = resolveRuntime({}, given);
    assert.deepEqual(problems, [], name);
    for (const { setting } of settings.values())
      assert.match(text, new RegExp(`^#?${setting.variable}(_FILE)?=`, 'm'), `${name}: ${setting.variable}`);
    assert.equal(runtimeSettings({}, given).environment, name);
  }
});

test('DATA_PROC_BAR_INTERVALS selects some of the intervals of the policy', async () => {
  const load = (text: string) => {
    const env = { DATA_PROC_BAR_INTERVALS: text };
    return loadStageSettings(policyPaths(ROOT, env), env);
  };
  assert.deepEqual((await load('1h, 5m')).aggregation.intervals, ['5m', '1h']);
  assert.ok((await load('')).aggregation.intervals.length > 2);
  await assert.rejects(load('7m,5m'), { code: 'CONFIG_INVALID', message: /7m/ });
  refused({ DATA_PROC_BAR_INTERVALS: '5m,often' }, /DATA_PROC_BAR_INTERVALS is "5m,often"/);
});

test('a dataset of which the rules file does not speak brings its own rule; the file goes before it', async () => {
  const { normalization } = await loadStageSettings(policyPaths(ROOT, {}), {});
  const [nyiso] = CONNECTORS.filter(({ name }) => name === 'nyiso');
  assert.ok(nyiso !== undefined);
  const [first] = nyiso.datasets;
  const rule = { kind: 'series', product: 'NEW', fields: { lmp: { price: true, max: '10' } } } as const;
  const with_ = (name: string, own: DatasetRule): NormalizationSettings =>
    withOwnRules(
      normalization,
      ownRulesOf({ ...nyiso, datasets: [{ ...(first as Dataset), name, rule: own }] }),
    );
  const added = ruleFor(with_('unheard_of', rule), 'NYISO', 'unheard_of');
  assert.deepEqual(
    [added?.product, added?.fields['lmp']?.max, added?.fields['lmp']?.required],
    ['NEW', '10', false],
  );
  assert.equal(with_('da_lmp', rule), normalization, 'the file speaks of it');
  assert.throws(() => with_('unheard_of', { ...rule, lateness: 'soon' }), {
    code: 'CONFIG_INVALID',
    message: /the rule of NYISO unheard_of: .*duration/,
  });
});
