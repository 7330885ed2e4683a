/** Names of the topics (contract C2). A breaking change of a schema is a new name with the next version. */

import type { DeadLetterStage } from '../../model/dead-letter.ts';

export const Topic = {
  normalizedTicks: 'normalized.market.ticks.v1',
  enrichedTicks: 'enriched.market.ticks.v1',
  /** Bars of every interval. */
  ohlcBars: 'aggregation.ohlc.bars.v1',
  rollingMetrics: 'aggregation.rolling.metrics.v1',
  /** Input points of curves. */
  curvePrestage: 'aggregation.curve.prestage.v1',
  /** Published curve segments. */
  curveUpdates: 'pricing.curve.updates.v1',
  latestPrices: 'served.market.latest_prices.v1',
  /** The same values with their fields in groups: the successor of the first. */
  latestPricesV2: 'served.market.latest_prices.v2',
  invalidateInstrument: 'projection.invalidate.instrument.v1',
  backfillRequest: 'processing.backfill.request.v1',
  jobStatus: 'processing.job.status.v1',
  deprecateNotice: 'processing.deprecate.notice.v1',
  anomalies: 'data.quality.anomalies.v1',
} as const;

/** Raw rows of a market: `ingestion.nyiso.raw.v1`. The name of the market is written in lower case. */
export function rawTopic(market: string): string {
  return `ingestion.${market.toLowerCase()}.raw.v1`;
}

/** Bars of one interval: `aggregated.market.bars.5m.v1`. */
export function barsTopic(interval: string): string {
  return `aggregated.market.bars.${interval}.v1`;
}

/** What a stage refused: `processing.deadletter.normalization.v1`. */
export function deadLetterTopic(stage: DeadLetterStage): string {
  return `processing.deadletter.${stage}.v1`;
}

/** The market of a raw topic, in lower case; null for another topic. */
export function marketOfRawTopic(topic: string): string | null {
  return /^ingestion\.([a-z0-9_-]+)\.raw\.v\d+$/.exec(topic)?.[1] ?? null;
}

/** The version in a topic's name: 2 for `served.market.latest_prices.v2`; null where there is none. */
export function versionOfTopic(topic: string): number | null {
  const digits = /\.v(\d+)$/.exec(topic)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The name of a topic with another version: what a breaking change of its contract is published as. */
export function topicWithVersion(topic: string, version: number): string {
  return topic.replace(/\.v\d+$/, `.v${version}`);
}

/** Topics that have a successor, with it: the program can write and read both. */
export const SUCCESSORS: Readonly<Record<string, string>> = {
  [Topic.latestPrices]: Topic.latestPricesV2,
};
