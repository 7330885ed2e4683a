/** What a step of a job is, and where it stands. */

import type { Job } from '../../core/model/job.ts';
import type { Stores } from '../stores/open-stores.ts';

/** Where a step goes on. */
export interface StepPlace {
  /** Day of the window, counted from 0. */
  readonly day: number;
  /** The last instrument that is done with; empty for none. */
  readonly after: string;
  /** Instruments that are being written, and whose readers are told when that is done. */
  readonly touching: readonly string[];
}

/** The begin of a step. */
export const BEGIN: StepPlace = { day: 0, after: '', touching: [] };

/** Where a step stands after a chunk, and what the chunk brought. */
export interface StepProgress {
  readonly place: StepPlace;
  /** Instruments of a day that were looked at. */
  readonly done: number;
  /** Rows that were missing or others. */
  readonly differences: number;
}

/** How a step is begun. */
export interface StepBegin {
  readonly from: StepPlace;
  /** True when somebody else worked on the job before, and may have died on the way. */
  readonly again: boolean;
}

/** One step of a job. */
export interface JobStep {
  readonly name: string;
  /** Works from a place on. Errors of the stores pass through; what was yielded before is done. */
  work(stores: Stores, job: Job, begin: StepBegin): AsyncGenerator<StepProgress>;
}
