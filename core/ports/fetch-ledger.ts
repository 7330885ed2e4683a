/**
 * FetchLedger: one row per attempt to fetch something from a source, with what became of it (A12, L4). The last
 * attempt of a request in a run carries its final outcome.
 */

import type { Micros } from '../time/instant.ts';
import type { Interval } from '../time/interval.ts';

/**
 * What became of an attempt.
 *
 * Not final: `retried` (a further attempt follows), `archived` (the bytes are durable and wait to be published; also
 * what a killed run leaves). Final: `published`, `unchanged` (the same bytes as the last published ones), `no_data`
 * (the market has nothing, or not yet), `rejected` (the body is dead-lettered), `failed`.
 */
export type FetchOutcome =
  | 'retried'
  | 'archived'
  | 'published'
  | 'unchanged'
  | 'no_data'
  | 'rejected'
  | 'failed';

/** Which attempt a row is about. */
export interface FetchKey {
  readonly tenant: string;
  readonly connector: string;
  readonly dataset: string;
  readonly runId: string;
  /** Name of the request within its dataset; the same for every run that asks for it. */
  readonly request: string;
  /** Counted from 1 within the run. */
  readonly attempt: number;
}

/** One row of the ledger. Times are UTC micros. */
export interface FetchRecord extends FetchKey {
  /** The address asked, without secrets. */
  readonly url: string;
  readonly window: Interval;
  readonly outcome: FetchOutcome;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** Hash of the archived body; null when none came. */
  readonly sha256: string | null;
  readonly etag: string | null;
  /** When the source says that the body changed last, in its words. */
  readonly lastModified: string | null;
  /** Known time that the values of this body have or will have. */
  readonly knownAt: Micros | null;
  /** Length of the body. */
  readonly bytes: number;
  readonly rows: number;
  readonly values: number;
  /** Rows set aside. */
  readonly rejected: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly startedAt: Micros;
  readonly endedAt: Micros;
}

/** Which rows are asked for; a part left out stands for any. */
export interface FetchQuestion {
  readonly tenant: string;
  readonly connector?: string;
  readonly dataset?: string;
  readonly runId?: string;
  readonly request?: string;
  /** Most rows returned. */
  readonly limit: number;
}

/** The rows of all fetches. */
export interface FetchLedger {
  /** Writes a row, in place of the one with the same key. Durable when it resolves. */
  recordFetch(record: FetchRecord): Promise<void>;
  /** Rows that match, the one that began last first. */
  listFetches(question: FetchQuestion): Promise<FetchRecord[]>;
  /** The rows of one request with the outcome `archived` or `published`, newest first, at most `limit`. */
  bodiesOf(
    tenant: string,
    connector: string,
    dataset: string,
    request: string,
    limit: number,
  ): Promise<FetchRecord[]>;
}
