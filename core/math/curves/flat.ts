/** Piecewise flat: each day has the price of its section. What books are marked on, and the default. */

import type { CurveSection } from './curve-section.ts';

/** The price of its section for each day. */
export function flat(run: readonly CurveSection[]): Float64Array[] {
  return run.map(({ price, weights }) => new Float64Array(weights.length).fill(price));
}
