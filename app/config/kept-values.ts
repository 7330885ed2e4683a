/**
 * What follows from files, kept beside the compiled code of the program: parsing the policies is a third of a short
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
  return readKept(keptPathOf(text));
}

/** Keeps the value of a text that holds no mistake. What JSON would change, and what cannot be written, is left out. */
export function keepValue(text: string, value: unknown): void {
  if (!hasVariable(text)) writeKept(keptPathOf(text), value);
}

/** Where the value of a text is kept; null when nothing is. */
export function keptPathOf(text: string): string | null {
  return keptPath('yaml', parsedText(text));
}

/** A text and who parses it: what its value follows from. */
export function parsedText(text: string): string {
  return `${parser.version}\n${text}`;
}

/** Where the value of a name of some kind is kept; null when nothing is. */
export function keptPath(kind: string, name: string): string | null {
  const folder = getCompileCacheDir();
  if (folder === undefined) return null;
  return join(folder, `${kind}-${createHash('sha256').update(name).digest('hex')}.json`);
}

/** What is kept there; null when it is not there, or damaged: then it is made again. */
export function readKept(path: string | null): { readonly value: unknown } | null {
  if (path === null) return null;
  try {
    return { value: JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    return null;
  }
}

/** Keeps a value. What JSON would change, and what cannot be written, is left out. */
export function writeKept(path: string | null, value: unknown): void {
  if (path === null) return;
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

/** True for a text that says something else in another environment. */
export function hasVariable(text: string): boolean {
  return text.includes(VARIABLE);
}
