/**
 * What telemetry hears of a plan: that it is finished or has failed, and the events of its stages, with the place where
 * they happened. Durations are in milliseconds.
 */

import { CarbonError } from '../errors.ts';
import type { TelemetryEvent } from '../ports/telemetry.ts';
import type { Plan } from './plan.ts';

/** `plan.failed`: `stage` is where it failed, `runner` for outside of the stages. */
export function planFailed(
  service: string,
  { topic, partition, from, to }: Plan,
  stage: string,
  error: unknown,
  planMs: number,
): TelemetryEvent {
  return {
    name: 'plan.failed',
    level: error instanceof CarbonError && error.remedy === 'retry' ? 'warning' : 'error',
    facts: {
      service,
      stage,
      topic,
      partition,
      from,
      to,
      code: error instanceof CarbonError ? error.code : 'UNEXPECTED',
      error: error instanceof Error ? error.message : String(error),
      duration_ms: Math.round(planMs),
      status: 'failed',
    },
  };
}

/** `plan.finished`: emitted once everything of the plan is written. */
export function planFinished(
  service: string,
  { topic, partition, from, to }: Plan,
  rejected: number,
  planMs: number,
): TelemetryEvent {
  return {
    name: 'plan.finished',
    level: 'debug',
    facts: {
      service,
      topic,
      partition,
      from,
      to,
      batch_size: to - from,
      rejected,
      duration_ms: Math.round(planMs),
      status: 'success',
    },
  };
}

/** The event of a stage, with the service and the partition that it is of; its own facts win. */
export function eventOfPlan(
  service: string,
  { topic, partition }: Plan,
  { name, level, facts }: TelemetryEvent,
  planMs: number,
): TelemetryEvent {
  return { name, level, facts: { service, topic, partition, plan_ms: planMs, ...facts } };
}
