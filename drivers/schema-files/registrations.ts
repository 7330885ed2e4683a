/**
 * Schemas registered at run time, one file each under the data directory: `schemas/000001.json`, `000002.json` …
 *
 * A file is written aside and linked to its number, which fails when the number is taken: two processes never take
 * the same one, and nobody reads half a file.
 */

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { RegisteredSchema } from '../../core/ports/schema-registry.ts';
import { isAbsent } from './files.ts';

export class Registrations {
  private readonly folder: string;
  private count = 0;

  /** `dataDir` need not exist yet. */
  constructor(dataDir: string) {
    this.folder = join(dataDir, 'schemas');
  }

  /** Registrations that were not returned before, in order. Throws SCHEMA_INVALID for a damaged file. */
  async readNew(): Promise<RegisteredSchema[]> {
    const found: RegisteredSchema[] = [];
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

  /** Stores the next registration durably; false when another process was faster, whose file is then to be read. */
  async add(schema: RegisteredSchema): Promise<boolean> {
    await mkdir(this.folder, { recursive: true });
    const aside = join(this.folder, `${randomUUID()}.tmp`);
    const handle = await open(aside, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(schema, null, 2)}\n`);
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

function parse(text: string, file: string): RegisteredSchema {
  try {
    const { id, subject, version, schema } = JSON.parse(text) as Record<string, unknown>;
    if (
      typeof id === 'number' &&
      typeof subject === 'string' &&
      typeof version === 'number' &&
      typeof schema === 'string'
    )
      return { id, subject, version, schema };
  } catch (cause) {
    throw new CarbonError('SCHEMA_INVALID', `${file} is damaged`, { position: { file }, cause });
  }
  throw new CarbonError('SCHEMA_INVALID', `${file} is not a registration`, { position: { file } });
}
