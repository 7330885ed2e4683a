/** A job as a row, for people and programs: the same over the command and over HTTP. */

import type { Job } from '../../core/model/job.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';

const timeOf = (at: Micros | null): string | null => (at === null ? null : formatInstant(at));

/** Times in ISO 8601; what is not yet is null. */
export function rowOfJob(job: Job): Record<string, string | number | boolean | readonly string[] | null> {
  return {
    id: job.id,
    status: job.status,
    from: formatInstant(job.window.start),
    to: formatInstant(job.window.end),
    market: job.market,
    instruments: job.instruments,
    dry_run: job.dryRun,
    done: job.done,
    total: job.total,
    differences: job.differences,
    error_code: job.error?.code ?? null,
    error: job.error?.message ?? null,
    request_id: job.requestId,
    requested_by: job.requestedBy,
    created_at: timeOf(job.createdAt),
    started_at: timeOf(job.startedAt),
    updated_at: timeOf(job.updatedAt),
    ended_at: timeOf(job.endedAt),
  };
}
