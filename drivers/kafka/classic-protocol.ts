/**
 * Membership by the protocol from before KIP-848: all members meet, and one of them, the leader, says who gets what. When
 * somebody comes or goes, all give up what they have and meet again.
 */

import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  syncGroupV5,
} from '@platformatic/kafka';
import type { TopicPartition } from '../../core/ports/partition-share.ts';
import { brokerCodes } from './broker-errors.ts';
import type { Lines } from './cluster.ts';
import type { GroupContext, GroupProtocol } from './group-member.ts';
import type { Committer } from './offsets.ts';

/** Names that members of other makes know too. */
const PROTOCOL_TYPE = 'consumer';
const ASSIGNOR = 'range';
/** While all that was asked back is not yet given up, in milliseconds. */
const IMPATIENT_MS = 200;

/** A member as the leader sees it. */
export interface Subscriber {
  /** Static name, or the id of the member: members are in this order. */
  readonly rank: string;
  readonly memberId: string;
  readonly topics: readonly string[];
}

export class ClassicProtocol implements GroupProtocol {
  private readonly context: GroupContext;
  /** A meeting takes as long as the slowest member: nothing else may wait behind it. */
  private readonly meeting: Lines;
  private memberId = '';
  private generation = -1;
  private mustMeet = true;

  constructor(context: GroupContext) {
    this.context = context;
    this.meeting = context.cluster.openLines(context.options.rebalanceTimeoutMs + 10_000);
  }

  get committer(): Committer {
    return { memberId: this.memberId, epoch: this.generation, instanceId: this.context.options.instanceId };
  }

  async beat(): Promise<number> {
    const { held, options } = this.context;
    if (this.mustMeet && held.all.length === 0) {
      await this.meet();
      return this.interval;
    }
    const { cluster, lines } = this.context;
    const connection = await cluster.coordinator(options.group, lines);
    const { group, instanceId } = options;
    try {
      await cluster.call(heartbeatV4.api, connection, group, this.generation, this.memberId, instanceId);
    } catch (error) {
      if (!brokerCodes(error).includes('REBALANCE_IN_PROGRESS')) throw error;
      this.mustMeet = true;
    }
    if (!this.mustMeet) return this.interval;
    // A heart that goes on beating keeps our place until everything is given up.
    held.askBack();
    return held.all.length === 0 ? 0 : IMPATIENT_MS;
  }

  forgetMembership(): void {
    this.memberId = '';
    this.generation = -1;
    this.mustMeet = true;
  }

  async leave(): Promise<void> {
    const { cluster, lines, options } = this.context;
    // Who has a name comes back: it does not leave.
    if (this.memberId === '' || options.instanceId !== null) return;
    const connection = await cluster.coordinator(options.group, lines);
    await cluster.call(leaveGroupV5.api, connection, options.group, [{ memberId: this.memberId }]);
  }

  close(): Promise<void> {
    return this.meeting.close();
  }

  private get interval(): number {
    return Math.min(3000, this.context.options.sessionTimeoutMs / 3);
  }

  private async meet(): Promise<void> {
    const { held, cluster, options } = this.context;
    const { group, instanceId } = options;
    const joined = await this.join();
    this.memberId = joined.memberId;
    this.generation = joined.generationId;
    const isLeader = joined.leader === joined.memberId && !joined.skipAssignment;
    const assignments = isLeader ? await this.assign(joined.members) : [];
    const connection = await cluster.coordinator(group, this.meeting);
    const { assignment } = await cluster.call(
      syncGroupV5.api,
      connection,
      group,
      this.generation,
      this.memberId,
      instanceId,
      PROTOCOL_TYPE,
      ASSIGNOR,
      assignments,
    );
    const target: TopicPartition[] = decodeConsumerProtocolAssignment(assignment).assignedPartitions.flatMap(
      ({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })),
    );
    this.mustMeet = false;
    held.aim(target);
  }

  private async join(): Promise<joinGroupV9.JoinGroupResponse> {
    const { cluster, options } = this.context;
    const { group, instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = options;
    const metadata = encodeConsumerProtocolSubscription({ version: 1, topics: [...options.topics] });
    const ask = async (memberId: string) =>
      cluster.call(
        joinGroupV9.api,
        await cluster.coordinator(group, this.meeting),
        group,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId,
        instanceId,
        PROTOCOL_TYPE,
        [{ name: ASSIGNOR, metadata }],
        null,
      );
    try {
      return await ask(this.memberId);
    } catch (error) {
      // The coordinator gives a newcomer its id first, so that one who asks twice is not counted twice.
      const { response } = error as { readonly response?: joinGroupV9.JoinGroupResponse };
      if (!brokerCodes(error).includes('MEMBER_ID_REQUIRED') || response === undefined) throw error;
      return ask(response.memberId);
    }
  }

  private async assign(
    members: readonly joinGroupV9.JoinGroupResponseMember[],
  ): Promise<{ memberId: string; assignment: Buffer }[]> {
    const subscribers = members.map(({ memberId, groupInstanceId, metadata }) => ({
      rank: groupInstanceId ?? memberId,
      memberId,
      topics: decodeConsumerProtocolSubscription(metadata).topics,
    }));
    const counts = new Map<string, number>();
    for (const topic of new Set(subscribers.flatMap(({ topics }) => topics))) {
      const view = await this.context.cluster.topic(topic).catch(() => null);
      counts.set(topic, view?.leaders.length ?? 0);
    }
    return [...assignRanges(subscribers, counts)].map(([memberId, assignedPartitions]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({ version: 1, assignedPartitions }),
    }));
  }
}

/** Kafka's range assignor: of each topic, members in their order get runs of partitions that differ by one at most. */
export function assignRanges(
  members: readonly Subscriber[],
  counts: ReadonlyMap<string, number>,
): Map<string, { topic: string; partitions: number[] }[]> {
  const assigned = new Map(
    members.map(({ memberId }) => [memberId, [] as { topic: string; partitions: number[] }[]]),
  );
  for (const [topic, count] of counts) {
    const takers = members
      .filter(({ topics }) => topics.includes(topic))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1));
    let next = 0;
    takers.forEach(({ memberId }, i) => {
      const size = Math.floor(count / takers.length) + (i < count % takers.length ? 1 : 0);
      const partitions = Array.from({ length: size }, (_, k) => next + k);
      next += size;
      if (size > 0) assigned.get(memberId)?.push({ topic, partitions });
    });
  }
  return assigned;
}
