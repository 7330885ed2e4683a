/** Jobs as statements that SQLite and PostgreSQL both take; see `reference-queries.ts` for the form. */

import type { Job, JobError, JobProgress, JobStatus, NewJob } from '../model/job.ts';
import type { JobLease, JobQuestion } from '../ports/job-store.ts';
import type { Micros } from '../time/instant.ts';
import type { SqlRow, SqlValue, SqlWork } from './reference-queries.ts';

/** Writes a new job, unless one of its id is there. */
export function* createJob(job: NewJob): SqlWork<{ job: Job; created: boolean }> {
  const { window, error } = job;
  const inserted = yield {
    sql: `insert into jobs (id, tenant_id, kind, request_id, requested_by, window_start, window_end, instruments, market,
        dry_run, status, place, done_count, total_count, difference_count, error_code, error_message, created_at,
        started_at, updated_at, ended_at, holder, lease_until, told)
      values ($1, $2, 'backfill', $3, $4, $5, $6, $7, $8, $9, $10, '', 0, 0, 0, $11, $12, $13, null, $13, $14, '', 0, '')
      on conflict (id) do nothing returning *`,
    values: [
      job.id,
      job.tenant,
      job.requestId,
      job.requestedBy,
      window.start,
      window.end,
      JSON.stringify(job.instruments),
      job.market,
      job.dryRun ? 1 : 0,
      error === null ? 'pending' : 'failed',
      error?.code ?? null,
      error?.message ?? null,
      job.createdAt,
      error === null ? null : job.createdAt,
    ],
  };
  if (inserted.length > 0) return { job: jobFrom(inserted[0]), created: true };
  const rows = yield { sql: 'select * from jobs where id = $1', values: [job.id] };
  return { job: jobFrom(rows[0]), created: false };
}

/** The job of an id, or null. */
export function* jobOf(tenant: string, id: string): SqlWork<Job | null> {
  return firstOf(yield { sql: 'select * from jobs where tenant_id = $1 and id = $2', values: [tenant, id] });
}

/** Jobs that fit, newest first. */
export function* listJobs({ tenant, status, untold, limit }: JobQuestion): SqlWork<Job[]> {
  const values: SqlValue[] = [];
  const parts: string[] = [];
  if (tenant !== undefined) parts.push(`tenant_id = $${values.push(tenant)}`);
  if (status !== undefined) parts.push(`status = $${values.push(status)}`);
  if (untold === true) parts.push('told <> status');
  const where = parts.length === 0 ? '' : `where ${parts.join(' and ')}`;
  const rows = yield {
    sql: `select * from jobs ${where} order by created_at desc, id desc limit $${values.push(limit)}`,
    values,
  };
  return rows.map(jobFrom);
}

/**
 * Takes a job that nobody holds. Two who read the same row at once both try to change it; the second then finds it held
 * and gets nothing, and the next time another one.
 */
export function* takeJob({ holder, now, until }: JobLease, id: string | null): SqlWork<Job | null> {
  const values: SqlValue[] = [now, holder, until];
  const own = id === null ? '' : ` and id = $${values.push(id)}`;
  return firstOf(
    yield {
      sql: `update jobs set status = 'running', holder = $2, lease_until = $3, updated_at = $1,
          started_at = coalesce(started_at, $1)
        where id = (select id from jobs where status in ('pending', 'running') and lease_until <= $1${own}
            order by created_at, id limit 1)
          and status in ('pending', 'running') and lease_until <= $1
        returning *`,
      values,
    },
  );
}

/** Progress of the holder; only a running job keeps its lease. */
export function* saveJob(id: string, lease: JobLease, progress: JobProgress): SqlWork<Job | null> {
  const { place, done, total, differences } = progress;
  return firstOf(
    yield {
      sql: `update jobs set place = $3, done_count = $4, total_count = $5, difference_count = $6, updated_at = $7,
          lease_until = case when status = 'running' then $8 else lease_until end
        where id = $1 and holder = $2 returning *`,
      values: [id, lease.holder, place, done, total, differences, lease.now, lease.until],
    },
  );
}

/** The end of a running job. */
export function* endJob(
  id: string,
  holder: string,
  now: Micros,
  error: JobError | null,
): SqlWork<Job | null> {
  return firstOf(
    yield {
      sql: `update jobs set status = $3, error_code = $4, error_message = $5, updated_at = $6, ended_at = $6, holder = '',
          lease_until = 0
        where id = $1 and holder = $2 and status = 'running' returning *`,
      values: [
        id,
        holder,
        error === null ? 'succeeded' : 'failed',
        error?.code ?? null,
        error?.message ?? null,
        now,
      ],
    },
  );
}

/** The holder lets go. */
export function* leaveJob(id: string, holder: string): SqlWork<void> {
  yield {
    sql: `update jobs set holder = '', lease_until = 0,
        status = case when status = 'running' then 'pending' else status end
      where id = $1 and holder = $2`,
    values: [id, holder],
  };
}

/** Another state, from one of those named. */
export function* changeJob(
  tenant: string,
  id: string,
  from: readonly JobStatus[],
  to: JobStatus,
  now: Micros,
): SqlWork<Job | null> {
  const values: SqlValue[] = [tenant, id, to, now];
  const names = from.map((status) => `$${values.push(status)}`).join(', ');
  return firstOf(
    yield {
      sql: `update jobs set status = $3, updated_at = $4, ended_at = case when $3 = 'cancelled' then $4 else ended_at end
        where tenant_id = $1 and id = $2 and status in (${names}) returning *`,
      values,
    },
  );
}

/** What readers were told of, once. */
export function* noteTold(id: string, status: JobStatus): SqlWork<boolean> {
  const rows = yield {
    sql: 'update jobs set told = $2 where id = $1 and status = $2 and told <> $2 returning id',
    values: [id, status],
  };
  return rows.length > 0;
}

function firstOf(rows: readonly SqlRow[]): Job | null {
  return rows.length === 0 ? null : jobFrom(rows[0]);
}

function jobFrom(row: SqlRow): Job {
  const text = (name: string): string => String(row[name]);
  const optional = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const time = (name: string): Micros | null => (row[name] === null ? null : Number(row[name]));
  const code = optional('error_code');
  return {
    id: text('id'),
    tenant: text('tenant_id'),
    kind: 'backfill',
    requestId: text('request_id'),
    requestedBy: text('requested_by'),
    window: { start: Number(row['window_start']), end: Number(row['window_end']) },
    instruments: JSON.parse(text('instruments')) as string[],
    market: optional('market'),
    dryRun: Number(row['dry_run']) === 1,
    status: text('status') as JobStatus,
    place: text('place'),
    done: Number(row['done_count']),
    total: Number(row['total_count']),
    differences: Number(row['difference_count']),
    error: code === null ? null : { code, message: optional('error_message') ?? '' },
    createdAt: Number(row['created_at']),
    startedAt: time('started_at'),
    updatedAt: Number(row['updated_at']),
    endedAt: time('ended_at'),
    holder: text('holder'),
    leaseUntil: Number(row['lease_until']),
    told: text('told') as Job['told'],
  };
}
