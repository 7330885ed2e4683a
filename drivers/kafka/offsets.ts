/** Offsets of partitions by time and by bound, and those that groups have committed. */

import { listOffsetsV9, offsetCommitV9, offsetFetchV9 } from '@platformatic/kafka';
import { refuse } from './broker-errors.ts';
import type { KafkaCluster } from './cluster.ts';

/** Times that stand for a bound of the partition. */
export const Bound = { latest: -1n, earliest: -2n } as const;

/** Who commits: a member of the group at its epoch, or somebody from outside while the group has no members. */
export interface Committer {
  readonly memberId: string;
  readonly epoch: number;
  readonly instanceId: string | null;
}

/** For a group without members. */
export const OUTSIDER: Committer = { memberId: '', epoch: -1, instanceId: null };

/**
 * The first offset whose record has a time at or after `timestamp` (milliseconds), or a bound of the partition; -1
 * when no record is that late. Rejects as the client does.
 */
export async function offsetAt(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  timestamp: bigint,
  isolation: number,
): Promise<number> {
  const connection = await cluster.leader(topic, partition);
  const { topics } = await cluster.call(listOffsetsV9.api, connection, -1, isolation, [
    { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
  ]);
  return Number(topics[0].partitions[0].offset);
}

/** The offset after the last record that a reader of this isolation can see. */
export function latestOffset(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  isolation: number,
): Promise<number> {
  return offsetAt(cluster, topic, partition, Bound.latest, isolation);
}

/** Earliest kept offset, and the one after the last record that a reader of this isolation can see. */
export async function boundsOf(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  isolation: number,
): Promise<{ earliest: number; end: number }> {
  const [earliest, end] = await Promise.all([
    offsetAt(cluster, topic, partition, Bound.earliest, isolation),
    offsetAt(cluster, topic, partition, Bound.latest, isolation),
  ]);
  return { earliest, end: Math.max(earliest, end) };
}

/** Ends of all partitions of some topics, by `topic/partition`, with one request for each broker that leads some. */
export async function endsOf(
  cluster: KafkaCluster,
  lanes: readonly { readonly topic: string; readonly partition: number; readonly node: number }[],
  isolation: number,
): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const led of Map.groupBy(lanes, ({ node }) => node).values()) {
    const connection = await cluster.leader(led[0].topic, led[0].partition);
    const byTopic = Map.groupBy(led, ({ topic }) => topic);
    const asked = [...byTopic].map(([name, of]) => ({
      name,
      partitions: of.map(({ partition }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: -1,
        timestamp: Bound.latest,
      })),
    }));
    const { topics } = await cluster.call(listOffsetsV9.api, connection, -1, isolation, asked);
    for (const { name, partitions } of topics)
      for (const { partitionIndex, offset } of partitions)
        ends.set(`${name}/${partitionIndex}`, Number(offset));
  }
  return ends;
}

/** Stores the next offset of a group. Rejects as the client does. */
export async function commitOffset(
  cluster: KafkaCluster,
  group: string,
  by: Committer,
  topic: string,
  partition: number,
  next: number,
): Promise<void> {
  const connection = await cluster.coordinator(group);
  await cluster.call(offsetCommitV9.api, connection, group, by.epoch, by.memberId, by.instanceId, [
    {
      name: topic,
      partitions: [
        {
          partitionIndex: partition,
          committedOffset: BigInt(next),
          committedLeaderEpoch: -1,
          committedMetadata: '',
        },
      ],
    },
  ]);
}

/** The next offset of a group, with those of transactions that are decided; null when it never committed. */
export async function committedOffset(
  cluster: KafkaCluster,
  group: string,
  topic: string,
  partition: number,
): Promise<number | null> {
  const connection = await cluster.coordinator(group);
  const asked = { groupId: group, memberId: null, memberEpoch: -1 };
  const { groups } = await cluster.call(
    offsetFetchV9.api,
    connection,
    [{ ...asked, topics: [{ name: topic, partitionIndexes: [partition] }] }],
    true,
  );
  refuse(groups[0].errorCode);
  const found = groups[0].topics[0]?.partitions[0];
  const offset = Number(found?.committedOffset ?? -1n);
  return offset < 0 ? null : offset;
}
