/** Anomaly: a data-quality event (topic data.quality.anomalies.v1, D6). Several alike of one batch are one event. */

import type { Micros } from '../time/instant.ts';
import type { DeadLetterStage } from './dead-letter.ts';

/** What kind of finding an anomaly is. */
export type AnomalyType =
  | 'REJECTED_VALUES'
  | 'MISSING_METADATA'
  | 'OUT_OF_RANGE'
  | 'VOLUME_SPIKE'
  | 'CONFLICTING_VALUES'
  /** Two markets publish values under one instrument id; once per process and market. */
  | 'INSTRUMENT_SHARED'
  /** A required field of a row has no value. */
  | 'REQUIRED_MISSING'
  /** Components do not add up to their total. */
  | 'COMPONENTS_DIFFER'
  /** A payload looks too bad to be promoted. */
  | 'QUALITY_ASSERTION_FAILED'
  /** Intervals that should have landed by now have not. */
  | 'INTERVAL_GAP'
  /** The shape of a source is not that of its dataset's contract. */
  | 'SOURCE_DRIFT'
  /** A stream skipped sequence numbers, and the gap could not be filled. */
  | 'SEQUENCE_GAP'
  /** A quote contradicts the others of its curve. */
  | 'CURVE_CONFLICT'
  /** No curve could be made of the quotes. */
  | 'CURVE_FAILED';

/** One finding of a stage about a batch: what, where first, and how many cases. Times are UTC micros. */
export interface Anomaly {
  readonly tenant: string;
  readonly traceId: string;
  readonly knownAt: Micros;
  readonly type: AnomalyType;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly stage: DeadLetterStage;
  readonly market: string;
  readonly dataset: string;
  /** The instrument and event time of the first case, where one is meant. */
  readonly instrumentId: string | null;
  readonly ts: Micros | null;
  readonly message: string;
  /** How many cases of the batch it stands for. */
  readonly count: number;
  readonly context: Readonly<Record<string, string>>;
}
