/**
 * IntervalLedger: which delivery intervals of a dataset have landed, from which payload, how often they were revised,
 * and which gaps were told. What should have landed is not stored: it follows from the dataset and the market's day.
 */

import type { Micros } from '../time/instant.ts';
import type { Interval } from '../time/interval.ts';

/** A dataset of a connector for one tenant. */
export interface LedgerScope {
  readonly tenant: string;
  readonly connector: string;
  readonly dataset: string;
}

/** What one payload says about one interval. Times are UTC micros. */
export interface Landing {
  /** Half-open; start and end are equal for a reading at one instant. */
  readonly interval: Interval;
  /** Hash of the places it speaks of (location, series, field), 16 hex digits. */
  readonly places: string;
  /** Hash of the places and their values, 16 hex digits. */
  readonly digest: string;
  readonly values: number;
  readonly knownAt: Micros;
  /** Hash of the archived payload. */
  readonly sha256: string;
}

/** An interval that landed, over all payloads about the same places. */
export interface LandedInterval extends Omit<Landing, 'knownAt'> {
  /** Known time of the first payload and of the one that was known last. */
  readonly firstKnownAt: Micros;
  readonly lastKnownAt: Micros;
  /** How often a payload said something else about these places than the one before. */
  readonly revisions: number;
}

/** An interval that should have landed by `dueAt`. */
export interface MissingInterval {
  readonly interval: Interval;
  /** UTC micros. */
  readonly dueAt: Micros;
}

/** The rows of all intervals. */
export interface IntervalLedger {
  /**
   * Writes down what a payload brought, after it was published. A payload that is known already changes nothing; one
   * that was known later and says something else is a revision; an older one never replaces a newer one.
   */
  recordLandings(scope: LedgerScope, landings: readonly Landing[]): Promise<void>;
  /** Intervals that touch the window, in order of start. */
  landedIn(scope: LedgerScope, window: Interval): Promise<LandedInterval[]>;
  /** Begin of the first interval that ever landed, UTC micros; null when none did. */
  firstLanded(scope: LedgerScope): Promise<Micros | null>;
  /** Gaps of a window that were told, in order of start. */
  toldGaps(scope: LedgerScope, window: Interval): Promise<Interval[]>;
  /**
   * Writes down which gaps of a window were told, once they were. Told ones that are no gaps any more are forgotten, so
   * that they are told again should they come back.
   */
  noteGaps(
    scope: LedgerScope,
    window: Interval,
    missing: readonly MissingInterval[],
    now: Micros,
  ): Promise<void>;
}
