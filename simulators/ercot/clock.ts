/** How ERCOT tells time: Central prevailing, hours by their end, a flag for the hour that is repeated. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { isoDate, isoStamp, isRepeatedHour, padded, slashDate, slashStamp, wallAt } from '../local-time.ts';

/** Central prevailing time. */
export const ERCOT_ZONE = 'America/Chicago';

/** Operating day of an instant. */
export function ercotDayOf(at: Micros): number {
  return marketDayOf(ERCOT_ZONE, at);
}

/** Bounds of an operating day: 23, 24 or 25 hours. */
export function ercotDay(day: number): Interval {
  return marketDayBounds(ERCOT_ZONE, day);
}

/** True in the second hour of two that bear the same label: the one of standard time. */
export function isRepeated(at: Micros): boolean {
  return isRepeatedHour(ERCOT_ZONE, at);
}

/** Hour of an instant by its end, 1 to 24. In spring 3 is absent; in autumn 2 comes twice. */
export function endingHour(at: Micros): number {
  return wallAt(ERCOT_ZONE, at).hour + 1;
}

/** `01:00` to `24:00`. */
export function hourEnding(at: Micros): string {
  return `${padded(endingHour(at))}:00`;
}

/** `Y` or `N`: DSTFlag and RepeatedHourFlag of the files. */
export function flagOf(at: Micros): string {
  return isRepeated(at) ? 'Y' : 'N';
}

/** `03/09/2025` of an instant. */
export function slashDay(at: Micros): string {
  return slashDate(ercotDayOf(at));
}

/** `2025-03-09` of an instant. */
export function isoDay(at: Micros): string {
  return isoDate(ercotDayOf(at));
}

/** `03/09/2025 03:05:13` of an instant. */
export function slashText(at: Micros): string {
  return slashStamp(ERCOT_ZONE, at);
}

/** `2025-03-09T03:05:13` of an instant, without an offset. */
export function isoText(at: Micros): string {
  return isoStamp(ERCOT_ZONE, at);
}

/** Quarter of its hour that an instant lies in, 1 to 4. */
export function quarterOf(at: Micros): number {
  return Math.floor((at % HOUR) / (15 * MINUTE)) + 1;
}
