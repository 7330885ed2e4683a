/** Metrics over prom-client: the one file that knows the library. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  DURATION_BUCKETS,
  type LabelValues,
  type MetricDefinition,
  type Metrics,
} from '../../core/ports/metrics.ts';

/** Type of the body that {@link Metrics.exposition} gives. */
export const EXPOSITION_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Label sets of one metric; what comes after them is counted under {@link OVERFLOW}. */
const MOST_SERIES = 1000;
/** Stands for all label values of the series that found no more room. */
export const OVERFLOW = 'other';

type Instrument = Counter | Gauge | Histogram;

/** A metric with the names that are fed by the same observations. */
interface Entry {
  readonly definition: MetricDefinition;
  readonly instrument: Instrument;
  readonly series: Set<string>;
  /** Value of this metric for a value of the one that feeds it. */
  readonly factor: number;
  readonly twins: Entry[];
}

/** Makes the metrics of a table. Throws when two have one name, or one is the twin of a name that is not there. */
export function openPrometheus(table: readonly MetricDefinition[]): Metrics {
  return new PrometheusMetrics(table);
}

/** Numbers of the process itself: CPU, memory, file descriptors, event loop, garbage collection. One per process. */
export function openProcessMetrics(): Pick<Metrics, 'exposition'> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { exposition: () => registry.metrics() };
}

class PrometheusMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly entries = new Map<string, Entry>();

  constructor(table: readonly MetricDefinition[]) {
    for (const definition of table) {
      const feeder = definition.sameAs === undefined ? null : this.entry(definition.sameAs);
      const entry: Entry = {
        definition,
        instrument: this.instrumentOf(definition),
        series: new Set(),
        factor: feeder === null ? 1 : factorOf(feeder.definition, definition),
        twins: [],
      };
      this.entries.set(definition.name, entry);
      feeder?.twins.push(entry);
    }
    for (const { name, zeros, sameAs } of table)
      if (sameAs === undefined) for (const labels of zeros ?? []) this.begin(this.entry(name), labels);
  }

  record(name: string, labels: LabelValues, value: number): void {
    const entry = this.entry(name);
    put(entry, labels, value);
    for (const twin of entry.twins) put(twin, labels, value * twin.factor);
  }

  reset(name: string): void {
    const entry = this.entry(name);
    for (const { instrument, series } of [entry, ...entry.twins]) {
      instrument.reset();
      series.clear();
    }
  }

  exposition(): Promise<string> {
    return this.registry.metrics();
  }

  private begin(entry: Entry, labels: LabelValues): void {
    const { instrument } = entry;
    if (instrument instanceof Histogram) instrument.zero(labelled(entry, labels));
    else put(entry, labels, 0);
    for (const twin of entry.twins) this.begin(twin, labels);
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new TypeError(`no metric ${name} in the table`);
    return entry;
  }

  private instrumentOf({ name, help, labels, type, buckets, unit }: MetricDefinition): Instrument {
    const common = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (type === 'counter') return new Counter(common);
    if (type === 'gauge') return new Gauge(common);
    const scale = unit === 'milliseconds' ? 1000 : 1;
    return new Histogram({ ...common, buckets: [...(buckets ?? DURATION_BUCKETS.map((b) => b * scale))] });
  }
}

/** Seconds shown as milliseconds are a thousand times as many. */
function factorOf(from: MetricDefinition, to: MetricDefinition): number {
  return from.unit === 'seconds' && to.unit === 'milliseconds' ? 1000 : 1;
}

function put(entry: Entry, labels: LabelValues, value: number): void {
  const set = labelled(entry, labels);
  const { instrument } = entry;
  if (instrument instanceof Counter) instrument.inc(set, value);
  else if (instrument instanceof Gauge) instrument.set(set, value);
  else instrument.observe(set, value);
}

/** Labels by name. A twin has the labels of its feeder, or the first few of them. */
function labelled(entry: Entry, values: LabelValues): Record<string, string> {
  const { labels } = entry.definition;
  const key = values.slice(0, labels.length).join('\n');
  const isKnown = entry.series.has(key);
  const isFull = !isKnown && entry.series.size >= MOST_SERIES;
  if (!isKnown && !isFull) entry.series.add(key);
  return Object.fromEntries(labels.map((label, k) => [label, isFull ? OVERFLOW : (values[k] ?? '')]));
}
