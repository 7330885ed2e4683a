/**
 * Telemetry: event objects, one per batch, never strings built in a hot loop. What becomes of them (log line, metric,
 * span) is the driver's business.
 */

/** Something that happened, named `<noun>.<verb>` in the past tense: `batch.committed`, `payload.archived`. */
export interface TelemetryEvent {
  readonly name: string;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  /** Flat facts: service, stage, topic, partition, counts, duration_ms, trace_id. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Takes events, and makes of them what the driver does. */
export interface Telemetry {
  emit(event: TelemetryEvent): void;
}
