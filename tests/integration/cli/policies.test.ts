/** Policies edited while `up` runs: the next values follow the new rule; a broken edit changes nothing and says where. */

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AUTUMN,
  carbon,
  edited,
  errorOf,
  linesOf,
  newFolder,
  ROOT,
  replay,
  rowsOf,
  SPRING,
  start,
} from './carbon.ts';

const RULES = join(ROOT, 'configs/normalization_rules.yaml');
const MAX = 'lmp: { min: "-1000", max: "5000"';

/** A copy of the rules and the way to edit it. */
function ownRules(): { path: string; edit: (from: string, to: string) => void } {
  const path = join(newFolder(), 'rules.yaml');
  copyFileSync(RULES, path);
  const edit = (from: string, to: string): void => {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), from);
    writeFileSync(path, text.replace(from, to));
  };
  return { path, edit };
}

test('an edited rule holds for what comes next; a broken one is refused and the old one stays', async () => {
  const { path, edit } = ownRules();
  const data = newFolder();
  const up = start(['--data', data, 'up'], { NORMALIZATION_RULES_PATH: path, DATA_PROC_HTTP: 'off' });
  await up.shown('service.started');
  const outOfRange = async (): Promise<unknown> => {
    const sql = 'SELECT count() AS n FROM silver_ticks WHERE bitTest(flags, 1)';
    return (await rowsOf(data, 'sql', sql))[0]['n'];
  };
  await replay(data, AUTUMN);
  assert.equal(await outOfRange(), '0');

  edit('version: 1\n', 'version: 1\nnonsense: true\n');
  await up.shown('policies.refused');
  await replay(data, edited(AUTUMN, '"CAPITL",61757,-3.31,', '"CAPITL",61757,77.25,'));
  assert.equal(await outOfRange(), '0');

  edit('nonsense: true\n', '');
  edit(MAX, 'lmp: { min: "-1000", max: "1"');
  await up.shown('policies.reloaded');
  await replay(data, SPRING);
  assert.ok(Number(await outOfRange()) > 100, String(await outOfRange()));

  up.child.kill('SIGTERM');
  const { exit, stderr } = await up.ended;
  assert.equal(exit, 0, stderr);
  const lines = linesOf(stderr.replaceAll(/^[^{].*$/gm, ''));
  const refused = lines.filter((line) => line['event'] === 'policies.refused');
  assert.deepEqual(
    refused.map((line) => [line['code'], line['file'], line['field'], line['got']]),
    [['CONFIG_INVALID', path, 'nonsense', 'nonsense']],
  );
  assert.equal(typeof refused[0]['line'], 'number');
  // Bars say by which settings they were made.
  const versions = await rowsOf(data, 'sql', 'SELECT DISTINCT metadata FROM bars ORDER BY metadata');
  assert.equal(versions.length, 2);
});

test('a payload past an assertion is not published, and released once the bound is another', async () => {
  const { path, edit } = ownRules();
  edit('max_out_of_range_ratio: 0.2', 'max_out_of_range_ratio: 0.0');
  edit(MAX, 'lmp: { min: "-1000", max: "50"');
  const data = newFolder();
  const strict = { NORMALIZATION_RULES_PATH: path };
  const error = await errorOf(4, ['--data', data, '--log-level', 'error', 'replay', AUTUMN], strict);
  assert.equal(error['code'], 'QUALITY_ASSERTION_FAILED');
  assert.equal(error['field'], 'max_out_of_range_ratio');
  assert.match(String(error['message']), /values out of range are .* nothing is published/);
  const [anomaly] = await rowsOf(data, 'tap', 'data.quality.anomalies.v1');
  assert.match(JSON.stringify(anomaly), /QUALITY_ASSERTION_FAILED/);
  const [raw] = (await rowsOf(data, 'tap', '--list')).filter(
    (row) => row['topic'] === 'ingestion.nyiso.raw.v1',
  );
  assert.equal(raw['records'], 0);
  edit('max_out_of_range_ratio: 0.0', 'max_out_of_range_ratio: 1.0');
  const { exit, stderr } = await carbon(['--data', data, 'replay', AUTUMN], strict);
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /known before/);
});
