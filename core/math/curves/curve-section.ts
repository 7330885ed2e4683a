/** Sections: stretches of days whose mean price is fixed, and means of their days. */

import type { CurveDay } from './forward-curve.ts';

/** A stretch of days `[start, end)` whose mean price is known. */
export interface CurveSection {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly price: number;
  /** Quantity of each day, not negative, and more than zero in sum. */
  readonly weights: Float64Array;
}

/** Weighted mean of `values[from, to)`, summed as distances from `near`: exact where all are `near`. */
export function meanAround(
  near: number,
  values: Float64Array,
  weights: Float64Array,
  from: number,
  to: number,
): number {
  let [sum, weight] = [0, 0];
  for (let i = from; i < to; i++) {
    sum += weights[i] * (values[i] - near);
    weight += weights[i];
  }
  return near + sum / weight;
}
