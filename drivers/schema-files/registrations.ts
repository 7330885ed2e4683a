/**
 * What was done to the registry at run time, one file each under the data directory: `schemas/000001.json`,
 * `000002.json` … A registration is the entry itself; anything else says its kind.
 *
 * A file is written aside and linked to its number, which fails when the number is taken: two processes never take
 * the same one, and nobody reads half a file.
 */

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { RegisteredSchema } from '../../core/ports/schema-registry.ts';
import { type CompatibilityLevel, isCompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import { isAbsent } from './files.ts';

/** A subject, or one version of it, is out of sight (soft), or gone for good. */
export interface Deletion {
  readonly kind: 'deleted';
  readonly subject: string;
  /** Null: all versions. */
  readonly version: number | null;
  readonly permanent: boolean;
}

/** A level of compatibility is given to a subject (null: to the registry), or taken back (null). */
export interface LevelChange {
  readonly kind: 'level';
  readonly subject: string | null;
  readonly level: CompatibilityLevel | null;
}

/** One thing that was done. */
export type RegistryEvent = RegisteredSchema | Deletion | LevelChange;

export class Registrations {
  private readonly folder: string;
  private count = 0;

  /** `dataDir` need not exist yet. */
  constructor(dataDir: string) {
    this.folder = join(dataDir, 'schemas');
  }

  /** What was done and not returned before, in order. Throws SCHEMA_INVALID for a damaged file. */
  async readNew(): Promise<RegistryEvent[]> {
    const found: RegistryEvent[] = [];
    for (;;) {
      const file = this.pathOf(this.count + 1);
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if (isAbsent(error)) return found;
        throw error;
      }
      found.push(parse(text, file));
      this.count++;
    }
  }

  /** Stores the next event durably; false when another process was faster, whose file is then to be read. */
  async add(event: RegistryEvent): Promise<boolean> {
    await mkdir(this.folder, { recursive: true });
    const aside = join(this.folder, `${randomUUID()}.tmp`);
    const handle = await open(aside, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(event, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await link(aside, this.pathOf(this.count + 1));
      this.count++;
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }

  private pathOf(ordinal: number): string {
    return join(this.folder, `${String(ordinal).padStart(6, '0')}.json`);
  }
}

function parse(text: string, file: string): RegistryEvent {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new CarbonError('SCHEMA_INVALID', `${file} is damaged`, { position: { file }, cause });
  }
  const event = eventOf(json);
  if (event !== null) return event;
  throw new CarbonError('SCHEMA_INVALID', `${file} is not a registration`, { position: { file } });
}

function eventOf(json: Record<string, unknown>): RegistryEvent | null {
  const { kind, id, subject, version, schema, permanent, level } = json;
  const isSubject = typeof subject === 'string';
  if (kind === 'level' && (isSubject || subject === null) && (level === null || isCompatibilityLevel(level)))
    return { kind, subject, level };
  if (kind === 'deleted' && isSubject && typeof permanent === 'boolean')
    return { kind, subject, version: typeof version === 'number' ? version : null, permanent };
  if (kind === undefined && isSubject && typeof id === 'number' && typeof version === 'number')
    return typeof schema === 'string' ? { id, subject, version, schema } : null;
  return null;
}
