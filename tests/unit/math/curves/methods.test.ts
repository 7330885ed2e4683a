/** Each method by itself: its own promises, values worked out by hand, and the system of equations that one rests on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BandedSystem } from '../../../../core/math/curves/banded-system.ts';
import { GrowingCholesky } from '../../../../core/math/curves/cholesky.ts';
import { type CurveSection, meanAround } from '../../../../core/math/curves/curve-section.ts';
import { CURVE_METHODS, type CurveMethod } from '../../../../core/math/curves/forward-curve.ts';
import { CURVE_SHAPES, shapeRun } from '../../../../core/math/curves/interpolation.ts';
import { valueOnLines } from '../../../../core/math/curves/linear.ts';
import { maxSmoothness } from '../../../../core/math/curves/max-smoothness.ts';
import { borderValues, monotoneConvex } from '../../../../core/math/curves/monotone-convex.ts';

/** Sections of so many days, each day of quantity 1, or as told. */
function runOf(
  lengths: readonly number[],
  prices: readonly number[],
  weight = (_day: number): number => 1,
): CurveSection[] {
  let at = 0;
  return lengths.map((length, s) => {
    const start = at;
    at += length;
    const weights = Float64Array.from({ length }, (_, i) => weight(start + i));
    return { start, end: at, price: prices[s], weights };
  });
}

const prices = fc.integer({ min: -5000, max: 20_000 }).map((cents) => cents / 100);

/** Runs with weekends that weigh nothing, and sections from a day to a year. */
const runs = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(90, 365)), prices), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((drawn) =>
    fc.boolean().map((isWeekly) =>
      runOf(
        drawn.map(([length]) => length),
        drawn.map(([, price]) => price),
        (at) => (isWeekly && at % 7 > 4 ? 0 : 1 + (at % 3)),
      ).filter(({ weights }) => weights.some((weight) => weight > 0)),
    ),
  )
  .filter((run) => run.length > 0 && run.every(({ start }, s) => s === 0 || run[s - 1].end === start));

/** Digits of the swing to which a method is right; a spline from a section of a day into one of a year has fewer. */
const right = (method: CurveMethod): number => (method === 'max-smoothness' ? 1e-7 : 1e-12);

const spanOf = (run: readonly CurveSection[]): number =>
  run.reduce((most, { price }) => Math.max(most, Math.abs(price)), 1);

test('every method keeps the mean of every section, and gives one finite price per day', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CURVE_METHODS), runs, (method, run) => {
      shapeRun(method, run).forEach((days, s) => {
        const { price, weights } = run[s];
        assert.equal(days.length, weights.length);
        const largest = days.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        assert.ok(Math.abs(meanAround(0, days, weights, 0, days.length) - price) <= 1e-12 * largest, method);
      });
    }),
    { numRuns: 200 },
  );
});

