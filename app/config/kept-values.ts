/**
 * What YAML files say, kept beside the compiled code of the program: parsing the policies is a third of a short
 * command's work, and they seldom change. Without a folder for compiled code (NODE_COMPILE_CACHE) nothing is kept.
 */

import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import parser from 'yaml/package.json' with { type: 'json' };

/** Texts with variables say something else in another environment: they are never kept. */
const VARIABLE = '${';

/** The value of a text that was parsed before, by this version of the parser; null when it is not known. */
export function keptValue(text: string): { readonly value: unknown } | null {
  const path = keptPathOf(text);
  if (path === null) return null;
  try {
    return { value: JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    // Not there, or damaged: it is parsed again.
    return null;
  }
}

/** Keeps the value of a text that holds no mistake. What JSON would change, and what cannot be written, is left out. */
export function keepValue(text: string, value: unknown): void {
  const path = keptPathOf(text);
  if (path === null || text.includes(VARIABLE)) return;
  const json = JSON.stringify(value);
  if (json === undefined || !isDeepStrictEqual(JSON.parse(json), value)) return;
  // Other processes read meanwhile: it is there whole or not at all.
  const aside = `${path}.${process.pid}`;
  try {
    writeFileSync(aside, json);
    renameSync(aside, path);
  } catch {
    rmSync(aside, { force: true });
  }
}

/** Where the value of a text is kept; null when nothing is. */
export function keptPathOf(text: string): string | null {
  const folder = getCompileCacheDir();
  if (folder === undefined) return null;
  const hash = createHash('sha256').update(`${parser.version}\n${text}`).digest('hex');
  return join(folder, `yaml-${hash}.json`);
}
