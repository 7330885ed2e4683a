/**
 * Who may run a stage on a data directory: one process alone, or several that share its partitions; bars have one
 * writer per key. A lock is a transaction on an empty SQLite file, so the system gives it back the moment its holder
 * dies, however it dies.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CarbonError } from '../../core/errors.ts';
import type { StageName } from '../../core/model/dead-letter.ts';

/** `alone` shuts everybody else out; `shared` lets in others who share. */
export type LockMode = 'alone' | 'shared';

/** Folder of the lock files of a data directory, made when absent. */
export function lockFolder(dataDir: string): string {
  const folder = join(dataDir, 'locks');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Takes a lock, or returns null when it is held after `patienceMs`. The function returned gives it back. */
export function takeLock(path: string, mode: LockMode, patienceMs: number): (() => void) | null {
  const lock = new DatabaseSync(path, { timeout: patienceMs });
  try {
    // Nothing is ever written: no journal is left behind.
    lock.exec('PRAGMA journal_mode = memory');
    lock.exec(mode === 'alone' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
    // A reading transaction takes its lock with the first page.
    if (mode === 'shared') lock.prepare('SELECT count(*) FROM sqlite_master').all();
  } catch {
    lock.close();
    return null;
  }
  return () => lock.close();
}

/** Takes the locks of all stages named, or throws PLAN_CONFLICT. The function returned gives them back. */
export function lockStages(dataDir: string, stages: readonly StageName[], mode: LockMode): () => void {
  const folder = lockFolder(dataDir);
  const held: (() => void)[] = [];
  const release = (): void => {
    for (const giveBack of held) giveBack();
  };
  for (const stage of stages) {
    const lock = takeLock(join(folder, `${stage}.lock`), mode, 500);
    if (lock === null) {
      release();
      throw new CarbonError('PLAN_CONFLICT', `another process runs ${stage} on ${dataDir}`, {
        context: { stage, data_dir: dataDir },
      });
    }
    held.push(lock);
  }
  return release;
}
