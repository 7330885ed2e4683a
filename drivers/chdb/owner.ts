/** Who owns the directory of a warehouse. Apart from the engine, so that who only asks does not load it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The other living process that the directory's lock file names, or null. */
export function ownerOf(directory: string): number | null {
  let pid = 0;
  try {
    pid = Number(/^PID: (\d+)$/m.exec(readFileSync(join(directory, 'status'), 'utf8'))?.[1]);
    if (!(pid > 0) || pid === process.pid) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}
