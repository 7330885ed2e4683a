/** The metrics of one process: a set for each service that it serves, fed from the events, shown at its port. */

import type { EventLog } from '../../core/ports/event-log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import type { Telemetry, TelemetryEvent } from '../../core/ports/telemetry.ts';
import { openProcessMetrics, openPrometheus } from '../../drivers/prometheus/metrics.ts';
import { type LagWatch, lagsOf } from './consumer-lag.ts';
import type { HttpService } from './http-service.ts';
import { samplesOf } from './metric-feeds.ts';
import { metricsOf } from './metric-table.ts';

interface Shown {
  readonly metrics: Metrics;
  readonly names: ReadonlySet<string>;
}

/** Takes the events of the process and gives the text of each port. */
export class ServiceMetrics implements Telemetry {
  private readonly shown = new Map<HttpService, Shown>();
  private readonly process = openProcessMetrics();
  private readonly lookups = new Map<string, { hits: number; all: number }>();
  private readonly nowSeconds: () => number;

  constructor(services: readonly HttpService[], version: string, nowSeconds: () => number) {
    this.nowSeconds = nowSeconds;
    for (const service of services) {
      const table = metricsOf(service);
      const metrics = openPrometheus(table);
      metrics.record('carbon_build_info', [service, version], 1);
      this.shown.set(service, { metrics, names: new Set(table.map(({ name }) => name)) });
    }
  }

  /** Counts an event at the port of the stage or service that it names, else at the first that has the metric. */
  emit(event: TelemetryEvent): void {
    for (const { name, labels, value } of samplesOf(event, this.nowSeconds())) {
      const target = this.targetOf(event, name);
      target?.record(name, labels, value);
      if (name === 'carbon_enrichment_lookups_total' && target !== null)
        this.showRatio(target, labels[0], labels[1] === 'hit', value);
    }
  }

  /** The exposition of a service's port: its own metrics, the lag as the log has it now, and those of the process. */
  async exposition(service: HttpService, log: EventLog, watches: readonly LagWatch[]): Promise<string> {
    const shown = this.shown.get(service);
    if (shown === undefined) return '';
    shown.metrics.reset('connector_consumer_lag');
    for (const { topic, group, lag } of await lagsOf(log, watches))
      shown.metrics.record('connector_consumer_lag', [topic, group], lag);
    return (await shown.metrics.exposition()) + (await this.process.exposition());
  }

  private targetOf({ facts }: TelemetryEvent, name: string): Metrics | null {
    for (const key of ['stage', 'service']) {
      const named = this.shown.get(portOf(String(facts[key])));
      if (named?.names.has(name)) return named.metrics;
    }
    for (const { metrics, names } of this.shown.values()) if (names.has(name)) return metrics;
    return null;
  }

  private showRatio(metrics: Metrics, type: string, isHit: boolean, count: number): void {
    const sum = this.lookups.get(type) ?? { hits: 0, all: 0 };
    this.lookups.set(type, sum);
    if (isHit) sum.hits += count;
    sum.all += count;
    if (sum.all > 0) metrics.record('enrichment_cache_hit_ratio', [type], sum.hits / sum.all);
  }
}

/** The port that counts what a stage or service does: curves are made in the service of aggregation. */
function portOf(name: string): HttpService {
  return name === 'curves' ? 'aggregation' : (name as HttpService);
}
