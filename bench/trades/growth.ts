/**
 * Whether resident memory grows. It swings with every collection and every merge, so growth is looked for in what is left
 * between them: the lowest reading of each ten seconds, over the second half of a run, when everything has found its size.
 */

/** Growth in MB a minute, and how far that may be off: two standard errors of the slope. */
export interface Growth {
  readonly slope: number;
  readonly error: number;
}

/** Readings that one low is taken from: one a second. */
export const WINDOW = 10;
/** Lows that a line is drawn through, at least. */
const LEAST = 6;

/** Growth by least squares through the lows of the second half of readings that were taken once a second, in MB. */
export function growthOf(readings: readonly number[]): Growth | null {
  const half = readings.slice(readings.length >> 1);
  const lows: number[] = [];
  for (let k = 0; k + WINDOW <= half.length; k += WINDOW) lows.push(Math.min(...half.slice(k, k + WINDOW)));
  if (lows.length < LEAST) return null;
  const middle = (lows.length - 1) / 2;
  const mean = lows.reduce((sum, mb) => sum + mb, 0) / lows.length;
  let up = 0;
  let across = 0;
  lows.forEach((mb, k) => {
    up += (k - middle) * (mb - mean);
    across += (k - middle) ** 2;
  });
  const slope = up / across;
  const rest = lows.reduce((sum, mb, k) => sum + (mb - mean - slope * (k - middle)) ** 2, 0);
  const error = 2 * Math.sqrt(rest / (lows.length - 2) / across);
  const perMinute = 60 / WINDOW;
  return { slope: slope * perMinute, error: error * perMinute };
}
