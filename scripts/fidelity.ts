/**
 * `make fidelity`: `carbon decode` on every recorded payload beside the checkout, held to tables that other parsers made,
 * under their own names and under names that say nothing. Writes the counts to docs/reports/fidelity.json, from which
 * docs/markets.md takes them; the recordings themselves are never part of the checkout.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sharedFolder } from '../tests/support/shared.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Where the counts are kept, from the root. */
export const FIDELITY_PATH = 'docs/reports/fidelity.json';

/** What the checker said of one payload. */
export interface Verdict {
  /** Path below the folder of payloads. */
  readonly payload: string;
  readonly market: string;
  /** As the table of expected rows calls it. */
  readonly dataset: string;
  /** EXACT, ok for bodies that hold no rows and are refused in words, or what is wrong. */
  readonly verdict: string;
}

/** Payloads of one dataset, and how many of them were right. */
export interface FidelityCount {
  readonly market: string;
  readonly dataset: string;
  readonly payloads: number;
  readonly exact: number;
  readonly exact_neutral: number;
}

/** The counts of a set of recordings. */
export interface FidelityReport {
  readonly payloads: number;
  /** Of the names and bytes of the set, so that it is known which one was read. */
  readonly set_sha256: string;
  readonly datasets: readonly FidelityCount[];
}

/** Runs the checker over all payloads of the folder. Throws when it cannot be run. */
export function verdictsOf(shared: string, names: 'own' | 'neutral'): Verdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'fidelity-'));
  try {
    const report = join(folder, 'report.json');
    const args = [
      join(shared, 'tools/fidelity/fidelity.py'),
      ...['--cmd', './bin/carbon decode {file} --market {market} --json'],
      ...['--payloads', join(shared, 'data/iso')],
      ...['--expected', join(shared, 'tools/fidelity/expected')],
      ...['--json', report],
      ...(names === 'neutral' ? ['--neutral-names'] : []),
    ];
    const child = spawnSync('python3', args, { cwd: ROOT, encoding: 'utf8' });
    if (child.error !== undefined) throw new Error('the checker needs python3', { cause: child.error });
    return JSON.parse(readFileSync(report, 'utf8')) as Verdict[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True for a payload that was read as it should be. */
export const isRight = ({ verdict }: Verdict): boolean => verdict === 'EXACT' || verdict === 'ok';

/** Adds up the verdicts of both ways. */
export function fidelityReport(
  shared: string,
  own: readonly Verdict[],
  neutral: readonly Verdict[],
): FidelityReport {
  const counts = new Map<
    string,
    { market: string; dataset: string; payloads: number; exact: number; exact_neutral: number }
  >();
  const rightNeutral = new Set(neutral.filter(isRight).map(({ payload }) => payload));
  for (const verdict of own) {
    const { market, dataset, payload } = verdict;
    const count = counts.getOrInsertComputed(`${market} ${dataset}`, () => ({
      market,
      dataset,
      payloads: 0,
      exact: 0,
      exact_neutral: 0,
    }));
    count.payloads++;
    if (isRight(verdict)) count.exact++;
    if (rightNeutral.has(payload)) count.exact_neutral++;
  }
  const datasets = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  return { payloads: own.length, set_sha256: setHash(join(shared, 'data/iso')), datasets };
}

function setHash(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(`${path.slice(folder.length)}\0`);
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) {
  const shared = sharedFolder();
  if (shared === null) throw new Error('no folder of recordings beside the checkout (../shared)');
  const [own, neutral] = [verdictsOf(shared, 'own'), verdictsOf(shared, 'neutral')];
  for (const verdict of [...own, ...neutral])
    if (!isRight(verdict)) console.error(`${verdict.payload}: ${verdict.verdict}`);
  const report = fidelityReport(shared, own, neutral);
  writeFileSync(join(ROOT, FIDELITY_PATH), `${JSON.stringify(report, null, 2)}\n`);
  console.log(
    `${own.filter(isRight).length} and ${neutral.filter(isRight).length} of ${own.length} payloads are right`,
  );
}
