/**
 * EventLog over Apache Kafka: the same record batches as on SQLite, on the brokers of a cluster.
 *
 * What is appended counts when all copies in sync have it (acks=all). Reading sees what is committed: records of
 * transactions that others aborted are not among it. The brokers apply retention by themselves, by the times of the
 * records; `applyRetention` does the same at once.
 */

import { checkIncoming } from '../../core/codec/kafka/batch-check.ts';
import { readBatchHeader } from '../../core/codec/kafka/record-batch.ts';
import { CarbonError } from '../../core/errors.ts';
import type { AppendGuard, EventLog, LogSlice, TopicSpec } from '../../core/ports/event-log.ts';
import type { PartitionShare } from '../../core/ports/partition-share.ts';
import type { Micros } from '../../core/time/instant.ts';
import { AppendWatch } from './append-watch.ts';
import { BrokerRefusal, isFenced } from './broker-errors.ts';
import { ClassicProtocol } from './classic-protocol.ts';
import { KafkaCluster } from './cluster.ts';
import { ConsumerProtocol } from './consumer-protocol.ts';
import { DrainedLanes } from './drained-lanes.ts';
import { FetchSizes } from './fetch-sizes.ts';
import { slicesOf, wholeBatches } from './fetched-slices.ts';
import { type GroupContext, GroupMember, type KafkaGroupOptions } from './group-member.ts';
import { HeldPartitions } from './held-partitions.ts';
import { ensureTopic, specsOfTopics } from './kept-topics.ts';
import { boundsOf, commitOffset, committedOffset, OUTSIDER, offsetAt } from './offsets.ts';
import type { KafkaOptions } from './options.ts';
import { IdempotentProducer } from './producer.ts';
import { type FetchedPartition, fetchBytes, fetchRequest, Isolation } from './requests.ts';
import { removeBefore } from './topics.ts';

/**
 * Opens the log of a cluster; nothing is sent before the first call. Throws CONFIG_INVALID for options that cannot be
 * used. Calls throw STORE_UNREACHABLE when no broker answers within the patience, CONFIG_INVALID when a broker refuses
 * our secret or certificate, and STORE_REFUSED for what it refuses otherwise.
 */
export function openKafkaLog(options: KafkaOptions): KafkaLog {
  return new KafkaLog(new KafkaCluster(options));
}

export class KafkaLog implements EventLog {
  private readonly cluster: KafkaCluster;
  private readonly producer: IdempotentProducer;
  private readonly watch: AppendWatch;
  private readonly drained: DrainedLanes;
  private readonly sizes = new FetchSizes();
  /** By group. */
  private readonly members = new Map<string, GroupMember>();

  constructor(cluster: KafkaCluster) {
    this.cluster = cluster;
    this.producer = new IdempotentProducer(cluster);
    this.drained = new DrainedLanes(cluster);
    this.watch = new AppendWatch(
      cluster,
      (topic, partition) => this.isOurs(topic, partition),
      (topic, partition) => this.drained.forget(topic, partition),
    );
  }

  /**
   * Joins a consumer group: its members share the partitions of the topics, and from now on this log commits for the
   * group as the member that it is, and is woken by appends to its own partitions alone. One membership per group and
   * log. Throws PLAN_CONFLICT when this log is a member already, else as {@link openKafkaLog} says.
   */
  async joinGroup(options: KafkaGroupOptions): Promise<PartitionShare> {
    const { group } = options;
    if (this.members.has(group))
      throw new CarbonError('PLAN_CONFLICT', `this log is a member of the group ${group} already`, {
        context: { group },
      });
    const context: GroupContext = {
      cluster: this.cluster,
      lines: this.cluster.openLines(this.cluster.requestTimeoutMs),
      held: new HeldPartitions(),
      options: {
        protocol: 'consumer',
        sessionTimeoutMs: 45_000,
        rebalanceTimeoutMs: 60_000,
        onUnheard: () => {},
        ...options,
        instanceId: options.instanceId ?? null,
      },
    };
    const isClassic = context.options.protocol === 'classic';
    const protocol = isClassic ? new ClassicProtocol(context) : new ConsumerProtocol(context);
    const member = new GroupMember(context, protocol, () => this.members.delete(group));
    this.members.set(group, member);
    try {
      await member.join();
    } catch (error) {
      await member.close();
      throw error;
    }
    return member;
  }

  createTopic(spec: TopicSpec): Promise<void> {
    return ensureTopic(this.cluster, spec);
  }

  listTopics(): Promise<TopicSpec[]> {
    return specsOfTopics(this.cluster);
  }

  /**
   * One batch is stored wholly or not at all. Of several, which are stored one after another, the first ones are there
   * when the brokers are lost on the way.
   */
  async append(
    topic: string,
    partition: number,
    batches: readonly Uint8Array[],
    mayStore?: AppendGuard,
  ): Promise<number> {
    await this.lane(topic, partition);
    batches.forEach((bytes, i) => {
      checkIncoming(bytes, topic, partition, i);
    });
    let first: number | null = null;
    for (const batch of batches) {
      const offset = await this.producer.append(topic, partition, batch, mayStore);
      this.drained.forget(topic, partition);
      first ??= offset;
    }
    return first ?? (await this.bounds(topic, partition)).end;
  }

