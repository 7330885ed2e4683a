/** Which events count in which metrics: one function per event, from its facts to values. */

import type { TelemetryEvent } from '../../core/ports/telemetry.ts';

/** One value for one metric, in the metric's unit. */
export interface Sample {
  readonly name: string;
  readonly labels: readonly string[];
  readonly value: number;
}

type Facts = TelemetryEvent['facts'];

const text = (facts: Facts, key: string, otherwise = 'unknown'): string => String(facts[key] ?? otherwise);
const number = (facts: Facts, key: string): number => Number(facts[key] ?? 0) || 0;
const seconds = (facts: Facts, key = 'duration_ms'): number => number(facts, key) / 1000;
const sample = (name: string, labels: readonly string[], value: number): Sample => ({ name, labels, value });

const payload =
  (outcome: string) =>
  (facts: Facts): Sample[] => [
    sample('carbon_connector_payloads_total', [text(facts, 'connector'), text(facts, 'dataset'), outcome], 1),
  ];

/** Rows of an interval by status, and the time that the stage took for the batch they are of. */
const STATUSES = ['provisional', 'final', 'revised', 'empty', 'retracted'];
const statedOf = (facts: Facts, duration: string, total: string): Sample[] => {
  const interval = text(facts, 'interval');
  return [
    sample(duration, [interval], seconds(facts)),
    ...STATUSES.filter((status) => facts[status] !== undefined).map((status) =>
      sample(total, [interval, status], number(facts, status)),
    ),
  ];
};

