/**
 * Every metric of the program: name, type, unit, labels, meaning, and the services whose port shows it. The names
 * are an interface: tests/data/golden/metrics/names.txt pins them, and docs/metrics.md is made from here.
 *
 * Names without the prefix `carbon_` are those of the documents the platform was specified in. Where such a name says
 * milliseconds, a name in seconds is fed by the same observation and is the one to use.
 */

import type { MetricDefinition } from '../../core/ports/metrics.ts';
import type { HttpService } from './http-service.ts';

/** A metric and where it is shown: `all` services, or those named. */
export interface TableMetric extends MetricDefinition {
  readonly services: readonly HttpService[] | 'all';
}

const STAGES: readonly HttpService[] = ['normalization', 'enrichment', 'aggregation', 'projection'];
/** From a minute to a month, in seconds. */
const LATENESS_BUCKETS = [60, 300, 900, 3600, 14_400, 86_400, 259_200, 604_800, 2_592_000];

/** In the order in which they are shown. A twin (`sameAs`) stands after the name that feeds it. */
export const METRIC_TABLE: readonly TableMetric[] = [
  // Connectors.
  {
    name: 'connector_runs_total',
    type: 'counter',
    unit: 'count',
    labels: ['connector', 'status'],
    services: ['connector-registry'],
    help: 'Runs of connectors by how they ended.',
  },
  {
    name: 'carbon_connector_run_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['connector'],
    services: ['connector-registry'],
    help: 'Time from the start of a run to its end.',
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600],
  },
  {
    name: 'carbon_connector_last_run_timestamp_seconds',
    type: 'gauge',
    unit: 'timestamp',
    labels: ['connector', 'status'],
    services: ['connector-registry'],
    help: 'When the last run ended that way, in seconds since 1970.',
  },
  {
    name: 'carbon_connector_payloads_total',
    type: 'counter',
    unit: 'count',
    labels: ['connector', 'dataset', 'outcome'],
    services: ['connector-registry'],
    help: 'Payloads by what became of them: fetched, published, unchanged or rejected.',
  },
  {
    name: 'carbon_connector_values_total',
    type: 'counter',
    unit: 'count',
    labels: ['connector', 'dataset'],
    services: ['connector-registry'],
    help: 'Values published to the raw topic.',
  },
  {
    name: 'carbon_connector_fetched_bytes_total',
    type: 'counter',
    unit: 'bytes',
    labels: ['connector', 'dataset'],
    services: ['connector-registry'],
    help: 'Bytes of the bodies that were fetched.',
  },
  {
    name: 'carbon_connector_retries_total',
    type: 'counter',
    unit: 'count',
    labels: ['connector', 'dataset'],
    services: ['connector-registry'],
    help: 'Requests that were repeated.',
  },
  {
    name: 'carbon_connector_breaker_opened_total',
    type: 'counter',
    unit: 'count',
    labels: ['connector'],
    services: ['connector-registry'],
    help: 'How often the circuit breaker of a source opened.',
  },
  // Normalization.
  {
    name: 'normalization_records_processed_total',
    type: 'counter',
    unit: 'count',
    labels: ['market', 'tenant_id'],
    services: ['normalization'],
    help: 'Raw records taken through normalization.',
  },
  {
    name: 'carbon_normalization_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['market'],
    services: ['normalization'],
    help: 'Time from a batch of raw records having been read to its values being stored and emitted.',
  },
  {
    name: 'normalization_latency_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['market'],
    services: ['normalization'],
    sameAs: 'carbon_normalization_duration_seconds',
    help: 'The same as carbon_normalization_duration_seconds.',
  },
  {
    name: 'normalization_processing_latency_ms',
    type: 'histogram',
    unit: 'milliseconds',
    labels: ['market'],
    services: ['normalization'],
    sameAs: 'carbon_normalization_duration_seconds',
    help: 'The same as carbon_normalization_duration_seconds, in milliseconds.',
  },
  {
    name: 'carbon_newest_known_timestamp_seconds',
    type: 'gauge',
    unit: 'timestamp',
    labels: ['market'],
    services: ['normalization'],
    help: 'Greatest known time among the records of the last batch of a market, in seconds since 1970.',
  },
  {
    name: 'late_arrival_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['market'],
    services: ['normalization'],
    buckets: LATENESS_BUCKETS,
    help: 'Per batch with late values: the greatest time from the end of an interval to its value being known.',
  },
  {
    name: 'carbon_late_values_total',
    type: 'counter',
    unit: 'count',
    labels: ['market'],
    services: ['normalization'],
    help: 'Ticks that carry LATE_ARRIVAL.',
  },
  // Enrichment.
  {
    name: 'enrichment_cache_hit_ratio',
    type: 'gauge',
    unit: 'ratio',
    labels: ['type'],
    services: ['enrichment'],
    help: 'Share of look-ups since the start that the cache answered, 0 to 1.',
  },
  {
    name: 'carbon_enrichment_lookups_total',
    type: 'counter',
    unit: 'count',
    labels: ['type', 'result'],
    services: ['enrichment'],
    help: 'Look-ups of instrument metadata by hit or miss of the cache.',
    zeros: [
      ['metadata', 'hit'],
      ['metadata', 'miss'],
    ],
  },
  {
    name: 'carbon_enrichment_store_failures_total',
    type: 'counter',
    unit: 'count',
    labels: ['code'],
    services: ['enrichment'],
    help: 'Times that the reference store could not be asked about instruments, and work went on without it.',
  },
  {
    name: 'enrichment_failures_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    services: ['enrichment'],
    zeros: [[]],
    help: 'Batches that enrichment could not finish; each is tried again.',
  },
  {
    name: 'enrichment_metadata_miss_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    services: ['enrichment'],
    zeros: [[]],
    help: 'Ticks of instruments that neither the reference tables nor a rule knows.',
  },
  // Aggregation.
  {
    name: 'carbon_aggregation_bar_build_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['interval'],
    services: ['aggregation'],
    help: 'Time that aggregation took for a batch, observed for each interval of which it made bars.',
  },
  {
    name: 'aggregation_bar_build_duration_ms',
    type: 'histogram',
    unit: 'milliseconds',
    labels: ['interval'],
    services: ['aggregation'],
    sameAs: 'carbon_aggregation_bar_build_duration_seconds',
    help: 'The same as carbon_aggregation_bar_build_duration_seconds, in milliseconds.',
  },
  {
    name: 'carbon_aggregation_bars_total',
    type: 'counter',
    unit: 'count',
    labels: ['interval', 'status'],
    services: ['aggregation'],
    help: 'Bars stated: provisional, final, revised, empty or retracted.',
  },
  {
    name: 'aggregation_recompute_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: [],
    services: ['aggregation'],
    zeros: [[]],
    help: 'Time to make the windows anew that late or corrected values of a batch had reopened.',
  },
  {
    name: 'recompute_trigger_count',
    type: 'counter',
    unit: 'count',
    labels: [],
    services: ['aggregation'],
    zeros: [[]],
    help: 'Batches whose late or corrected values made windows be computed anew.',
  },
  {
    name: 'processing_backfill_jobs_total',
    type: 'counter',
    unit: 'count',
    labels: ['status'],
    services: ['aggregation'],
    zeros: [['succeeded'], ['failed'], ['cancelled']],
    help: 'Backfill jobs by how they ended (event backfill.finished).',
  },
  // Projection.
  {
    name: 'carbon_projection_refresh_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['projection'],
    services: ['projection'],
    help: 'Time to bring a projection up to date with a batch.',
  },
  {
    name: 'projection_refresh_duration_ms',
    type: 'histogram',
    unit: 'milliseconds',
    labels: ['projection'],
    services: ['projection'],
    sameAs: 'carbon_projection_refresh_duration_seconds',
    help: 'The same as carbon_projection_refresh_duration_seconds, in milliseconds.',
  },
  {
    name: 'projection_invalidations_total',
    type: 'counter',
    unit: 'count',
    labels: ['reason'],
    services: ['projection'],
    zeros: [['withdrawn'], ['rebuild'], ['backfill'], ['manual']],
    help: 'Instruments of which the served value was taken back or made anew, by the reason given.',
  },
  // Every stage.
  {
    name: 'connector_consumer_lag',
    type: 'gauge',
    unit: 'count',
    labels: ['topic', 'group'],
    services: 'all',
    help: 'Records between what a consumer group has committed and the end of a topic, at the time of the scrape.',
  },
  {
    name: 'data_quality_anomalies_total',
    type: 'counter',
    unit: 'count',
    labels: ['type'],
    services: STAGES,
    help: 'Cases that anomalies on data.quality.anomalies.v1 stand for.',
  },
  {
    name: 'invalid_records_total',
    type: 'counter',
    unit: 'count',
    labels: ['stage', 'code'],
    services: STAGES,
    help: 'Values that went to a dead-letter topic, by error code.',
  },
  {
    name: 'carbon_stage_values_total',
    type: 'counter',
    unit: 'count',
    labels: ['stage', 'fate'],
    services: STAGES,
    help: 'Values by fate: in + reinstated = out + rejected + all dropped ones.',
  },
  {
    name: 'carbon_stage_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['stage'],
    services: STAGES,
    help: 'Time that a stage took for a batch, with the waiting for what it asked of the stores.',
  },
  {
    name: 'carbon_plan_failures_total',
    type: 'counter',
    unit: 'count',
    labels: ['stage', 'code'],
    services: STAGES,
    help: 'Batches that failed; each is tried again with exactly its values, or ends the process.',
  },
  {
    name: 'carbon_store_retries_total',
    type: 'counter',
    unit: 'count',
    labels: ['code'],
    services: 'all',
    help: 'Pieces of work that wait because a store does not answer.',
  },
  {
    name: 'carbon_cache_dropped_writes_total',
    type: 'counter',
    unit: 'count',
    labels: [],
    services: STAGES,
    help: 'Keys whose writing to the hot cache was given up because it does not answer; they are removed when it is back.',
  },
  {
    name: 'carbon_backpressure_active',
    type: 'gauge',
    unit: 'count',
    labels: ['stage'],
    services: STAGES,
    help: '1 while a stage holds back because the next one lags too far behind.',
  },
  {
    name: 'carbon_policy_reloads_total',
    type: 'counter',
    unit: 'count',
    labels: ['status'],
    services: 'all',
    help: 'Changes of policy files that were taken over or refused.',
  },
  {
    name: 'carbon_http_requests_total',
    type: 'counter',
    unit: 'count',
    labels: ['route', 'method', 'status'],
    services: 'all',
    help: 'Requests answered.',
  },
  {
    name: 'carbon_http_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: ['route'],
    services: 'all',
    help: 'Time from a request to the end of its answer.',
  },
  {
    name: 'carbon_build_info',
    type: 'gauge',
    unit: 'info',
    labels: ['service', 'version'],
    services: 'all',
    help: 'Always 1; the labels say what runs.',
  },
];

/** The metrics that the port of a service shows. */
export function metricsOf(service: HttpService): readonly TableMetric[] {
  return METRIC_TABLE.filter(({ services }) => services === 'all' || services.includes(service));
}
