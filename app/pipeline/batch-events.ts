/**
 * What telemetry is told of a batch beside its balance: counts per market and tenant, lateness, bars per interval,
 * withdrawn values. Loops over columns; a few events whatever the size of the batch.
 */

import { BAR_STATUS_NAMES, type BarBatch } from '../../core/model/bar-batch.ts';
import type { CurveStatement } from '../../core/model/curve-statement.ts';
import type { DeadLetter, StageName } from '../../core/model/dead-letter.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { RollingBatch } from '../../core/model/rolling-batch.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import { SECOND } from '../../core/time/instant.ts';
import type { Bars } from '../../services/aggregation/aggregation-state.ts';
import type { CurveBatch } from '../../services/aggregation/curves/curve.stage.ts';
import type { LatestRows } from '../../services/projection/project-latest.stage.ts';

const info = (name: string, facts: TelemetryEvent['facts']): TelemetryEvent => ({
  name,
  level: 'info',
  facts,
});

const debug = (name: string, facts: TelemetryEvent['facts']): TelemetryEvent => ({
  name,
  level: 'debug',
  facts,
});

/** `market.processed` for each market and tenant: raw records, the greatest known time (UTC seconds), a trace. */
export function rawEventsOf(raw: RawBatch): TelemetryEvent[] {
  interface Share {
    readonly first: number;
    records: number;
    knownAt: number;
  }
  const shares = new Map<number, Share>();
  let share: Share | undefined;
  let last = -1;
  const tenants = raw.names.tenants.size;
  for (let i = 0; i < raw.length; i++) {
    const key = raw.market[i] * tenants + raw.tenant[i];
    if (key !== last) {
      last = key;
      share = shares.get(key);
      if (share === undefined) shares.set(key, (share = { first: i, records: 0, knownAt: 0 }));
    }
    const at = share as Share;
    at.records++;
    if (raw.knownAt[i] > at.knownAt) at.knownAt = raw.knownAt[i];
  }
  return [...shares.values()].map(({ first, records, knownAt }) =>
    info('market.processed', {
      stage: 'normalization',
      market: raw.names.markets.nameOf(raw.market[first]),
      tenant_id: raw.names.tenants.nameOf(raw.tenant[first]),
      connector: raw.names.sources.nameOf(raw.source[first]),
      records,
      known_at_seconds: knownAt / SECOND,
      trace_id: raw.names.traces.nameOf(raw.trace[first]),
    }),
  );
}

/** `values.late` for each market: how many ticks carry LATE_ARRIVAL, and the greatest time from an end to its being known. */
export function lateEventsOf(ticks: TickBatch): TelemetryEvent[] {
  const late = new Map<string, { count: number; lateness: number }>();
  for (let i = 0; i < ticks.length; i++) {
    if ((ticks.flags[i] & Flag.LATE_ARRIVAL) === 0) continue;
    const { market } = ticks.names.instruments.partsOf(ticks.instrument[i]);
    const lateness = ticks.knownAt[i] - ticks.eventEnd[i];
    const known = late.get(market);
    if (known === undefined) late.set(market, { count: 1, lateness });
    else {
      known.count++;
      if (lateness > known.lateness) known.lateness = lateness;
    }
  }
  return [...late].map(([market, { count, lateness }]) =>
    debug('values.late', { stage: 'normalization', market, count, late_seconds: lateness / SECOND }),
  );
}

/** `values.rejected` for each code among the dead letters of a stage. */
export function rejectionEventsOf(stage: StageName, letters: readonly DeadLetter[]): TelemetryEvent[] {
  const counts = new Map<string, DeadLetter & { total: number }>();
  for (const letter of letters) {
    const known = counts.get(letter.code);
    if (known === undefined) counts.set(letter.code, { ...letter, total: letter.values });
    else known.total += letter.values;
  }
  return [...counts.values()].map(({ code, total, message, traceId, sourceTopic, sourceOffset }) => ({
    name: 'values.rejected',
    level: 'warning',
    facts: {
      stage,
      code,
      count: total,
      error: message,
      source_topic: sourceTopic,
      source_offset: sourceOffset,
      trace_id: traceId,
    },
  }));
}

