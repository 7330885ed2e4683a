/**
 * The V8 of this Node knows the flags by which arrays are counted: it would only mutter and go on, at a ninth more CPU. How
 * many collections that saves is for the benchmark to say, not for a test that runs beside others.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const module = pathToFileURL(`${import.meta.dirname}/../../../app/pipeline/array-memory.ts`).href;

const said = (code: string): string =>
  spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }).stderr;

test('V8 takes the flags of array memory without a word, and mutters at one that it does not know', () => {
  const unknown = "(await import('node:v8')).setFlagsFromString('--no-such-flag');";
  assert.match(said(unknown), /no-such-flag/);
  assert.equal(said(`(await import('${module}')).countArraysWithHeap();`), '');
});
