/**
 * Partitions whose reader found nothing the last time. A service reads some dozens of partitions round and round, and
 * most of them are quiet: their ends are asked for together, in one request for all, in place of a fetch for each.
 */

import type { KafkaCluster } from './cluster.ts';
import { endsOf } from './offsets.ts';
import { Isolation } from './requests.ts';

interface DrainedLane {
  readonly topic: string;
  readonly partition: number;
  /** Where its reader stands. */
  readonly offset: number;
}

/** How old an answer may be, in milliseconds: about as long as a round through quiet partitions takes. */
const FRESH_MS = 10;

export class DrainedLanes {
  private readonly cluster: KafkaCluster;
  /** By `topic/partition`. */
  private readonly lanes = new Map<string, DrainedLane>();
  private look: Promise<void> = Promise.resolve();
  private lookedAt = -Infinity;

  constructor(cluster: KafkaCluster) {
    this.cluster = cluster;
  }

  /** A reader found nothing at this offset. */
  mark(topic: string, partition: number, offset: number): void {
    this.lanes.set(`${topic}/${partition}`, { topic, partition, offset });
  }

  /** Something was appended, or something is wrong: the next read asks for itself. */
  forget(topic: string, partition: number): void {
    this.lanes.delete(`${topic}/${partition}`);
  }

  /**
   * True when there was nothing at the offset less than {@link FRESH_MS} ago. What is appended through the same log, or
   * has woken somebody who waits, is never overlooked. Never rejects: who hears false reads, and has the failure.
   */
  async isStillAt(topic: string, partition: number, offset: number): Promise<boolean> {
    if (!this.isMarkedAt(topic, partition, offset)) return false;
    if (performance.now() - this.lookedAt >= FRESH_MS) {
      this.lookedAt = performance.now();
      this.look = this.askForEnds().catch(() => this.lanes.clear());
    }
    await this.look;
    return this.isMarkedAt(topic, partition, offset);
  }

  private isMarkedAt(topic: string, partition: number, offset: number): boolean {
    return this.lanes.get(`${topic}/${partition}`)?.offset === offset;
  }

  /** Forgets what has another end by now; only what was asked about stays. */
  private async askForEnds(): Promise<void> {
    const asked = [];
    for (const lane of this.lanes.values()) {
      const { leaders } = await this.cluster.lane(lane.topic, lane.partition);
      asked.push({ ...lane, node: leaders[lane.partition] });
    }
    const ends = await endsOf(this.cluster, asked, Isolation.readCommitted);
    for (const { topic, partition, offset } of asked)
      if (ends.get(`${topic}/${partition}`) !== offset && this.isMarkedAt(topic, partition, offset))
        this.forget(topic, partition);
  }
}
