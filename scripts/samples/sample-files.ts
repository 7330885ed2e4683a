/** Golden cases and samples as files: a folder for each case, and for each dataset its first case as the sample. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Made } from './sample-table.ts';

/** A golden case: what it shows, its bodies, and the name of its payload. */
export interface GoldenCase {
  readonly what: string;
  readonly made: Made;
  readonly file: string;
}

/** Path from the root of the project → content. The sample of a dataset is its first case, named after both. */
export function sampleFiles(
  market: string,
  cases: Readonly<Record<string, GoldenCase>>,
): Map<string, string> {
  const files = new Map<string, string>();
  const sampled = new Set<string>();
  for (const [name, { what, made, file }] of Object.entries(cases)) {
    const [dataset = ''] = name.split('/');
    const folder = `tests/data/golden/decode/${market}/${name}`;
    const source = {
      what,
      origin: `made by scripts/make-${market}-samples.ts; the numbers are invented`,
      licence: 'own work',
      sha256: createHash('sha256').update(made.payload).digest('hex'),
    };
    files.set(`${folder}/${file}`, made.payload);
    files.set(`${folder}/expected.jsonl`, made.expected);
    files.set(`${folder}/source.json`, `${JSON.stringify(source, null, 2)}\n`);
    if (sampled.has(dataset)) continue;
    sampled.add(dataset);
    files.set(`samples/${market}_${dataset}.${file.split('.').at(-1)}`, made.payload);
  }
  return files;
}

/** Writes files under the root of the project. */
export function writeFiles(files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files) {
    const target = resolve(import.meta.dirname, '../..', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
