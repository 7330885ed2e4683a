/** `schemas validate` on the checkout and on a copy with a change that breaks readers. */

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { carbon, linesOf, newFolder, ROOT, type Row } from './carbon.ts';

const LATEST = 'events/avro/served.market.latest_prices.v1.avsc';

/** A copy of all that the command looks at, with one schema edited. */
function copyWith(edit: (fields: Row[]) => Row[]): string {
  const root = newFolder();
  for (const part of ['events', 'connectors', 'tests/data/golden/events'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  const path = join(root, LATEST);
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  const payload = schema.fields.find((field: Row) => field['name'] === 'payload').type;
  payload.fields = edit(payload.fields);
  writeFileSync(path, JSON.stringify(schema));
  return root;
}

test('the checkout is valid', async () => {
  const { exit, stdout, stderr } = await carbon(['schemas', 'validate']);
  assert.deepEqual([exit, stdout], [0, ''], stderr);
  assert.match(stderr, /^\d+ schemas checked, 0 problems\n$/);
  assert.ok(Number(stderr.split(' ')[0]) >= 15);
});

const BREAKING: readonly (readonly [string, string, (fields: Row[]) => Row[]])[] = [
  ['a new field without a default', 'desk', (fields) => [...fields, { name: 'desk', type: 'string' }]],
  [
    'a field of another type',
    'market',
    (fields) => fields.map((field) => (field['name'] === 'market' ? { ...field, type: 'long' } : field)),
  ],
];

for (const [name, field, edit] of BREAKING)
  test(`${name} is refused with exit 8, the field and the rule`, async () => {
    const root = copyWith(edit);
    const { exit, stdout, stderr } = await carbon(['--json', 'schemas', 'validate', '--root', root]);
    assert.deepEqual([exit, stdout], [8, ''], stderr);
    const errors = linesOf(stderr.split('\n').slice(0, -2).join('\n')).map((line) => line['error'] as Row);
    const error = errors.find(({ code }) => code === 'SCHEMA_INCOMPATIBLE');
    assert.match(String(error?.['field'] ?? error?.['message']), new RegExp(`\\b${field}\\b`));
    assert.match(String(error?.['message']), /default|long/);
    assert.match(JSON.stringify(error), /latest_prices/);
    assert.match(String(error?.['message']), /a new topic, served\.market\.latest_prices\.v2 /);
  });

test('an added field with a default is no break', async () => {
  const root = copyWith((fields) => [...fields, { name: 'desk', type: ['null', 'string'], default: null }]);
  const { exit, stderr } = await carbon(['schemas', 'validate', '--root', root]);
  assert.notEqual(exit, 8, stderr);
});

test('diff: rows for programs, the verdict for people, exit 8 when the topic would break', async () => {
  const added = copyWith((fields) => [...fields, { name: 'desk', type: ['null', 'string'], default: null }]);
  const V1 = 'served.market.latest_prices.v1';
  const fine = await carbon(['--json', 'schemas', 'diff', V1, '--root', added]);
  assert.equal(fine.exit, 0, fine.stderr);
  assert.deepEqual(linesOf(fine.stdout), [
    {
      field: 'payload.desk',
      change: 'added',
      before: null,
      after: 'null | string, default null',
      compatible: true,
      rule: null,
      bump: 'minor',
    },
  ]);
  assert.match(fine.stderr, /minor: .*the topic stays/);

  const broken = copyWith((fields) => [...fields, { name: 'desk', type: 'string' }]);
  const refused = await carbon(['--json', 'schemas', 'diff', V1, '--root', broken]);
  assert.equal(refused.exit, 8, refused.stderr);
  assert.match(refused.stderr, /a new topic, served\.market\.latest_prices\.v2/);

  const versions = await carbon(['--json', 'schemas', 'diff', V1, 'served.market.latest_prices.v2']);
  assert.equal(versions.exit, 0, versions.stderr);
  assert.match(versions.stderr, /a new version of the topic, as it has to be/);
});

test('a contract that the lock does not pin as it is gives exit 3', async () => {
  const root = copyWith((fields) => [...fields, { name: 'desk', type: ['null', 'string'], default: null }]);
  cpSync(join(ROOT, 'specs.lock.json'), join(root, 'specs.lock.json'));
  const sample = join(root, 'tests/data/golden/events/LatestPrice.json');
  const value = JSON.parse(readFileSync(sample, 'utf8'));
  value.payload.desk = null;
  writeFileSync(sample, JSON.stringify(value));
  const { exit, stderr } = await carbon(['--json', 'schemas', 'validate', '--root', root]);
  assert.equal(exit, 3, stderr);
  assert.match(stderr, /CONTRACT_UNPINNED.*latest_prices\.v1\.avsc is pinned with sha256/);
});
