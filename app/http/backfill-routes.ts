/** `POST /backfill` and `GET /backfill[/{id}]` on the port of aggregation (I1, I2): jobs are asked for and looked at. */

import { randomUUID } from 'node:crypto';
import { CarbonError } from '../../core/errors.ts';
import { JOB_STATUSES } from '../../core/model/job.ts';
import type { ServerRequest, ServerRoute } from '../../core/ports/http-server.ts';
import { jobNamed } from '../backfill/change-job.ts';
import { rowOfJob } from '../backfill/job-row.ts';
import { backfillBody } from '../backfill/request-words.ts';
import { submitBackfill } from '../backfill/submit.ts';
import { firstIssue } from '../pipeline/control-json.ts';
import type { Stores } from '../stores/open-stores.ts';
import { requireKnown } from './known-parameters.ts';
import { jsonReply, refused } from './problem.ts';
import { readWindow } from './window.ts';

/** Jobs of one answer. */
const MOST_JOBS = 100;

/** A job is made when it is written down: a running pipeline or aggregation service takes it in its turn. */
export function backfillRoutes(stores: Stores): ServerRoute[] {
  return [
    { method: 'POST', path: '/backfill', answer: ({ body = '' }) => create(stores, body) },
    { method: 'GET', path: '/backfill', answer: ({ query }) => list(stores, query) },
    {
      method: 'GET',
      path: '/backfill/:id',
      answer: async ({ params, query }) => {
        requireKnown(query, []);
        return jsonReply(200, { data: rowOfJob(await jobNamed(stores, String(params['id']))) });
      },
    },
  ];
}

async function create(stores: Stores, text: string): ReturnType<ServerRoute['answer']> {
  const asked = read(text);
  const request = {
    tenant: stores.runtime.tenant,
    requestId: asked.request_id === undefined || asked.request_id === '' ? randomUUID() : asked.request_id,
    requestedBy: asked.requested_by ?? 'http',
    window: readWindow(asked.from, asked.to),
    instruments: [...new Set(asked.instruments ?? [])].sort(),
    market: asked.market?.toUpperCase() ?? null,
    dryRun: asked.dry_run ?? false,
  };
  try {
    const { job } = await submitBackfill(stores, request);
    return jsonReply(202, { data: rowOfJob(job) }, { location: `/backfill/${job.id}` });
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'USAGE_INVALID') throw error;
    const { field, expected, got } = error.position;
    throw refused(error.message, field ?? 'body', expected ?? '', got ?? '');
  }
}

async function list(stores: Stores, query: ServerRequest['query']): ReturnType<ServerRoute['answer']> {
  requireKnown(query, ['status']);
  const asked = query['status'];
  const status = JOB_STATUSES.find((known) => known === asked);
  if (asked !== undefined && status === undefined)
    throw refused('no job has this status', 'status', JOB_STATUSES.join(', '), String(asked));
  const { tenant } = stores.runtime;
  const question = { tenant, limit: MOST_JOBS, ...(status === undefined ? {} : { status }) };
  return jsonReply(200, { data: (await stores.reference.listJobs(question)).map(rowOfJob) });
}

function read(text: string): ReturnType<typeof backfillBody.parse> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CarbonError('REQUEST_INVALID', 'the body is no JSON', {
      position: {
        field: 'body',
        expected: '{"from": "2025-03-09", "to": "2025-03-09", "market": "NYISO"}',
        got: text === '' ? 'nothing' : text.slice(0, 200),
      },
      cause,
    });
  }
  const parsed = backfillBody.safeParse(value);
  if (parsed.success) return parsed.data;
  const [field, why] = firstIssue(parsed.error);
  throw refused(
    `the body is not understood: ${why}`,
    field ?? 'body',
    'from and to; instruments, market, dry_run, request_id and requested_by may be given',
    JSON.stringify(value).slice(0, 200),
  );
}
