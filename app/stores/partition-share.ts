/**
 * Sharing of work: which partitions of its input a process works on (K4).
 *
 * Processes that run the same stage each hold a member file and one lock file per partition they own. Each looks now and
 * then how many members live, keeps its fair part, gives up what is beyond it and takes what is free. A killed
 * process's locks are free at once; a partition has never two owners. What a former owner still
 * believes to own it cannot write: who takes a partition claims it in the reference store before anything else
 * (`core/stage/partition-claim.ts`).
 */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder, takeLock } from './stage-lock.ts';

/** The partitions of one process. */
export interface PartitionShare {
  /** Owned now, ascending. */
  readonly owned: readonly number[];
  /** Partitions beyond the fair part: to be given up by `release` once nothing is at work on them. */
  surplus(): number[];
  /** Takes free partitions up to the fair part; returns those taken. */
  take(): number[];
  release(partition: number): void;
  close(): void;
}

/** All partitions, for a process that has the stage alone. */
export function allPartitions(count: number): PartitionShare {
  let owned: number[] = [];
  return {
    get owned() {
      return owned;
    },
    surplus: () => [],
    take: () => {
      const all = Array.from({ length: count }, (_, p) => p);
      const taken = all.filter((p) => !owned.includes(p));
      owned = all;
      return taken;
    },
    release: (partition) => {
      owned = owned.filter((p) => p !== partition);
    },
    close: () => {
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
  count: number,
  member: string,
): PartitionShare {
  return new FairShare(lockFolder(dataDir), stage, count, member);
}

class FairShare implements PartitionShare {
  private readonly folder: string;
  private readonly stage: string;
  private readonly count: number;
  private readonly file: string;
  private readonly leave: () => void;
  private readonly locks = new Map<number, () => void>();

  constructor(folder: string, stage: string, count: number, member: string) {
    this.folder = folder;
    this.stage = stage;
    this.count = count;
    this.file = `${stage}.member-${member}.lock`;
    const leave = takeLock(join(folder, this.file), 'alone', 500);
    if (leave === null) throw new Error(`two members are named ${member}`);
    this.leave = leave;
  }

  get owned(): number[] {
    return [...this.locks.keys()].sort((a, b) => a - b);
  }

  surplus(): number[] {
    return this.owned.slice(this.part());
  }

  take(): number[] {
    const taken: number[] = [];
    const part = this.part();
    for (let p = 0; p < this.count && this.locks.size < part; p++) {
      if (this.locks.has(p)) continue;
      const lock = takeLock(join(this.folder, `${this.stage}.partition-${p}.lock`), 'alone', 0);
      if (lock === null) continue;
      this.locks.set(p, lock);
      taken.push(p);
    }
    return taken;
  }

  release(partition: number): void {
    this.locks.get(partition)?.();
    this.locks.delete(partition);
  }

  close(): void {
    for (const partition of this.owned) this.release(partition);
    this.leave();
    rmSync(join(this.folder, this.file), { force: true });
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
