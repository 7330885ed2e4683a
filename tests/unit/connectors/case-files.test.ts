/** Golden cases that are one file per dataset: found by content alone, and read as the file says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseFiles } from '../../support/case-files.ts';
import { printedLines, readBody } from '../../support/read-body.ts';

for (const { market, dataset, what, body, expected } of caseFiles())
  test(`golden: ${market} ${dataset}: ${what}`, () => {
    const refined = readBody(body, { market });
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected], [dataset, null, []]);
    assert.deepEqual(refined.drift, []);
    assert.deepEqual(
      printedLines(refined).map((line) => JSON.parse(line) as unknown),
      expected.map((row) => ({ market: market.toUpperCase(), dataset, ...row })),
    );
  });
