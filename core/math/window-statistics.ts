/**
 * What the closes of a window say: mean, deviation, score of the last one, root mean square of their changes.
 *
 * Sums are whole numbers and exact, and each figure is rounded once, at the end: the outcome depends on neither the order
 * of the work nor on the machine. Closes are taken as distances from the last one, which changes no deviation and no
 * difference and keeps the sums small enough for doubles to hold them exactly; where they are not, big integers do it.
 */

import { divideHalfEven, rootOfRatio } from './exact-ratio.ts';

/** Figures of a window at scale 8; a null has no number to give. */
export interface WindowStatistics {
  readonly mean: bigint;
  /** Sample standard deviation; null below two closes. */
  readonly deviation: bigint | null;
  /** The last close against those before it, in their deviations; null below two of those, or where they are all alike. */
  readonly score: bigint | null;
  /** Root of the mean square of the changes from one close to the next: no mean is taken off. Null below two closes. */
  readonly rmsChange: bigint | null;
}

/** Σ y, Σ y², Σ (y − y before)² of closes as y = (close − last) / unit. */
interface Sums {
  readonly unit: bigint;
  readonly sum: bigint;
  readonly squares: bigint;
  readonly changes: bigint;
}

/** Steps that prices are mostly multiples of, as mantissas at scale 8: a hundredth, a ten-thousandth. */
const UNITS = [1_000_000, 10_000] as const;
/** A score is a ratio: its digits at scale 8 come from its square at scale 16. */
const SCORE_SCALE = 10n ** 16n;

/**
 * Statistics of `count` closes in their order, as mantissas at scale 8; at least one. `numbers` holds them where
 * `areExact` says that doubles do, else `mantissa(k)` gives each.
 */
export function windowStatistics(
  numbers: Float64Array,
  count: number,
  areExact: boolean,
  mantissa: (k: number) => bigint,
): WindowStatistics {
  const last = areExact ? BigInt(numbers[count - 1]) : mantissa(count - 1);
  const { unit, sum, squares, changes } =
    (areExact ? sumsOfNumbers(numbers, count) : null) ?? bigSums(count, last, mantissa);
  const n = BigInt(count);
  const mean = divideHalfEven(n * last + unit * sum, n);
  if (count < 2) return { mean, deviation: null, score: null, rmsChange: null };
  const before = n - 1n;
  const scale = unit * unit;
  const deviation = rootOfRatio((n * squares - sum * sum) * scale, n * before);
  const rmsChange = rootOfRatio(changes * scale, before);
  return { mean, deviation, score: scoreOfLast(before, sum, squares), rmsChange };
}

/** The last close is 0 in the sums, so that they are those of the `before` closes before it. */
function scoreOfLast(before: bigint, sum: bigint, squares: bigint): bigint | null {
  const spread = before * squares - sum * sum;
  if (before < 2n || spread === 0n) return null;
  const size = rootOfRatio(sum * sum * (before - 1n) * SCORE_SCALE, before * spread);
  return sum > 0n ? -size : size;
}

/** Null where a sum might leave the whole numbers that a double holds exactly. */
function sumsOfNumbers(numbers: Float64Array, count: number): Sums | null {
  const unit = unitOf(numbers, count);
  const last = numbers[count - 1];
  let sum = 0;
  let squares = 0;
  let changes = 0;
  let farthest = 0;
  let before = 0;
  for (let k = 0; k < count; k++) {
    const y = (numbers[k] - last) / unit;
    const change = k === 0 ? 0 : y - before;
    sum += y;
    squares += y * y;
    changes += change * change;
    farthest = Math.max(farthest, Math.abs(y));
    before = y;
  }
  // The greatest of the sums is that of the changes: at most count times twice the farthest, squared.
  if (4 * count * farthest * farthest > Number.MAX_SAFE_INTEGER) return null;
  return { unit: BigInt(unit), sum: BigInt(sum), squares: BigInt(squares), changes: BigInt(changes) };
}

function unitOf(numbers: Float64Array, count: number): number {
  for (const unit of UNITS) {
    let k = 0;
    while (k < count && numbers[k] % unit === 0) k++;
    if (k === count) return unit;
  }
  return 1;
}

function bigSums(count: number, last: bigint, mantissa: (k: number) => bigint): Sums {
  let sum = 0n;
  let squares = 0n;
  let changes = 0n;
  let before = 0n;
  for (let k = 0; k < count; k++) {
    const y = mantissa(k) - last;
    const change = k === 0 ? 0n : y - before;
    sum += y;
    squares += y * y;
    changes += change * change;
    before = y;
  }
  return { unit: 1n, sum, squares, changes };
}
