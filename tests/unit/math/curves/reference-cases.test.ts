/** Curves against values that others printed or computed, in the folder of recordings beside the checkout. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedFolder } from '../../../support/shared.ts';
import type { ReferenceCase } from './reference-case.ts';
import { READERS } from './reference-readers.ts';

/** Kinds that belong to other rooms, and those that this mathematics does not offer. */
const OTHERS = [
  ...[
    'bars',
    'bars-revision',
    'bars-late',
    'daily-window',
    'window-alignment',
    'window-dst',
    'lmp-identity',
    'mad',
  ],
  ...['rolling', 'realised-vol', 'atr', 'ema', 'sma', 'vwap', 'high-low', 'asof'],
  ...[
    'hyperbolic-tension',
    'natural-cubic',
    'log-linear',
    'log-negative',
    'pchip',
    'pchip-monotone',
    'akima',
  ],
  ...[
    'overshoot',
    'linear-two-points',
    'linear-extrapolation',
    'extend',
    'max-smoothness-continuous',
    'gas-day',
  ],
];

/** Single cases with something that our curves do not know, and what. */
const WITHOUT: Readonly<Record<string, string>> = {
  'boot-002': 'a ratio of two periods as a further equation',
  'boot-003': 'a spread of two periods as a further equation',
  'boot-006': 'contradictions averaged, where ours are decided',
  'boot-013': 'a ratio of two periods as a further equation',
  'boot-016': 'a ratio of two periods as a further equation',
  'bucket-011': 'the block 2x8',
  'spline-004': 'a smoother that takes contracts, where ours takes sections',
  'spline-005': 'a season and a slope at the front',
};

const folder = sharedFolder();
const path = folder === null ? null : join(folder, 'data/curves/reference_cases.json');

if (path === null || !existsSync(path))
  test('curves against reference cases, skipped: no folder of recordings', { skip: true }, () => {});
else {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly ReferenceCase[] };
  const ours = cases.filter(({ kind, id }) => !OTHERS.includes(kind) && WITHOUT[id] === undefined);

  test('each kind of case has a reader, or is known to be of others', () => {
    assert.deepEqual(
      ours.map(({ kind }) => kind).filter((kind) => READERS[kind] === undefined),
      [],
    );
    assert.ok(ours.length > 60, `${ours.length} cases`);
  });

  for (const one of ours) test(`${one.kind} ${one.id}`, () => READERS[one.kind](one));
}
