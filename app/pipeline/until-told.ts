/** Work beside the pipeline that goes on for as long as the process: what goes wrong with it ends nothing else. */

import { CarbonError } from '../../core/errors.ts';
import type { Stores } from '../stores/open-stores.ts';

/** Pause after something went wrong, in milliseconds. */
const TROUBLE_MS = 5000;

/** One turn after the other until the signal aborts. What a turn throws is told as `work.delayed`, and the next one tries again. */
export async function untilTold(
  { clock, telemetry }: Pick<Stores, 'clock' | 'telemetry'>,
  what: string,
  turn: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await turn();
    } catch (error) {
      const isPassing = error instanceof CarbonError && error.remedy === 'retry';
      telemetry.emit({
        name: 'work.delayed',
        level: isPassing ? 'warning' : 'error',
        facts: {
          work: what,
          code: error instanceof CarbonError ? error.code : 'UNEXPECTED',
          error: isPassing || !(error instanceof Error) ? String(error) : (error.stack ?? error.message),
        },
      });
      await clock.sleep(TROUBLE_MS, signal);
    }
  }
}
