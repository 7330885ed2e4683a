/** The written golden cases of all markets: found by their content alone, and read as their lines say. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { samples } from '../../../scripts/samples/make-written-samples.ts';
import { bytesOf, printedLines, readBody } from '../../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const files = samples();

test('written cases and samples are what their maker makes', () => {
  for (const [path, content] of files)
    assert.deepEqual(new Uint8Array(readFileSync(join(ROOT, path))), new Uint8Array(bytesOf(content)), path);
});

for (const [path, content] of files) {
  const [, , , , market = '', dataset = '', name = '', file = ''] = path.split('/');
  if (!file.startsWith('payload.')) continue;
  test(`golden: ${market} ${dataset} ${name}`, () => {
    const refined = readBody(content, { market });
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected], [dataset, null, []]);
    assert.deepEqual(refined.drift, []);
    const expected = files.get(`${dirname(path)}/expected.jsonl`);
    assert.equal(`${printedLines(refined).join('\n')}\n`, expected);
  });
}
