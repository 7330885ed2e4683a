/**
 * Ends an engine that tests share once none of them has used it for a while. Run beside them, as
 * `idle-engine.ts <script> <file that users touch> <own lock file>`; a second one for the same lock ends at once.
 */

import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from '../../app/stores/stage-lock.ts';

/** Milliseconds without a touch: the next test file of a run begins sooner. */
const IDLE_MS = 60_000;

const [script, inUse, lockFile] = process.argv.slice(2);
const unlock = takeLock(lockFile, 'alone', 0);
if (unlock !== null) {
  while (lastUse() > Date.now() - IDLE_MS) await delay(2000);
  spawnSync('bash', [script, 'down'], { stdio: 'ignore' });
  rmSync(inUse, { force: true });
  unlock();
}

function lastUse(): number {
  try {
    return statSync(inUse).mtimeMs;
  } catch {
    return 0;
  }
}
