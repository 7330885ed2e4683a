/** Checks of the machine: runtime, engines, folders, time zones. Nothing is left behind. */

import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import { HOUR, parseInstant } from '../../core/time/instant.ts';
import { offsetAt } from '../../core/time/zone.ts';
import { examine, type Finding, failure, fine, type Verdict, warning } from './finding.ts';

const OLDEST_NODE = 26;
const GIB = 1_073_741_824;
/** Free space below which a store is about to fail, and below which somebody should look; in bytes. */
const TOO_LITTLE = GIB / 8;
const LITTLE = 2 * GIB;

/** Checks that need no data directory. */
export async function examineMachine(): Promise<Finding[]> {
  return [
    await examine('node', 78, node),
    await examine('sqlite', 78, sqlite),
    await examine('time zones', 78, timeZones),
    await examine('block folder', 7, blockFolder),
  ];
}

function node(): Verdict {
  const { node: version } = process.versions;
  const flaw =
    Number(version.split('.')[0]) < OLDEST_NODE
      ? `is older than ${OLDEST_NODE}`
      : typeof Temporal === 'undefined'
        ? 'was built without Temporal'
        : null;
  if (flaw !== null) throw new CarbonError('RUNTIME_UNSUITABLE', `Node ${version} ${flaw}`);
  return fine(`Node ${version} with Temporal, ${process.platform}-${process.arch}`);
}

async function sqlite(): Promise<Verdict> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(':memory:');
  try {
    return fine(`SQLite ${db.prepare('select sqlite_version() as v').get()?.['v']}`);
  } finally {
    db.close();
  }
}

/** New York went from -5 h to -4 h at 07:00 UTC on 9 March 2025, and back at 06:00 UTC on 2 November 2025. */
function timeZones(): Verdict {
  const zone = 'America/New_York';
  const hours = [
    '2025-03-09T06:59:00Z',
    '2025-03-09T07:00:00Z',
    '2025-11-02T05:59:00Z',
    '2025-11-02T06:00:00Z',
  ].map((at) => offsetAt(zone, parseInstant(at) ?? 0) / HOUR);
  const { tz = 'of unknown version' } = process.versions;
  if (hours.join() === '-5,-4,-4,-5') return fine(`data ${tz}; ${zone} changes on 2025-03-09 and 2025-11-02`);
  return failure(
    `data ${tz}; ${zone} has the offsets ${hours.join(', ')} h around its changes of 2025`,
    'Use a Node with full ICU data, and unset NODE_ICU_DATA.',
  );
}

/** Blocks pass to the engine through a folder in memory, or through the temporary folder. */
function blockFolder(): Verdict {
  const memory = '/dev/shm';
  const folder = existsSync(memory) ? memory : tmpdir();
  accessSync(folder, constants.W_OK | constants.X_OK);
  const free = freeBytes(folder);
  if (free < GIB / 16)
    return failure(`${folder} has ${sizeText(free)} free`, 'Free some: a block of rows passes through it.');
  if (folder !== memory)
    return warning(`no ${memory}: blocks pass through ${folder}`, 'Nothing breaks; inserts are slower.');
  return fine(`${folder}, ${sizeText(free)} free`);
}

/** The data directory, or the folder that it would be made in. */
export function examineDataFolder(dataDir: string): Promise<Finding> {
  return examine('data directory', 7, () => {
    if (existsSync(dataDir) && !statSync(dataDir).isDirectory())
      return failure(`${dataDir} is no directory`, 'Name another one with --data.');
    const folder = nearestExisting(dataDir);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch {
      return failure(`${folder} is not writable`, 'Change its permissions, or name another one with --data.');
    }
    const free = freeBytes(folder);
    const is =
      folder === dataDir ? dataDir : `${dataDir} does not exist yet; the first replay or up makes it`;
    const said = `${is}; ${sizeText(free)} free`;
    if (free < TOO_LITTLE) return failure(said, 'Free some space, or name another directory with --data.');
    return free < LITTLE ? warning(said, 'Free some space soon.') : fine(said);
  });
}

/** The engine in this process, on a folder of its own that is removed again. */
export function examineEngine(): Promise<Finding> {
  return examine('chdb', 78, async () => {
    const { openChdb } = await import('../../drivers/chdb/warehouse.ts');
    const folder = mkdtempSync(join(tmpdir(), 'carbon-doctor-'));
    try {
      const engine = openChdb(join(folder, 'warehouse'));
      try {
        const [row] = await engine.queryRows('SELECT version() AS version');
        return fine(`chDB answers as ClickHouse ${row?.['version']}`);
      } finally {
        await engine.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function sizeText(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.floor(bytes / 1_048_576)} MiB`;
}
