/**
 * Sharing of work between the processes of one machine (K4), in the embedded profile.
 *
 * Processes that run the same stage each hold a member file and one lock file per partition they own. Each looks now and
 * then how many members live, keeps its fair part, gives up what is beyond it and takes what is free. A killed
 * process's locks are free at once; a partition has never two owners. A lock is of a partition number: that partition of
 * every topic of the stage goes with it. What a former owner still believes to own it cannot write: who takes a
 * partition claims it in the reference store before anything else (`core/stage/partition-claim.ts`).
 */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  byTopicAndPartition,
  type PartitionShare,
  type TopicPartition,
} from '../../core/ports/partition-share.ts';
import { lockFolder, takeLock } from './stage-lock.ts';

/** Topics of a stage, and how many partitions each has. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** The partition of that number of every topic that has one. */
function lanesOf(counts: PartitionCounts, partition: number): TopicPartition[] {
  return [...counts].filter(([, count]) => partition < count).map(([topic]) => ({ topic, partition }));
}

const largest = (counts: PartitionCounts): number => Math.max(0, ...counts.values());

/** All partitions, for a process that has the stage alone. */
export function allPartitions(counts: PartitionCounts): PartitionShare {
  const all = Array.from({ length: largest(counts) }, (_, p) => lanesOf(counts, p)).flat();
  let owned: TopicPartition[] = [];
  let isTaken = false;
  return {
    get owned() {
      return owned.toSorted(byTopicAndPartition);
    },
    surplus: () => [],
    lost: () => [],
    take: () => {
      if (isTaken) return [];
      isTaken = true;
      owned = all;
      return owned.toSorted(byTopicAndPartition);
    },
    release: ({ topic, partition }) => {
      owned = owned.filter((lane) => lane.topic !== topic || lane.partition !== partition);
      isTaken = owned.length > 0;
    },
    close: async () => {
      owned = [];
    },
  };
}

/**
 * A fair part of the partitions of a stage. `member` names the process, unique in the data directory; parts differ by
 * one at most, and the members that are first by name have the larger ones.
 */
export function fairPartitions(
  dataDir: string,
  stage: string,
  counts: PartitionCounts,
  member: string,
): PartitionShare {
  return new FairShare(lockFolder(dataDir), stage, counts, member);
}

/** A partition number of ours: its lock, and the topics whose partition is not yet given back. */
interface Locked {
  readonly unlock: () => void;
  readonly topics: Set<string>;
}

class FairShare implements PartitionShare {
  private readonly folder: string;
  private readonly stage: string;
  private readonly counts: PartitionCounts;
  private readonly count: number;
  private readonly file: string;
  private readonly leave: () => void;
  private readonly locks = new Map<number, Locked>();

  constructor(folder: string, stage: string, counts: PartitionCounts, member: string) {
    this.folder = folder;
    this.stage = stage;
    this.counts = counts;
    this.count = largest(counts);
    this.file = `${stage}.member-${member}.lock`;
    const leave = takeLock(join(folder, this.file), 'alone', 500);
    if (leave === null) throw new Error(`two members are named ${member}`);
    this.leave = leave;
  }

  get owned(): TopicPartition[] {
    return this.lanes([...this.locks.keys()]);
  }

  surplus(): TopicPartition[] {
    return this.lanes([...this.locks.keys()].sort((a, b) => a - b).slice(this.part()));
  }

  /** A lock is lost with its process alone. */
  lost(): TopicPartition[] {
    return [];
  }

  take(): TopicPartition[] {
    const taken: number[] = [];
    const part = this.part();
    for (let p = 0; p < this.count && this.locks.size < part; p++) {
      if (this.locks.has(p)) continue;
      const unlock = takeLock(join(this.folder, `${this.stage}.partition-${p}.lock`), 'alone', 0);
      if (unlock === null) continue;
      this.locks.set(p, { unlock, topics: new Set(lanesOf(this.counts, p).map(({ topic }) => topic)) });
      taken.push(p);
    }
    return this.lanes(taken);
  }

  /** The lock goes with the last topic. */
  release({ topic, partition }: TopicPartition): void {
    const locked = this.locks.get(partition);
    locked?.topics.delete(topic);
    if (locked === undefined || locked.topics.size > 0) return;
    locked.unlock();
    this.locks.delete(partition);
  }

  async close(): Promise<void> {
    for (const { unlock } of this.locks.values()) unlock();
    this.locks.clear();
    this.leave();
    rmSync(join(this.folder, this.file), { force: true });
  }

  private lanes(partitions: readonly number[]): TopicPartition[] {
    return partitions
      .flatMap((partition) =>
        [...(this.locks.get(partition)?.topics ?? [])].map((topic) => ({ topic, partition })),
      )
      .sort(byTopicAndPartition);
  }

  private part(): number {
    const members = this.members();
    const rank = members.indexOf(this.file);
    return Math.floor(this.count / members.length) + (rank < this.count % members.length ? 1 : 0);
  }

  /** Member files whose process lives, in order of name; those of the dead are removed. */
  private members(): string[] {
    const prefix = `${this.stage}.member-`;
    return readdirSync(this.folder)
      .filter((name) => name.startsWith(prefix) && name.endsWith('.lock'))
      .filter((name) => name === this.file || this.isAlive(join(this.folder, name)))
      .sort();
  }

  private isAlive(path: string): boolean {
    const lock = takeLock(path, 'alone', 0);
    if (lock === null) return true;
    rmSync(path, { force: true });
    lock();
    return false;
  }
}
