/** The operating day of ISO New England, on the clock of Eastern prevailing time. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { isRepeatedHour, padded, wallAt } from '../local-time.ts';

/** Eastern prevailing time. */
export const ISONE_ZONE = 'America/New_York';

/** Operating day of an instant. */
export function isoneDayOf(at: Micros): number {
  return marketDayOf(ISONE_ZONE, at);
}

/** Bounds of an operating day: 23, 24 or 25 hours. */
export function isoneDay(day: number): Interval {
  return marketDayBounds(ISONE_ZONE, day);
}

/** `01` to `24` and `02X`; in spring `03` is absent. */
export function hourEnding(at: Micros): string {
  return `${padded(wallAt(ISONE_ZONE, at).hour + 1)}${isRepeatedHour(ISONE_ZONE, at) ? 'X' : ''}`;
}
