/** Waiting for a job to end, and running it where no other process does. */

import { JOB_ENDS, type Job } from '../../core/model/job.ts';
import type { Stores } from '../stores/open-stores.ts';
import { freeAbandoned, jobHolder } from './job-runner.ts';
import { leaseOf, runJob } from './run-job.ts';

/** How often the job is looked at, in milliseconds. */
const LOOK_MS = 250;
/** A service that is there takes a job within this time, unless it has another one at hand, in micros. */
const GRACE = 4_000_000;

/** How a job is waited for. */
export interface Waiting {
  /** No other process can run it. */
  readonly isAlone: boolean;
  /** Aborted: the job is left to others. */
  readonly signal: AbortSignal;
  readonly onProgress: (job: Job) => void;
}

/**
 * The job once it has ended, is paused, or the signal has aborted. While nobody takes it, this process does: after a
 * while, so that services go first.
 */
export async function waitForJob(
  stores: Stores,
  job: Job,
  { isAlone, signal, onProgress }: Waiting,
): Promise<Job> {
  const { reference, clock } = stores;
  const holder = jobHolder();
  const patience = clock.now() + (isAlone ? 0 : GRACE);
  for (let now = job; ; now = (await reference.jobOf(job.tenant, job.id)) ?? now) {
    onProgress(now);
    if (JOB_ENDS.includes(now.status) || now.status === 'paused' || signal.aborted) return now;
    if (clock.now() >= patience && (await isFree(stores, now, isAlone))) {
      const taken = await reference.takeJob(leaseOf(holder, clock.now()), job.id);
      if (taken !== null) await runJob(stores, taken, { holder, signal, onProgress });
      else await clock.sleep(LOOK_MS, signal);
    } else await clock.sleep(LOOK_MS, signal);
  }
}

/** A service that works on another job comes to this one in its turn. */
async function isFree(stores: Stores, job: Job, isAlone: boolean): Promise<boolean> {
  await freeAbandoned(stores);
  const running = await stores.reference.listJobs({ status: 'running', limit: 10 });
  return isAlone || running.every(({ id }) => id === job.id);
}
