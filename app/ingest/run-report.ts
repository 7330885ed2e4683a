/** What a run of a connector is asked for, and what it says at its end. */

import type { CarbonError } from '../../core/errors.ts';
import type { FetchOutcome, FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';

/** The acts of a connector as a scheduler calls them one by one; without one, all happen in a row. */
export type Act = 'extract' | 'validate' | 'load';

/** The acts, in their order. */
export const ACTS: readonly Act[] = ['extract', 'validate', 'load'];

/** Settings of the manifest that a run may have otherwise: for simulators and tests. */
export interface Patience {
  readonly retries?: number;
  /** Pause before the first further attempt. */
  readonly backoffSeconds?: number;
  readonly minIntervalMs?: number;
  /** How long a source is left alone after failures in a row; taken by the first run of a process. */
  readonly breakSeconds?: number;
}

/** What is asked of a run. */
export interface RunRequest {
  readonly connector: string;
  /** Names; all that are enabled and fetched when left out. */
  readonly datasets?: readonly string[];
  /** `due`: from the cursor or the lookback of each dataset to what is published by now. */
  readonly window: Interval | 'due';
  /**
   * What is due is that of this moment, in UTC micros, and not of now: for an act, whose caller keeps what a cursor
   * would. With `since`, the moment up to which the caller has asked before, in place of the cursor.
   */
  readonly due?: { readonly at: Micros; readonly since: Micros | null };
  /** Name of the run in the ledger; the acts of one run share it. */
  readonly runId: string;
  /** Scheme, host and port in place of those of the operator: a simulator or a mirror. */
  readonly origin?: string;
  readonly act?: Act;
  /** Choices of the datasets, over those of the manifest. */
  readonly options?: Readonly<Record<string, string>>;
  readonly patience?: Patience;
  /** Hears of each request that has its outcome. */
  readonly onProgress?: (done: number, planned: number, record: FetchRecord) => void;
}

/** What became of one dataset in a run. */
export interface DatasetReport {
  readonly dataset: string;
  readonly window: Interval;
  /** Requests of the plan. */
  readonly planned: number;
  /** One row per request with an outcome, in the order of the plan. */
  readonly results: readonly FetchRecord[];
  /** Requests that were not begun: the time was up, or the run was stopped. Where they begin; null for none. */
  readonly left: number;
  readonly leftFrom: number | null;
  /** Cursor after the run, as an instant in UTC micros; null when there is none. */
  readonly cursor: number | null;
}

/** What became of a run. */
export interface RunReport {
  readonly runId: string;
  readonly connector: string;
  readonly market: string;
  readonly act: Act | null;
  readonly status: RunStatus;
  readonly datasets: readonly DatasetReport[];
  readonly durationMs: number;
}

/**
 * `success`; `incomplete` (requests are left, or a body waits for its next act); `rejected` (bodies or rows were set
 * aside); `failed` (something could not be had). The gravest of them.
 */
export type RunStatus = 'success' | 'incomplete' | 'rejected' | 'failed';

/** Counts of a run. */
export interface RunTotals {
  readonly planned: number;
  readonly left: number;
  readonly outcomes: Readonly<Record<FetchOutcome, number>>;
  readonly bytes: number;
  readonly rows: number;
  readonly values: number;
  /** Rows set aside. */
  readonly rejected: number;
}

/** Adds up a run. Balance: planned = left + the sum of the outcomes, as every request has one of them. */
export function totalsOf(datasets: readonly DatasetReport[]): RunTotals {
  const outcomes: Record<FetchOutcome, number> = {
    retried: 0,
    archived: 0,
    published: 0,
    unchanged: 0,
    no_data: 0,
    rejected: 0,
    failed: 0,
  };
  const totals = { planned: 0, left: 0, bytes: 0, rows: 0, values: 0, rejected: 0 };
  for (const { planned, left, results } of datasets) {
    totals.planned += planned;
    totals.left += left;
    for (const record of results) {
      outcomes[record.outcome]++;
      totals.bytes += record.bytes;
      totals.rows += record.rows;
      totals.values += record.values;
      totals.rejected += record.rejected;
    }
  }
  return { ...totals, outcomes };
}

/** The gravest thing that happened. */
export function statusOf(datasets: readonly DatasetReport[], act: Act | null): RunStatus {
  const { left, outcomes, rejected } = totalsOf(datasets);
  if (outcomes.failed > 0) return 'failed';
  if (outcomes.rejected > 0 || rejected > 0) return 'rejected';
  return left > 0 || (act === null && outcomes.archived > 0) ? 'incomplete' : 'success';
}

/** The columns of a ledger row that an error fills. */
export function faultOf(error: CarbonError): Pick<FetchRecord, 'code' | 'message'> {
  return { code: error.code, message: error.message.slice(0, 1000) };
}

/**
 * The outcome that an error of a source is. What only time can mend has failed; a body that says something else than
 * the dataset's data is rejected.
 */
export function outcomeOf(error: CarbonError): FetchOutcome {
  if (error.code === 'SOURCE_NO_DATA') return 'no_data';
  if (error.code === 'SOURCE_MISSING' || error.code === 'SOURCE_TOO_LARGE') return 'failed';
  return error.remedy === 'retry' || error.remedy === 'stop' ? 'failed' : 'rejected';
}
