/**
 * EIA's bulk files, `EBA.txt` of `EBA.zip` and `NG.txt` of `NG.zip`: one JSON object to a line, a series with all its
 * periods as version 1 of the interface gave it. Lines of categories, which order the series, hold no figure.
 */

import type { CarbonError } from '../../core/errors.ts';
import type { Payload, PayloadHead } from '../kit/contract.ts';
import { requireText, textOf } from '../kit/payload.ts';
import { isJsonObject, type JsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { type ApiSeries, seriesOf } from './api-answer.ts';

const LINE = /^[\s\uFEFF]*\{\s*"(?:series_id|category_id)"\s*:/;

/** True for the start of a bulk file. */
export const isBulk = (text: string): boolean => LINE.test(text);

/** Identifiers of the series that a head shows. */
export function seriesInBulk(head: PayloadHead): string[] {
  return [...head.text.matchAll(/^\s*\{\s*"series_id"\s*:\s*"([^"]+)"/gm)].map((match) => match[1] ?? '');
}

/** Series of a bulk file with their lines, up to the damage. */
export interface BulkSeries {
  readonly series: readonly { readonly line: number; readonly of: ApiSeries }[];
  /** SOURCE_MALFORMED with the line that is no object, or no series; null for a whole file. */
  readonly damage: CarbonError | null;
}

/** Reads a bulk file. Throws as readers of text do. */
export function readBulk(payload: Payload): BulkSeries {
  requireText(payload);
  const series: { line: number; of: ApiSeries }[] = [];
  let line = 0;
  for (const text of textOf(payload).split('\n')) {
    line++;
    if (text.trim() === '') continue;
    const object = objectOf(payload, text);
    if (object !== null && !('series_id' in object) && 'category_id' in object) continue;
    const of = object === null ? null : seriesOf(object);
    if (of === null)
      return { series, damage: malformedRecord(payload, line, 'a series with "data"', text.slice(0, 80)) };
    series.push({ line, of });
  }
  return { series, damage: null };
}

/** The object of a line; null for other words. */
function objectOf(payload: Payload, text: string): JsonObject | null {
  try {
    const value = readJson({ name: payload.name, bytes: new TextEncoder().encode(text) });
    return isJsonObject(value) ? value : null;
  } catch {
    // Its words count columns of one line; the caller tells the line.
    return null;
  }
}
