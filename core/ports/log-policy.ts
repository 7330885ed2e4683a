/** Log policy: what is printed of the events of a process, by logger (`configs/logging.yaml`). */

import type { TelemetryEvent } from './telemetry.ts';

/** Weight of an event, and the least weight that is printed. */
export type LogLevel = TelemetryEvent['level'];

/** What one logger does otherwise than the rest. */
export interface LoggerPolicy {
  /** Least level. */
  readonly level?: LogLevel | undefined;
  /** Facts printed first, in this order. */
  readonly keys?: readonly string[] | undefined;
  /** Facts left out. */
  readonly omit?: readonly string[] | undefined;
}

/** A logger is a service, or `carbon` for commands. */
export interface LogPolicy {
  readonly level: LogLevel;
  readonly loggers: Readonly<Record<string, LoggerPolicy>>;
  /** Names of facts, in lower case, whose values are never printed. */
  readonly redact: readonly string[];
}
