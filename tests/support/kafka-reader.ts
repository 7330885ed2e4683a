/** A member of a group that reads and commits, as a service does: for tests of groups. */

import { setTimeout as delay } from 'node:timers/promises';
import { CarbonError } from '../../core/errors.ts';
import type { TopicPartition } from '../../core/ports/partition-share.ts';
import { type KafkaLog, openKafkaLog } from '../../drivers/kafka/event-log.ts';
import type { KafkaGroupOptions } from '../../drivers/kafka/group-member.ts';
import type { KafkaOptions } from '../../drivers/kafka/options.ts';
import { recordsOf } from '../conformance/event-log-records.ts';

/** What a reader is told to hear: each record, each partition that becomes its own, each commit that is refused. */
export interface ReaderEvents {
  readonly seen: (value: string, partition: number) => void;
  readonly taken: (ownership: TopicPartition) => void;
  readonly refused?: (error: CarbonError) => void;
}

/** Milliseconds between two looks. */
const LOOK_MS = 20;

export class KafkaReader {
  readonly log: KafkaLog;
  private readonly options: KafkaGroupOptions;
  private readonly events: ReaderEvents;
  private running = true;
  private loop: Promise<void> = Promise.resolve();
  /** Partitions at work, in order. */
  owned: number[] = [];

  constructor(kafka: KafkaOptions, options: KafkaGroupOptions, events: ReaderEvents) {
    this.log = openKafkaLog(kafka);
    this.options = options;
    this.events = events;
  }

  async start(): Promise<this> {
    const share = await this.log.joinGroup(this.options);
    const { group, topics } = this.options;
    const next = new Map<number, number>();
    const turn = async (): Promise<void> => {
      for (const { partition } of share.lost()) next.delete(partition);
      for (const given of share.surplus()) {
        next.delete(given.partition);
        share.release(given);
      }
      for (const ownership of share.take()) {
        const { topic, partition } = ownership;
        this.events.taken(ownership);
        const committed = await this.log.committed(group, topic, partition);
        next.set(partition, committed ?? (await this.log.bounds(topic, partition)).earliest);
      }
      this.owned = share.owned.map(({ partition }) => partition);
      for (const [partition, from] of next) {
        const slices = await this.log.read(topics[0], partition, from, 1_000_000);
        if (slices.length === 0) continue;
        for (const { offset, value } of recordsOf(slices))
          if (offset >= from) this.events.seen(value, partition);
        const to = slices[slices.length - 1].to;
        next.set(partition, to);
        try {
          await this.log.commit(group, topics[0], partition, to);
        } catch (error) {
          if (!(error instanceof CarbonError) || error.code !== 'PLAN_CONFLICT') throw error;
          this.events.refused?.(error);
          next.delete(partition);
        }
      }
    };
    this.loop = (async () => {
      while (this.running) {
        await turn();
        await delay(LOOK_MS);
      }
      await share.close();
    })();
    return this;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loop.finally(() => this.log.close());
  }
}
