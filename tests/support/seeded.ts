/** Chance that can be had again: the same seed, the same draws, in every process. */

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of its own for the `index`-th thing of a name (FNV-1a over all three). */
export function seedOf(seed: number, name: string, index: number): number {
  let h = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (index & 0xffff), 0x01000193);
  return Math.imul(h ^ (index >>> 16), 0x01000193) >>> 0;
}

/** One of the items. */
export function oneOf<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** A whole number in `[0, count)`. */
export function below(random: () => number, count: number): number {
  return Math.floor(random() * count);
}
