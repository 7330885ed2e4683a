/** Golden cases and samples as files: a folder for each case, and for each dataset its first case as the sample. */

import { caseFolder } from './case-folder.ts';
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
    const script = `make-${market}-samples.ts`;
    for (const [path, content] of caseFolder(market, name, { what, script, file, ...made }))
      files.set(path, content);
    if (sampled.has(dataset)) continue;
    sampled.add(dataset);
    files.set(`samples/${market}_${dataset}.${file.split('.').at(-1)}`, made.payload);
  }
  return files;
}
