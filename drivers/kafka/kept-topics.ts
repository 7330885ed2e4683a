/** The topics of a log: made as their specs say, brought up to date when they exist, listed. */

import { CarbonError } from '../../core/errors.ts';
import type { TopicSpec } from '../../core/ports/event-log.ts';
import { BrokerRefusal } from './broker-errors.ts';
import type { KafkaCluster, TopicView } from './cluster.ts';
import { checkSpec, configurationsOf, makeTopic, reconfigureTopic, topicFailure } from './topics.ts';

/**
 * Makes a topic, or gives the one that is there the retention and compaction of the spec; resolves when the brokers know it.
 * Throws USAGE_INVALID for a spec that is none, LOG_PARTITIONS_FIXED when the topic has other partitions.
 */
export async function ensureTopic(cluster: KafkaCluster, spec: TopicSpec): Promise<void> {
  checkSpec(spec);
  const { name, partitions } = spec;
  try {
    const isNew = await cluster.persist(`topic ${name}`, { topic: name }, () => makeTopic(cluster, spec));
    if (isNew) return await settle(cluster, spec);
    const view = await cluster.persist(`topic ${name}`, { topic: name }, () => madeTopic(cluster, name));
    const count = view.leaders.length;
    if (count !== partitions)
      throw new CarbonError(
        'LOG_PARTITIONS_FIXED',
        `topic ${name} has ${count} partitions, not ${partitions}`,
        { context: { topic: name, partitions: count } },
      );
    if (await isConfigured(cluster, spec)) return;
    await reconfigureTopic(cluster, spec);
    await cluster.persist(`topic ${name}`, { topic: name }, async () => {
      // Taken, but not yet known to the broker that was asked.
      if (!(await isConfigured(cluster, spec))) throw new BrokerRefusal('UNKNOWN_TOPIC_OR_PARTITION');
    });
  } catch (error) {
    throw topicFailure(error, name);
  }
}

/** All topics but the brokers' own, in the order of their names. */
export async function specsOfTopics(cluster: KafkaCluster): Promise<TopicSpec[]> {
  return cluster.persist('topics', {}, async () => {
    const topics = (await cluster.allTopics()).filter(({ isInternal }) => !isInternal);
    const names = topics.map(({ name }) => name);
    const configured = await configurationsOf(cluster, names);
    return topics
      .map(({ name, leaders }) => ({
        name,
        partitions: leaders.length,
        retention: null,
        ...configured.get(name),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** Every partition has a leader before anybody hears that the topic is there. */
async function settle(cluster: KafkaCluster, { name, partitions }: TopicSpec): Promise<void> {
  await cluster.persist(`topic ${name}`, { topic: name }, async () => {
    cluster.forget(name);
    const { leaders } = await madeTopic(cluster, name);
    if (leaders.length < partitions || leaders.some((node) => node < 0))
      throw new BrokerRefusal('LEADER_NOT_AVAILABLE');
  });
}

/** A topic that somebody has made, us or another process a moment ago: the broker asked may not know it yet. */
function madeTopic(cluster: KafkaCluster, name: string): Promise<TopicView> {
  return cluster.topic(name).catch((error: unknown) => {
    if (error instanceof CarbonError && error.code === 'LOG_TOPIC_UNKNOWN')
      throw new BrokerRefusal('UNKNOWN_TOPIC_OR_PARTITION');
    throw error;
  });
}

async function isConfigured(
  cluster: KafkaCluster,
  { name, retention, compacted = false }: TopicSpec,
): Promise<boolean> {
  const known = (await configurationsOf(cluster, [name])).get(name);
  return known?.retention === retention && (known.compacted ?? false) === compacted;
}
