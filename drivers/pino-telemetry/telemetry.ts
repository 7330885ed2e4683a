/**
 * Telemetry as JSON lines on standard error, over pino (J2):
 * `{"level":"INFO","ts":"2025-10-05T19:12:33Z","service":"normalization","event":"batch.committed","records":2500}`.
 */

import { createRequire } from 'node:module';
import type { Clock } from '../../core/ports/clock.ts';
import type { LoggerPolicy, LogLevel, LogPolicy } from '../../core/ports/log-policy.ts';
import type { Telemetry, TelemetryEvent } from '../../core/ports/telemetry.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { REDACTED, withoutSecrets } from './redaction.ts';

const WEIGHTS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warning: 40, error: 50 };
/** Keys of the head of a line: a fact of such a name is not printed. */
const HEAD = ['ts', 'level', 'event'];

const load = createRequire(import.meta.url);

/** How a process logs. */
export interface PinoTelemetryOptions {
  /** The logger, and `service` where the facts of an event name none. */
  readonly service: string;
  readonly policy: LogPolicy;
  /** Least level, whatever the policy says; null leaves it to the policy. */
  readonly level: LogLevel | null;
  readonly clock: Pick<Clock, 'now'>;
  /** Takes whole lines, line feed included; standard error by default. */
  readonly write?: (line: string) => void;
}

/**
 * Prints one line per event: `level`, `ts` (UTC), `service`, `event`, then the facts in the order of the logger's
 * keys, then the others. Secrets are redacted by the name of the fact and inside texts. Emitting never throws: a line
 * that cannot be written is lost, and the work that it tells about goes on.
 */
export function pinoTelemetry(options: PinoTelemetryOptions): Telemetry {
  const { service, policy, clock } = options;
  const write = options.write ?? standardError();
  const secrets = new Set(policy.redact);
  const own = policy.loggers[service];
  const least = options.level ?? own?.level ?? policy.level;
  // Most commands have nothing to tell: who tells something first loads what prints it.
  let logger: ReturnType<typeof loggerTo> | null = null;
  return {
    emit({ name, level, facts }: TelemetryEvent): void {
      if (WEIGHTS[level] < WEIGHTS[least]) return;
      logger ??= loggerTo(write, clock);
      logger[level]({ service: facts['service'] ?? service, event: name, ...printed(facts, own, secrets) });
    },
  };
}

function loggerTo(write: (line: string) => void, clock: Pick<Clock, 'now'>) {
  const { pino } = load('pino') as typeof import('pino');
  return pino(
    {
      level: 'debug',
      customLevels: WEIGHTS,
      useOnlyCustomLevels: true,
      base: null,
      timestamp: () => `,"ts":"${formatInstant(clock.now())}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    {
      write(line: string): void {
        try {
          write(line);
        } catch {
          // Lost, as promised.
        }
      },
    },
  );
}

/** The facts of a line in their order, without what is left out and with secrets redacted. */
function printed(
  facts: TelemetryEvent['facts'],
  policy: LoggerPolicy | undefined,
  secrets: ReadonlySet<string>,
): Record<string, string | number | boolean> {
  const omitted = policy?.omit ?? [];
  const found: Record<string, string | number | boolean> = {};
  const add = (key: string): void => {
    const value = facts[key];
    if (value === undefined || key === 'service' || HEAD.includes(key) || omitted.includes(key)) return;
    if (secrets.has(key.toLowerCase())) found[key] = REDACTED;
    else found[key] = typeof value === 'string' ? withoutSecrets(value) : value;
  };
  for (const key of policy?.keys ?? []) add(key);
  for (const key of Object.keys(facts)) if (!(key in found)) add(key);
  return found;
}

/** A closed pipe shows as an event of the stream, which would end the process if nobody listened. */
function standardError(): (line: string) => void {
  const stream = process.stderr;
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return (line) => {
    stream.write(line);
  };
}