/** `bars.built` for each interval: stated bars by status, provisional ones, and how long the stage took for the batch. */
export function barEventsOf(
  { statements, provisional }: Bars,
  intervals: readonly string[],
  durationMs: number,
): TelemetryEvent[] {
  const width = BAR_STATUS_NAMES.length;
  const counts = new Float64Array(intervals.length * width);
  const count = (bars: BarBatch): void => {
    for (let j = 0; j < bars.length; j++) counts[bars.interval[j] * width + bars.status[j]]++;
  };
  count(statements);
  count(provisional);
  return countedByInterval('bars.built', counts, intervals, durationMs);
}

/** `rolling.built` for each interval: stated rows by status, and how long the stage took for the batch. */
export function rollingEventsOf(
  metrics: RollingBatch,
  intervals: readonly string[],
  durationMs: number,
): TelemetryEvent[] {
  const width = BAR_STATUS_NAMES.length;
  const counts = new Float64Array(intervals.length * width);
  for (let j = 0; j < metrics.length; j++) counts[metrics.interval[j] * width + metrics.status[j]]++;
  return countedByInterval('rolling.built', counts, intervals, durationMs);
}

/** One event for each interval that has any rows, with their number by status. */
function countedByInterval(
  event: string,
  counts: Float64Array,
  intervals: readonly string[],
  durationMs: number,
): TelemetryEvent[] {
  const width = BAR_STATUS_NAMES.length;
  return intervals.flatMap((interval, k) => {
    const own = counts.subarray(k * width, (k + 1) * width);
    const total = own.reduce((sum, n) => sum + n, 0);
    if (total === 0) return [];
    const facts: Record<string, string | number> = {
      stage: 'aggregation',
      interval,
      batch_size: total,
      duration_ms: durationMs,
      status: 'success',
    };
    BAR_STATUS_NAMES.forEach((name, s) => {
      if (own[s] > 0) facts[name] = own[s];
    });
    return [info(event, facts)];
  });
}

/** `curves.stated` for each tenant and curve: statements, days of the market, and how long the stage took for the batch. */
export function curveEventsOf({ stated }: CurveBatch, durationMs: number): TelemetryEvent[] {
  const found = new Map<string, { first: CurveStatement; statements: number; days: Set<number> }>();
  for (const { statement } of stated) {
    const key = `${statement.tenant}|${statement.curve}`;
    const known = found.getOrInsertComputed(key, () => ({
      first: statement,
      statements: 0,
      days: new Set(),
    }));
    known.statements++;
    known.days.add(statement.asOf);
  }
  return [...found.values()].map(({ first, statements, days }) =>
    info('curves.stated', {
      stage: 'curves',
      curve_id: first.curve,
      tenant_id: first.tenant,
      records: statements,
      days: days.size,
      duration_ms: durationMs,
      trace_id: first.traceId,
      status: 'success',
    }),
  );
}

/** `projection.refreshed`, and `projection.invalidated` when values were withdrawn. */
export function latestEventsOf({ ticks, gone }: LatestRows, durationMs: number): TelemetryEvent[] {
  if (ticks.length === 0) return [];
  let withdrawn = 0;
  for (let i = 0; i < ticks.length; i++) withdrawn += gone[i];
  const common = { stage: 'projection', projection: 'latest_prices' };
  const events = [
    debug('projection.refreshed', {
      ...common,
      records: ticks.length,
      duration_ms: durationMs,
      status: 'success',
    }),
  ];
  if (withdrawn > 0)
    events.push(debug('projection.invalidated', { ...common, reason: 'withdrawn', count: withdrawn }));
  return events;
}
