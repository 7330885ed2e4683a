/** Every instrument that the rules of normalization can make has its place in the taxonomy. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

interface Classified {
  readonly market: string;
  readonly product: string;
  readonly field?: string;
}

interface Normalized {
  readonly market: string;
  readonly dataset: string;
  readonly kind: string;
  readonly product?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

function read(file: string): Record<string, unknown> {
  const text = readFileSync(join(import.meta.dirname, '../../configs', file), 'utf8');
  return parse(text, { merge: true }) as Record<string, unknown>;
}

test('each field of each dataset is classified', () => {
  const rules = read('enrichment_taxonomy.yaml')['rules'] as readonly Classified[];
  const datasets = read('normalization_rules.yaml')['datasets'] as readonly Normalized[];
  const fits = (rule: string | undefined, word: string): boolean =>
    rule === undefined || rule === 'ANY' || rule === word;
  const series = datasets.filter(({ kind }) => kind === 'series');
  assert.ok(series.length > 100);
  const unknown = series.flatMap(({ market, dataset, product = '', fields = {} }) =>
    Object.keys(fields)
      .filter(
        (field) =>
          !rules.some(
            (rule) =>
              // The rule of a market for all that is not named is for datasets that are yet to be classified.
              (rule.product !== 'ANY' || rule.field !== undefined) &&
              fits(rule.market, market) &&
              fits(rule.product, product) &&
              fits(rule.field, field),
          ),
      )
      .map((field) => `${market} ${dataset} ${field}: no rule for the product ${product}`),
  );
  assert.deepEqual(unknown, []);
});

interface Located {
  readonly market: string;
  readonly location: string;
  readonly region: string;
  readonly type: string;
}

test('a zone that a report spells in other letters is the same place', () => {
  const locations = read('enrichment_taxonomy.yaml')['locations'] as readonly Located[];
  const spelled = Map.groupBy(locations, ({ market, location }) => `${market} ${location.toUpperCase()}`);
  for (const [name, rows] of spelled)
    assert.equal(new Set(rows.map(({ region, type }) => `${region} ${type}`)).size, 1, name);
  const zones = [
    'CAPITL',
    'CENTRL',
    'DUNWOD',
    'GENESE',
    'HUD VL',
    'LONGIL',
    'MHK VL',
    'MILLWD',
    'NORTH',
    'WEST',
  ];
  for (const zone of zones) assert.equal(spelled.get(`NYISO ${zone}`)?.length, 2, zone);
});
