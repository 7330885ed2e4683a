/**
 * One process per stage and data directory: bars have one writer per key. The lock is an exclusive transaction on an
 * empty SQLite file, so the system gives it back the moment its holder dies, however it dies.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CarbonError } from '../../core/errors.ts';
import type { StageName } from '../../core/model/dead-letter.ts';

/** Takes the locks of all stages named, or throws PLAN_CONFLICT. The function returned gives them back. */
export function lockStages(dataDir: string, stages: readonly StageName[]): () => void {
  const folder = join(dataDir, 'locks');
  mkdirSync(folder, { recursive: true });
  const held: DatabaseSync[] = [];
  const release = (): void => {
    for (const lock of held) lock.close();
  };
  for (const stage of stages) {
    const lock = new DatabaseSync(join(folder, `${stage}.lock`), { timeout: 500 });
    held.push(lock);
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      release();
      throw new CarbonError('PLAN_CONFLICT', `another process runs ${stage} on ${dataDir}`, {
        context: { stage, data_dir: dataDir },
        cause,
      });
    }
  }
  return release;
}
