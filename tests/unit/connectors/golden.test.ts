/** Every golden case of every source is read whole, and printed line by line as it says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenCases } from '../../support/golden-cases.ts';
import { printedLines, readBody } from '../../support/read-body.ts';

/** Columns that a body has on purpose and its dataset does not know; all other bodies have none. */
const DRIFT: Readonly<Record<string, readonly string[]>> = {
  'ieso/load_forecast/day': ['/ForecastSupply/Unheard'],
};

for (const { connector, market, dataset, name, body, expected } of goldenCases())
  test(`golden: ${connector} ${dataset} ${name}`, () => {
    const refined = readBody(body, { market, dataset });
    assert.deepEqual([refined.dataset, refined.damage, refined.rejected], [dataset, null, []]);
    assert.deepEqual(
      refined.drift.map(({ column }) => column),
      DRIFT[`${connector}/${dataset}/${name}`] ?? [],
    );
    assert.equal(`${printedLines(refined).join('\n')}\n`, expected);
  });