test('monotone convex and maximum smoothness keep means by themselves, where days weigh the same', () => {
  const even = runs.map((run) =>
    runOf(
      run.map(({ start, end }) => end - start),
      run.map(({ price }) => price),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('monotone-convex' as const, 'max-smoothness' as const),
      even,
      (method, run) => {
        CURVE_SHAPES[method](run).forEach((days, s) => {
          const largest = days.reduce((most, value) => Math.max(most, Math.abs(value)), spanOf(run));
          const mean = meanAround(0, days, run[s].weights, 0, days.length);
          assert.ok(
            Math.abs(mean - run[s].price) <= 1e-9 * largest,
            `${method}: ${mean} for ${run[s].price}`,
          );
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('the same price everywhere is flat under every method, and so is one section alone', () => {
  for (const method of CURVE_METHODS) {
    for (const days of shapeRun(method, runOf([31, 28, 1, 365], [84.54, 84.54, 84.54, 84.54])))
      for (const price of days) assert.ok(Math.abs(price - 84.54) < 1e-11, `${method} ${price}`);
    assert.ok(shapeRun(method, runOf([31], [-3.5]))[0].every((price) => price === -3.5));
  }
});

test('a constant added to all sections is added to all days', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CURVE_METHODS), runs, prices, (method, run, more) => {
      const moved = run.map((section) => ({ ...section, price: section.price + more }));
      const [before, after] = [shapeRun(method, run), shapeRun(method, moved)];
      before.forEach((days, s) => {
        const largest = days.reduce((most, value) => Math.max(most, Math.abs(value)), spanOf(moved));
        for (const [i, price] of days.entries())
          assert.ok(Math.abs(after[s][i] - price - more) <= right(method) * largest);
      });
    }),
    { numRuns: 150 },
  );
});

test('lines: the middle of the middle section has its price, ends are level', () => {
  const [first, , last] = shapeRun('linear', runOf([3, 3, 3], [10, 13, 16]));
  assert.deepEqual(
    [...first].map((price) => Number(price.toFixed(6))),
    [9.666667, 9.666667, 10.666667],
  );
  assert.deepEqual(
    [...last].map((price) => Number(price.toFixed(6))),
    [15.333333, 16.333333, 16.333333],
  );
  assert.equal(valueOnLines([0, 2], [1, 5], 0.5), 2);
  assert.deepEqual(
    [-1, 0, 2, 9].map((x) => valueOnLines([0, 2], [1, 5], x)),
    [1, 1, 5, 5],
  );
});

test('monotone convex: borders, and each of its four shapes against sums of its density', () => {
  assert.deepEqual(borderValues(runOf([10, 30], [4, 8])), [3.5, 5, 9.5]);
  // Ends above and below the mean by these: one of each shape, and where two shapes meet.
  const ends = [
    [1, 1],
    [-2, -0.5],
    [1, -1],
    [1, -3],
    [-1, 4],
    [3, -1],
    [-4, 1],
    [1, -2],
    [1, -0.5],
    [0, 2],
    [2, 0],
  ];
  for (const [g0, g1] of ends) {
    // The middle one of three sections of equal length has these ends when its neighbours are so priced.
    const run = runOf([40, 40, 40], [2 * g0, 0, 2 * g1]);
    const days = monotoneConvex(run)[1];
    for (let at = 0; at < 40; at++) {
      let sum = 0;
      for (let i = 0; i < 400; i++) sum += density(g0, g1, (at + (i + 0.5) / 400) / 40);
      assert.ok(Math.abs(days[at] - sum / 400) < 1e-4 * (Math.abs(g0) + Math.abs(g1)), `${g0} ${g1} ${at}`);
    }
  }
});

/** Hagan and West's shape between `g0` and `g1` at x, as their paper writes it down. */
function density(g0: number, g1: number, x: number): number {
  if ((g0 < 0 && -0.5 * g0 <= g1 && g1 <= -2 * g0) || (g0 > 0 && -0.5 * g0 >= g1 && g1 >= -2 * g0))
    return g0 * (1 - 4 * x + 3 * x * x) + g1 * (-2 * x + 3 * x * x);
  if ((g0 < 0 && g1 > -2 * g0) || (g0 > 0 && g1 < -2 * g0)) {
    const turn = (g1 + 2 * g0) / (g1 - g0);
    return x <= turn ? g0 : g0 + (g1 - g0) * ((x - turn) / (1 - turn)) ** 2;
  }
  if ((g0 > 0 && 0 > g1 && g1 > -0.5 * g0) || (g0 < 0 && 0 < g1 && g1 < -0.5 * g0)) {
    const turn = (3 * g1) / (g1 - g0);
    return x < turn ? g1 + (g0 - g1) * ((turn - x) / turn) ** 2 : g1;
  }
  if (g0 === 0 && g1 === 0) return 0;
  const turn = g1 / (g0 + g1);
  const a = (-g0 * g1) / (g0 + g1);
  return x < turn ? a + (g0 - a) * ((turn - x) / turn) ** 2 : a + (g1 - a) * ((x - turn) / (1 - turn)) ** 2;
}

test('monotone convex: prices that rise give days that rise, and no day leaves the borders', () => {
  const rising = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 900 })), {
      minLength: 3,
      maxLength: 9,
    })
    .map((drawn) => {
      let price = -20;
      return runOf(
        drawn.map(([length]) => length),
        drawn.map(([, step]) => (price += step / 100)),
      );
    });
  fc.assert(
    fc.property(rising, (run) => {
      const inner = monotoneConvex(run)
        .slice(1, -1)
        .flatMap((days) => [...days]);
      for (let i = 1; i < inner.length; i++) assert.ok(inner[i] >= inner[i - 1] - 1e-9);
    }),
    { numRuns: 100 },
  );
});

test('maximum smoothness: a straight line stays one, to its ends', () => {
  const lengths = [14, 14, 14, 14, 14, 14];
  const days = maxSmoothness(
    runOf(
      lengths,
      lengths.map((_, s) => 45.7 + 0.8 * s),
    ),
  ).flatMap((section) => [...section]);
  for (const [i, price] of days.entries())
    assert.ok(Math.abs(price - (45.7 + (0.8 / 14) * (i - 6.5))) < 1e-10, String(i));
});

