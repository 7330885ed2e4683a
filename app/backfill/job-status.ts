/**
 * Telling of jobs: a record on `processing.job.status.v1`, a line in the log, and a count of those that ended. The store
 * remembers the last state that was told, so that one whose teller died in between is told all the same.
 */

import { encodeJobReports } from '../../core/codec/topics/jobs.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { JOB_ENDS, type Job, type JobReport } from '../../core/model/job.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';

const PRODUCER = '254carbon-backfill';
/** Untold jobs that are looked at together. */
const PAGE = 100;

/**
 * Puts the state of a job on the topic. An end is noted as told only by who counts it (`counts`): a job that was cancelled
 * by a command is told again by the service, which has the metric.
 */
export async function tellOfJob(stores: Stores, job: Job, counts = false): Promise<void> {
  const { log, registry, partitions, reference, telemetry } = stores;
  const { id: schemaId } = await registry.latest(topicSubject(Topic.jobStatus));
  for (const { partition, batch } of encodeJobReports(
    [reportOf(job)],
    schemaId,
    partitions.get(Topic.jobStatus) ?? 1,
    PRODUCER,
  ))
    await log.append(Topic.jobStatus, partition, [batch]);
  const isEnd = JOB_ENDS.includes(job.status);
  if ((isEnd && !counts) || job.told === job.status) return;
  // Of two who tell at once, one counts.
  if (!(await reference.noteTold(job.id, job.status))) return;
  telemetry.emit({
    name: isEnd ? 'backfill.finished' : 'backfill.changed',
    level: job.status === 'failed' ? 'warning' : 'info',
    facts: factsOf(job),
  });
}

/** Tells of jobs whose state nobody was told of. */
export async function tellOfUntold(stores: Stores): Promise<void> {
  for (const job of await stores.reference.listJobs({ untold: true, limit: PAGE }))
    await tellOfJob(stores, job, true);
}

/** A job as a statement for the topic. */
export function reportOf(job: Job): JobReport {
  return {
    tenant: job.tenant,
    traceId: '',
    knownAt: job.updatedAt,
    jobId: job.id,
    kind: job.kind,
    status: job.status,
    requestId: job.requestId,
    requestedBy: job.requestedBy,
    start: job.window.start,
    end: job.window.end,
    market: job.market,
    instruments: job.instruments,
    dryRun: job.dryRun,
    done: job.done,
    total: job.total,
    differences: job.differences,
    errorCode: job.error?.code ?? null,
    errorMessage: job.error?.message ?? null,
  };
}

function factsOf(job: Job): Record<string, string | number | boolean> {
  const { id, tenant, status, done, total, differences, error } = job;
  return {
    job: id,
    tenant_id: tenant,
    status,
    from: formatInstant(job.window.start),
    to: formatInstant(job.window.end),
    done,
    total,
    differences,
    dry_run: job.dryRun,
    duration_ms: job.startedAt === null ? 0 : Math.round((job.updatedAt - job.startedAt) / 1000),
    ...(error === null ? {} : { code: error.code, error: error.message }),
  };
}
