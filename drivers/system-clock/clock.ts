/** The clock of the machine. */

import type { Clock } from '../../core/ports/clock.ts';
import type { Micros } from '../../core/time/instant.ts';

/** The longest time one timer takes, in milliseconds; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Reads the wall clock, in whole milliseconds as micros; it may step back when the machine is set. */
export const systemClock: Clock = {
  now(): Micros {
    return Date.now() * 1000;
  },

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    for (let left = milliseconds; left > 0 && signal?.aborted !== true; left -= LONGEST_MS)
      await pause(Math.min(left, LONGEST_MS), signal);
  },
};

/** A clock that reads `at` now and runs as the machine's does from then on. */
export function clockFrom(at: Micros): Clock {
  const ahead = at - systemClock.now();
  return { now: () => systemClock.now() + ahead, sleep: systemClock.sleep };
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake);
  });
}
