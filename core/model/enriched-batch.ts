/** EnrichedBatch: ticks with what the taxonomy says about their instruments. Taxonomy is per instrument, not per row. */

import type { TickBatch } from './tick-batch.ts';

/** Classification of one instrument (E1). */
export interface Taxonomy {
  /** `power`, `gas` … */
  readonly commodity: string;
  readonly region: string;
  /** Day-ahead, real-time, forward … */
  readonly productTier: string;
  /** Semantic tags, sorted. */
  readonly tags: readonly string[];
  /** 0 to 1: 1 from the reference tables, less from a rule, 0 where nothing is known. */
  readonly confidence: number;
  /** Version of the reference data that gave it. */
  readonly version: number;
}

/** A batch of ticks and the taxonomy of each row. */
export interface EnrichedBatch {
  /** The ticks; their flags may carry MISSING_METADATA beside those of silver. */
  readonly ticks: TickBatch;
  /** Index in `taxa` of each row's taxonomy. */
  readonly taxonomyOf: Uint32Array;
  readonly taxa: readonly Taxonomy[];
}

/** What has been learnt about an instrument: for the table `taxonomy`, one row per instrument and change. */
export interface LearnedTaxonomy extends Taxonomy {
  readonly tenant: string;
  readonly instrumentId: string;
}
