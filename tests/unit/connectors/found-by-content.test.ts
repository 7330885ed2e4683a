/**
 * Every golden body under a name that tells nothing, with its market and without: what reads it is found by its content
 * alone. A body that only its name
 * tells apart stands in a list, with the datasets that it is left between.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { CarbonError } from '../../../core/errors.ts';
import { readBody } from '../../support/read-body.ts';

const GOLDEN = resolve(import.meta.dirname, '../../data/golden/decode');

/** Files of a quarter have no title: day-ahead and real time have one form, and a price is not guessed at. */
const BY_NAME: Readonly<Record<string, RegExp>> = {
  'miso/da_lmp/quarter': /may be MISO da_lmp, .*MISO rt_lmp_hourly/,
  'miso/rt_lmp_hourly/quarter': /may be MISO da_lmp, .*MISO rt_lmp_hourly/,
  'nyiso/hasp_lmp/spring-night': /^nyiso da_lmp$/,
  'nyiso/rt_lmp_hourly/autumn-day': /^nyiso da_lmp$/,
  'nyiso/rt_lmp_hourly/spring-day': /^nyiso da_lmp$/,
  'nyiso/solar_forecast/spring-night': /^nyiso solar_generation$/,
};

function foundIn(market: string, path: string, asked: string | undefined): string {
  const file = readdirSync(path).find((name) => name.startsWith('payload.')) ?? '';
  const body = new Uint8Array(readFileSync(join(path, file)));
  try {
    return `${market} ${readBody(body, { market: asked }, `body${extname(file)}`).dataset}`;
  } catch (error) {
    if (error instanceof CarbonError) return error.message;
    throw error;
  }
}

for (const market of readdirSync(GOLDEN))
  for (const dataset of readdirSync(join(GOLDEN, market)))
    for (const name of readdirSync(join(GOLDEN, market, dataset)))
      test(`found by content: ${market} ${dataset} ${name}`, () => {
        const told = BY_NAME[`${market}/${dataset}/${name}`];
        // With its market and without: a body of one market is not left between two.
        for (const asked of [market.split('-')[0], undefined]) {
          const found = foundIn(market, join(GOLDEN, market, dataset, name), asked);
          if (told === undefined) assert.equal(found, `${market} ${dataset}`);
          else assert.match(found, told);
        }
      });
