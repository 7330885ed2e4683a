/**
 * What the closes of a window say: mean, deviation, score of the last one, root mean square of their changes.
 *
 * Sums are whole numbers and exact, and each figure is rounded once, at the end: the outcome depends on neither the order
 * of the work nor on the machine. Closes are taken as distances from the last one, in steps that all are multiples of:
 * that changes no deviation and no difference, and keeps the sums small enough for doubles to hold them exactly. Where a
 * sum is not, or where a root lies so near to a half that a double could not tell, big integers do the work.
 */

import { divideHalfEven, rootOfRatio } from './exact-ratio.ts';

/** A whole number: a double where it is exact. */
export type Whole = number | bigint;

/** Figures of a window at scale 8; a null has no number to give. */
export interface WindowStatistics {
  readonly mean: Whole;
  /** Sample standard deviation; null below two closes. */
  readonly deviation: Whole | null;
  /** The last close against those before it, in their deviations; null below two of those, or where they are all alike. */
  readonly score: Whole | null;
  /** Root of the mean square of the changes from one close to the next: no mean is taken off. Null below two closes. */
  readonly rmsChange: Whole | null;
}

/** Steps that prices are mostly multiples of, as mantissas at scale 8: a hundredth, a ten-thousandth. */
const STEPS = [1_000_000, 10_000] as const;
const SCALE = 10 ** 8;
/** A score is a ratio: its digits at scale 8 come from its square at scale 16. */
const SCORE_SCALE = 10n ** 16n;
/** Roots below it are off by less than 2^-10 in doubles: a few roundings of one part in 2^53 each. */
const LARGEST_ROOT = 2 ** 40;
/** How far from a half a root has to lie, so that a double rounds it as it is rounded exactly. */
const CLEAR = 2 ** -9;

/** The greatest of the usual steps that a mantissa is a multiple of, else 1; 0 for one that a double may not hold exactly. */
export function stepOf(mantissa: number): number {
  if (!Number.isSafeInteger(mantissa)) return 0;
  for (const step of STEPS) if (mantissa % step === 0) return step;
  return 1;
}

/**
 * Statistics of `count` closes in their order, as mantissas at scale 8; at least one. `numbers` holds them, all multiples
 * of `step`; 0 says that doubles do not hold them exactly. `mantissa(k)` gives each as it is.
 */
export function windowStatistics(
  numbers: Float64Array,
  count: number,
  step: number,
  mantissa: (k: number) => bigint,
): WindowStatistics {
  return (step === 0 ? null : inDoubles(numbers, count, step)) ?? inBigIntegers(count, mantissa);
}

/** Null where a sum might leave the whole numbers that a double holds exactly, or a root might be rounded the wrong way. */
function inDoubles(numbers: Float64Array, count: number, step: number): WindowStatistics | null {
  const last = numbers[count - 1];
  let sum = 0;
  let squares = 0;
  let changes = 0;
  let before = 0;
  for (let k = 0; k < count; k++) {
    const y = (numbers[k] - last) / step;
    const change = k === 0 ? 0 : y - before;
    sum += y;
    squares += y * y;
    changes += change * change;
    before = y;
  }
  // These bound every sum and product below: sums of squares only grow, so one that was rounded is above the bound too.
  if (count * squares > Number.MAX_SAFE_INTEGER || changes > Number.MAX_SAFE_INTEGER) return null;
  const total = count * last + step * sum;
  if (!Number.isSafeInteger(count * last) || !Number.isSafeInteger(total)) return null;
  const mean = quotientOf(total, count);
  if (count < 2) return { mean, deviation: null, score: null, rmsChange: null };
  const others = count - 1;
  const deviation = roundedRoot(step * Math.sqrt((count * squares - sum * sum) / (count * others)));
  const rmsChange = roundedRoot(step * Math.sqrt(changes / others));
  // The last close is 0 in the sums, so that they are those of the closes before it.
  const spread = others * squares - sum * sum;
  const size =
    others < 2 || spread === 0
      ? null
      : roundedRoot(SCALE * Math.abs(sum) * Math.sqrt(others - 1) * Math.sqrt(1 / (others * spread)));
  if (deviation === -1 || rmsChange === -1 || size === -1) return null;
  return { mean, deviation, score: size === null || sum <= 0 ? size : 0 - size, rmsChange };
}

/** The quotient of a whole number by a small one, halves to the even one; both exact. */
function quotientOf(total: number, count: number): number {
  const rest = total % count;
  const down = (total - rest) / count;
  const twice = 2 * Math.abs(rest);
  return twice > count || (twice === count && down % 2 !== 0) ? down + Math.sign(total) : down;
}

/** The nearest whole number to a root that may be off by a little; -1 where that leaves two to choose from. */
function roundedRoot(root: number): number {
  const down = Math.floor(root);
  return root < LARGEST_ROOT && Math.abs(root - down - 0.5) > CLEAR ? Math.round(root) : -1;
}

function inBigIntegers(count: number, mantissa: (k: number) => bigint): WindowStatistics {
  const last = mantissa(count - 1);
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
  const n = BigInt(count);
  const mean = divideHalfEven(n * last + sum, n);
  if (count < 2) return { mean, deviation: null, score: null, rmsChange: null };
  const others = n - 1n;
  return {
    mean,
    deviation: rootOfRatio(n * squares - sum * sum, n * others),
    score: scoreOfLast(others, sum, squares),
    rmsChange: rootOfRatio(changes, others),
  };
}

/** The last close is 0 in the sums, so that they are those of the `others` before it. */
function scoreOfLast(others: bigint, sum: bigint, squares: bigint): bigint | null {
  const spread = others * squares - sum * sum;
  if (others < 2n || spread === 0n) return null;
  const size = rootOfRatio(sum * sum * (others - 1n) * SCORE_SCALE, others * spread);
  return sum > 0n ? -size : size;
}
