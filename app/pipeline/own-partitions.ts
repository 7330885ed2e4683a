/**
 * The partitions that a worker owns, each with its runner. Which they are changes while it works: others come and go, and
 * the shares of all are balanced.
 */

import { CarbonError } from '../../core/errors.ts';
import {
  type PartitionShare,
  partitionsText,
  type TopicPartition,
} from '../../core/ports/partition-share.ts';
import { PartitionRunner } from '../../core/stage/partition-runner.ts';
import { RunTotals } from '../../core/stage/totals.ts';
import type { Stores } from '../stores/open-stores.ts';
import { CODE_VERSION } from '../version.ts';
import type { LiveChains } from './live-chains.ts';
import { groupOf, type ServiceName } from './services.ts';

/** What a worker is made of. */
export interface WorkerParts {
  readonly service: ServiceName;
  readonly stores: Stores;
  readonly chains: LiveChains;
  readonly share: PartitionShare;
}

/** The runners of one worker. */
export class OwnPartitions {
  private readonly parts: WorkerParts;
  private atWork: readonly PartitionRunner<unknown>[] = [];
  private readonly past = new RunTotals();

  /** Takes what is free. */
  constructor(parts: WorkerParts) {
    this.parts = parts;
    this.take();
  }

  /** One runner for each partition; a list of its own after each change. */
  get runners(): readonly PartitionRunner<unknown>[] {
    return this.atWork;
  }

  /** Tells which partitions the work begins with. */
  announce(): void {
    this.tell([], this.parts.share.owned, []);
  }

  /** Counts of all runners together, those of partitions given away included. */
  totals(): RunTotals {
    const sum = new RunTotals();
    sum.merge(this.past);
    for (const { totals } of this.atWork) sum.merge(totals);
    return sum;
  }

  /**
   * Another process has claimed the partition: its runner ends where it is, without a last word. Should it be ours all
   * the same, the next look takes it again, with a claim of its own.
   */
  lose(runner: PartitionRunner<unknown>, why: CarbonError): void {
    const { share, service, stores } = this.parts;
    const { topic, partition } = runner;
    this.drop([runner]);
    share.release({ topic, partition });
    stores.telemetry.emit({
      name: 'partition.lost',
      level: 'warning',
      facts: { service, topic, partition, code: why.code, error: why.message },
    });
  }

  /** Drops what was lost, gives up what is asked back, and takes what is free. */
  async balance(): Promise<void> {
    const { share } = this.parts;
    const lost = share.lost();
    this.drop(lost);
    const surplus = share.surplus();
    for (const lane of surplus) {
      try {
        for (const runner of this.of([lane])) await runner.drain();
      } catch (error) {
        if (!isLost(error)) throw error;
      }
      this.drop([lane]);
      share.release(lane);
    }
    this.tell(lost, this.take(), surplus);
  }

  private tell(
    lost: readonly TopicPartition[],
    taken: readonly TopicPartition[],
    given: readonly TopicPartition[],
  ): void {
    if (lost.length + given.length + taken.length === 0) return;
    const { share, service, stores } = this.parts;
    stores.telemetry.emit({
      name: 'partitions.shared',
      level: lost.length === 0 ? 'info' : 'warning',
      facts: {
        service,
        owned: partitionsText(share.owned),
        taken: partitionsText(taken),
        given: partitionsText(given),
        lost: partitionsText(lost),
      },
    });
  }

  private of(lanes: readonly TopicPartition[]): PartitionRunner<unknown>[] {
    return this.atWork.filter((runner) =>
      lanes.some(({ topic, partition }) => topic === runner.topic && partition === runner.partition),
    );
  }

  private drop(lanes: readonly TopicPartition[]): void {
    const leaving = this.of(lanes);
    for (const { totals } of leaving) this.past.merge(totals);
    this.atWork = this.atWork.filter((runner) => !leaving.includes(runner));
  }

  /** One runner for each partition taken; each claims its own before it reads a thing. */
  private take(): readonly TopicPartition[] {
    const { service, chains, share, stores } = this.parts;
    const { runtime } = stores;
    const taken = share.take();
    const runners = taken.map(
      ({ topic, partition }) =>
        new PartitionRunner(chains.ofPartition(), stores, {
          service,
          group: groupOf(service, runtime.engines),
          topic,
          partition,
          codeVersion: CODE_VERSION,
          maxBytes: runtime.maxBatchBytes,
          maxRecords: runtime.maxBatchSize,
        }),
    );
    this.atWork = [...this.atWork, ...runners];
    return taken;
  }
}

/** The partition has another owner now. */
export function isLost(error: unknown): error is CarbonError {
  return error instanceof CarbonError && error.code === 'PLAN_CONFLICT';
}
