/**
 * Exact decimals: signed 64-bit mantissas at scale 8, the store's `Decimal(18, 8)`.
 *
 * A column of them is an `Int32Array` with two words per value, low word first: the bytes of the store's own column,
 * so that a block is a copy. No BigInt is made per value: while |mantissa| <= 2^53 a double holds it exactly, and
 * the rare larger one takes a slow path.
 */

/** Digits after the point of every price and size. */
export const SCALE = 8;
const WORD = 4_294_967_296;
/** Largest mantissa of Decimal(18, 8): 18 digits. */
const LIMIT = 999_999_999_999_999_999n;

/** 10^k for every shift to the scale: a power that is looked up costs less than one that is made. */
const POWERS = Float64Array.from({ length: SCALE + 1 }, (_, k) => 10 ** k);

/** What came of reading a decimal. */
export const Parsed = { exact: 0, rounded: 1, notNumeric: 2, outOfRange: 3 } as const;
export type Parsed = (typeof Parsed)[keyof typeof Parsed];

/** Writes an integer mantissa, exact up to 2^53 in size. */
export function setMantissa(words: Int32Array, index: number, mantissa: number): void {
  const high = Math.floor(mantissa / WORD);
  words[2 * index] = (mantissa - high * WORD) | 0;
  words[2 * index + 1] = high | 0;
}

/** Reads a mantissa as a double: exact up to 2^53, the nearest double beyond. */
export function mantissaAt(words: Int32Array, index: number): number {
  return words[2 * index + 1] * WORD + (words[2 * index] >>> 0);
}

/** Copies one value between columns. */
export function copyDecimal(from: Int32Array, i: number, to: Int32Array, j: number): void {
  to[2 * j] = from[2 * i];
  to[2 * j + 1] = from[2 * i + 1];
}

/** Exact order of two values: negative, zero or positive. */
export function compareDecimals(a: Int32Array, i: number, b: Int32Array, j: number): number {
  const high = a[2 * i + 1] - b[2 * j + 1];
  return high !== 0 ? high : (a[2 * i] >>> 0) - (b[2 * j] >>> 0);
}

/**
 * Reads ASCII decimal text `[+-]digits[.digits][e[+-]digits]` in `bytes[from, to)` into a column.
 * More than eight digits after the point are rounded half to even (`Parsed.rounded`). On failure nothing is written.
 */
export function parseDecimal(
  bytes: Uint8Array,
  from: number,
  to: number,
  words: Int32Array,
  index: number,
): Parsed {
  let p = from;
  let negative = false;
  if (p < to && (bytes[p] === 0x2d || bytes[p] === 0x2b)) negative = bytes[p++] === 0x2d;
  let mantissa = 0;
  let digits = 0;
  let fraction = -1;
  for (; p < to; p++) {
    const c = bytes[p];
    if (c >= 0x30 && c <= 0x39) {
      mantissa = mantissa * 10 + (c - 0x30);
      digits++;
      if (fraction >= 0) fraction++;
    } else if (c === 0x2e && fraction < 0) fraction = 0;
    else if ((c | 0x20) === 0x65 && digits > 0) return parseSlowly(bytes, from, to, words, index);
    else return Parsed.notNumeric;
  }
  if (digits === 0) return Parsed.notNumeric;
  const scale = Math.max(fraction, 0);
  // 15 digits and the shift to scale 8 stay below 2^53 only together; the rest goes the exact long way.
  if (scale > SCALE || digits + SCALE - scale > 15) return parseSlowly(bytes, from, to, words, index);
  mantissa *= POWERS[SCALE - scale];
  setMantissa(words, index, negative ? -mantissa : mantissa);
  return Parsed.exact;
}

const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

function parseSlowly(bytes: Uint8Array, from: number, to: number, words: Int32Array, index: number): Parsed {
  let text = '';
  for (let p = from; p < to; p++) text += String.fromCharCode(bytes[p]);
  const m = TEXT.exec(text);
  if (m === null || m[2].length + (m[3] ?? '').length === 0) return Parsed.notNumeric;
  const fraction = m[3] ?? '';
  const shift = SCALE - fraction.length + Number(m[4] ?? 0);
  let value = BigInt(m[2] + fraction);
  let exact = true;
  if (value !== 0n) {
    if (shift > 40) return Parsed.outOfRange;
    if (shift >= 0) value *= 10n ** BigInt(shift);
    else {
      // Beyond the length of the text every digit is cut: no need for a power of that size.
      const divisor = 10n ** BigInt(Math.min(-shift, m[2].length + fraction.length + 1));
      const quotient = value / divisor;
      const twice = (value - quotient * divisor) * 2n;
      exact = twice === 0n;
      const up = twice > divisor || (twice === divisor && (quotient & 1n) === 1n);
      value = up ? quotient + 1n : quotient;
    }
  }
  if (value > LIMIT) return Parsed.outOfRange;
  if (m[1] === '-') value = -value;
  setBigMantissa(words, index, value);
  return exact ? Parsed.exact : Parsed.rounded;
}

/** Writes a mantissa of any size that fits 64 bits; for edges and tests. */
export function setBigMantissa(words: Int32Array, index: number, mantissa: bigint): void {
  words[2 * index] = Number(BigInt.asIntN(32, mantissa));
  words[2 * index + 1] = Number(BigInt.asIntN(32, mantissa >> 32n));
}

/** The exact mantissa; for edges and tests. */
export function bigMantissaAt(words: Int32Array, index: number): bigint {
  return (BigInt(words[2 * index + 1]) << 32n) | BigInt(words[2 * index] >>> 0);
}

/** Plain decimal text without trailing zeros: `-0.31`, `57.29`, `0`. */
export function formatDecimal(words: Int32Array, index: number): string {
  return formatScaled(bigMantissaAt(words, index), SCALE);
}

/** Plain decimal text of `mantissa / 10^scale` without trailing zeros. */
export function formatScaled(mantissa: bigint, scale: number): string {
  const negative = mantissa < 0n;
  const digits = (negative ? -mantissa : mantissa).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
