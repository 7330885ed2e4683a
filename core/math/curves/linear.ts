/** Straight lines between the middles of sections; level before the first and after the last. */

import type { CurveSection } from './curve-section.ts';

/** The value of the lines at the middle of each day. Means of sections are not kept: {@link shapeRun} restores them. */
export function linear(run: readonly CurveSection[]): Float64Array[] {
  const xs = run.map(({ start, end }) => (start + end) / 2);
  const ys = run.map(({ price }) => price);
  return run.map(({ start, weights }) => weights.map((_, day) => valueOnLines(xs, ys, start + day + 0.5)));
}

/** The value at `x` of the lines through points of ascending `xs`, level outside of them. */
export function valueOnLines(xs: readonly number[], ys: readonly number[], x: number): number {
  if (x <= xs[0]) return ys[0];
  for (let i = 1; i < xs.length; i++) {
    if (x > xs[i]) continue;
    return ys[i - 1] + (ys[i] - ys[i - 1]) * ((x - xs[i - 1]) / (xs[i] - xs[i - 1]));
  }
  return ys[ys.length - 1];
}
