/** The schema files of a checkout: today's set, and the set of the last release. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';

/** One schema file. */
export interface SchemaFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Today's schemas: `events/avro/*.avsc` and `connectors/<market>/schemas/*.avsc`, in order of path. */
export async function readSchemaFiles(root: string): Promise<SchemaFile[]> {
  const files = await readFolder(root, 'events/avro');
  for (const market of await namesIn(join(root, 'connectors')))
    files.push(...(await readFolder(root, `connectors/${market}/schemas`)));
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The released schemas by file name, which is the name of today's file for the same contract. */
export async function readReleasedFiles(root: string): Promise<Map<string, SchemaFile>> {
  const files = await readFolder(root, 'events/released');
  return new Map(files.map((file) => [basename(file.path), file]));
}

/** Ids of released schemas by fingerprint. Throws SCHEMA_INVALID when the file is not such a table. */
export async function readReleasedIds(root: string): Promise<Map<string, number>> {
  const file = 'events/released/ids.json';
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(root, file), 'utf8'));
  } catch (cause) {
    if (isAbsent(cause)) return new Map();
    throw new CarbonError('SCHEMA_INVALID', `${file} is not readable`, { position: { file }, cause });
  }
  const ids = new Map(Object.entries(json as Record<string, unknown>));
  for (const [fingerprint, id] of ids)
    if (!/^[0-9a-f]{32}$/.test(fingerprint) || !Number.isInteger(id) || (id as number) < 1)
      throw new CarbonError('SCHEMA_INVALID', `${file}: ${fingerprint} needs an id from 1`, {
        position: { file, field: fingerprint, expected: 'an integer from 1', got: String(id) },
      });
  return ids as Map<string, number>;
}

async function readFolder(root: string, folder: string): Promise<SchemaFile[]> {
  const names = (await namesIn(join(root, folder))).filter((name) => name.endsWith('.avsc'));
  return Promise.all(
    names.map(async (name) => ({
      path: `${folder}/${name}`,
      text: await readFile(join(root, folder, name), 'utf8'),
    })),
  );
}

/** Names in a folder, sorted; none when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** True for the error of a path that does not exist. */
export function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOENT' || code === 'ENOTDIR';
}
