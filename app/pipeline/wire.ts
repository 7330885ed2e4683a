/** The wire of one service: schema ids from the registry, partition counts from the log, feeding by policy. */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import type { Wire } from '../../core/stage/wire.ts';
import { CONTROL_TOPICS } from '../stores/topics.ts';

/** Which of the topics are fed, beside anomalies and dead letters. */
export type Feed = 'served' | 'silver' | 'all';

/** Curves are made from it, whatever else is fed. */
const ALWAYS: readonly string[] = [Topic.curvePrestage];
const TICKS: readonly string[] = [Topic.normalizedTicks, Topic.enrichedTicks];
const FEEDS: Readonly<Record<Feed, (topic: string) => boolean>> = {
  served: (topic) => !TICKS.includes(topic),
  silver: (topic) => topic === Topic.normalizedTicks,
  all: () => true,
};

/**
 * Looks up the schema id of every topic once, so that the wire itself never waits. What is not among the topics is not
 * fed: a version of a contract that policy leaves out. Throws SCHEMA_UNKNOWN for a topic that the registry does not know.
 */
export async function openWire(
  service: string,
  topics: readonly string[],
  registry: SchemaRegistry,
  partitions: ReadonlyMap<string, number>,
  feed: Feed,
): Promise<Wire> {
  const ids = new Map<string, number>();
  for (const topic of topics) {
    if (topic.startsWith('ingestion.') || topic === Topic.deprecateNotice || CONTROL_TOPICS.includes(topic))
      continue;
    ids.set(topic, await schemaIdOf(topic, registry));
  }
  const lookUp = (map: ReadonlyMap<string, number>, topic: string): number => {
    const found = map.get(topic);
    if (found === undefined)
      throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
    return found;
  };
  return {
    producer: `254carbon-${service}`,
    feeds: (topic) => ids.has(topic) && (ALWAYS.includes(topic) || FEEDS[feed](topic)),
    schemaId: (topic) => lookUp(ids, topic),
    partitions: (topic) => lookUp(partitions, topic),
  };
}

async function schemaIdOf(topic: string, registry: SchemaRegistry): Promise<number> {
  try {
    return (await registry.latest(topicSubject(topic))).id;
  } catch (error) {
    const isBars = topic.startsWith('aggregated.market.bars.');
    if (!isBars || !(error instanceof CarbonError) || error.code !== 'SCHEMA_UNKNOWN') throw error;
    // Bars of intervals beyond those with a file of their own have the schema of the topic that carries them all.
    return (await registry.latest(topicSubject(Topic.ohlcBars))).id;
  }
}
