/**
 * Sums that do not depend on order: 128-bit integers in columns of four 32-bit limbs.
 *
 * Each sum is four doubles, weights 2^0, 2^32, 2^64, 2^96; limbs may run over their 32 bits and are carried before
 * they could lose a bit. Used for Σ volume (scale 8), Σ price·volume (scale 16) and Σ price·seconds (scale 8).
 */

/** Doubles per sum. */
export const LIMBS = 4;
const WORD = 4_294_967_296;
const CARRY_AT = 2 ** 51;
const B24 = 16_777_216;
/** High words below this are those of integers below 2^50. */
const SMALL = 2 ** 18;

/** Sets a sum to zero. */
export function clearSum(sums: Float64Array, index: number): void {
  sums.fill(0, index * LIMBS, index * LIMBS + LIMBS);
}

/** Adds the 64-bit integer in `words[i]` to a sum. */
export function addToSum(sums: Float64Array, index: number, words: Int32Array, i: number): void {
  const at = index * LIMBS;
  sums[at] += words[2 * i] >>> 0;
  sums[at + 1] += words[2 * i + 1];
  if (sums[at] > CARRY_AT || sums[at + 1] > CARRY_AT || sums[at + 1] < -CARRY_AT) carry(sums, at);
}

/** Adds a sum to another one. */
export function addSumToSum(sums: Float64Array, index: number, others: Float64Array, other: number): void {
  const at = index * LIMBS;
  const from = other * LIMBS;
  let isLarge = false;
  for (let k = 0; k < LIMBS; k++) {
    const limb = sums[at + k] + others[from + k];
    sums[at + k] = limb;
    if (k < LIMBS - 1 && (limb > CARRY_AT || limb < -CARRY_AT)) isLarge = true;
  }
  if (isLarge) carry(sums, at);
}

/** Adds the product of the 64-bit integers `a[i]` and `b[j]` to a sum, exactly. */
export function addProductToSum(
  sums: Float64Array,
  index: number,
  a: Int32Array,
  i: number,
  b: Int32Array,
  j: number,
): void {
  let al = a[2 * i] >>> 0;
  let ah = a[2 * i + 1];
  let bl = b[2 * j] >>> 0;
  let bh = b[2 * j + 1];
  if (ah >= 0 && ah < SMALL && bh >= 0 && bh < SMALL) {
    addSmallProduct(sums, index * LIMBS, al, ah, bl, bh);
    return;
  }
  let sign = 1;
  if (ah < 0) {
    sign = -sign;
    al = -al >>> 0;
    ah = al === 0 ? -ah : -ah - 1;
  }
  if (bh < 0) {
    sign = -sign;
    bl = -bl >>> 0;
    bh = bl === 0 ? -bh : -bh - 1;
  }
  // Three digits of 24 bits each: every product and every sum of three of them is exact in a double.
  const a0 = al % B24;
  const a1 = Math.floor(al / B24) + (ah % 65_536) * 256;
  const a2 = Math.floor(ah / 65_536);
  const b0 = bl % B24;
  const b1 = Math.floor(bl / B24) + (bh % 65_536) * 256;
  const b2 = Math.floor(bh / 65_536);
  const at = index * LIMBS;
  addAt(sums, at, 0, sign, a0 * b0);
  addAt(sums, at, 24, sign, a0 * b1 + a1 * b0);
  addAt(sums, at, 48, sign, a0 * b2 + a1 * b1 + a2 * b0);
  addAt(sums, at, 72, sign, a1 * b2 + a2 * b1);
  addAt(sums, at, 96, sign, a2 * b2);
}

/**
 * The product of two integers of 0 to 2^50, as prices and sizes nearly always are: two products of 48 bits for the low
 * words, and the cross products, which stay below 2^51, where they belong.
 */
function addSmallProduct(
  sums: Float64Array,
  at: number,
  al: number,
  ah: number,
  bl: number,
  bh: number,
): void {
  const low = al * (bl & 0xffff);
  const high = al * (bl >>> 16);
  const top = Math.floor(high / 65_536);
  const rest = low + (high - top * 65_536) * 65_536;
  const carried = Math.floor(rest / WORD);
  sums[at] += rest - carried * WORD;
  sums[at + 1] += top + carried + ah * bl + al * bh;
  sums[at + 2] += ah * bh;
  if (sums[at] > CARRY_AT || sums[at + 1] > CARRY_AT || sums[at + 2] > CARRY_AT) carry(sums, at);
}

/** Adds `sign * value * 2^bits`; scaling a double by a power of two is exact. */
function addAt(sums: Float64Array, at: number, bits: number, sign: number, value: number): void {
  if (value === 0) return;
  const limb = bits >> 5;
  const x = value * 2 ** (bits & 31);
  let high = Math.floor(x / WORD);
  sums[at + limb] += sign * (x - high * WORD);
  if (limb < 3) {
    const top = Math.floor(high / WORD);
    high -= top * WORD;
    sums[at + limb + 1] += sign * high;
    if (top !== 0 && limb < 2) sums[at + limb + 2] += sign * top;
  }
  if (Math.abs(sums[at + limb]) > CARRY_AT || (limb < 3 && Math.abs(sums[at + limb + 1]) > CARRY_AT))
    carry(sums, at);
}

function carry(sums: Float64Array, at: number): void {
  for (let k = 0; k < LIMBS - 1; k++) {
    const high = Math.floor(sums[at + k] / WORD);
    sums[at + k] -= high * WORD;
    sums[at + k + 1] += high;
  }
}

/** Writes the sum as a little-endian two's complement 128-bit integer of four words: the store's Int128. */
export function sumToWords(sums: Float64Array, index: number, words: Int32Array, i: number): void {
  let borrowed = 0;
  for (let k = 0; k < LIMBS; k++) {
    const limb = sums[index * LIMBS + k] + borrowed;
    borrowed = Math.floor(limb / WORD);
    words[i * LIMBS + k] = (limb - borrowed * WORD) | 0;
  }
}

/** Reads a sum back from four words. */
export function sumFromWords(words: Int32Array, i: number, sums: Float64Array, index: number): void {
  for (let k = 0; k < LIMBS - 1; k++) sums[index * LIMBS + k] = words[i * LIMBS + k] >>> 0;
  sums[index * LIMBS + 3] = words[i * LIMBS + 3];
}

/** The exact sum; for edges and tests. */
export function bigSumAt(sums: Float64Array, index: number): bigint {
  let total = 0n;
  for (let k = LIMBS - 1; k >= 0; k--) total = (total << 32n) + BigInt(sums[index * LIMBS + k]);
  return total;
}

/** Writes a whole number that a double holds exactly. */
export function setSum(sums: Float64Array, index: number, value: number): void {
  const high = Math.floor(value / WORD);
  const at = index * LIMBS;
  sums[at] = value - high * WORD;
  sums[at + 1] = high;
  sums[at + 2] = sums[at + 3] = 0;
}

/** True for a sum of nothing, and for one whose parts have cancelled each other as they stand. */
export function isZeroSum(sums: Float64Array, index: number): boolean {
  const at = index * LIMBS;
  return sums[at] === 0 && sums[at + 1] === 0 && sums[at + 2] === 0 && sums[at + 3] === 0;
}

/** Writes a whole number that fits 128 bits; for figures that are made once per row. */
export function setBigSum(sums: Float64Array, index: number, value: bigint): void {
  let rest = value;
  for (let k = 0; k < LIMBS - 1; k++) {
    sums[index * LIMBS + k] = Number(BigInt.asUintN(32, rest));
    rest >>= 32n;
  }
  sums[index * LIMBS + LIMBS - 1] = Number(rest);
}
