/** Runs a job that is held, from where it stands to its end, or until it is paused, cancelled, lost, or the process stops. */

import { CarbonError } from '../../core/errors.ts';
import type { Job, JobError, JobProgress } from '../../core/model/job.ts';
import type { JobLease } from '../../core/ports/job-store.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';
import { countOn, daysOf } from './job-days.ts';
import { tellOfJob } from './job-status.ts';
import { BEGIN, type JobStep, type StepPlace, type StepProgress } from './job-step.ts';
import { STEPS } from './job-steps.ts';

/** How long a job is held without a word, and how often its holder gives one. */
export const LEASE: Micros = 60 * SECOND;
const RENEW_MS = 15_000;
/** Progress goes to the topic at most once in this time. */
const TELL_EVERY: Micros = SECOND;
/** Longest rest between two chunks, in milliseconds: whoever pauses a job does not wait long. */
const LONGEST_REST_MS = 10_000;
/** A rest after which the state of the job is looked at anew, in milliseconds. */
const LONG_REST_MS = 250;
/** Pauses between attempts while a store does not answer, in milliseconds. */
const RETRY_MS = [250, 500, 1000, 2000, 5000];

/** A place as it is written down. */
interface Place extends StepPlace {
  readonly step: string;
}

/** Who holds the job, and when to leave it. */
export interface JobHold {
  readonly holder: string;
  readonly signal: AbortSignal;
  /** Called after each chunk. */
  readonly onProgress?: (job: Job) => void;
}

/** A lease from now on. */
export function leaseOf(holder: string, now: Micros): JobLease {
  return { holder, now, until: now + LEASE };
}

/** Runs a job that was taken; returns it as it stands then. It is given back in any case. */
export async function runJob(stores: Stores, job: Job, hold: JobHold): Promise<Job> {
  const own: Stores = { ...stores, runtime: { ...stores.runtime, tenant: job.tenant } };
  const run = new JobRun(own, job, hold);
  const renewing = new AbortController();
  void run.renew(renewing.signal);
  try {
    return await run.toEnd();
  } finally {
    renewing.abort();
    await stores.reference.leaveJob(job.id, hold.holder);
  }
}

class JobRun {
  private readonly stores: Stores;
  private readonly hold: JobHold;
  private job: Job;
  private toldAt: Micros = 0;
  private workedSince: Micros;
  private savedAt: Micros;
  /** Somebody else, or this one before a store went away, has worked on it. */
  private again: boolean;

  constructor(stores: Stores, job: Job, hold: JobHold) {
    this.stores = stores;
    this.job = job;
    this.hold = hold;
    this.workedSince = stores.clock.now();
    this.savedAt = stores.clock.now();
    this.again = job.place !== '';
  }

