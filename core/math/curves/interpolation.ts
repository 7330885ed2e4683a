/**
 * From sections to days: the table of methods, and the promise that holds for each of them: the mean of a section,
 * weighted with the quantity of its days, is the section's price.
 */

import { type CurveSection, meanAround } from './curve-section.ts';
import { flat } from './flat.ts';
import type { CurveMethod } from './forward-curve.ts';
import { linear } from './linear.ts';
import { maxSmoothness } from './max-smoothness.ts';
import { monotoneConvex } from './monotone-convex.ts';

/**
 * A method: the price of each day of each section, near the section's mean. A run is one section or more, each
 * beginning where the one before ends.
 */
export type CurveShape = (run: readonly CurveSection[]) => Float64Array[];

/** What each method does. A further one is a function here and a name in `CURVE_METHODS`. */
export const CURVE_SHAPES: Readonly<Record<CurveMethod, CurveShape>> = {
  flat,
  linear,
  'monotone-convex': monotoneConvex,
  'max-smoothness': (run) => maxSmoothness(run),
};

/** Days of a run by a method, each section moved as a whole to its mean. */
export function shapeRun(method: CurveMethod, run: readonly CurveSection[]): Float64Array[] {
  return CURVE_SHAPES[method](run).map((days, s) => {
    const { price, weights } = run[s];
    const shift = price - meanAround(price, days, weights, 0, days.length);
    return days.map((value) => value + shift);
  });
}
