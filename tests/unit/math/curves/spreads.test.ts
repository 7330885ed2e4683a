/** Spreads, sums of curves, seasons and balances of periods: signs, units, and when there is none. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { balanceOfPeriod, fullPeriod } from '../../../../core/math/curves/balance-of-period.ts';
import { buildCurve } from '../../../../core/math/curves/build-curve.ts';
import { combineCurves } from '../../../../core/math/curves/curve-arithmetic.ts';
import { seasonByAddition, seasonByRatio } from '../../../../core/math/curves/seasonal-factors.ts';
import {
  basis,
  calendarSpread,
  cleanSparkSpread,
  crackSpread,
  crackSpread321,
  darkSpread,
  dartSpread,
  impliedHeatRate,
  type LegPrice,
  sparkSpread,
} from '../../../../core/math/curves/spreads.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, quoteOf } from './quotes.ts';

const near = (value: LegPrice, wanted: number): void =>
  assert.ok(value !== null && Math.abs(value - wanted) < 1e-9, `${value} for ${wanted}`);

test('signs and units', () => {
  near(basis(28.5, 30), -1.5);
  near(calendarSpread(4.1, 3.8), 0.3);
  near(sparkSpread(45, 4, 7.5), 15);
  near(cleanSparkSpread(45, 4, 7.5, 25, 0.0531), 15 - 0.0531 * 7.5 * 25);
  near(impliedHeatRate(45, 4), 11.25);
  near(darkSpread(45, 51, 17, 10), 15);
  near(crackSpread(2, 70), 14);
  near(crackSpread321(2, 2.5, 70), (2 * 84 + 105 - 210) / 3);
});

test('no leg, no spread; and prices of zero or less where a ratio would mean nothing', () => {
  const spreads: readonly ((a: LegPrice, b: LegPrice) => LegPrice)[] = [
    basis,
    calendarSpread,
    impliedHeatRate,
    crackSpread,
    (a, b) => sparkSpread(a, b, 7),
    (a, b) => cleanSparkSpread(a, b, 7, 20, 0.05),
    (a, b) => darkSpread(a, b, 17, 10),
    (a, b) => crackSpread321(a, 2, b),
  ];
  for (const spread of spreads) {
    assert.equal(spread(null, 4), null);
    assert.equal(spread(40, null), null);
    assert.notEqual(spread(40, 4), null);
  }
  assert.equal(cleanSparkSpread(40, 4, 7, null, 0.05), null);
  assert.equal(crackSpread321(2, null, 70), null);
  assert.equal(darkSpread(40, 50, 0, 10), null);
  for (const [power, gas] of [
    [40, 0],
    [40, -1],
    [0, 4],
    [-5, 4],
    [-5, -1],
  ])
    assert.equal(impliedHeatRate(power, gas), null);
  near(sparkSpread(-10, -2, 7), 4);
});

test('day-ahead less real-time: ten of twelve intervals are enough, and it is told', () => {
  const hour = [10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32];
  const missing = (n: number): LegPrice[] => hour.map((price, i) => (i < n ? null : price));
  assert.deepEqual(dartSpread(25, hour), { realTime: 21, spread: 4, isPartial: false });
  assert.deepEqual(dartSpread(25, missing(2)), { realTime: 23, spread: 2, isPartial: true });
  assert.deepEqual(dartSpread(25, missing(3)), { realTime: null, spread: null, isPartial: false });
  assert.deepEqual(dartSpread(null, hour), { realTime: 21, spread: null, isPartial: false });
  assert.deepEqual(dartSpread(25, [1, null, 3, 5]).spread, null, 'three of four are not ten of twelve');
  assert.equal(dartSpread(25, []).spread, null);
});

/** `2026-01-01 5x16 3.5` */
const linesOf = (points: ReturnType<typeof combineCurves>): string[] =>
  points.map(
    ({ start, end, block, price }) =>
      `${formatDay(start)}..${formatDay(end)} ${block} ${Number(price.toFixed(9))}`,
  );

