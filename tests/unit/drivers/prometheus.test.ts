/** Metrics: the table and its golden file, the facade, the feeds, and the text that a scraper reads. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { COUNTED_EVENTS, samplesOf } from '../../../app/telemetry/metric-feeds.ts';
import { METRIC_TABLE } from '../../../app/telemetry/metric-table.ts';
import { ServiceMetrics } from '../../../app/telemetry/service-metrics.ts';
import type { EventLog } from '../../../core/ports/event-log.ts';
import { OVERFLOW, openPrometheus } from '../../../drivers/prometheus/metrics.ts';
import { parseExposition } from '../../support/exposition.ts';

const GOLDEN = join(import.meta.dirname, '../../data/golden/metrics/names.txt');

test('names, types, units and labels are those of the golden file', () => {
  const text = METRIC_TABLE.map(
    ({ name, type, unit, labels }) => `${name} ${type} ${unit} {${labels.join(',')}}\n`,
  ).join('');
  if (process.env['CARBON_GOLDEN'] === 'rewrite') writeFileSync(GOLDEN, text);
  assert.equal(text, readFileSync(GOLDEN, 'utf8'));
});

test('every name of the documents is there with its labels', () => {
  const named: Readonly<Record<string, readonly string[]>> = {
    connector_runs_total: ['connector', 'status'],
    connector_consumer_lag: [],
    normalization_records_processed_total: ['market', 'tenant_id'],
    normalization_latency_seconds: [],
    normalization_processing_latency_ms: ['market'],
    enrichment_failures_total: [],
    enrichment_cache_hit_ratio: ['type'],
    enrichment_metadata_miss_total: [],
    aggregation_recompute_duration_seconds: [],
    aggregation_bar_build_duration_ms: ['interval'],
    recompute_trigger_count: [],
    projection_refresh_duration_ms: ['projection'],
    projection_invalidations_total: ['reason'],
    processing_backfill_jobs_total: ['status'],
    data_quality_anomalies_total: ['type'],
    invalid_records_total: [],
    late_arrival_seconds: [],
  };
  for (const [name, labels] of Object.entries(named)) {
    const metric = METRIC_TABLE.find((m) => m.name === name);
    assert.ok(metric !== undefined, name);
    for (const label of labels) assert.ok(metric.labels.includes(label), `${name}{${label}}`);
  }
});

test('names keep to the conventions: unit and type are what the suffix says', () => {
  const others = ['recompute_trigger_count'];
  for (const { name, type, unit, help } of METRIC_TABLE) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    assert.match(help, /^[A-Z0-9].*\.$/, name);
    assert.equal(name.endsWith('_total') || others.includes(name), type === 'counter', name);
    if (/_seconds$/.test(name)) assert.ok(['seconds', 'timestamp'].includes(unit), name);
    if (/_ms$/.test(name)) assert.equal(unit, 'milliseconds', name);
    if (/_ratio$/.test(name)) assert.equal(unit, 'ratio', name);
  }
});

test('every sample of a feed is a metric of the table with as many labels; every other metric says where it comes from', () => {
  const fed = new Set(['connector_consumer_lag', 'carbon_build_info', 'enrichment_cache_hit_ratio']);
  const facts = {
    type: 'MISSING_METADATA',
    stage: 'aggregation',
    recompute_ms: 3,
    final: 2,
    dropped_unchanged: 1,
  };
  for (const name of COUNTED_EVENTS)
    for (const stage of ['aggregation', 'enrichment'])
      for (const sample of samplesOf({ name, level: 'debug', facts: { ...facts, stage } }, 1)) {
        const metric = METRIC_TABLE.find((m) => m.name === sample.name);
        assert.equal(sample.labels.length, metric?.labels.length, `${name}: ${sample.name}`);
        assert.equal(metric?.sameAs, undefined, 'twins are fed by their metric');
        assert.ok(Number.isFinite(sample.value));
        fed.add(sample.name);
      }
  for (const { name, sameAs } of METRIC_TABLE)
    assert.ok(sameAs !== undefined || fed.has(name), `${name} is never fed`);
});

test('a twin shows the same observation in its unit', async () => {
  const metrics = openPrometheus([
    { name: 'a_seconds', type: 'histogram', unit: 'seconds', labels: ['market'], help: 'A.' },
    {
      name: 'a_ms',
      type: 'histogram',
      unit: 'milliseconds',
      labels: ['market'],
      help: 'A.',
      sameAs: 'a_seconds',
    },
  ]);
  metrics.record('a_seconds', ['NYISO'], 0.004);
  metrics.record('a_seconds', ['NYISO'], 2);
  const found = parseExposition(await metrics.exposition());
  assert.equal(found.value('a_seconds_sum{market="NYISO"}'), 2.004);
  assert.equal(found.value('a_ms_sum{market="NYISO"}'), 2004);
  assert.equal(found.value('a_seconds_bucket{le="0.005",market="NYISO"}'), 1);
  assert.equal(found.value('a_ms_bucket{le="5",market="NYISO"}'), 1);
  assert.equal(found.value('a_ms_bucket{le="60000",market="NYISO"}'), 2);
});

test('labels of the world outside cannot make series without end', async () => {
  const metrics = openPrometheus([
    { name: 'a_total', type: 'counter', unit: 'count', labels: ['x'], help: 'A.' },
  ]);
  for (let i = 0; i < 3000; i++) metrics.record('a_total', [`value ${i}`], 1);
  const found = parseExposition(await metrics.exposition());
  const series = found.samples.filter((key) => key.startsWith('a_total'));
  assert.equal(series.length, 1001);
  assert.equal(found.value(`a_total{x="${OVERFLOW}"}`), 2000);
});

test('a name that is not in the table is a defect', () => {
  assert.throws(() => openPrometheus([]).record('b_total', [], 1), /no metric b_total/);
});

const LOG = {
  listTopics: async () => [{ name: 'ingestion.nyiso.raw.v1', partitions: 2, retention: null }],
  bounds: async () => ({ earliest: 10, end: 30 }),
  committed: async (group: string, _topic: string, partition: number) =>
    group === 'pipeline' ? (partition === 0 ? 25 : null) : null,
} as unknown as EventLog;

test('an event counts at the port of its stage, once; lag is what the log says', async () => {
  const metrics = new ServiceMetrics(HTTP_SERVICES, '1.2.3', () => 5);
  const emit = (name: string, facts: Record<string, string | number>): void =>
    metrics.emit({ name, level: 'debug', facts: { service: 'pipeline', ...facts } });
  emit('stage.finished', { stage: 'enrichment', batch_size: 7, out: 7, duration_ms: 3 });
  emit('enrichment.lookup', { stage: 'enrichment', hits: 3, misses: 1 });
  emit('run.finished', { connector: 'nyiso', status: 'success', duration_ms: 1200 });
  emit('work.delayed', { code: 'STORE_UNREACHABLE' });
  emit('nobody.counts', {});
  const watch = {
    group: 'pipeline',
    topics: ['ingestion.nyiso.raw.v1', 'no.such.topic'],
    onlyIfCommitted: false,
  };
  const other = { group: 'normalization', topics: watch.topics, onlyIfCommitted: true };
  const texts = new Map<string, ReturnType<typeof parseExposition>>();
  for (const service of HTTP_SERVICES)
    texts.set(service, parseExposition(await metrics.exposition(service, LOG, [watch, other])));
  const enrichment = texts.get('enrichment');
  assert.equal(enrichment?.value('carbon_stage_values_total{stage="enrichment",fate="in"}'), 7);
  assert.equal(enrichment?.value('enrichment_cache_hit_ratio{type="metadata"}'), 0.75);
  assert.equal(enrichment?.value('enrichment_failures_total'), 0);
  assert.equal(
    texts.get('normalization')?.value('carbon_stage_values_total{stage="enrichment",fate="in"}'),
    undefined,
  );
  const registry = texts.get('connector-registry');
  assert.equal(registry?.value('connector_runs_total{connector="nyiso",status="success"}'), 1);
  assert.equal(registry?.value('carbon_store_retries_total{code="STORE_UNREACHABLE"}'), 1);
  assert.equal(
    texts.get('projection')?.value('carbon_store_retries_total{code="STORE_UNREACHABLE"}'),
    undefined,
  );
  for (const [service, text] of texts) {
    assert.equal(
      text.value('connector_consumer_lag{topic="ingestion.nyiso.raw.v1",group="pipeline"}'),
      5 + 20,
    );
    assert.ok(!text.samples.some((key) => key.includes('group="normalization"')));
    assert.equal(text.value(`carbon_build_info{service="${service}",version="1.2.3"}`), 1);
    assert.ok(text.samples.some((key) => key.startsWith('process_cpu_seconds_total')));
  }
});
