/** specs.lock.json pins every contract as it is, and says what it does not. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { SPECS_LOCK, specsLock, specsLockProblems, specsLockText } from '../../../app/schemas/specs-lock.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('the lock of the checkout is current, to the byte', async () => {
  assert.deepEqual(
    (await specsLockProblems(ROOT)).map(({ message }) => message),
    [],
    'run make specs-sync and commit the file',
  );
  assert.equal(readFileSync(join(ROOT, SPECS_LOCK), 'utf8'), specsLockText(await specsLock(ROOT)));
});

test('every schema and every policy file is in it, with the hash of its bytes', async () => {
  const { contracts } = await specsLock(ROOT);
  const files = [
    ...readdirSync(join(ROOT, 'events/avro')).map((name) => `events/avro/${name}`),
    ...readdirSync(join(ROOT, 'connectors/nyiso/schemas')).map((name) => `connectors/nyiso/schemas/${name}`),
  ];
  for (const file of files) {
    const digest = createHash('sha256')
      .update(readFileSync(join(ROOT, file)))
      .digest('hex');
    assert.equal(contracts[file]?.sha256, digest, file);
    assert.ok(Number.isInteger(contracts[file]?.id), `${file} has a released id`);
  }
  for (const name of readdirSync(join(ROOT, 'configs')).filter((each) => each.endsWith('.yaml')))
    assert.match(contracts[`configs/${name}`]?.sha256 ?? '', /^[0-9a-f]{64}$/, name);
  assert.equal(contracts['events/avro/served.market.latest_prices.v2.avsc']?.version, 'v2');
  const manifest = readFileSync(join(ROOT, 'connectors/nyiso/connector.yaml'), 'utf8');
  const version = /^version: "?([\d.]+)/m.exec(manifest)?.[1];
  assert.equal(contracts['connectors/nyiso/schemas/raw_nyiso_lmp.avsc']?.version, version);
});

/** A copy of the contracts with its lock. */
function copy(): string {
  const root = mkdtempSync(join(tmpdir(), 'carbon-lock-'));
  folders.push(root);
  for (const part of ['events', 'connectors', SPECS_LOCK])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  return root;
}

const BARS = 'events/avro/aggregation.ohlc.bars.v1.avsc';
const edit = (root: string, file: string, change: (text: string) => string): void => {
  const text = readFileSync(join(root, file), 'utf8');
  assert.notEqual(change(text), text);
  writeFileSync(join(root, file), change(text));
};

const STALE: readonly (readonly [string, (root: string) => void, string | undefined, RegExp])[] = [
  [
    'an edited schema',
    (root) => edit(root, BARS, (text) => text.replace('"doc": "', '"doc": "More: ')),
    BARS,
    /sha256/,
  ],
  [
    'a schema more',
    (root) => cpSync(join(root, BARS), join(root, BARS.replace('.v1', '.v2'))),
    BARS.replace('.v1', '.v2'),
    /not pinned/,
  ],
  ['a schema less', (root) => rmSync(join(root, BARS)), BARS, /no contract any more/],
  [
    'a version of a connector',
    (root) =>
      edit(root, 'connectors/nyiso/connector.yaml', (text) =>
        text.replace(/^version: .*$/m, 'version: 99.0.0'),
      ),
    'connectors/nyiso/schemas/raw_nyiso_lmp.avsc',
    /version .* 99\.0\.0/,
  ],
  [
    'another form of a policy',
    (root) =>
      edit(root, SPECS_LOCK, (text) =>
        text.replace(
          /("configs\/topic_versions.yaml": \{\s+"version": "1",\s+"sha256": ")[0-9a-f]{8}/,
          '$100000000',
        ),
      ),
    'configs/topic_versions.yaml',
    /sha256/,
  ],
  ['no lock', (root) => rmSync(join(root, SPECS_LOCK)), undefined, /not there/],
  ['no JSON', (root) => writeFileSync(join(root, SPECS_LOCK), '{'), undefined, /not a lock/],
];

for (const [what, change, field, words] of STALE)
  test(`told by its path: ${what}`, async () => {
    const root = copy();
    assert.deepEqual(await specsLockProblems(root), []);
    change(root);
    const [problem, ...more] = await specsLockProblems(root);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [problem.code, problem.position.file, problem.position.field],
      ['CONTRACT_UNPINNED', SPECS_LOCK, field],
    );
    assert.match(problem.message, words);
  });
