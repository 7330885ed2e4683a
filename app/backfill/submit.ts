/** Making a backfill job from a request, wherever it came from: checked, written down once, and told. */

import { createHash } from 'node:crypto';
import { rawTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { BackfillRequest, Job } from '../../core/model/job.ts';
import { DAY } from '../../core/time/instant.ts';
import { formatInterval } from '../../core/time/interval.ts';
import type { Stores } from '../stores/open-stores.ts';
import { rawTopics } from '../stores/topics.ts';
import { tellOfJob } from './job-status.ts';

/** The id of a request's job: 16 hex digits, so that the same request is the same job on whichever way it comes. */
export function jobIdOf(tenant: string, requestId: string): string {
  return createHash('sha256').update(`${tenant}\n${requestId}`).digest('hex').slice(0, 16);
}

/**
 * Writes a job down and tells of it. The same request again gives the job that is there. Throws USAGE_INVALID for a window
 * that is too long, NOT_FOUND for an instrument or a market that nothing is known of, JOB_CONFLICT when the name belongs
 * to another request.
 */
export async function submitBackfill(
  stores: Stores,
  request: BackfillRequest,
): Promise<{ readonly job: Job; readonly created: boolean }> {
  const known = await stores.reference.jobOf(request.tenant, jobIdOf(request.tenant, request.requestId));
  if (known !== null) return { job: sameOrThrow(known, request), created: false };
  const flaw = await flawOf(stores, request);
  if (flaw !== null) throw flaw;
  return write(stores, request, null, false);
}

/**
 * The same for a request that nobody waits for the answer to: what is wrong with it is the job's error. Another request of
 * the same name changes nothing.
 */
export async function writeBackfill(stores: Stores, request: BackfillRequest): Promise<Job> {
  const known = await stores.reference.jobOf(request.tenant, jobIdOf(request.tenant, request.requestId));
  if (known !== null) return known;
  return (await write(stores, request, await flawOf(stores, request), true)).job;
}

async function write(
  stores: Stores,
  request: BackfillRequest,
  flaw: CarbonError | null,
  counts: boolean,
): Promise<{ readonly job: Job; readonly created: boolean }> {
  const error = flaw === null ? null : { code: flaw.code, message: flaw.message };
  const id = jobIdOf(request.tenant, request.requestId);
  const made = await stores.reference.createJob({ ...request, id, createdAt: stores.clock.now(), error });
  if (!made.created) return { job: sameOrThrow(made.job, request), created: false };
  await tellOfJob(stores, made.job, counts);
  return made;
}

function sameOrThrow(job: Job, request: BackfillRequest): Job {
  const same =
    job.window.start === request.window.start &&
    job.window.end === request.window.end &&
    job.market === request.market &&
    job.dryRun === request.dryRun &&
    job.instruments.join('\n') === request.instruments.join('\n');
  if (same) return job;
  throw new CarbonError('JOB_CONFLICT', `the request ${request.requestId} is another job: ${job.id}`, {
    position: { field: 'request_id', expected: 'a name that no other request has', got: request.requestId },
    context: { job: job.id },
  });
}

async function flawOf(stores: Stores, request: BackfillRequest): Promise<CarbonError | null> {
  const { window, market, instruments } = request;
  const most = stores.runtime.backfillMaxDays;
  const days = Math.ceil((window.end - window.start) / DAY);
  if (days > most || window.end <= window.start)
    return new CarbonError(
      'USAGE_INVALID',
      days > most
        ? `the window is ${days} days long; take at most ${most} at a time, or raise DATA_PROC_BACKFILL_MAX_DAYS`
        : 'the window is empty',
      { position: { field: 'to', expected: `at most ${most} days after from`, got: formatInterval(window) } },
    );
  if (market !== null && !rawTopics().includes(rawTopic(market)))
    return new CarbonError('NOT_FOUND', `no market ${market}`, {
      position: { field: 'market', expected: 'a market that carbon connector list shows', got: market },
    });
  const unknown = await unknownOf(stores, request.tenant, instruments);
  if (unknown === null) return null;
  return new CarbonError('NOT_FOUND', `nothing is known of an instrument ${unknown}`, {
    position: { field: 'instrument', expected: 'an instrument that has a value', got: unknown },
  });
}

/** The first instrument of which no table knows; null when there is none. */
async function unknownOf(
  { warehouse }: Stores,
  tenant: string,
  instruments: readonly string[],
): Promise<string | null> {
  if (instruments.length === 0) return null;
  const of = (table: string): string =>
    `SELECT DISTINCT instrument_id FROM ${table} WHERE tenant_id = {tenant:String} AND instrument_id IN {instruments:Array(String)}`;
  const rows = await warehouse.queryRows(
    `${of('silver_ticks')} UNION DISTINCT ${of('bars')} UNION DISTINCT ${of('served_latest')}`,
    { tenant, instruments },
  );
  const known = new Set(rows.map((row) => String(row['instrument_id'])));
  return instruments.find((instrument) => !known.has(instrument)) ?? null;
}
