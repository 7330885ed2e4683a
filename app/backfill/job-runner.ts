/**
 * Hosts jobs beside the work of a service: reads requests, takes one job at a time, and tells what others left untold.
 * Nothing that goes wrong with a job ends the service.
 */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { Job } from '../../core/model/job.ts';
import { isDead } from '../ingest/run-lease.ts';
import { untilTold } from '../pipeline/until-told.ts';
import type { Stores } from '../stores/open-stores.ts';
import { tellOfUntold } from './job-status.ts';
import { requestReader } from './request-topic.ts';
import { leaseOf, runJob } from './run-job.ts';

/** How often jobs and requests are looked for, in milliseconds. */
const LOOK_MS = 1000;
/** Jobs that are under way, of all processes, that are looked at together. */
const MOST_RUNNING = 100;

/** A name for the one who holds jobs: the machine and the process, so that others see when it is gone. */
export function jobHolder(): string {
  return `${hostname()}/${process.pid}/${randomUUID()}`;
}

/** Gives back what processes of this machine held that are gone. */
export async function freeAbandoned({ reference }: Pick<Stores, 'reference'>): Promise<void> {
  for (const job of await reference.listJobs({ status: 'running', limit: MOST_RUNNING }))
    if (job.holder !== '' && isDead(job.holder)) await reference.leaveJob(job.id, job.holder);
}

/** Runs jobs until the signal aborts; the chunk at hand is finished, and the job goes on elsewhere or later. */
export async function hostJobs(stores: Stores, signal: AbortSignal): Promise<void> {
  const reader = requestReader(stores);
  const holder = jobHolder();
  const read = async (): Promise<void> => {
    await reader.read();
    await tellOfUntold(stores);
    await freeAbandoned(stores);
    if (!signal.aborted) await stores.log.waitForAppend([Topic.backfillRequest], LOOK_MS);
  };
  const work = async (): Promise<void> => {
    const job: Job | null = await stores.reference.takeJob(leaseOf(holder, stores.clock.now()), null);
    if (job === null) await stores.clock.sleep(LOOK_MS, signal);
    else await runJob(stores, job, { holder, signal });
  };
  await Promise.all([untilTold(stores, 'requests', read, signal), untilTold(stores, 'jobs', work, signal)]);
  await reader.close().catch(() => {});
}
