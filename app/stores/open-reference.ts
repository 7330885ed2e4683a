/** The reference store alone, for reading cursors and the ledger: no warehouse, nothing made. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import type { RuntimeSettings } from '../config/runtime.ts';

/** The reference store of the profile; null for a data directory that has none yet. */
async function openExistingReference(runtime: RuntimeSettings): Promise<ReferenceStore | null> {
  if (runtime.profile === 'cluster')
    return (await import('./cluster-engines.ts')).clusterReference(runtime, systemClock);
  const path = join(runtime.dataDir, 'reference.sqlite');
  return existsSync(path) ? openSqliteReference({ path, durability: runtime.durability }) : null;
}

/** Reads in the reference store and closes it; `work` gets null where there is none yet. */
export async function withReference<T>(
  runtime: RuntimeSettings,
  work: (reference: ReferenceStore | null) => Promise<T>,
): Promise<T> {
  const reference = await openExistingReference(runtime);
  try {
    return await work(reference);
  } finally {
    await reference?.close();
  }
}
