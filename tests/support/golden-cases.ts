/** The golden cases of all sources: a folder for each, `tests/data/golden/decode/<connector>/<dataset>/<name>`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../data/golden/decode');

/** One body, and what `carbon decode` prints of it. */
export interface GoldenCase {
  readonly connector: string;
  /** As the command takes it: connectors of one market share it. */
  readonly market: string;
  readonly dataset: string;
  readonly name: string;
  /** Name of the payload, which says nothing but its form: `payload.csv`. */
  readonly file: string;
  readonly body: Uint8Array;
  readonly expected: string;
}

/** All cases, in order of connector, dataset and name. */
export function goldenCases(): GoldenCase[] {
  return namesIn(FOLDER).flatMap((connector) =>
    namesIn(FOLDER, connector).flatMap((dataset) =>
      namesIn(FOLDER, connector, dataset).map((name) => caseOf(connector, dataset, name)),
    ),
  );
}

const namesIn = (...parts: string[]): string[] => readdirSync(join(...parts)).sort();

function caseOf(connector: string, dataset: string, name: string): GoldenCase {
  const folder = join(FOLDER, connector, dataset, name);
  const [file, ...more] = namesIn(folder).filter((each) => each.startsWith('payload.'));
  if (file === undefined || more.length > 0) throw new Error(`${folder} has not one payload`);
  return {
    connector,
    market: connector.split('-', 1)[0] as string,
    dataset,
    name,
    file,
    body: new Uint8Array(readFileSync(join(folder, file))),
    expected: readFileSync(join(folder, 'expected.jsonl'), 'utf8'),
  };
}
