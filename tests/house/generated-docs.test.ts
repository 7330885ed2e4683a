/** The pages that are made from code are up to date. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { POLICY_FILES } from '../../app/pipeline/policy-files.ts';
import { policyPaths } from '../../app/pipeline/settings.ts';
import { generatedPages } from '../../scripts/generate-docs.ts';
import { ROOT } from './source-files.ts';

for (const { path, text } of generatedPages())
  test(`${path} is what the code says`, () => {
    const there = existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '';
    const line = text.split('\n').findIndex((expected, index) => expected !== there.split('\n')[index]) + 1;
    assert.ok(there === text, `${path}:${line}: is stale: run make docs and commit the page`);
  });

test('configuration: every policy file lies where the page says, and its variable moves it', () => {
  for (const { service, file, variable } of POLICY_FILES) {
    assert.equal(policyPaths('', {})[service], file);
    assert.equal(policyPaths('', { [variable]: 'elsewhere.yaml' })[service], 'elsewhere.yaml');
  }
});

test('pages: every key and option says what it means', () => {
  for (const { path, text } of generatedPages()) {
    const bare = text.split('\n').findIndex((line) => line.startsWith('| `') && line.endsWith('| |'));
    assert.equal(bare, -1, `${path}:${bare + 1}: has no description: give it one in the code`);
  }
});
