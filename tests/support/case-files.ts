/**
 * Golden cases that are one file per dataset, `tests/data/golden/cases/<market>.<dataset>.json`: an array of a body in
 * lines and the rows that it must decode to. Written by hand from the operator's description; for bodies in which every line
 * counts, `tests/data/golden/decode` keeps them as they are.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../data/golden/cases');

/** One body, and what `carbon decode --json` prints of it. */
export interface CaseOfFile {
  readonly market: string;
  readonly dataset: string;
  readonly what: string;
  readonly body: string;
  /** Lines of `carbon decode`, without market and dataset. */
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

/** All cases, in order of file and place. */
export function caseFiles(): CaseOfFile[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      const [market = '', dataset = ''] = file.split('.');
      const cases = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
        readonly what: string;
        readonly body: readonly string[];
        readonly expected: CaseOfFile['expected'];
      }[];
      return cases.map(({ what, body, expected }) => ({
        market,
        dataset,
        what,
        body: `${body.join('\n')}\n`,
        expected,
      }));
    });
}
