/** Emissions: what a chain wants written for one plan, in the order in which it is made durable. */

/** A block of columns for a table of the warehouse. */
export interface BlockEmission {
  readonly kind: 'block';
  readonly table: string;
  readonly bytes: Uint8Array;
  /**
   * True for rows that depend on more than the plan: run again, it may have others. Such a block goes in without a token,
   * which would let the store drop what is new in it; the key of its table takes a repetition.
   */
  readonly untokened?: true;
}

/** Record batches for one partition of a topic. */
export interface RecordsEmission {
  readonly kind: 'records';
  readonly topic: string;
  readonly partition: number;
  readonly batch: Uint8Array;
  readonly count: number;
}

/** Entries for the hot cache: written last, and losing them loses nothing. */
export interface CacheEmission {
  readonly kind: 'cache';
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/** Anything that a chain wants written. */
export type Emission = BlockEmission | RecordsEmission | CacheEmission;
