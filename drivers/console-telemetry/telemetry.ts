/**
 * Telemetry as JSON lines on standard error (J2):
 * `{"ts":"2025-10-05T19:12:33Z","level":"INFO","service":"normalization","event":"batch.committed","records":2500}`.
 */

import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry, TelemetryEvent } from '../../core/ports/telemetry.ts';
import { formatInstant } from '../../core/time/instant.ts';

/** Levels in order of weight, with the names they are printed by. */
const LEVELS = { debug: 'DEBUG', info: 'INFO', warning: 'WARNING', error: 'ERROR' } as const;
const WEIGHT = { debug: 0, info: 1, warning: 2, error: 3 } as const;

export interface ConsoleTelemetryOptions {
  /** Printed as `service` where the facts of an event name none. */
  readonly service: string;
  /** Events below this level are not printed. */
  readonly level: TelemetryEvent['level'];
  readonly clock: Pick<Clock, 'now'>;
  /** Takes whole lines, line feed included; standard error by default. */
  readonly write?: (line: string) => void;
}

/**
 * Prints one line per event: `ts` (UTC), `level`, `service`, `event`, then the facts in their order. A fact cannot
 * stand in for `ts`, `level` or `event`. Emitting never throws: a line that cannot be written is lost, and the work
 * that it tells about goes on.
 */
export function consoleTelemetry(options: ConsoleTelemetryOptions): Telemetry {
  const write = options.write ?? standardError();
  const threshold = WEIGHT[options.level];
  return {
    emit(event: TelemetryEvent): void {
      if (WEIGHT[event.level] < threshold) return;
      const head = {
        ts: formatInstant(options.clock.now()),
        level: LEVELS[event.level],
        service: event.facts['service'] ?? options.service,
        event: event.name,
      };
      try {
        write(`${JSON.stringify({ ...head, ...event.facts, ...head })}\n`);
      } catch {
        // Lost, as promised.
      }
    },
  };
}

/** A closed pipe shows as an event of the stream, which would end the process if nobody listened. */
function standardError(): (line: string) => void {
  const stream = process.stderr;
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return (line) => {
    stream.write(line);
  };
}
