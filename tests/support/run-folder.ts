/**
 * Where the tests of a run write. Stores, archives and engines of tests wait for the disk in every second that they take,
 * and prove nothing by it: processes are killed, the power never is. So it is memory, where the machine has room.
 */

import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableMemory } from 'node:process';

const MEMORY = '/dev/shm';

const GIB = 2 ** 30;

/** Room for what the folder may come to hold: a week of all markets is 0.4 GiB, and several files run at once. */
const ROOM = 4 * GIB;

/** And what the processes take beside it. */
const PROCESSES = 4 * GIB;

/** The folder of one run. */
export interface RunFolder {
  readonly path: string;
  /** Variables of the run's processes. */
  readonly variables: Readonly<Record<string, string>>;
  /** Removes it with all that is in it. */
  remove(): void;
}

/**
 * A new folder in memory, or null where the caller has said where temporary files go (`TMPDIR`), or where memory is short:
 * then it is the folder of the system, as ever.
 */
export function openRunFolder(env: Readonly<Record<string, string | undefined>>): RunFolder | null {
  if (env['TMPDIR'] !== undefined || !hasRoom()) return null;
  const path = mkdtempSync(join(MEMORY, 'carbon-tests-'));
  // PostgreSQL runs as another user when this is root.
  chmodSync(path, 0o755);
  return {
    path,
    // Engines that files share outlive the run by a minute, and are found where a file alone looks for them.
    variables: { TMPDIR: path, CARBON_TEST_ENGINES: tmpdir() },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM && availableMemory() >= ROOM + PROCESSES && mayRun();
  } catch {
    return false;
  }
}

/** Scripts of tests are run where they lie, which some containers forbid there. */
function mayRun(): boolean {
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === MEMORY);
  return mount !== undefined && !(mount.split(' ')[3] ?? '').split(',').includes('noexec');
}
