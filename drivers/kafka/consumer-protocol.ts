/** Membership by KIP-848: the coordinator assigns, and one request says everything in both directions. */

import { randomUUID } from 'node:crypto';
import { consumerGroupHeartbeatV1 } from '@platformatic/kafka';
import type { TopicPartition } from '../../core/ports/partition-share.ts';
import { BrokerRefusal } from './broker-errors.ts';
import type { GroupContext, GroupProtocol } from './group-member.ts';
import type { Committer } from './offsets.ts';

/** Epochs with a meaning of their own. */
const Epoch = { join: 0, leave: -1, leaveForAWhile: -2 } as const;

export class ConsumerProtocol implements GroupProtocol {
  private readonly context: GroupContext;
  private readonly memberId = randomUUID();
  private epoch: number = Epoch.join;
  /** Version of the partitions that the coordinator was told of last. */
  private told = -1;

  constructor(context: GroupContext) {
    this.context = context;
  }

  get committer(): Committer {
    return { memberId: this.memberId, epoch: this.epoch, instanceId: this.context.options.instanceId };
  }

  async beat(): Promise<number> {
    try {
      return await this.exchange();
    } catch (error) {
      // An answer may have been lost with an assignment in it: a full request is answered in full.
      this.told = -1;
      throw error;
    }
  }

  private async exchange(): Promise<number> {
    const { cluster, lines, held, options } = this.context;
    const isJoining = this.epoch === Epoch.join;
    const { version } = held;
    const partitions = isJoining ? [] : version === this.told ? null : await this.withIds(held.all);
    const answer = await cluster.call(
      consumerGroupHeartbeatV1.api,
      await cluster.coordinator(options.group, lines),
      options.group,
      this.memberId,
      this.epoch,
      options.instanceId,
      null,
      options.rebalanceTimeoutMs,
      // Said when joining, and left out while nothing changes.
      isJoining || partitions !== null ? [...options.topics] : null,
      null,
      null,
      partitions,
    );
    this.told = version;
    this.epoch = answer.memberEpoch;
    if (answer.assignment !== null) {
      const target: TopicPartition[] = [];
      for (const { topicId, partitions: numbers } of answer.assignment.topicPartitions) {
        const topic = await cluster.topicOfId(topicId);
        // A topic so new that the broker asked does not know it yet.
        if (topic === null) throw new BrokerRefusal('UNKNOWN_TOPIC_ID', topicId);
        for (const partition of numbers) target.push({ topic: topic.name, partition });
      }
      held.aim(target);
    }
    return answer.heartbeatIntervalMs;
  }

  forgetMembership(): void {
    this.epoch = Epoch.join;
    this.told = -1;
  }

  async leave(): Promise<void> {
    const { cluster, lines, options } = this.context;
    if (this.epoch === Epoch.join) return;
    // Who has a name comes back: its partitions wait for it as long as its session would last.
    const epoch = options.instanceId === null ? Epoch.leave : Epoch.leaveForAWhile;
    const connection = await cluster.coordinator(options.group, lines);
    const { group, instanceId } = options;
    const rest = [null, -1, null, null, null, null] as const;
    await cluster.call(
      consumerGroupHeartbeatV1.api,
      connection,
      group,
      this.memberId,
      epoch,
      instanceId,
      ...rest,
    );
  }

  async close(): Promise<void> {}

  private async withIds(
    partitions: readonly TopicPartition[],
  ): Promise<{ topicId: string; partitions: number[] }[]> {
    const found: { topicId: string; partitions: number[] }[] = [];
    for (const [name, of] of Map.groupBy(partitions, ({ topic }) => topic)) {
      const { id } = await this.context.cluster.topic(name);
      found.push({ topicId: id, partitions: of.map(({ partition }) => partition) });
    }
    return found;
  }
}
