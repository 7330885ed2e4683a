import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { cronProblem } from '../../../app/connectors/cron.ts';
import {
  connectorsFolder,
  inspectManifest,
  loadManifest,
  settingsOf,
  transformsOf,
} from '../../../app/connectors/manifest.ts';
import { KEY_DOCS, manifestReference } from '../../../app/connectors/manifest-schema.ts';
import { nearestName } from '../../../app/connectors/nearest-name.ts';
import { nestedReference } from '../../../app/connectors/nested-keys.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';

const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
mkdirSync(join(folder, 'schemas'));
writeFileSync(join(folder, 'schemas/raw_miso_trade.avsc'), '{}');
after(() => rmSync(folder, { recursive: true }));
const FILE = join(folder, 'connector.yaml');

const NYISO = `name: nyiso
version: 1.0.0
market: NYISO
mode: batch
schedule: "15 16 * * *"
output_topic: ingestion.nyiso.raw.v1
schema: schemas/raw_nyiso_lmp.avsc
owner: platform
hosts: [mis.nyiso.com]
min_interval_ms: 250
lookback: 7d
options: { files: zone }
transforms: [sanitize_numeric]
datasets:
  - name: da_lmp
`;

const EXAMPLE = `name: miso
version: 1.2.0
market: MISO
mode: batch            # batch | streaming
schedule: "0 */1 * * *"
enabled: true
output_topic: ingestion.miso.raw.v1
schema: schemas/raw_miso_trade.avsc
retries: 3
backoff_seconds: 30
tenant_strategy: single
transforms:
  - name: sanitize_numeric
  - name: standardize_timezone
owner: platform
`;

/** Problems of a text as `line:column field got`. */
async function problems(text: string, variables: Record<string, string> = {}): Promise<string[]> {
  writeFileSync(FILE, text);
  const inspected = await inspectManifest(FILE, { variables });
  return inspected.problems.map(({ code, position: p }) => {
    assert.equal(code, 'CONNECTOR_INVALID');
    assert.equal(p.file, FILE);
    assert.ok((p.expected ?? '') !== '');
    return `${p.line}:${p.column} ${p.field ?? ''} ${p.got}`;
  });
}

test('the example of the documents passes as it stands', async () => {
  writeFileSync(FILE, EXAMPLE);
  const manifest = await loadManifest(FILE);
  assert.deepEqual([manifest.version, manifest.mode, manifest.retries], ['1.2.0', 'batch', 3]);
  assert.deepEqual(manifest.transforms, ['sanitize_numeric', 'standardize_timezone']);
});

test('transforms may be plain names, and keep their order', async () => {
  writeFileSync(
    FILE,
    EXAMPLE.replace(
      /transforms:[\s\S]*?owner/,
      'transforms: [standardize_timezone, sanitize_numeric]\nowner',
    ),
  );
  assert.deepEqual(transformsOf(await loadManifest(FILE), 'any'), [
    'standardize_timezone',
    'sanitize_numeric',
  ]);
});

test('all problems of a file come at once, each with its place and what is allowed', async () => {
  const text = EXAMPLE.replace('mode: batch', 'mode: bach')
    .replace('"0 */1 * * *"', '"0 25 * * *"')
    .replace('retries: 3', 'retires: 3')
    .replace('enabled: true', 'enabled: maybe')
    .replace('ingestion.miso', 'ingestion.mso')
    .replace('raw_miso_trade.avsc', 'absent.avsc')
    .replace('- name: sanitize_numeric', '- name: sanitise')
    .replace('owner: platform\n', '');
  assert.deepEqual(await problems(text), [
    '1:1 owner nothing',
    '4:7 mode bach',
    '5:11 schedule 0 25 * * *',
    '6:10 enabled maybe',
    '7:15 output_topic ingestion.mso.raw.v1',
    '8:9 schema schemas/absent.avsc',
    '9:1 retires retires',
    '13:5 transforms.0 {"name":"sanitise"}',
  ]);
  await assert.rejects(loadManifest(FILE), (error: Error) => {
    assert.match(error.message, /bach/);
    assert.match(error.message, /did you mean retries\?/);
    assert.match(error.message, /hour is a number from 0 to 23/);
    assert.match(error.message, /batch, streaming, hybrid/);
    return true;
  });
});

test('syntax errors, duplicate keys and files that are no map are refused with their line', async () => {
  assert.deepEqual(await problems(`${EXAMPLE}owner: me\n`), ['16:1  DUPLICATE_KEY']);
  assert.match((await problems('name: [a\n'))[0] ?? '', /^\d+:\d+ {2}/);
  assert.equal((await problems('- a\n')).length > 0, true);
  assert.equal((await problems('')).length > 0, true);
  const flood = 'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n';
  assert.match(
    (await problems(`${flood}c: &c [*b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n`))[0] ?? '',
    /^1:1 {2}many/,
  );
});

