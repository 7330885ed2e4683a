/** Files of the checkout as the rules of the house see them, and the problems that the rules find. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Folders that hold the product's code. */
export const ROOMS = ['core', 'connectors', 'services', 'drivers', 'simulators', 'app'] as const;

/** Folders of code around the product. */
export const AROUND = ['tests', 'scripts', 'bench'] as const;

/** A text with its path from the root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One breach of one rule; `message` says what to do. Lines count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** All TypeScript files of the folders named, in order of path; folders that do not exist have none. */
export function sourcesOf(folders: readonly string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Every file under version control, read byte by byte; null where there is no repository (an unpacked archive). */
export function trackedFiles(): SourceFile[] | null {
  if (!existsSync(join(ROOT, '.git'))) return null;
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return paths
    .filter((path) => path !== '' && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'latin1') }));
}

/** Line of a character position, counted from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Fails with one line per problem. */
export function assertNone(problems: readonly Problem[]): void {
  const lines = problems.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  assert.equal(problems.length, 0, `\n${lines.join('\n')}`);
}
