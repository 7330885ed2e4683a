/**
 * Monotone convex (Hagan and West, "Interpolation methods for curve construction", 2006) without its step to positive
 * values: local, no overshoot, and a constant added to all prices is added to all days.
 */

import type { CurveSection } from './curve-section.ts';

/** The mean over each day of the curve, in closed form. */
export function monotoneConvex(run: readonly CurveSection[]): Float64Array[] {
  if (run.length === 1) return [new Float64Array(run[0].weights.length).fill(run[0].price)];
  const borders = borderValues(run);
  return run.map(({ price, weights }, s) => {
    const integral = integralOf(borders[s] - price, borders[s + 1] - price);
    const count = weights.length;
    return weights.map((_, day) => price + (integral((day + 1) / count) - integral(day / count)) * count);
  });
}

/**
 * Values where sections meet: of two neighbours the mean, each weighted with the length of the other; at both ends the
 * section's price moved on by half of its distance from the inner border.
 */
export function borderValues(run: readonly CurveSection[]): number[] {
  const inner = run.slice(1).map((right, s) => {
    const left = run[s];
    const [a, b] = [left.end - left.start, right.end - right.start];
    return (a * right.price + b * left.price) / (a + b);
  });
  const first = run[0].price;
  const last = run[run.length - 1].price;
  return [first - (inner[0] - first) / 2, ...inner, last - (inner[inner.length - 1] - last) / 2];
}

/**
 * The integral from 0 to x of the shape that begins at `g0` and ends at `g1` over a section of length 1, and integrates
 * to zero. One of four, by how the two lie to each other.
 */
function integralOf(g0: number, g1: number): (x: number) => number {
  if (g0 === 0 && g1 === 0) return () => 0;
  if (g0 * g1 >= 0) return sameSide(g0, g1);
  const [big, small] = [Math.abs(g1), Math.abs(g0)];
  if (big > 2 * small) return levelThenCurve(g0, g1, (g1 + 2 * g0) / (g1 - g0));
  if (small > 2 * big) return curveThenLevel(g0, g1, (3 * g1) / (g1 - g0));
  return (x) => g0 * x * (1 - x) * (1 - x) + g1 * x * x * (x - 1);
}

/** Both ends on one side of the mean: a dip to the other side between them. */
function sameSide(g0: number, g1: number): (x: number) => number {
  const bottom = (-g0 * g1) / (g0 + g1);
  const turn = g1 / (g0 + g1);
  return (x) => {
    const before = ((g0 - bottom) * turn * (1 - cube(rest(turn, x)))) / 3;
    const after = ((g1 - bottom) * (1 - turn) * cube(beyond(turn, x))) / 3;
    return bottom * x + before + after;
  };
}

/** Stays at `g0` up to `turn`, then goes to `g1`. */
function levelThenCurve(g0: number, g1: number, turn: number): (x: number) => number {
  return (x) => g0 * x + ((g1 - g0) * (1 - turn) * cube(beyond(turn, x))) / 3;
}

/** Goes from `g0` to `g1` up to `turn`, and stays there. */
function curveThenLevel(g0: number, g1: number, turn: number): (x: number) => number {
  return (x) => g1 * x + ((g0 - g1) * turn * (1 - cube(rest(turn, x)))) / 3;
}

/** Share of the way to `turn` that is left at x; none where rounding has put the turn at the beginning. */
const rest = (turn: number, x: number): number => (x < turn ? (turn - x) / turn : 0);

/** Share of the way from `turn` to the end that is done at x; none where rounding has put the turn at the end. */
const beyond = (turn: number, x: number): number => (x > turn ? (x - turn) / (1 - turn) : 0);

const cube = (x: number): number => x * x * x;
