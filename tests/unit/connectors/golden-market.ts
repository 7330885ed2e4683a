/** The golden cases of a market as tests: every body is recognised by its content alone and read as its file says. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { line } from '../../../app/cli/commands/decode.ts';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { recognise } from '../../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../../connectors/kit/refine.ts';
import { CarbonError } from '../../../core/errors.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');
const TRANSFORMS = ['sanitize_numeric', 'standardize_timezone'];

/** Recognises and refines a body of a market. */
export function readBody(market: string, body: string | Uint8Array, name = '', asked?: string): Refined {
  const payload = { name, bytes: typeof body === 'string' ? new TextEncoder().encode(body) : body };
  const { connector, dataset } = recognise(CONNECTORS, payload, { market, dataset: asked });
  return refine(connector.market, dataset, payload, TRANSFORMS);
}

/** The error with which a body is refused, or its damage. */
export function refusalOf(market: string, body: string | Uint8Array, name = ''): CarbonError {
  try {
    const { damage } = readBody(market, body, name);
    if (damage !== null) return damage;
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the body was read whole' });
}

/** The lines of `carbon decode`. */
export const linesOf = (refined: Refined): string[] =>
  refined.rows.flatMap((row) => row.values.map((value) => JSON.stringify(line(row, value))));

/** Adds a test for each golden case; `hinted` are datasets that only a name or a hint tells apart. */
export function testGoldenCases(market: string, hinted: readonly string[] = []): void {
  const folder = join(ROOT, 'tests/data/golden/decode', market);
  for (const dataset of readdirSync(folder))
    for (const name of readdirSync(join(folder, dataset)))
      test(`golden: ${dataset}/${name}`, () => {
        const at = join(folder, dataset, name);
        const payload = readdirSync(at).find((file) => file.startsWith('payload.')) ?? '';
        const asked = hinted.includes(dataset) ? dataset : undefined;
        const refined = readBody(market, readFileSync(join(at, payload)), '', asked);
        assert.equal(refined.dataset, dataset);
        assert.equal(refined.damage, null);
        assert.deepEqual(refined.rejected, []);
        assert.deepEqual(refined.drift, []);
        const expected = readFileSync(join(at, 'expected.jsonl'), 'utf8').trimEnd().split('\n');
        assert.deepEqual(linesOf(refined).sort(), expected.sort());
      });
}
