/** Retention of the embedded log, which nobody else enforces: brokers do it by themselves. */

import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';

/** Milliseconds from one removal to the next; a topic may hold records for that much longer. */
const EVERY_MS = 60_000;

/** Removes what is past its retention now and every minute, until the function returned is called. */
export function keepRetention(
  log: Pick<EventLog, 'applyRetention'>,
  clock: Pick<Clock, 'now'>,
  telemetry: Telemetry,
  everyMs = EVERY_MS,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const remove = async (): Promise<void> => {
    try {
      const records = await log.applyRetention(clock.now());
      if (records > 0) telemetry.emit({ name: 'log.removed', level: 'info', facts: { records } });
    } catch (error) {
      // A log that is busy is asked again a minute later.
      if (!(error instanceof CarbonError)) throw error;
      const facts = { code: error.code, error: error.message };
      telemetry.emit({ name: 'log.kept', level: 'warning', facts });
    }
  };
  const next = (): void => {
    running = running.then(remove);
  };
  next();
  const timer = setInterval(next, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
