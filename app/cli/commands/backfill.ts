/** `carbon backfill create`, `list`, `show`, `pause`, `resume` and `cancel`. */

import { randomUUID } from 'node:crypto';
import { CarbonError } from '../../../core/errors.ts';
import { JOB_STATUSES, type Job } from '../../../core/model/job.ts';
import { formatInterval, parseWindow } from '../../../core/time/interval.ts';
import { changeOf, type JobChange, jobNamed } from '../../backfill/change-job.ts';
import { rowOfJob, shortRowOfJob } from '../../backfill/job-row.ts';
import { tellOfJob } from '../../backfill/job-status.ts';
import { MOST_INSTRUMENTS } from '../../backfill/request-words.ts';
import { submitBackfill } from '../../backfill/submit.ts';
import { waitForJob } from '../../backfill/wait-for-job.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { numberOption } from '../option-values.ts';
import { withProgress } from '../progress.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';
import { stopOnSignals } from '../stop-signals.ts';

interface CreateOptions {
  readonly from?: string;
  readonly to?: string;
  readonly instrument?: string;
  readonly market?: string;
  readonly request?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

/** Exit code of a job that failed. */
const FAILED = 1;

/** Makes a job and says how it is; with `--wait`, and where no other process can be, how it ended. */
export async function create(options: CreateOptions, globals: GlobalOptions): Promise<number> {
  const window = parseWindow(options.from ?? '', options.to ?? '');
  const instruments = instrumentsFrom(options.instrument);
  return readStores(globals, async (stores) => {
    const { job, created } = await submitBackfill(stores, {
      tenant: stores.runtime.tenant,
      requestId: options.request ?? randomUUID(),
      requestedBy: 'carbon backfill',
      window,
      instruments,
      market: options.market?.toUpperCase() ?? null,
      dryRun: options.dryRun === true,
    });
    note(`${created ? 'job' : 'the same request is job'} ${job.id}: ${formatInterval(window)}`);
    return follow(stores, job, options.wait === true, globals);
  });
}

/** One row per job. */
export async function list(
  options: { readonly status?: string; readonly limit?: string },
  globals: GlobalOptions,
): Promise<void> {
  const status = JOB_STATUSES.find((known) => known === options.status);
  if (options.status !== undefined && status === undefined)
    throw new CarbonError('USAGE_INVALID', `no job is ${options.status}`, {
      position: { field: '--status', expected: JOB_STATUSES.join(', '), got: options.status },
    });
  const limit = numberOption('--limit', options.limit, 20, { least: 1, most: 10_000, whole: true });
  await readStores(globals, async ({ reference, runtime }) => {
    const { tenant } = runtime;
    const jobs = await reference.listJobs({ tenant, limit, ...(status === undefined ? {} : { status }) });
    await show(jobs.map(shortRowOfJob), globals);
  });
}

/** The row of one job. Throws NOT_FOUND. */
export async function showOne(id: string, globals: GlobalOptions): Promise<void> {
  await readStores(globals, async (stores) => show([rowOfJob(await jobNamed(stores, id))], globals));
}

/** Changes the state of a job and prints its row. Throws NOT_FOUND, and JOB_CONFLICT for a state that does not allow it. */
export async function change(what: JobChange, id: string, globals: GlobalOptions): Promise<void> {
  await readStores(globals, async (stores) =>
    show([shortRowOfJob(await changeOf(stores, what, id))], globals),
  );
}

/** The same for a paused job, which goes on then. */
export async function resume(
  id: string,
  options: { readonly wait?: boolean },
  globals: GlobalOptions,
): Promise<number> {
  return readStores(globals, async (stores) =>
    follow(stores, await changeOf(stores, 'resume', id), options.wait === true, globals),
  );
}

async function follow(stores: Stores, job: Job, waits: boolean, globals: GlobalOptions): Promise<number> {
  // Who owns the files of an embedded warehouse is alone: nobody else can run the job.
  const isAlone = stores.runtime.profile === 'embedded' && stores.warehouse.isOwner;
  if (!waits && !isAlone) {
    note(
      'a running pipeline or aggregation service takes it; carbon backfill show tells how it is getting on',
    );
    await show([shortRowOfJob(job)], globals);
    return 0;
  }
  const stopping = stopOnSignals((each) => note(`${each}: the job stays where it is`));
  let text = 'waiting for the job to begin';
  const onProgress = ({ done, total, differences }: Job): void => {
    text = `${done} of ${total} instrument days, ${differences} rows differ`;
  };
  const ended = await withProgress(
    () => text,
    () => waitForJob(stores, job, { isAlone, signal: stopping.signal, onProgress }),
  );
  if (ended.status === 'pending') await tellOfJob(stores, ended);
  note(summaryOf(ended));
  if (ended.status === 'running') note('whoever runs it goes on');
  if (ended.status === 'pending')
    note(`a service that runs goes on with it; so does carbon backfill resume ${ended.id} --wait`);
  await show([shortRowOfJob(ended)], globals);
  return ended.status === 'failed' ? FAILED : 0;
}

function summaryOf({ id, status, done, differences, dryRun, error }: Job): string {
  if (status === 'failed') return `job ${id} failed: ${error?.code ?? ''} ${error?.message ?? ''}`;
  const what = dryRun ? 'nothing is written' : 'written again';
  const found = differences === 0 ? 'nothing differs' : `${differences} rows differ, ${what}`;
  return `job ${id} is ${status}: ${done} instrument days compared, ${found}`;
}

function instrumentsFrom(text: string | undefined): string[] {
  if (text === undefined) return [];
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== '').sort();
  if (ids.length > 0 && ids.length <= MOST_INSTRUMENTS) return ids;
  throw new CarbonError('USAGE_INVALID', `--instrument names ${ids.length} instruments`, {
    position: {
      field: '--instrument',
      expected: `1 to ${MOST_INSTRUMENTS} instruments; more are a --market, or all`,
      got: text.slice(0, 200),
    },
  });
}
