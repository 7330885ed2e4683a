/** Clock: the only place that knows the time. Stages never see it; the runner puts a reading into the plan. */

import type { Micros } from '../time/instant.ts';

/** A clock in UTC micros, and waiting by it. */
export interface Clock {
  now(): Micros;
  /** Resolves after a while, earlier when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
