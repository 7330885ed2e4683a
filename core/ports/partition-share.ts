/**
 * PartitionShare: which partitions of a stage's input a process works on, while others work on the rest (K4).
 *
 * Whoever drives the work asks now and then: gives up what is asked back, drops what is lost, takes what is offered. A
 * share says who should work on a partition. A process that was frozen may believe for a while that it still is the one:
 * that it writes nothing then is seen to by the claims of the reference store (`core/stage/partition-claim.ts`).
 */

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The partitions of one process. Calls do not wait: what a group has to say was heard before. */
export interface PartitionShare {
  /** Taken and neither released nor lost, in order of topic and partition. */
  readonly owned: readonly TopicPartition[];
  /** Owned partitions that are asked back: to be given up by `release` once nothing is at work on them. */
  surplus(): TopicPartition[];
  /** Partitions that were taken away without being asked for, each told once: what is at work on them is thrown away. */
  lost(): TopicPartition[];
  /**
   * Takes what is offered; returns what was taken. Throws PLAN_CONFLICT when another process goes by our name, and
   * STORE_REFUSED or CONFIG_INVALID when the group does not take us.
   */
  take(): TopicPartition[];
  /** Gives a partition back. What is no longer ours is passed over. */
  release(partition: TopicPartition): void;
  /** Gives all back and leaves. */
  close(): Promise<void>;
}

/** Order of topic and partition. */
export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

/** `2,3` where every topic has the same partitions, else `a.topic:2,3 b.topic:0`. */
export function partitionsText(partitions: readonly TopicPartition[]): string {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of [...partitions].sort(byTopicAndPartition))
    byTopic.getOrInsertComputed(topic, () => []).push(partition);
  const lists = new Set([...byTopic.values()].map((list) => list.join()));
  if (lists.size <= 1) return [...lists].join();
  return [...byTopic].map(([topic, list]) => `${topic}:${list.join()}`).join(' ');
}
