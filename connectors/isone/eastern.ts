/** The clock of New England: stamps with an offset in the web services, without one in the reports. */

import { HOUR, type Micros, parseInstant } from '../../core/time/instant.ts';
import { resolveWall } from '../../core/time/zone.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { parseStamp, wallFields } from '../kit/time/stamp.ts';

/** The market's clock. */
export const ISONE_ZONE = 'America/New_York';

/** Hours of reports by the label of their end; `02X` is the repeated hour. */
export const HOUR_ENDING: TimeConvention = {
  name: 'eastern-hour-ending',
  zone: ISONE_ZONE,
  pattern: 'M/D/YYYY h[X]',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'flag', first: [''], second: ['X'] },
};

/** What a stamp says: an instant, or why it says none. */
export type Told =
  | { readonly at: Micros }
  | { readonly code: 'TIME_UNPARSEABLE' | 'TIME_AMBIGUOUS' | 'TIME_NONEXISTENT' };

const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The instant of `2026-03-08T01:00:00.000-05:00`. The offset decides; a stamp without one is Eastern time, where that is
 * unique: the repeated hour of autumn is ambiguous then, that of spring does not exist.
 */
export function instantOf(text: string): Told {
  const stamp = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:/.test(stamp)) return { code: 'TIME_UNPARSEABLE' };
  const read = parseInstant(stamp);
  if (read === null) return { code: 'TIME_UNPARSEABLE' };
  if (OFFSET.test(stamp)) return { at: read };
  const found = resolveWall(ISONE_ZONE, wallFields(read));
  if (found.kind === 'unique') return { at: found.at };
  return { code: found.kind === 'repeated' ? 'TIME_AMBIGUOUS' : 'TIME_NONEXISTENT' };
}

const OFFSETS: Readonly<Record<string, Micros>> = { EST: -5 * HOUR, EDT: -4 * HOUR };
const GENERATED = /generated:?\s+(\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}(?::\d{2})?)\s*(EST|EDT)/i;

/** The publication time of `Report generated 02/25/2025 10:08:14 EST`; null for other words. */
export function generatedAt(line: string): Micros | null {
  const match = GENERATED.exec(line);
  const wall = match === null ? null : parseStamp('M/D/YYYY h:mm[:ss]', match[1] ?? '');
  const offset = OFFSETS[match?.[2]?.toUpperCase() ?? ''];
  return wall === null || offset === undefined ? null : wall - offset;
}
