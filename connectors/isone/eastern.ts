/** The clock of New England: stamps with an offset in the web services, without one in the reports. */

import { DAY, HOUR, type Micros, parseInstant } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
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

/**
 * True when labels `{day} {hour}` of hours are what the clock shows at their end. On the day that the clocks go forward the
 * label 03 is absent as a rule; labels by the clock have 03 and no 02 on that day, and are the same on all other days.
 */
export function labelledByClock(labels: ReadonlySet<string>): boolean {
  return [...labels].some(
    (label) =>
      label.endsWith(' 03') &&
      labels.has(label.replace(/03$/, '01')) &&
      labels.has(label.replace(/03$/, '04')) &&
      !labels.has(label.replace(/03$/, '02')),
  );
}

/** Days of the market by both their ends, 23 to 25 hours long. */
export const MARKET_DAYS: TimeConvention = {
  name: 'eastern-day',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ssZ',
  stamp: 'bounds',
  length: DAY,
  otherLengths: [23 * HOUR, 25 * HOUR],
  onGrid: false,
  repeated: { by: 'none' },
};

/** Begin and end of a day of the market, by its days since the epoch. */
export const dayBounds = (day: number): Interval => marketDayBounds(ISONE_ZONE, day);

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
