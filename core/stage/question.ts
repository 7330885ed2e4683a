/**
 * Questions: what a stage needs to know from the stores for one batch. The stage names them, the runner asks; so the
 * stage stays synchronous and the same in every profile.
 */

import type { CurveDay } from '../math/curves/forward-curve.ts';
import type { BarBatch } from '../model/bar-batch.ts';
import type { PlacedInput } from '../model/curve-input.ts';
import type { TickBatch } from '../model/tick-batch.ts';
import type { TaxonomyEntry } from '../ports/reference-store.ts';
import type { Micros } from '../time/instant.ts';
import type { SourcePositions } from './plan.ts';

/** A set of series of one tenant in a half-open range of event time; `from` may be -Infinity, `to` Infinity. */
export interface SeriesRange {
  readonly tenant: string;
  /** Instrument ids; an empty list means all instruments. */
  readonly instruments: readonly string[];
  readonly from: Micros;
  readonly to: Micros;
}

/** Stored ticks of series. */
export interface TicksQuestion extends SeriesRange {
  readonly kind: 'ticks';
  readonly table: 'silver_ticks' | 'silver_repeats';
  /** Leaves out rows of this partition at or after these raw positions: those of the plan itself. Null: all rows. */
  readonly before: { readonly partition: number; readonly positions: SourcePositions } | null;
}

/**
 * All stored ticks of one dataset in one partition whose event start is at or after `from` and whose raw topic and offset lie before
 * `before`: for the rebuild of a state. A topic that is not named there has no rows.
 */
export interface PartitionTicksQuestion {
  readonly kind: 'partition-ticks';
  readonly partition: number;
  readonly tenant: string;
  readonly source: string;
  readonly dataset: string;
  readonly from: Micros;
  readonly before: SourcePositions;
}

/** The greatest known time per (tenant, source, dataset) among stored ticks of one partition. */
export interface KnownTimesQuestion {
  readonly kind: 'known-times';
  readonly partition: number;
  readonly before: SourcePositions;
}

/** Stored bar rows of series whose window start lies in the range, provisional ones left out. */
export interface BarsQuestion extends SeriesRange {
  readonly kind: 'bars';
  /** Only bars of this interval; absent: of every one. */
  readonly interval?: string;
}

/** Served rows of series. */
export interface LatestQuestion {
  readonly kind: 'latest';
  readonly tenant: string;
  readonly instruments: readonly string[];
}

/** Per series the newest versions known and not cancelled, by (event start, known time, sequence, event id). */
export interface NewestQuestion {
  readonly kind: 'newest';
  readonly tenant: string;
  readonly instruments: readonly string[];
  /** How many per series. */
  readonly count: number;
}

/** Taxonomy entries of instruments. */
export interface TaxonomyQuestion {
  readonly kind: 'taxonomy';
  readonly tenant: string;
  readonly instruments: readonly string[];
}

/**
 * Stored inputs of a curve on one day of the market that stood on the prestage topic before an offset of a partition, and
 * the newest day that has any by then.
 */
export interface CurveInputsQuestion {
  readonly kind: 'curve-inputs';
  readonly tenant: string;
  readonly curve: string;
  readonly asOf: CurveDay;
  readonly before: { readonly topic: string; readonly partition: number; readonly offset: number };
}

/** Anything that a stage may ask. */
export type Question =
  | TicksQuestion
  | PartitionTicksQuestion
  | KnownTimesQuestion
  | BarsQuestion
  | LatestQuestion
  | NewestQuestion
  | TaxonomyQuestion
  | CurveInputsQuestion;

/** One line of the answer to a known-times question. */
export interface KnownTime {
  readonly tenant: string;
  readonly source: string;
  readonly dataset: string;
  readonly knownAt: Micros;
}

/** What is known, in the form that the kind of question asks for; rows of any order. */
export type Answer =
  | { readonly kind: 'ticks'; readonly ticks: TickBatch }
  | { readonly kind: 'latest'; readonly ticks: TickBatch; readonly gone: Uint8Array }
  | { readonly kind: 'bars'; readonly bars: BarBatch }
  | {
      readonly kind: 'curve-inputs';
      readonly tenant: string;
      readonly curve: string;
      readonly asOf: CurveDay;
      readonly inputs: readonly PlacedInput[];
      /** Null where the curve has no input at all. */
      readonly newest: CurveDay | null;
    }
  | { readonly kind: 'known-times'; readonly times: readonly KnownTime[] }
  | {
      readonly kind: 'taxonomy';
      readonly entries: ReadonlyMap<string, TaxonomyEntry>;
      /** Version of the reference data that the entries are of. */
      readonly version: number;
      /** Instruments that the reference store could not be asked about: whether they have an entry is not known. */
      readonly unanswered?: ReadonlySet<string>;
    };

/** Answers in the order of the questions. */
export type Answers = readonly Answer[];
