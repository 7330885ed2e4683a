/** Samples and golden cases are what their makers make: none was edited by hand, and none is out of date. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bytesOf } from '../../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SCRIPTS = join(ROOT, 'scripts/samples');

/** What each maker has to offer: path from the root of the project → content. */
interface Maker {
  samples?: () => ReadonlyMap<string, string | Uint8Array>;
}

const makers = readdirSync(SCRIPTS).filter((name) => name.startsWith('make-'));

test('makers are there', () => {
  assert.ok(makers.length >= 14, makers.join(', '));
});

for (const name of makers)
  test(`samples and golden cases are what ${name} makes`, async () => {
    const maker = (await import(pathToFileURL(join(SCRIPTS, name)).href)) as Maker;
    const files = maker.samples?.() ?? new Map<string, string>();
    assert.ok(files.size > 0, 'it exports samples()');
    for (const [path, content] of files)
      assert.deepEqual(
        new Uint8Array(readFileSync(join(ROOT, path))),
        new Uint8Array(bytesOf(content)),
        `${path}: run scripts/samples/${name}`,
      );
  });
