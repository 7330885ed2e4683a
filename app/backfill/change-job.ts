/** Pausing, resuming and cancelling a job: who works on it sees it after the chunk at hand. */

import { CarbonError } from '../../core/errors.ts';
import type { Job, JobStatus } from '../../core/model/job.ts';
import type { Stores } from '../stores/open-stores.ts';
import { tellOfJob } from './job-status.ts';

const CHANGES = {
  pause: { from: ['pending', 'running'], to: 'paused' },
  resume: { from: ['paused', 'pending'], to: 'pending' },
  cancel: { from: ['pending', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly JobStatus[]; to: JobStatus }>;

/** What may be done with a job. */
export type JobChange = keyof typeof CHANGES;

/** The job of an id, of the tenant of the stores. Throws NOT_FOUND. */
export async function jobNamed({ reference, runtime }: Stores, id: string): Promise<Job> {
  const job = await reference.jobOf(runtime.tenant, id);
  if (job !== null) return job;
  throw new CarbonError('NOT_FOUND', `no job ${id}`, {
    position: { field: 'id', expected: 'an id that carbon backfill list shows', got: id },
  });
}

/** Changes a job and tells of it. Throws NOT_FOUND, and JOB_CONFLICT for a job whose state does not allow it. */
export async function changeOf(stores: Stores, what: JobChange, id: string): Promise<Job> {
  const { from, to } = CHANGES[what];
  const { reference, runtime, clock } = stores;
  const changed = await reference.changeJob(runtime.tenant, id, from, to, clock.now());
  if (changed === null) {
    const { status } = await jobNamed(stores, id);
    throw new CarbonError('JOB_CONFLICT', `job ${id} is ${status}: there is nothing to ${what}`, {
      position: { field: 'id', expected: `a job that is ${from.join(' or ')}`, got: status },
    });
  }
  await tellOfJob(stores, changed);
  return changed;
}
