/** Rounded quotients and roots against their definitions. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { divideHalfEven, rootDown, rootOfRatio } from '../../../core/math/exact-ratio.ts';

const anyInteger = fc.bigInt({ min: -(2n ** 140n), max: 2n ** 140n });
const positive = fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 2n ** 140n }));
const size = (n: bigint): bigint => (n < 0n ? -n : n);

test('a quotient is the nearest whole number, halves go to the even one', () => {
  assert.deepEqual(
    [5n, -5n, 7n, -7n, 6n, 0n].map((n) => divideHalfEven(n, 2n)),
    [2n, -2n, 4n, -4n, 3n, 0n],
  );
  assert.equal(divideHalfEven(7n, -2n), -4n);
  fc.assert(
    fc.property(anyInteger, positive, fc.boolean(), (n, d, flip) => {
      const by = flip ? -d : d;
      const quotient = divideHalfEven(n, by);
      const rest = 2n * size(n - quotient * by);
      assert.ok(rest <= d, 'off by more than a half');
      if (rest === d) assert.equal(quotient % 2n, 0n);
    }),
  );
});

test('a root downwards is the greatest whole number whose square fits', () => {
  const powers = fc.integer({ min: 0, max: 900 }).map((bits) => 2n ** BigInt(bits));
  const squares = fc.tuple(positive, fc.constantFrom(-1n, 0n, 1n)).map(([n, by]) => n * n + by);
  fc.assert(
    fc.property(fc.oneof(positive, powers, squares), (n) => {
      const root = rootDown(n);
      assert.ok(root * root <= n && (root + 1n) * (root + 1n) > n, `${root} is not the root of ${n}`);
    }),
    { numRuns: 400 },
  );
  assert.equal(rootDown(0n), 0n);
});

test('the root of a ratio is the nearest whole number, halves go to the even one', () => {
  // Roots of 1/4, 9/4, 25/4 are halves.
  assert.deepEqual(
    [1n, 9n, 25n, 49n].map((n) => rootOfRatio(n, 4n)),
    [0n, 2n, 2n, 4n],
  );
  fc.assert(
    fc.property(fc.oneof(fc.constant(0n), positive), positive, (n, d) => {
      const root = rootOfRatio(n, d);
      // (root - 1/2)² <= n/d <= (root + 1/2)², with all in whole numbers.
      const low = 2n * root - 1n;
      const high = 2n * root + 1n;
      assert.ok(root === 0n || low * low * d <= 4n * n, 'too great');
      assert.ok(4n * n <= high * high * d, 'too small');
      const isHalf = (root > 0n && low * low * d === 4n * n) || 4n * n === high * high * d;
      if (isHalf) assert.equal(root % 2n, 0n);
    }),
    { numRuns: 400 },
  );
});