const variable = (name: string): string => `\${${name}}`;

test('a variable stands for a whole value; unset ones and parts are refused', async () => {
  const text = EXAMPLE.replace('retries: 3', `retries: ${variable('TRIES')}`).replace(
    'owner: platform',
    `owner: ${variable('TEAM')}`,
  );
  assert.deepEqual(await problems(text, { TRIES: '5', TEAM: '12' }), ['15:8 owner 12']);
  assert.deepEqual(await problems(text, { TRIES: '5', TEAM: 'desk' }), []);
  assert.deepEqual(await problems(text, { TRIES: '5' }), [`15:8 owner ${variable('TEAM')}`]);
  assert.deepEqual(await problems(EXAMPLE.replace('platform', `team-${variable('X')}`), { X: 'a' }), [
    `15:8 owner team-${variable('X')}`,
  ]);
  assert.deepEqual(await problems(EXAMPLE.replace('- name: sanitize_numeric', `- name: ${variable('T')}`)), [
    `13:11 transforms.0.name ${variable('T')}`,
  ]);
});

test('a schedule is needed unless streaming, also where a dataset overrides the mode', async () => {
  const bare = EXAMPLE.replace(/schedule.*\n/, '');
  assert.deepEqual(await problems(bare), ['1:1 schedule nothing']);
  assert.deepEqual(await problems(bare.replace('mode: batch', 'mode: streaming')), []);
});

test('datasets are held to the catalogue, listed once, and override the settings above them', async () => {
  const folders = { 'schemas/raw_nyiso_lmp.avsc': '{}' };
  for (const [name, text] of Object.entries(folders)) writeFileSync(join(folder, name), text);
  const nyiso = NYISO;
  const more = '  - name: da_lmp\n  - name: no_such\n    mood: batch\n';
  assert.deepEqual(await problems(nyiso + more), [
    '16:11 datasets.1.name da_lmp',
    '17:11 datasets.2.name no_such',
    '18:5 datasets.2.mood mood',
  ]);
  assert.deepEqual(await problems(nyiso.replace('market: NYISO', 'market: PJM')), [
    '3:9 market PJM',
    '6:15 output_topic ingestion.nyiso.raw.v1',
  ]);
  writeFileSync(
    FILE,
    `${nyiso}    mode: hybrid\n    schedule: "*/5 * * * *"\n    transforms: []\n    lookback: 3d\n    options: { a: b }\n`,
  );
  const manifest = await loadManifest(FILE);
  const settings = settingsOf(manifest, 'da_lmp');
  assert.deepEqual(
    [settings.mode, settings.schedule, settings.transforms, settings.schema],
    ['hybrid', '*/5 * * * *', [], manifest.schema],
  );
  assert.deepEqual(
    [settings.lookback, settings.options, settings.min_interval_ms, settings.timeout_seconds],
    ['3d', { files: 'zone', a: 'b' }, 250, 60],
  );
});

test('every connector of the catalogue has a good file', async () => {
  for (const connector of CONNECTORS) {
    const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
    assert.deepEqual([manifest.name, manifest.market], [connector.name, connector.market]);
  }
});

test('cron: five fields in range, with names, lists, ranges and steps', () => {
  for (const good of ['0 */1 * * *', '15 16 * * 1-5', '*/5 0,12 1 JAN-MAR sun', '59 23 31 12 7'])
    assert.equal(cronProblem(good), null, good);
  for (const bad of [
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    '5-1 * * * *',
    'a * * * *',
    '1,, * * * *',
    '* * * * * *',
    '@daily',
  ])
    assert.notEqual(cronProblem(bad), null, bad);
});

test('the nearest name is offered when it is near', () => {
  assert.equal(nearestName('retires', ['retries', 'schema']), 'retries');
  assert.equal(nearestName('zzz', ['retries', 'schema']), null);
});

test('the page of the docs holds the tables of keys', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/add-a-connector.md'), 'utf8');
  assert.ok(
    page.includes(manifestReference()),
    'docs/add-a-connector.md: replace the table by manifestReference()',
  );
  assert.equal(manifestReference().split('\n').length, Object.keys(KEY_DOCS).length + 2);
  assert.ok(
    page.includes(nestedReference()),
    'docs/add-a-connector.md: replace the second table by nestedReference()',
  );
});
