/** The reference store alone, for reading cursors and the ledger: no warehouse, nothing made. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import type { RuntimeSettings } from '../config/runtime.ts';

/** The reference store of a data directory; null when there is none yet. */
export function openExistingReference(runtime: RuntimeSettings): ReferenceStore | null {
  const path = join(runtime.dataDir, 'reference.sqlite');
  return existsSync(path) ? openSqliteReference({ path, durability: runtime.durability }) : null;
}

/** Reads in the reference store and closes it; `work` gets null where there is none yet. */
export async function withReference<T>(
  runtime: RuntimeSettings,
  work: (reference: ReferenceStore | null) => Promise<T>,
): Promise<T> {
  const reference = openExistingReference(runtime);
  try {
    return await work(reference);
  } finally {
    await reference?.close();
  }
}
