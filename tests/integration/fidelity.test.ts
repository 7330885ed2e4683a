/**
 * Every recorded payload beside the checkout, decoded by the command and held to tables that other parsers made: under
 * its own name, and under one that says nothing. Without the folder the tests say so.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  FIDELITY_PATH,
  type FidelityReport,
  fidelityReport,
  isRight,
  verdictsOf,
} from '../../scripts/fidelity.ts';
import { sharedFolder } from '../support/shared.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const shared = sharedFolder();

if (shared === null)
  test.skip(
    'every recorded payload is decoded exactly (skipped: no folder of recordings beside the checkout)',
  );
else
  test('every recorded payload is decoded exactly, whatever it is called, and docs/markets.md has the counts', () => {
    const [own, neutral] = [verdictsOf(shared, 'own'), verdictsOf(shared, 'neutral')];
    assert.ok(own.length > 0 && own.length === neutral.length);
    for (const verdicts of [own, neutral])
      assert.deepEqual(
        verdicts
          .filter((verdict) => !isRight(verdict))
          .map(({ payload, verdict }) => `${payload}: ${verdict}`),
        [],
      );
    const committed = JSON.parse(readFileSync(join(ROOT, FIDELITY_PATH), 'utf8')) as FidelityReport;
    assert.deepEqual(
      committed,
      fidelityReport(shared, own, neutral),
      'another set of recordings: make fidelity docs',
    );
  });
