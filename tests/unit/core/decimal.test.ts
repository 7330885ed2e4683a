import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addProductToSum,
  addToSum,
  bigSumAt,
  clearSum,
  LIMBS,
  sumFromWords,
  sumToWords,
} from '../../../core/math/exact-sum.ts';
import {
  bigMantissaAt,
  compareDecimals,
  formatDecimal,
  formatScaled,
  mantissaAt,
  Parsed,
  parseDecimal,
  setBigMantissa,
  setMantissa,
} from '../../../core/model/decimal.ts';

const ascii = new TextEncoder();
const LIMIT = 999_999_999_999_999_999n;

function parse(text: string): { result: Parsed; mantissa: bigint } {
  const bytes = ascii.encode(`x${text}y`);
  const words = new Int32Array(4);
  const result = parseDecimal(bytes, 1, bytes.length - 1, words, 1);
  return { result, mantissa: bigMantissaAt(words, 1) };
}

test('decimals read exactly what a market prints', () => {
  const cases: [string, Parsed, bigint][] = [
    ['57.29', Parsed.exact, 5_729_000_000n],
    ['-0.31', Parsed.exact, -31_000_000n],
    ['.6', Parsed.exact, 60_000_000n],
    ['-.37', Parsed.exact, -37_000_000n],
    ['16', Parsed.exact, 1_600_000_000n],
    ['+16.', Parsed.exact, 1_600_000_000n],
    ['0.00000001', Parsed.exact, 1n],
    ['0.000000005', Parsed.rounded, 0n],
    ['0.000000015', Parsed.rounded, 2n],
    ['0.0000000151', Parsed.rounded, 2n],
    ['-0.000000025', Parsed.rounded, -2n],
    ['1.100000000', Parsed.exact, 110_000_000n],
    ['1e-5', Parsed.exact, 1000n],
    ['1.5E3', Parsed.exact, 150_000_000_000n],
    ['9999999999.99999999', Parsed.exact, LIMIT],
  ];
  for (const [text, result, mantissa] of cases) assert.deepEqual(parse(text), { result, mantissa }, text);
  for (const text of ['', '-', '.', 'abc', '1,000', '1.2.3', 'NaN', '--1', '1e', 'e5', ' 1', 'Infinity'])
    assert.equal(parse(text).result, Parsed.notNumeric, JSON.stringify(text));
  for (const text of ['10000000000', '1e30', '-99999999999', '1e4000', '9999999999.999999999'])
    assert.equal(parse(text).result, Parsed.outOfRange, text);
  assert.equal(parse('1e-4000').result, Parsed.rounded);
  assert.equal(parse('0e4000').result, Parsed.exact);
});

test('property: text of any mantissa reads back to it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -LIMIT, max: LIMIT }), (mantissa) => {
      const read = parse(formatScaled(mantissa, 8));
      assert.deepEqual(read, { result: Parsed.exact, mantissa });
      const words = new Int32Array(2);
      setBigMantissa(words, 0, mantissa);
      assert.equal(parse(formatDecimal(words, 0)).mantissa, mantissa);
    }),
  );
});

test('property: words and doubles agree up to 2^53, and order is exact for all', () => {
  const mantissa = fc.bigInt({ min: -LIMIT, max: LIMIT });
  fc.assert(
    fc.property(mantissa, mantissa, fc.maxSafeInteger(), (a, b, small) => {
      const words = new Int32Array(6);
      setBigMantissa(words, 0, a);
      setBigMantissa(words, 1, b);
      assert.equal(Math.sign(compareDecimals(words, 0, words, 1)), a < b ? -1 : a > b ? 1 : 0);
      setMantissa(words, 2, small);
      assert.equal(mantissaAt(words, 2), small);
      assert.equal(bigMantissaAt(words, 2), BigInt(small));
    }),
  );
});

test('property: sums of values and of products are exact, in any order, and survive 128 bits', () => {
  const mantissa = fc.oneof(
    fc.bigInt({ min: -LIMIT, max: LIMIT }),
    fc.bigInt({ min: -1000n, max: 1000n }),
    fc.bigInt({ min: 2n ** 49n, max: 2n ** 51n }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(mantissa, mantissa), { maxLength: 200, size: 'max' }), (pairs) => {
      const sums = new Float64Array(LIMBS * 2).fill(7);
      clearSum(sums, 0);
      clearSum(sums, 1);
      const words = new Int32Array(4);
      let sum = 0n;
      let products = 0n;
      for (const [a, b] of pairs) {
        setBigMantissa(words, 0, a);
        setBigMantissa(words, 1, b);
        addToSum(sums, 0, words, 0);
        addProductToSum(sums, 1, words, 0, words, 1);
        sum += a;
        products += a * b;
      }
      assert.equal(bigSumAt(sums, 0), sum);
      assert.equal(bigSumAt(sums, 1), products);
      const stored = new Int32Array(4 * 2);
      sumToWords(sums, 0, stored, 0);
      sumToWords(sums, 1, stored, 1);
      const back = new Float64Array(LIMBS * 2);
      sumFromWords(stored, 0, back, 1);
      sumFromWords(stored, 1, back, 0);
      assert.equal(bigSumAt(back, 1), BigInt.asIntN(128, sum));
      assert.equal(bigSumAt(back, 0), BigInt.asIntN(128, products));
    }),
  );
});

test('sums carry before a limb could lose a bit', () => {
  const sums = new Float64Array(LIMBS);
  const words = new Int32Array(2);
  setBigMantissa(words, 0, -LIMIT);
  for (let i = 0; i < 5_000_000; i++) addToSum(sums, 0, words, 0);
  assert.equal(bigSumAt(sums, 0), -LIMIT * 5_000_000n);
});
