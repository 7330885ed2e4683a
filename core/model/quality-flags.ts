/**
 * Quality flags: what is known about a value beside the value itself (D2).
 *
 * The bits are part of the stored data: the table is append-only, a bit is never given another meaning. The order of
 * names in text form is the order of bits. No bit at all is written as `VALID`.
 */

export const Flag = {
  PRICE_NEGATIVE: 1 << 0,
  OUT_OF_RANGE: 1 << 1,
  VOLUME_SPIKE: 1 << 2,
  LATE_ARRIVAL: 1 << 3,
  MISSING_METADATA: 1 << 4,
  /** More than eight digits after the point were rounded half to even; the exact text is in the raw event. */
  ROUNDED: 1 << 5,
  /** Another value of the same natural key was known before this one. */
  REVISED: 1 << 6,
  /** The source withdrew the value: it counts in no bar from its known time on. */
  CANCELLED: 1 << 7,
  /** Two values of one natural key share a known time; the greater event id counts. */
  CONFLICTING: 1 << 8,
  /** Published again unchanged, and later seen to matter: see docs/semantics.md, "unchanged repeats". */
  REINSTATED: 1 << 9,
} as const;

/** A flag in text form; `VALID` stands for no bit at all. */
export type FlagName = keyof typeof Flag | 'VALID';

const NAMES = Object.entries(Flag) as [keyof typeof Flag, number][];

/** Names of the set bits in bit order; `['VALID']` for none. */
export function flagNames(flags: number): FlagName[] {
  if (flags === 0) return ['VALID'];
  const names: FlagName[] = [];
  for (const [name, bit] of NAMES) if ((flags & bit) !== 0) names.push(name);
  return names;
}

/** Bits of flag names in any case (the documents of 002 write them in lower case); null names an unknown word. */
export function flagsFromNames(names: readonly string[]): number | null {
  let flags = 0;
  for (const name of names) {
    const upper = name.toUpperCase();
    if (upper === 'VALID') continue;
    const found = NAMES.find(([n]) => n === upper);
    if (found === undefined) return null;
    flags |= found[1];
  }
  return flags;
}
