/** The numbered SQL files of a folder. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import { type Migration, readMigrations } from '../../core/store/migrations.ts';

/** Reads the migrations of a folder in order. Throws CONFIG_INVALID for a misnamed file, FILE_UNREADABLE for the folder. */
export async function readMigrationFolder(folder: string): Promise<Migration[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
    const files = names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') }));
    return readMigrations(await Promise.all(files));
  } catch (error) {
    if (error instanceof CarbonError) throw error;
    throw new CarbonError('FILE_UNREADABLE', `the migrations in ${folder} cannot be read`, {
      cause: error,
      position: { file: folder },
    });
  }
}
