/**
 * PayloadArchive in a folder: `<aa>/<bb>/<sha256>` holds the bytes, `<sha256>.json` the exchange that brought them.
 *
 * A payload is archived when its own name exists; everything before that is preparation. The order of one `put`:
 *
 *   1. both files are written under other names in `incoming/` and synced: no file is ever seen half;
 *   2. the exchange gets its name by a hard link, which fails when there is one: the first exchange stands, also when
 *      two processes race, and also when its process died before step 3 (the bytes had been received by then);
 *   3. the payload gets its name in the same way: exactly one of several racers is told `isNew`;
 *   4. the folder is synced, also by those who came second: they promise durability too.
 *
 * A kill before 2 leaves nothing but files in `incoming/`, swept a day later; between 2 and 3 an exchange without a
 * payload, which reads as ARCHIVE_MISSING and is completed by the retry; after 3 a whole payload. The file system must
 * know hard links.
 */

import { createHash } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { Archived, Exchange, PayloadArchive } from '../../core/ports/payload-archive.ts';
import { exchangeFromJson, exchangeToJson } from './exchange-json.ts';

export interface DiskArchiveOptions {
  /** The folder; made when absent. */
  readonly folder: string;
}

/** Files in `incoming/` of this age belong to no living put. */
const STALE_MS = 24 * 3_600_000;

const HASH = /^[0-9a-f]{64}$/;

/** Opens an archive, or makes it, and sweeps what killed processes left. Throws STORE_UNREACHABLE. */
export async function openDiskArchive(options: DiskArchiveOptions): Promise<PayloadArchive> {
  const folder = resolve(options.folder);
  const incoming = join(folder, 'incoming');
  try {
    await mkdir(incoming, { recursive: true });
    for (const name of await readdir(incoming)) await sweep(join(incoming, name));
  } catch (error) {
    throw unreachable(error, folder);
  }
  return new DiskArchive(folder, incoming);
}

async function sweep(path: string): Promise<void> {
  // Another process may sweep the same file, or finish with it, at this moment.
  const found = await stat(path).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
}

let written = 0;

class DiskArchive implements PayloadArchive {
  private readonly folder: string;
  private readonly incoming: string;

  constructor(folder: string, incoming: string) {
    this.folder = folder;
    this.incoming = incoming;
  }

  async put(payload: Uint8Array, exchange: Exchange): Promise<Archived> {
    const sha256 = sha256Of(payload);
    const target = this.pathOf(sha256);
    try {
      const known = await this.known(sha256, payload);
      if (known !== null) {
        await this.syncFolders(sha256);
        return { sha256, bytes: payload.length, exchange: known, isNew: false };
      }
      await mkdir(join(target, '..'), { recursive: true });
      await this.publish(Buffer.from(exchangeToJson(exchange)), `${target}.json`);
      const first = await this.readExchange(sha256);
      const isNew = await this.publish(payload, target);
      await this.syncFolders(sha256);
      return { sha256, bytes: payload.length, exchange: first, isNew };
    } catch (error) {
      throw unreachable(error, this.folder);
    }
  }

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await this.readPayload(sha256);
    if (bytes === null) throw missing(sha256);
    if (sha256Of(bytes) !== sha256)
      throw new CarbonError('ARCHIVE_CORRUPT', `the payload ${sha256} has other bytes than its name says`, {
        position: { file: this.pathOf(sha256) },
        context: { sha256 },
      });
    return bytes;
  }

  async exchangeOf(sha256: string): Promise<Exchange> {
    const archived = HASH.test(sha256) && (await stat(this.pathOf(sha256)).catch(() => null)) !== null;
    if (!archived) throw missing(sha256);
    try {
      return await this.readExchange(sha256);
    } catch (error) {
      throw isAbsent(error) ? missing(sha256) : unreachable(error, this.folder);
    }
  }

  /** The exchange of a payload that is there; null when it is not. A damaged copy is replaced: the bytes are at hand. */
  private async known(sha256: string, payload: Uint8Array): Promise<Exchange | null> {
    const stored = await this.readPayload(sha256);
    if (stored === null) return null;
    if (Buffer.compare(stored, payload) !== 0) {
      const whole = await this.write(payload);
      await rename(whole, this.pathOf(sha256));
    }
    try {
      return await this.readExchange(sha256);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  private async readPayload(sha256: string): Promise<Uint8Array | null> {
    // Also keeps a hash from the outside from naming any other file.
    if (!HASH.test(sha256)) return null;
    try {
      return await readFile(this.pathOf(sha256));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw unreachable(error, this.folder);
    }
  }

  private async readExchange(sha256: string): Promise<Exchange> {
    const path = `${this.pathOf(sha256)}.json`;
    const exchange = exchangeFromJson(await readFile(path, 'utf8'));
    if (exchange === null)
      throw new CarbonError('ARCHIVE_CORRUPT', `the exchange record of ${sha256} is not readable`, {
        position: { file: path },
        context: { sha256 },
      });
    return exchange;
  }

  /** Gives bytes a name, whole and synced; false when the name was taken. */
  private async publish(bytes: Uint8Array, target: string): Promise<boolean> {
    const whole = await this.write(bytes);
    try {
      await link(whole, target);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(whole, { force: true });
    }
  }

  /** A new synced file in `incoming/`. */
  private async write(bytes: Uint8Array): Promise<string> {
    const path = join(this.incoming, `${process.pid}-${Date.now()}-${written++}`);
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return path;
  }

  /** Syncs the names of a payload up to the root: any of the folders may be new, and known to no disk yet. */
  private async syncFolders(sha256: string): Promise<void> {
    const path = this.pathOf(sha256);
    for (const up of ['..', '../..', '../../..']) {
      const folder: FileHandle = await open(join(path, up), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    }
  }

  private pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function missing(sha256: string): CarbonError {
  return new CarbonError('ARCHIVE_MISSING', `no payload ${sha256} in the archive`, { context: { sha256 } });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isAbsent(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/** A full disk or a lost mount goes away; the caller tries again. */
function unreachable(error: unknown, folder: string): unknown {
  if (error instanceof CarbonError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CarbonError('STORE_UNREACHABLE', `the payload archive ${folder} does not work: ${message}`, {
    cause: error,
    context: { store: folder },
  });
}
