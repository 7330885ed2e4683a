/**
 * What follows from code, kept while its files are the same: looking at a few hundred files costs a tenth of running what
 * is in them. There is one value of a name, so that editing leaves nothing behind.
 */

import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keptPath, readKept, writeKept } from './kept-values.ts';

/** All files of folders at a moment. */
export interface FileStates {
  /** Their paths, in order. */
  readonly files: readonly string[];
  /** SHA-256 of their paths, sizes and times of change: another one when any of them was edited. */
  readonly hash: string;
}

/**
 * The state of all files below folders; null when one was changed after `began` (milliseconds since 1970; the begin of
 * this process): what the process has loaded of it may be how it was before, and nothing may be concluded from how it is.
 */
export function fileStates(
  folders: readonly string[],
  began: number = performance.timeOrigin,
): FileStates | null {
  const files = folders.flatMap(filesBelow);
  const hash = createHash('sha256');
  for (const file of files) {
    // Who edits a file may set back the time of its content (mtime), never that of its entry (ctime).
    const { size, mtimeMs, ctimeMs } = statSync(file);
    if (ctimeMs >= began) return null;
    hash.update(`${file} ${size} ${mtimeMs} ${ctimeMs}\n`);
  }
  return { files, hash: hash.digest('hex') };
}

/** The value of a name that was kept when the files were in this state; undefined when there is none. */
export function keptIn({ hash }: FileStates, kind: string, name: string): unknown {
  const kept = readKept(keptPath(kind, name))?.value as Partial<Kept> | null | undefined;
  return kept?.state === hash ? kept.value : undefined;
}

/** Keeps a value for as long as the files are in this state. Left out is what JSON would change. */
export function keepIn({ hash }: FileStates, kind: string, name: string, value: unknown): void {
  writeKept(keptPath(kind, name), { state: hash, value } satisfies Kept);
}

interface Kept {
  readonly state: string;
  readonly value: unknown;
}

function filesBelow(folder: string): string[] {
  const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);
  return readdirSync(folder, { withFileTypes: true })
    .sort(byName)
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
