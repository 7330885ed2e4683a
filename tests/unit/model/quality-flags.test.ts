/** The table of quality flags is stored data: bits keep their places, new ones come after the last. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flag, flagNames, flagsFromNames } from '../../../core/model/quality-flags.ts';

const GOLDEN: Readonly<Record<keyof typeof Flag, number>> = {
  PRICE_NEGATIVE: 1,
  OUT_OF_RANGE: 2,
  VOLUME_SPIKE: 4,
  LATE_ARRIVAL: 8,
  MISSING_METADATA: 16,
  ROUNDED: 32,
  REVISED: 64,
  CANCELLED: 128,
  CONFLICTING: 256,
  REINSTATED: 512,
};

test('bit positions', () => {
  assert.deepEqual({ ...Flag }, GOLDEN);
});

test('names in the order of bits, and back in any case', () => {
  assert.deepEqual(flagNames(0), ['VALID']);
  assert.deepEqual(flagNames(1023), Object.keys(GOLDEN));
  for (let flags = 0; flags < 1024; flags++) {
    assert.equal(flagsFromNames(flagNames(flags)), flags);
    assert.equal(flagsFromNames(flagNames(flags).map((name) => name.toLowerCase())), flags);
  }
  assert.equal(flagsFromNames([]), 0);
  assert.equal(flagsFromNames(['VALID', 'price_negative']), 1);
  assert.equal(flagsFromNames(['PRICE_NEGATIVE', 'GREAT']), null);
});
