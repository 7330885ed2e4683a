/**
 * MISO's displays as CSV (`returnType=csv`): `RefId,02-Nov-2024 - Interval 20:25 EST`, perhaps the market day, a blank
 * line, then a table. The reference names the interval that is shown, and is the publication.
 */

import type { Micros } from '../../core/time/instant.ts';
import type { Payload } from '../kit/contract.ts';
import { firstFields } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { MISO_ZONE, REFERENCE_PATTERN } from './routes.ts';

/** Lines above the header at most. */
const PREAMBLE_LINES = 12;
const REFERENCE =
  /RefId"?[ \t]*[=,:][ \t]*(?:"[ \t]*)?(\d{2}-[A-Za-z]{3}-\d{4} - Interval \d{1,2}:\d{2} EST)/i;

/** The convention of a reference: an instant in EST. */
export const REFERENCE_TIME: TimeConvention = {
  name: 'est-instant',
  zone: MISO_ZONE,
  pattern: REFERENCE_PATTERN,
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};

/** A table of a display. */
export interface DisplayTable {
  /** The table alone; blank lines stand for what is above it, so that lines keep their numbers. */
  readonly text: string;
  /** Normalised names of its header. */
  readonly names: readonly string[];
  /** Words of the reference, empty where none stands above the table. */
  readonly reference: string;
  /** Its instant; null where there is none. */
  readonly publishedAt: Micros | null;
}

/** The first table whose header has all of `columns`, on one of the first lines; null for a text without one. */
export function displayTable(text: string, columns: readonly string[]): DisplayTable | null {
  if (/^\s*[[{<]/.test(text)) return null;
  let at = 0;
  for (let above = 0; above <= PREAMBLE_LINES && at < text.length; above++) {
    const next = text.indexOf('\n', at);
    const line = text.slice(at, next < 0 ? undefined : next).slice(0, 2_000);
    const names = firstFields(line).map(normaliseHeader);
    if (columns.every((column) => names.includes(column))) {
      const reference = REFERENCE.exec(text.slice(0, at))?.[1] ?? '';
      const moment = momentOf(REFERENCE_TIME, reference);
      const publishedAt = moment.kind === 'unique' ? moment.first : null;
      return { text: '\n'.repeat(above) + text.slice(at), names, reference, publishedAt };
    }
    if (next < 0) return null;
    at = next + 1;
  }
  return null;
}

/** The table of a display as a body of its own. */
export const tablePayload = (payload: Payload, { text }: DisplayTable): Payload => ({
  name: payload.name,
  bytes: new TextEncoder().encode(text),
});
