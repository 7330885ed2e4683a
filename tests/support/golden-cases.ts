/** Golden cases of a market as tests: each is found by its content, read whole, and printed line by line as expected. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { printedLines, readBody } from './read-body.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Registers a test for each golden case of a market. */
export function testGoldenCases(market: string): void {
  const golden = join(ROOT, 'tests/data/golden/decode', market);
  for (const dataset of readdirSync(golden))
    for (const name of readdirSync(join(golden, dataset)))
      test(`golden: ${dataset} ${name}`, () => {
        const folder = join(golden, dataset, name);
        const file = readdirSync(folder).find((each) => each.startsWith('payload.')) ?? '';
        const body = new Uint8Array(readFileSync(join(folder, file)));
        const refined = readBody(body, { market });
        assert.equal(refined.damage, null);
        assert.deepEqual(refined.rejected, []);
        assert.deepEqual(refined.drift, []);
        assert.equal(refined.dataset, dataset);
        assert.equal(
          `${printedLines(refined).join('\n')}\n`,
          readFileSync(join(folder, 'expected.jsonl'), 'utf8'),
        );
      });
}

/** Holds the files of a market's maker to what it makes. */
export function testMadeFiles(samples: ReadonlyMap<string, string>, script: string): void {
  test('samples and golden cases are what their maker makes', () => {
    for (const [path, content] of samples)
      assert.equal(readFileSync(join(ROOT, path), 'utf8'), content, `${path}: run ${script}`);
  });
}
