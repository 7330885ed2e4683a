/** A private folder in memory, where blocks pass from this process to the engine. */

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MEMORY = '/dev/shm';

/**
 * Makes the folder (mode 0700, on a memory file system where there is one) and removes what killed processes left
 * for the same warehouse directory. Call it as the owner of that directory: nobody else can be using them then.
 */
export function openScratch(directory: string): string {
  const root = existsSync(MEMORY) ? MEMORY : tmpdir();
  const prefix = `carbon-${shortHash(resolve(directory))}-`;
  for (const name of readdirSync(root)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(root, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true });
  }
  return mkdtempSync(join(root, prefix));
}

/** Sixteen hex digits that stand for a path. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