test('maximum smoothness: no other curve with these means bends less', () => {
  const run = runOf([31, 28, 31, 91], [4.5, 4.7, 4.1, 3.9]);
  const days = maxSmoothness(run).flatMap((section) => [...section]);
  const bending = (values: readonly number[]): number => {
    let sum = 0;
    for (let i = 1; i + 1 < values.length; i++) sum += (values[i - 1] - 2 * values[i] + values[i + 1]) ** 2;
    return sum;
  };
  const least = bending(days);
  // Straying smoothly within one section, or from one into the next, keeps all means and bends more.
  const strays = [
    (i: number) => (i < 31 ? Math.sin((2 * Math.PI * (i + 0.5)) / 31) : 0),
    (i: number) => (i >= 90 ? Math.cos((2 * Math.PI * (i - 90 + 0.5)) / 91) : 0),
    (i: number) => (i >= 59 && i < 90 ? Math.sin((4 * Math.PI * (i - 59 + 0.5)) / 31) : 0),
  ];
  for (const stray of strays)
    for (const size of [-0.2, 0.2])
      assert.ok(bending(days.map((price, i) => price + size * stray(i))) > least);
});

test('maximum smoothness: tension pulls long sections level, and an end slope is met', () => {
  const run = runOf([31, 28, 31, 365], [4.5, 4.7, 4.1, 3.9]);
  const spread = (tension: number): number => {
    const last = maxSmoothness(run, { tension })[3];
    return Math.max(...last) - Math.min(...last);
  };
  assert.ok(spread(0) > 2 * spread(0.01) && spread(0.01) > spread(1));
  // From the middle of the last two days to the end the slope moves on by the bend of a day and a half.
  for (const endSlope of [0, -0.5, 0.25]) {
    const days = maxSmoothness(run, { endSlope })[3];
    const [a, b, c] = [days[364] - days[363], days[363] - days[362], days[362] - days[361]];
    assert.ok(Math.abs(a + 1.5 * (a - b) + 1.875 * (a - 2 * b + c) - endSlope) < 1e-6, String(endSlope));
  }
});

test('maximum smoothness loses no digits over thirty years of months', () => {
  const lengths = Array.from(
    { length: 360 },
    (_, s) => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][s % 12],
  );
  const run = runOf(
    lengths,
    lengths.map((_, s) => 40 + ((s * 7919) % 83) / 3),
  );
  CURVE_SHAPES['max-smoothness'](run).forEach((days, s) => {
    assert.ok(Math.abs(meanAround(0, days, run[s].weights, 0, days.length) - run[s].price) < 1e-10);
  });
});

test('a banded system with zeros on its diagonal is solved', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
      (size, band, draw) => {
        const next = (): number => draw.next().value;
        const dense = Array.from({ length: size }, () => new Float64Array(size));
        const system = new BandedSystem(size, band);
        for (let i = 0; i < size; i++)
          for (let j = i; j <= Math.min(size - 1, i + band); j++) {
            // Rows a band apart change places, which brings in coefficients from as far again.
            const isFirst = i % (2 * band) < band;
            const isLarge = isFirst && (j === i + band || (j === i && i + band >= size));
            const pair = isLarge ? 100 : 0;
            const value = pair + next() / 4;
            dense[i][j] = dense[j][i] = value;
            system.add(i, j, value);
          }
        const wanted = Float64Array.from({ length: size }, next);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) system.right[i] += dense[i][j] * wanted[j];
        for (const [i, value] of system.solve().entries())
          assert.ok(Math.abs(value - wanted[i]) < 1e-8, `${value} for ${wanted[i]}`);
      },
    ),
    { numRuns: 100 },
  );
});

test('a growing factor takes what is new, and says how the rest is made up', () => {
  const rows = [
    [1, 0, 0, 1],
    [0, 0, 2, 0],
    [1, 0, 2, 1],
    [0, 3, 0, 1],
  ];
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, k) => sum + x * b[k], 0);
  const factor = new GrowingCholesky();
  const add = (row: number, taken: readonly number[]): Float64Array | null =>
    factor.add(
      Float64Array.from(taken, (other) => dot(rows[row], rows[other])),
      dot(rows[row], rows[row]),
    );
  assert.equal(add(0, []), null);
  assert.equal(add(1, [0]), null);
  const shares = add(2, [0, 1]);
  assert.ok(shares !== null && Math.abs(shares[0] - 1) < 1e-12 && Math.abs(shares[1] - 1) < 1e-12);
  assert.equal(factor.size, 2);
  assert.equal(add(3, [0, 1]), null);
  const solution = factor.solve(Float64Array.of(2, 8, 1));
  const taken = [rows[0], rows[1], rows[3]];
  taken.forEach((row, i) => {
    const value = taken.reduce((sum, other, k) => sum + dot(row, other) * solution[k], 0);
    assert.ok(Math.abs(value - [2, 8, 1][i]) < 1e-12);
  });
});

test('monotone convex: where rounding puts the turn at an end there is a price all the same', () => {
  // The mean of 0.1 and 0.1, weighted with these lengths, is not 0.1.
  for (const run of [runOf([365, 38, 1], [0.1, 0.1, 0.36]), runOf([1, 38, 365], [0.36, 0.1, 0.1])])
    for (const days of monotoneConvex(run)) assert.ok(days.every((price) => Number.isFinite(price)));
});
