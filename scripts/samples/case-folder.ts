/** The files of a golden case, and how those of a maker come under the root of the project. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A golden case before it is files: numbers are always invented. */
export interface CaseParts<T extends string | Uint8Array> {
  readonly what: string;
  /** File of this folder that makes it. */
  readonly script: string;
  /** Name of the payload: `payload.csv`. */
  readonly file: string;
  readonly payload: T;
  /** Lines of `carbon decode`, each with its end. */
  readonly expected: string;
}

/** Path from the root of the project and content, for `dataset/name` of a market or of a connector. */
export function caseFolder<T extends string | Uint8Array>(
  market: string,
  name: string,
  { what, script, file, payload, expected }: CaseParts<T>,
): [path: string, content: T | string][] {
  const folder = `tests/data/golden/decode/${market}/${name}`;
  const source = {
    what,
    origin: `made by scripts/samples/${script}; the numbers are invented`,
    licence: 'own work',
    sha256: createHash('sha256').update(payload).digest('hex'),
  };
  return [
    [`${folder}/${file}`, payload],
    [`${folder}/expected.jsonl`, expected],
    [`${folder}/source.json`, `${JSON.stringify(source, null, 2)}\n`],
  ];
}

/** Writes files by their paths from the root of the project. */
export function writeFiles(files: ReadonlyMap<string, string | Uint8Array>): void {
  for (const [path, content] of files) {
    const target = resolve(import.meta.dirname, '../..', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
