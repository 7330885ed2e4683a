/** A job as a row, for people and programs: the same over the command and over HTTP. */

import type { Job } from '../../core/model/job.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';

const timeOf = (at: Micros | null): string | null => (at === null ? null : formatInstant(at));

/** All of a job. Times are ISO 8601; what is not yet is null. */
export function rowOfJob(job: Job): Record<string, string | number | boolean | readonly string[] | null> {
  return {
    ...shortRowOfJob(job),
    market: job.market,
    instruments: job.instruments,
    error: job.error?.message ?? null,
    request_id: job.requestId,
    requested_by: job.requestedBy,
    started_at: timeOf(job.startedAt),
    updated_at: timeOf(job.updatedAt),
    ended_at: timeOf(job.endedAt),
  };
}

/** A job in short, for lists. `what` is whose bars they are. */
export function shortRowOfJob(job: Job): Record<string, string | number | boolean | null> {
  return {
    id: job.id,
    status: job.status,
    from: formatInstant(job.window.start),
    to: formatInstant(job.window.end),
    what: whatOf(job),
    dry_run: job.dryRun,
    done: job.done,
    total: job.total,
    differences: job.differences,
    error_code: job.error?.code ?? null,
    created_at: timeOf(job.createdAt),
  };
}

function whatOf({ instruments, market }: Job): string {
  const [first, ...others] = instruments;
  if (first === undefined) return market ?? 'all';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
