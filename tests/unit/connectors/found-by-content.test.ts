/**
 * Every golden body under a name that tells nothing, with its market and without: what reads it is found by its content
 * alone. A body that only its name tells apart stands in a list, with the datasets that it is left between.
 */

import assert from 'node:assert/strict';
import { extname } from 'node:path';
import { test } from 'node:test';
import { CarbonError } from '../../../core/errors.ts';
import { type GoldenCase, goldenCases } from '../../support/golden-cases.ts';
import { readBody } from '../../support/read-body.ts';

/** Files of a quarter have no title: day-ahead and real time have one form, and a price is not guessed at. */
const BY_NAME: Readonly<Record<string, RegExp>> = {
  'miso/da_lmp/quarter': /may be MISO da_lmp, .*MISO rt_lmp_hourly/,
  'miso/rt_lmp_hourly/quarter': /may be MISO da_lmp, .*MISO rt_lmp_hourly/,
  'nyiso/hasp_lmp/spring-night': /^nyiso da_lmp$/,
  'nyiso/rt_lmp_hourly/autumn-day': /^nyiso da_lmp$/,
  'nyiso/rt_lmp_hourly/spring-day': /^nyiso da_lmp$/,
  'nyiso/solar_forecast/spring-night': /^nyiso solar_generation$/,
};

function foundIn({ connector, file, body }: GoldenCase, asked: string | undefined): string {
  try {
    return `${connector} ${readBody(body, { market: asked }, `body${extname(file)}`).dataset}`;
  } catch (error) {
    if (error instanceof CarbonError) return error.message;
    throw error;
  }
}

for (const each of goldenCases())
  test(`found by content: ${each.connector} ${each.dataset} ${each.name}`, () => {
    const told = BY_NAME[`${each.connector}/${each.dataset}/${each.name}`];
    // With its market and without: a body of one market is not left between two.
    for (const asked of [each.market, undefined]) {
      const found = foundIn(each, asked);
      if (told === undefined) assert.equal(found, `${each.connector} ${each.dataset}`);
      else assert.match(found, told);
    }
  });
