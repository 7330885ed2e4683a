/** Jobs: pieces of work that take longer than a request, are written down, and can be paused and taken up again (I1, I2). */

import type { Micros } from '../time/instant.ts';
import type { Interval } from '../time/interval.ts';

/**
 * `pending`: nobody works on it yet, or nobody any more. `paused`: nobody begins or goes on until it is resumed. The last
 * three are for good.
 */
export const JOB_STATUSES = ['pending', 'running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
/** Where a job stands. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Those that a job stays in. */
export const JOB_ENDS: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled'];

/** What is to be computed anew from silver. */
export interface BackfillRequest {
  readonly tenant: string;
  /** Name of the request: the same name again is the same job. */
  readonly requestId: string;
  readonly requestedBy: string;
  /** Half-open. */
  readonly window: Interval;
  /** Only these instruments, sorted; none for all, or all of the market. */
  readonly instruments: readonly string[];
  /** In capitals. */
  readonly market: string | null;
  /** True: what differs is counted, and nothing is written. */
  readonly dryRun: boolean;
}

/** How far a job has come, as it stands in the store. */
export interface JobProgress {
  /** Where to go on, in the words of whoever works; empty before the begin. */
  readonly place: string;
  /** Instruments times days looked at, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Rows that were missing or others. */
  readonly differences: number;
}

/** What a job failed for. */
export interface JobError {
  readonly code: string;
  readonly message: string;
}

/** A job as it stands in the store. Times are UTC micros. */
export interface Job extends BackfillRequest, JobProgress {
  readonly id: string;
  readonly kind: 'backfill';
  readonly status: JobStatus;
  readonly error: JobError | null;
  readonly createdAt: Micros;
  readonly startedAt: Micros | null;
  readonly updatedAt: Micros;
  readonly endedAt: Micros | null;
  /** Who works on it, and until when without saying so again; empty and 0 for nobody. */
  readonly holder: string;
  readonly leaseUntil: Micros;
  /** The last state that readers of the topic were told of; empty for none. */
  readonly told: JobStatus | '';
}

/** A job that is being made. */
export interface NewJob extends BackfillRequest {
  readonly id: string;
  readonly createdAt: Micros;
  /** What it fails for at once; null for one that is to be done. */
  readonly error: JobError | null;
}

/** One statement on `processing.job.status.v1`. */
export interface JobReport {
  readonly tenant: string;
  /** Always empty: no value caused it. */
  readonly traceId: string;
  /** When the job was in this state. */
  readonly knownAt: Micros;
  readonly jobId: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly requestId: string;
  readonly requestedBy: string;
  readonly start: Micros;
  readonly end: Micros;
  readonly market: string | null;
  readonly instruments: readonly string[];
  readonly dryRun: boolean;
  readonly done: number;
  readonly total: number;
  readonly differences: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** A request on `processing.backfill.request.v1`. */
export interface BackfillMessage {
  readonly tenant: string;
  readonly traceId: string;
  readonly knownAt: Micros;
  readonly requestId: string;
  readonly start: Micros;
  readonly end: Micros;
  readonly instruments: readonly string[];
  readonly market: string | null;
  readonly dryRun: boolean;
  readonly requestedBy: string;
}

/** A statement on `projection.invalidate.instrument.v1`. */
export interface Invalidation {
  readonly tenant: string;
  readonly traceId: string;
  readonly knownAt: Micros;
  readonly instrument: string;
  /** One word. */
  readonly reason: string;
  readonly requestedBy: string;
}