test('the coarser curve is expanded to the finer one; without a point of every leg there is none', () => {
  const hub = buildCurve(curveOf(), [
    quoteOf('2026-01-30', 61),
    quoteOf('2026-01-31', 62),
    quoteOf('2026-02', 57),
    quoteOf('2026-03', 47),
  ]);
  const spread = buildCurve(curveOf(), [quoteOf('2026-01', 0.1), quoteOf('2026-02', 0.2)]);
  const sum = combineCurves([
    { points: hub.points, factor: 1 },
    { points: spread.points, factor: 1 },
  ]);
  assert.deepEqual(linesOf(sum), [
    '2026-01-30..2026-01-31 7x24 61.1',
    '2026-01-31..2026-02-01 7x24 62.1',
    '2026-02-01..2026-03-01 7x24 57.2',
  ]);
  assert.deepEqual(combineCurves([]), []);
});

test('blocks go with their like; gas goes with any', () => {
  const definition = curveOf({ quantity: 'hours' });
  const power = buildCurve(definition, [
    quoteOf('2026-05', 40, { block: '5x16' }),
    quoteOf('2026-05', 22, { block: 'offpeak' }),
  ]);
  const other = buildCurve(definition, [quoteOf('2026-05', 35, { block: '5x16' }), quoteOf('2026-05', 30)]);
  const gas = buildCurve(curveOf(), [
    quoteOf('2026-05-01..2026-05-10', 3),
    quoteOf('2026-05-11..2026-05-31', 2),
  ]);
  assert.deepEqual(
    linesOf(
      combineCurves([
        { points: power.points, factor: 1 },
        { points: other.points, factor: -1 },
      ]),
    ).length,
    2,
  );
  assert.deepEqual(
    combineCurves([
      { points: power.points, factor: 1 },
      { points: gas.points, factor: -7 },
    ]),
    [],
  );
  assert.deepEqual(
    linesOf(
      combineCurves([
        { points: power.points, factor: 1 },
        { points: gas.points, factor: -7, isLevel: true },
      ]),
    ),
    [
      '2026-05-01..2026-05-11 5x16 19',
      '2026-05-01..2026-05-11 offpeak 1',
      '2026-05-11..2026-06-01 5x16 26',
      '2026-05-11..2026-06-01 offpeak 8',
    ],
  );
  assert.equal(
    linesOf(combineCurves([{ points: gas.points, factor: 2, isLevel: true }]))[0],
    '2026-05-01..2026-05-11 7x24 6',
  );
});

test('a season keeps the price of its contract', () => {
  const weights = [720, 744, 720];
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value, i) => sum + value * weights[i], 0) / 2184;
  fc.assert(
    fc.property(
      fc.integer({ min: -900, max: 9000 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 3, maxLength: 3 }),
      (price, factors) => {
        const added = seasonByAddition(price / 10, weights, factors);
        near(mean(added), price / 10);
        near(added[2] - added[0], factors[2] - factors[0]);
        near(mean(seasonByRatio(price / 10, weights, factors) ?? []), price / 10);
      },
    ),
  );
  assert.equal(seasonByRatio(30, weights, [1, -3, 1]), null);
});

test('balance of a period: what was realised and the rest make the whole, and back', () => {
  near(fullPeriod({ price: 3.8, weight: 20 }, { price: 4.1, weight: 10 }), 3.9);
  near(balanceOfPeriod(3.9, { price: 3.8, weight: 20 }, 10), 4.1);
  near(balanceOfPeriod(3.9, { price: 0, weight: 0 }, 31), 3.9);
  assert.equal(fullPeriod({ price: 3.8, weight: 0 }, { price: 4.1, weight: 0 }), null);
  near(balanceOfPeriod(3.9, { price: 3.8, weight: 27 }, 3), 4.8);
  assert.equal(balanceOfPeriod(3.9, { price: 3.8, weight: 28 }, 3), null, 'less than a tenth is left');
  assert.equal(balanceOfPeriod(3.9, { price: 3.8, weight: 30 }, 0), null);
  assert.equal(balanceOfPeriod(3.9, { price: 3.8, weight: 0 }, 0), null);
});
