/**
 * Quotients and roots of whole numbers, rounded once and the same on every machine: halves go to the even digit. What is
 * stored of a division or a root comes from here, so that no float has a say in it.
 */

/** `numerator / denominator` as a whole number, halves to the even one; the denominator is not 0. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  let quotient = n / d;
  const twice = (n - quotient * d) * 2n;
  if (twice > d || (twice === d && (quotient & 1n) === 1n)) quotient += 1n;
  return negative ? -quotient : quotient;
}

/** The greatest whole number whose square is not above `n`, which lies from 0 to 2^1000. */
export function rootDown(n: bigint): bigint {
  if (n === 0n) return 0n;
  // The double is a guess of some 53 bits, and what follows makes it exact whatever it was.
  let root = BigInt(Math.floor(Math.sqrt(Number(n))));
  for (;;) {
    const next = (root + n / root) >> 1n;
    const apart = next - root;
    if (apart >= -1n && apart <= 1n) return rootFrom(next, n);
    root = next;
  }
}

/** From a number that is off by little to the root itself. */
function rootFrom(near: bigint, n: bigint): bigint {
  let root = near;
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}

/** The whole number nearest to the root of `numerator / denominator`, halves to the even one; both are 0 or more, the denominator above. */
export function rootOfRatio(numerator: bigint, denominator: bigint): bigint {
  const root = rootDown(numerator / denominator);
  const half = denominator * (4n * root * (root + 1n) + 1n);
  const up = 4n * numerator - half;
  return up > 0n || (up === 0n && (root & 1n) === 1n) ? root + 1n : root;
}
