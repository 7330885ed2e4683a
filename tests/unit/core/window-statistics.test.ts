/** Statistics of a window against the definitions, the published cases, and themselves by the long way. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  stepOf,
  type Whole,
  type WindowStatistics,
  windowStatistics,
} from '../../../core/math/window-statistics.ts';
import { formatScaled } from '../../../core/model/decimal.ts';
import { plainMetric } from '../../support/rolling-oracle.ts';
import { sharedFolder } from '../../support/shared.ts';

/** Statistics of mantissas, with doubles where they hold them all, unless `slowly`. */
function statisticsOf(closes: readonly bigint[], slowly = false): WindowStatistics {
  const numbers = Float64Array.from(closes, Number);
  const step = slowly ? 0 : Math.min(...Array.from(numbers, stepOf));
  const found = windowStatistics(numbers, closes.length, step, (k) => closes[k] ?? 0n);
  for (const figure of Object.values(found)) if (typeof figure === 'number') inDoubles++;
  const big = (figure: Whole | null): bigint | null => (figure === null ? null : BigInt(figure));
  return {
    mean: BigInt(found.mean),
    deviation: big(found.deviation),
    score: big(found.score),
    rmsChange: big(found.rmsChange),
  };
}

/** Figures that doubles gave. */
let inDoubles = 0;

/** What the oracle says of the same closes. */
function expectedOf(closes: readonly bigint[]): WindowStatistics {
  const bars = closes.map((close, bar) => ({
    ...{ bar, close, high: close, low: close, volume: 0n, notional: 0n, flags: 0, knownAt: 0 },
    status: 'final' as const,
  }));
  const { sma, stddev, zscore, rmsChange } = plainMetric(bars);
  return { mean: sma, deviation: stddev, score: zscore, rmsChange };
}

const cents = fc.integer({ min: -5000, max: 300_000 }).map((n) => BigInt(n) * 1_000_000n);
const ticks = fc.integer({ min: -1e7, max: 1e7 }).map((n) => BigInt(n) * 10_000n);
const fine = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
/** Exact in doubles, unlike their squares. */
const wide = fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n });
const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const alike = fc.constantFrom(5_000_000_000n, 5_000_000_001n);
const closes = fc.oneof(
  ...[cents, ticks, fine, wide, any, alike].map((one) => fc.array(one, { minLength: 1, maxLength: 40 })),
);

test('statistics are those of the definitions, to the last digit, in doubles and in big integers', () => {
  fc.assert(
    fc.property(closes, (window) => {
      const expected = expectedOf(window);
      assert.deepEqual(statisticsOf(window), expected);
      assert.deepEqual(statisticsOf(window, true), expected);
    }),
    { numRuns: 1000 },
  );
  assert.ok(inDoubles > 500, `only ${inDoubles} figures came from doubles`);
});

test('sums that a double would round are made of big integers', () => {
  // Far apart, and no multiple of a hundredth: the squares need some 110 bits.
  const window = [1n, 90_000_000_000_000_003n, -7_000_000_000_000_001n, 3n];
  assert.deepEqual(statisticsOf(window), expectedOf(window));
});

test('a deviation of nothing has no score, one close has only a mean', () => {
  assert.deepEqual(statisticsOf([5n]), { mean: 5n, deviation: null, score: null, rmsChange: null });
  const alone = statisticsOf([300_000_000n, 300_000_000n, 300_000_000n, 900_000_000n]);
  assert.deepEqual([alone.score, alone.deviation], [null, 300_000_000n]);
});

interface Case {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const folder = sharedFolder();
const file = folder === null ? null : join(folder, 'data/curves/reference_cases.json');
const skip = file === null ? 'the reference cases are not beside the checkout' : false;

/** A case of the collection. */
function caseOf(id: string): Case {
  const { cases } = JSON.parse(readFileSync(file ?? '', 'utf8')) as { readonly cases: readonly Case[] };
  const found = cases.find((one) => one.id === id);
  assert.ok(found !== undefined, `no case ${id}`);
  return found;
}

const scaled = (value: unknown): bigint => BigInt(Math.round(Number(value) * 1e8));
const near = (found: Whole | null, expected: unknown, what: string): void => {
  assert.equal(found === null, expected === null, what);
  if (found === null) return;
  const value = Number(formatScaled(BigInt(found), 8));
  assert.ok(Math.abs(value - Number(expected)) < 2e-8, `${what}: ${value}, not ${String(expected)}`);
};

test('the published case of rolling statistics (roll-001)', { skip }, () => {
  const { input, expected } = caseOf('roll-001');
  const prices = (input['prices'] as string[]).map(scaled);
  const rows = expected['rows'] as Readonly<Record<string, unknown>>[];
  rows.forEach((row, i) => {
    const window = prices.slice(Math.max(0, i + 1 - Number(input['window'])), i + 1);
    const { mean, deviation } = statisticsOf(window);
    near(mean, row['sma'], `mean ${i}`);
    near(deviation, row['std_sample'], `deviation ${i}`);
  });
});

test('the published case of realised volatility (roll-002): the root mean square of changes', {
  skip,
}, () => {
  const { input, expected } = caseOf('roll-002');
  const { rmsChange } = statisticsOf((input['prices'] as string[]).map(scaled));
  near(rmsChange, expected['rms_change'], 'rms of changes');
});

test('the published case of a simple mean (roll-005)', { skip }, () => {
  const { input, expected } = caseOf('roll-005');
  near(statisticsOf((input['inputs_a'] as number[]).map(scaled)).mean, expected['value_a'], 'a');
  near(statisticsOf((input['inputs_b'] as number[]).map(scaled)).mean, expected['value_b_partial'], 'b');
});
