/**
 * What makers of samples and golden cases share: the lines that `carbon decode` must print, written without the decoder,
 * and the files of a case.
 */

import { caseFolder } from './case-folder.ts';
import { type Figure, HOUR_MS, MINUTE_MS, printedLine } from './printed-line.ts';

/** A body and the figures that it must decode to, in the order in which they are printed. */
export interface Body {
  readonly payload: string | Uint8Array;
  readonly figures: readonly Figure[];
}

/** A golden case: `dataset/case` → what it shows, its file ending, the body, and the name of its sample if it is one. */
export interface GoldenCase {
  readonly what: string;
  readonly ending: string;
  readonly body: Body;
  readonly sample?: string;
}

/** Hour n of a day in a zone that is `offset` hours behind UTC, or its five minutes number `interval`. */
export function hourOf(
  date: string,
  hour: number,
  offset: number,
  interval?: number,
): { start: number; end: number } {
  const midnight = Date.parse(`${date}T00:00:00Z`) + offset * HOUR_MS;
  const from = midnight + (hour - 1) * HOUR_MS;
  if (interval === undefined) return { start: from, end: from + HOUR_MS };
  const start = from + (interval - 1) * 5 * MINUTE_MS;
  return { start, end: start + 5 * MINUTE_MS };
}

/** Path from the root of the project → content, of all cases of a market. */
export function filesOf(
  market: string,
  script: string,
  cases: Readonly<Record<string, GoldenCase>>,
): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>();
  for (const [name, { what, ending, body, sample }] of Object.entries(cases)) {
    const dataset = name.slice(0, name.indexOf('/'));
    const lines = body.figures.map((figure) => `${printedLine(market.toUpperCase(), dataset, figure)}\n`);
    const { payload } = body;
    const parts = { what, script, file: `payload.${ending}`, payload, expected: lines.join('') };
    for (const [path, content] of caseFolder(market, name, parts)) files.set(path, content);
    if (sample !== undefined) files.set(`samples/${sample}`, body.payload);
  }
  return files;
}