const FEEDS: Readonly<Record<string, (facts: Facts, now: number) => Sample[]>> = {
  'run.finished': (facts, now) => {
    const connector = text(facts, 'connector');
    const status = text(facts, 'status');
    return [
      sample('connector_runs_total', [connector, status], 1),
      sample('carbon_connector_run_duration_seconds', [connector], seconds(facts)),
      sample('carbon_connector_last_run_timestamp_seconds', [connector, status], now),
    ];
  },
  'payload.fetched': (facts) => [
    ...payload('fetched')(facts),
    sample(
      'carbon_connector_fetched_bytes_total',
      [text(facts, 'connector'), text(facts, 'dataset')],
      number(facts, 'bytes'),
    ),
  ],
  'payload.published': (facts) => [
    ...payload('published')(facts),
    sample(
      'carbon_connector_values_total',
      [text(facts, 'connector'), text(facts, 'dataset')],
      number(facts, 'values'),
    ),
  ],
  'payload.unchanged': payload('unchanged'),
  'payload.rejected': payload('rejected'),
  'fetch.retried': (facts) => [
    sample('carbon_connector_retries_total', [text(facts, 'connector'), text(facts, 'dataset')], 1),
  ],
  'breaker.opened': (facts) => [
    sample('carbon_connector_breaker_opened_total', [text(facts, 'connector')], 1),
  ],
  'market.processed': (facts) => [
    sample(
      'normalization_records_processed_total',
      [text(facts, 'market'), text(facts, 'tenant_id')],
      number(facts, 'records'),
    ),
    sample(
      'carbon_newest_known_timestamp_seconds',
      [text(facts, 'market')],
      number(facts, 'known_at_seconds'),
    ),
    sample('carbon_normalization_duration_seconds', [text(facts, 'market')], seconds(facts, 'plan_ms')),
  ],
  'values.late': (facts) => [
    sample('late_arrival_seconds', [text(facts, 'market')], number(facts, 'late_seconds')),
    sample('carbon_late_values_total', [text(facts, 'market')], number(facts, 'count')),
  ],
  'values.rejected': (facts) => [
    sample('invalid_records_total', [text(facts, 'stage'), text(facts, 'code')], number(facts, 'count')),
  ],
  'anomaly.found': (facts) => {
    const found = [sample('data_quality_anomalies_total', [text(facts, 'type')], number(facts, 'count'))];
    if (facts['type'] === 'MISSING_METADATA')
      found.push(sample('enrichment_metadata_miss_total', [], number(facts, 'count')));
    return found;
  },
  'enrichment.lookup': (facts) => {
    const type = text(facts, 'type', 'metadata');
    return [
      sample('carbon_enrichment_lookups_total', [type, 'hit'], number(facts, 'hits')),
      sample('carbon_enrichment_lookups_total', [type, 'miss'], number(facts, 'misses')),
    ];
  },
  'stage.finished': (facts) => {
    const stage = text(facts, 'stage');
    const fate = (name: string, key: string): Sample =>
      sample('carbon_stage_values_total', [stage, name], number(facts, key));
    const found = [
      fate('in', 'batch_size'),
      fate('out', 'out'),
      fate('rejected', 'rejected'),
      fate('reinstated', 'reinstated'),
      ...Object.keys(facts)
        .filter((key) => key.startsWith('dropped_'))
        .map((key) => fate(key, key)),
      sample('carbon_stage_duration_seconds', [stage], seconds(facts)),
    ];
    if (stage === 'aggregation' && facts['recompute_ms'] !== undefined)
      found.push(
        sample('aggregation_recompute_duration_seconds', [], seconds(facts, 'recompute_ms')),
        sample('recompute_trigger_count', [], 1),
      );
    return found;
  },
  'bars.built': (facts) =>
    statedOf(facts, 'carbon_aggregation_bar_build_duration_seconds', 'carbon_aggregation_bars_total'),
  'rolling.built': (facts) =>
    statedOf(facts, 'carbon_aggregation_rolling_build_duration_seconds', 'carbon_aggregation_rolling_total'),
  'curves.stated': (facts) => [
    sample('carbon_curve_statements_total', [text(facts, 'curve_id')], number(facts, 'records')),
    sample('carbon_curve_build_duration_seconds', [], seconds(facts)),
  ],
  'projection.refreshed': (facts) => [
    sample('carbon_projection_refresh_duration_seconds', [text(facts, 'projection')], seconds(facts)),
  ],
  'projection.invalidated': (facts) => [
    sample('projection_invalidations_total', [text(facts, 'reason')], number(facts, 'count')),
  ],
  'plan.failed': (facts) => {
    const stage = text(facts, 'stage');
    const found = [sample('carbon_plan_failures_total', [stage, text(facts, 'code')], 1)];
    if (stage === 'enrichment') found.push(sample('enrichment_failures_total', [], 1));
    return found;
  },
  'work.delayed': (facts) => [sample('carbon_store_retries_total', [text(facts, 'code')], 1)],
  'cache.stale': (facts) => [sample('carbon_enrichment_store_failures_total', [text(facts, 'code')], 1)],
  'cache.dropped': (facts) => [sample('carbon_cache_dropped_writes_total', [], number(facts, 'keys'))],
  'backpressure.on': (facts) => [sample('carbon_backpressure_active', [text(facts, 'stage')], 1)],
  'backpressure.off': (facts) => [sample('carbon_backpressure_active', [text(facts, 'stage')], 0)],
  'policies.reloaded': () => [sample('carbon_policy_reloads_total', ['success'], 1)],
  'policies.refused': () => [sample('carbon_policy_reloads_total', ['refused'], 1)],
  'backfill.finished': (facts) => [sample('processing_backfill_jobs_total', [text(facts, 'status')], 1)],
  'http.answered': (facts) => [
    sample(
      'carbon_http_requests_total',
      [text(facts, 'route'), text(facts, 'method'), text(facts, 'status')],
      1,
    ),
    sample('carbon_http_request_duration_seconds', [text(facts, 'route')], seconds(facts)),
  ],
};

/** Names of the events that are counted. */
export const COUNTED_EVENTS: readonly string[] = Object.keys(FEEDS);

/** What an event says in metrics; nothing for events that none counts. `now` is in seconds since 1970. */
export function samplesOf({ name, facts }: TelemetryEvent, now: number): Sample[] {
  return FEEDS[name]?.(facts, now) ?? [];
}
