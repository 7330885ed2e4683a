/** Chance without state: a draw is a pure function of a seed and of words that say what it is drawn for. */

/** A 32-bit word for a text (FNV-1a): names of nodes, runs and purposes as words of a draw. */
export function wordOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** Uniform in [0, 1) with 32 bits. The same words in the same order give the same number; integers up to 2^53 count whole. */
export function draw(seed: number, ...words: readonly number[]): number {
  let h = mixed(0x9e3779b9, seed);
  for (const word of words) h = mixed(h, word);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 4_294_967_296;
}

/** Uniform in [-1, 1). */
export function drawSigned(seed: number, ...words: readonly number[]): number {
  return 2 * draw(seed, ...words) - 1;
}

/** A whole number in [0, count). */
export function drawIndex(count: number, seed: number, ...words: readonly number[]): number {
  return Math.floor(draw(seed, ...words) * count);
}

/** The items in an order of their own that only the words decide. */
export function shuffled<T>(items: readonly T[], seed: number, ...words: readonly number[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = drawIndex(i + 1, seed, ...words, i);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

function mixed(h: number, word: number): number {
  return step(step(h, word | 0), Math.floor(word / 4_294_967_296) | 0);
}

function step(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const x = h ^ Math.imul(k, 0x1b873593);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}
