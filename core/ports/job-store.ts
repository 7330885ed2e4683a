/** JobStore: the jobs, written down. Who works on one holds it by a lease; whoever asks may pause or cancel it meanwhile. */

import type { Job, JobError, JobProgress, JobStatus, NewJob } from '../model/job.ts';
import type { Micros } from '../time/instant.ts';

/** Which jobs are listed; a part left out stands for any. */
export interface JobQuestion {
  readonly tenant?: string;
  readonly status?: JobStatus;
  /** True: those whose state was not told yet. */
  readonly untold?: boolean;
  /** Most jobs returned. */
  readonly limit: number;
}

/** A lease that is taken or kept. Times are UTC micros. */
export interface JobLease {
  readonly holder: string;
  readonly now: Micros;
  readonly until: Micros;
}

/** The rows of all jobs. Each call is one transaction. */
export interface JobStore {
  /** Writes a new job, pending or failed at once; one that is there stays as it is. Returns what is there. */
  createJob(job: NewJob): Promise<{ readonly job: Job; readonly created: boolean }>;
  /** The job of an id; null when the tenant has none. */
  jobOf(tenant: string, id: string): Promise<Job | null>;
  /** Jobs that fit, the one that was made last first. */
  listJobs(question: JobQuestion): Promise<Job[]>;
  /**
   * Takes the oldest job that is to be done and held by nobody, or the one of `id`; it is running then. Null when there is
   * none: of two who ask at once, one gets it.
   */
  takeJob(lease: JobLease, id: string | null): Promise<Job | null>;
  /**
   * Writes how far the holder has come and keeps the lease. The state stays: somebody may have paused or cancelled the
   * job. Null, and nothing written, when another holds it.
   */
  saveJob(id: string, lease: JobLease, progress: JobProgress): Promise<Job | null>;
  /** Ends a job that its holder has run to the end; null when another holds it or it is not running any more. */
  endJob(id: string, holder: string, now: Micros, error: JobError | null): Promise<Job | null>;
  /** Gives a job back; one that was running is pending again. Does nothing when it is held by another. */
  leaveJob(id: string, holder: string): Promise<void>;
  /** Changes the state when it is one of `from`; null when it is not, or the tenant has no such job. */
  changeJob(
    tenant: string,
    id: string,
    from: readonly JobStatus[],
    to: JobStatus,
    now: Micros,
  ): Promise<Job | null>;
  /** Notes that readers of the topic were told of the state that a job is in; false when that is noted, or past. */
  noteTold(id: string, status: JobStatus): Promise<boolean>;
}
