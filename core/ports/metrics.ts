/** Metrics: numbers for a scraper, by name and labels, declared in one table before the first is counted. */

/** The unit that a metric's name says, or what it counts. */
export type MetricUnit = 'seconds' | 'milliseconds' | 'bytes' | 'ratio' | 'timestamp' | 'count' | 'info';

/** One metric as it stands in the table (`docs/metrics.md` is generated from it). */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: MetricUnit;
  readonly labels: readonly string[];
  /** One sentence: what one observation is. */
  readonly help: string;
  /** Upper bounds of a histogram in its unit, ascending; without them those of {@link DURATION_BUCKETS}. */
  readonly buckets?: readonly number[];
  /** Another name under which the same observations are shown, in its own unit. */
  readonly sameAs?: string;
  /** Label values that stand at 0 from the start, so that a rate over them never begins in nothing. */
  readonly zeros?: readonly (readonly string[])[];
}

/** A millisecond to a minute, in seconds: from one cached read to a long batch. */
export const DURATION_BUCKETS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** Values of the labels of a metric, in the order in which its definition names them. */
export type LabelValues = readonly string[];

/** The metrics of one service. A name that is not in its table is a defect and throws. */
export interface Metrics {
  /** Counts up, sets a gauge, or observes, as the type of the metric has it. Values are in the metric's own unit. */
  record(name: string, labels: LabelValues, value: number): void;
  /** Forgets all values of a metric, before it is set anew. */
  reset(name: string): void;
  /** The text exposition format, version 0.0.4. */
  exposition(): Promise<string>;
}
