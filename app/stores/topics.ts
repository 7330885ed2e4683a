/** Topics of the program and how they are made (C2). */

import { barsTopic, deadLetterTopic, rawTopic, Topic } from '../../core/codec/topics/topic-names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import { MARKET_ZONES } from '../../core/time/market-day.ts';
import { allConnectors } from '../connectors/catalogue.ts';

const REFUSING = ['ingestion', 'normalization', 'enrichment', 'aggregation', 'projection'] as const;

/** Raw topics of all markets that the program knows, those that only a connector.yaml names included. */
export function rawTopics(): string[] {
  const named = allConnectors().flatMap(({ market }) => (market === 'ANY' ? [] : [market]));
  return [...new Set([...Object.keys(MARKET_ZONES), ...named])].map(rawTopic).sort();
}

/** Every topic that a run may read or write, for the intervals of the policy. */
export function allTopics(intervals: readonly string[]): string[] {
  return [
    ...rawTopics(),
    Topic.normalizedTicks,
    Topic.enrichedTicks,
    Topic.ohlcBars,
    ...intervals.map(barsTopic),
    Topic.latestPrices,
    Topic.anomalies,
    ...REFUSING.map(deadLetterTopic),
  ];
}

/** Makes the topics that are missing. Counts of existing ones stay as they are; returns the count of each topic. */
export async function ensureTopics(
  log: EventLog,
  names: readonly string[],
  partitions: number,
): Promise<Map<string, number>> {
  const counts = new Map((await log.listTopics()).map((topic) => [topic.name, topic.partitions]));
  for (const name of names) {
    if (counts.has(name)) continue;
    await log.createTopic({ name, partitions, retention: null });
    counts.set(name, partitions);
  }
  return counts;
}
