/** Topics of the program and how they are made (C2). */

import {
  barsTopic,
  deadLetterTopic,
  rawTopic,
  SUCCESSORS,
  Topic,
} from '../../core/codec/topics/topic-names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import { MARKET_ZONES } from '../../core/time/market-day.ts';
import { startFacts } from '../connectors/start-facts.ts';
import type { TopicPolicy } from '../pipeline/topic-policy.ts';
import { type TopicVersions, writtenTopics } from '../pipeline/topic-versions.ts';

const REFUSING = ['ingestion', 'normalization', 'enrichment', 'aggregation', 'projection'] as const;

/** Topics by which work is asked for and told of. */
export const CONTROL_TOPICS: readonly string[] = [
  Topic.backfillRequest,
  Topic.jobStatus,
  Topic.invalidateInstrument,
];

/** Raw topics of all markets that the program knows, those that only a connector.yaml names included. */
export function rawTopics(): string[] {
  const { markets } = startFacts();
  return [...new Set([...Object.keys(MARKET_ZONES), ...markets])].map(rawTopic).sort();
}

/** Every topic that a run may read or write, for the intervals and the versions of topics that policy has. */
export function allTopics(intervals: readonly string[], versions: TopicVersions): string[] {
  return [
    ...rawTopics(),
    Topic.normalizedTicks,
    Topic.enrichedTicks,
    Topic.ohlcBars,
    ...intervals.map(barsTopic),
    Topic.rollingMetrics,
    Topic.curvePrestage,
    Topic.curveUpdates,
    Topic.latestPrices,
    Topic.anomalies,
    ...REFUSING.map(deadLetterTopic),
    Topic.deprecateNotice,
    ...CONTROL_TOPICS,
  ].flatMap((topic) => writtenTopics(versions, topic));
}

/** Topics with equal counts of partitions: a key is on the same one of each. */
export function chainTopics(): string[] {
  return [...rawTopics(), Topic.normalizedTicks, Topic.enrichedTicks];
}

/**
 * Makes the topics that are missing; the next version of one that is there gets its count, so that a key keeps its
 * partition. Existing ones stay as they are; returns the count of each topic.
 */
export async function ensureTopics(
  log: EventLog,
  names: readonly string[],
  policy: TopicPolicy,
): Promise<Map<string, number>> {
  const counts = new Map((await log.listTopics()).map((topic) => [topic.name, topic.partitions]));
  for (const name of names) {
    if (counts.has(name)) continue;
    const spec = policy.specOf(name);
    const partitions = counts.get(predecessorOf(name) ?? '') ?? spec.partitions;
    await log.createTopic({ ...spec, partitions });
    counts.set(name, partitions);
  }
  return counts;
}

function predecessorOf(topic: string): string | undefined {
  return Object.keys(SUCCESSORS).find((name) => SUCCESSORS[name] === topic);
}