  async read(topic: string, partition: number, offset: number, maxBytes: number): Promise<LogSlice[]> {
    if (await this.drained.isStillAt(topic, partition, offset)) return [];
    return this.at(topic, partition, async () => {
      const asked = this.sizes.packedFor(topic, partition, maxBytes);
      const fetched = await this.fetch(topic, partition, offset, asked);
      if (fetched.code === 'OFFSET_OUT_OF_RANGE') throw await this.outOfRange(topic, partition, offset);
      if (fetched.code !== 'NONE') throw new BrokerRefusal(fetched.code);
      const slices = slicesOf(topic, fetched, offset, maxBytes);
      this.sizes.note(topic, partition, fetched.records, slices);
      if (slices.length > 0) return slices;
      this.watch.markDrained(topic, partition, offset);
      this.drained.mark(topic, partition, offset);
      return slices;
    });
  }

  async bounds(topic: string, partition: number): Promise<{ earliest: number; end: number }> {
    return this.at(topic, partition, () => boundsOf(this.cluster, topic, partition, Isolation.readCommitted));
  }

  async seekTime(topic: string, partition: number, at: Micros): Promise<number | null> {
    return this.at(topic, partition, () => this.firstSince(topic, partition, Math.ceil(at / 1000)));
  }

  async commit(group: string, topic: string, partition: number, next: number): Promise<void> {
    const member = this.members.get(group);
    await this.at(topic, partition, () =>
      member !== undefined
        ? member.commit(topic, partition, next)
        : commitOffset(this.cluster, group, OUTSIDER, topic, partition, next).catch((error: unknown) => {
            throw isFenced(error) ? notOwned(group, topic, partition, error) : error;
          }),
    );
  }

  async committed(group: string, topic: string, partition: number): Promise<number | null> {
    return this.at(topic, partition, () => committedOffset(this.cluster, group, topic, partition));
  }

  waitForAppend(topics: readonly string[], timeoutMs: number): Promise<void> {
    return this.watch.wait(topics, timeoutMs);
  }

  async applyRetention(now: Micros): Promise<number> {
    let removed = 0;
    for (const { name, partitions, retention, compacted } of await this.listTopics()) {
      if (retention === null || compacted === true) continue;
      const oldestMs = Math.ceil((now - retention) / 1000);
      for (let partition = 0; partition < partitions; partition++)
        removed += await this.at(name, partition, () => this.expire(name, partition, oldestMs));
    }
    return removed;
  }

  async close(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.close()));
    await this.watch.close();
    await this.cluster.close();
  }

  /** False for a partition that another member of a group of ours works on. */
  private isOurs(topic: string, partition: number): boolean {
    const members = [...this.members.values()].filter((member) => member.reads(topic));
    return members.length === 0 || members.some((member) => member.isAtWork(topic, partition));
  }

  private lane(topic: string, partition: number): Promise<unknown> {
    return this.cluster.persist('topics', { topic, partition }, () => this.cluster.lane(topic, partition));
  }

  /** Work on one partition, with what passes by itself repeated. */
  private async at<T>(topic: string, partition: number, work: () => Promise<T>): Promise<T> {
    const context = { topic, partition };
    return this.cluster.persist(`${topic}/${partition}`, context, async () => {
      await this.cluster.lane(topic, partition);
      return work();
    });
  }

  private async fetch(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
  ): Promise<FetchedPartition> {
    const { id } = await this.cluster.lane(topic, partition);
    const connection = await this.cluster.leader(topic, partition);
    const limits = { waitMs: 0, maxBytes, isolation: Isolation.readCommitted };
    const request = fetchRequest([{ topicId: id, partition, offset }], limits);
    const answer = await this.cluster.call(fetchBytes, connection, ...request);
    if (answer.partitions.length === 0) throw new BrokerRefusal(answer.code);
    return answer.partitions[0];
  }

  private async outOfRange(topic: string, partition: number, offset: number): Promise<CarbonError> {
    const { earliest, end } = await this.bounds(topic, partition);
    return new CarbonError(
      'LOG_OFFSET_OUT_OF_RANGE',
      `${topic}/${partition} holds [${earliest}, ${end}), not ${offset}`,
      { context: { topic, partition, offset, earliest, end } },
    );
  }

  private async firstSince(topic: string, partition: number, atMs: number): Promise<number | null> {
    // Negative numbers stand for bounds.
    const timestamp = BigInt(Math.max(0, atMs));
    const offset = await offsetAt(this.cluster, topic, partition, timestamp, Isolation.readCommitted);
    return offset < 0 ? null : offset;
  }

  /** Removes the batches before the first one that holds a record from `oldestMs` on; returns how many records went. */
  private async expire(topic: string, partition: number, oldestMs: number): Promise<number> {
    const { earliest, end } = await this.bounds(topic, partition);
    const first = await this.firstSince(topic, partition, oldestMs);
    const to = first === null ? end : await this.batchStart(topic, partition, first);
    if (to <= earliest) return 0;
    await removeBefore(this.cluster, topic, partition, to);
    return to - earliest;
  }

  /** Offset of the first record of the batch that holds `offset`. */
  private async batchStart(topic: string, partition: number, offset: number): Promise<number> {
    const { records } = await this.fetch(topic, partition, offset, 1);
    for (const bytes of wholeBatches(records)) return readBatchHeader(bytes).baseOffset;
    return offset;
  }
}

function notOwned(group: string, topic: string, partition: number, cause?: unknown): CarbonError {
  return new CarbonError('PLAN_CONFLICT', `group ${group}: ${topic}/${partition} is not ours to commit`, {
    context: { group, topic, partition },
    cause,
  });
}
