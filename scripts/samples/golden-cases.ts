/**
 * Golden cases of markets as files: a body in the operator's layout with numbers of our own making, the lines that
 * `carbon decode` must print for it, and where it comes from. Times are counted in milliseconds of UTC by whoever makes a
 * case, and do not come from the decoder under test.
 */

import { createHash } from 'node:crypto';
import { caseFolder } from './case-folder.ts';
import { type Figure, HOUR_MS, printedLine } from './printed-line.ts';

/** A body and what it says. */
export interface GoldenCase {
  readonly dataset: string;
  readonly name: string;
  readonly what: string;
  readonly extension: 'csv' | 'json' | 'xml';
  readonly payload: string;
  readonly values: readonly Figure[];
  /** Name of the sample that is the same body; absent for none. */
  readonly sample?: string;
}

/** A number with a fixed count of decimals, from an integer of its last digit. */
export function decimal(digits: number, decimals: number): string {
  const text = String(Math.abs(digits)).padStart(decimals + 1, '0');
  const point = text.length - decimals;
  const fraction = decimals === 0 ? '' : `.${text.slice(point)}`;
  return `${digits < 0 ? '-' : ''}${text.slice(0, point)}${fraction}`;
}

/** A number that is always the same for the same keys, in `[least, most)`. */
export function drawn(least: number, most: number, ...keys: readonly (number | string)[]): number {
  const hash = createHash('sha256').update(keys.join('|')).digest();
  return least + (hash.readUInt32BE(0) % (most - least));
}

/** The clock on the days of 2025 and 2026 that the cases need. */
export function clockAt(ms: number, standard: -5 | -6): { date: string; time: string; offset: number } {
  const moves = ['2025-03-09T02:00', '2025-11-02T02:00', '2026-03-08T02:00', '2026-11-01T02:00'].map(
    (wall, i) => Date.parse(`${wall}Z`) - (standard + (i % 2)) * HOUR_MS,
  );
  const passed = moves.filter((at) => ms >= at).length;
  const offset = standard + (passed % 2);
  const iso = new Date(ms + offset * HOUR_MS).toISOString();
  return {
    date: `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`,
    time: iso.slice(11, 19),
    offset,
  };
}

/** Path → content of all files of the cases. */
export function goldenFiles(
  market: string,
  script: string,
  cases: readonly GoldenCase[],
): Map<string, string> {
  const files = new Map<string, string>();
  for (const { dataset, name, what, extension, payload, values, sample } of cases) {
    const expected = values.map((value) => `${printedLine(market, dataset, value)}\n`).join('');
    const parts = { what, script, file: `payload.${extension}`, payload, expected };
    for (const [path, content] of caseFolder(market.toLowerCase(), `${dataset}/${name}`, parts))
      files.set(path, content);
    if (sample !== undefined) files.set(`samples/${sample}`, payload);
  }
  return files;
}