  async toEnd(): Promise<Job> {
    const { clock, telemetry } = this.stores;
    for (let attempt = 0; ; attempt++) {
      const before = this.job.place;
      try {
        if (!(await this.goOn())) return this.job;
        return await this.end(null);
      } catch (error) {
        if (!(error instanceof CarbonError) || error.remedy !== 'retry') return this.end(errorOf(error));
        if (this.hold.signal.aborted) return this.job;
        this.again = true;
        // Something was done since the last attempt: the store came back meanwhile.
        if (this.job.place !== before) attempt = 0;
        const facts = { job: this.job.id, code: error.code, error: error.message, attempt };
        telemetry.emit({ name: 'work.delayed', level: 'warning', facts });
        await clock.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], this.hold.signal);
      }
    }
  }

  /** Keeps the lease while a chunk takes long. */
  async renew(signal: AbortSignal): Promise<void> {
    const { clock, reference } = this.stores;
    for (;;) {
      await clock.sleep(RENEW_MS, signal);
      if (signal.aborted) return;
      // What a chunk says meanwhile is newer than what is known here.
      if (clock.now() - this.savedAt < RENEW_MS * 1000) continue;
      // A store that fails for a moment is asked again in time.
      await reference.saveJob(this.job.id, this.lease(), this.job).catch(() => null);
    }
  }

  /** All steps that are left. False when the job is not to go on. */
  private async goOn(): Promise<boolean> {
    await this.tell();
    if (this.job.total === 0 && !(await this.save({ ...this.job, total: await this.total() }))) return false;
    const place = placeOf(this.job);
    const first = STEPS.findIndex(({ name }) => name === place.step);
    for (let at = first; at < STEPS.length; at++)
      if (!(await this.stepOn(STEPS[at], at === first ? place : BEGIN))) return false;
    return true;
  }

  private async stepOn(step: JobStep, from: StepPlace): Promise<boolean> {
    this.workedSince = this.stores.clock.now();
    for await (const progress of step.work(this.stores, this.job, { from, again: this.again })) {
      if (!(await this.save(this.after(step, progress)))) return false;
      if (progress.place.touching.length > 0) continue;
      // Whoever paused the job during a long rest does not wait for another chunk.
      if ((await this.rest()) && !(await this.save(this.job))) return false;
      if (this.hold.signal.aborted) return false;
    }
    return true;
  }

  private after(step: JobStep, { place, done, differences }: StepProgress): JobProgress {
    const reached = this.job.done + done;
    return {
      place: JSON.stringify({ step: step.name, ...place }),
      done: reached,
      // What became known since the begin is done, too.
      total: Math.max(this.job.total, reached),
      differences: this.job.differences + differences,
    };
  }

  /** Writes down how far the job has come. False when another has it now, or somebody wants it to stand still. */
  private async save(progress: JobProgress): Promise<boolean> {
    this.savedAt = this.stores.clock.now();
    const saved = await this.stores.reference.saveJob(this.job.id, this.lease(), progress);
    if (saved === null) return false;
    this.job = saved;
    this.hold.onProgress?.(saved);
    if (saved.status !== 'running') return false;
    if (this.stores.clock.now() - this.toldAt >= TELL_EVERY) await this.tell();
    return true;
  }

  private async tell(): Promise<void> {
    this.toldAt = this.stores.clock.now();
    await tellOfJob(this.stores, this.job);
    this.job = { ...this.job, told: this.job.status };
  }

  /** Ends the job, and returns it; one that is no longer the holder's to end as it stands. */
  private async end(error: JobError | null): Promise<Job> {
    const { reference, clock } = this.stores;
    const ended = await reference.endJob(this.job.id, this.hold.holder, clock.now(), error);
    if (ended === null) return (await reference.jobOf(this.job.tenant, this.job.id)) ?? this.job;
    this.job = ended;
    await tellOfJob(this.stores, ended, true);
    return { ...ended, told: ended.status };
  }

  /** Rests for as long as the share of the work leaves; true when that was long. */
  private async rest(): Promise<boolean> {
    const { clock, runtime } = this.stores;
    const share = runtime.backfillShare;
    const worked = (clock.now() - this.workedSince) / 1000;
    const rest = Math.min((worked * (100 - share)) / share, LONGEST_REST_MS);
    if (rest >= 1) await clock.sleep(rest, this.hold.signal);
    this.workedSince = clock.now();
    return rest >= LONG_REST_MS;
  }

  private async total(): Promise<number> {
    let total = 0;
    for (const day of daysOf(this.job)) total += await countOn(this.stores.warehouse, this.job, day);
    return total;
  }

  private lease(): JobLease {
    return leaseOf(this.hold.holder, this.stores.clock.now());
  }
}

/** The place of a job: where it was left, or its begin. A place of other words is the begin, which is harmless. */
function placeOf(job: Job): Place {
  const first = { step: STEPS[0].name, ...BEGIN };
  if (job.place === '') return first;
  const place = JSON.parse(job.place) as Place;
  return STEPS.some(({ name }) => name === place.step) ? place : first;
}

function errorOf(error: unknown): JobError {
  if (error instanceof CarbonError) return { code: error.code, message: error.message };
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}
