/** The machine's clock, for tests that wait for other processes. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/ports/clock.ts';

export const sleepingClock: Clock = {
  now: () => Date.now() * 1000,
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};
