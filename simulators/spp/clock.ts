/** How SPP tells the time: a Central clock beside GMT; a second balancing area since 1 April 2026. */

import { daysFromCivil, HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { clockText, compactDate, isRepeatedHour, slashStamp, wallAt } from '../local-time.ts';

/** Central prevailing time. */
export const SPP_ZONE = 'America/Chicago';

/** First operating day with two balancing areas. */
export const WEST_SINCE = daysFromCivil(2026, 4, 1);

/** Operating day of an instant. */
export function sppDayOf(at: Micros): number {
  return marketDayOf(SPP_ZONE, at);
}

/** Bounds of an operating day: 23, 24 or 25 hours. */
export function sppDay(day: number): Interval {
  return marketDayBounds(SPP_ZONE, day);
}

/**
 * How the end of an interval is told: the begin's clock and the length on top, so that in autumn both 07:00Z and 08:00Z
 * are 02:00, as recorded.
 */
export function endStamp(end: Micros): string {
  return slashStamp(SPP_ZONE, isChange(end) ? end + HOUR : end);
}

/** The instant at which the repeated hour begins. */
function isChange(at: Micros): boolean {
  return isRepeatedHour(SPP_ZONE, at) && !isRepeatedHour(SPP_ZONE, at - 1);
}

/** `YYYYMMDDHHMM` in the name of an interval's file; a `d` where its end lies in the second of two equal hours. */
export function intervalStamp(end: Micros): string {
  return `${compactStamp(end)}${isRepeatedHour(SPP_ZONE, end) ? 'd' : ''}`;
}

/** The same in the name of an hourly forecast, told as in {@link endStamp}: of two files of 02:00 the second bears the `d`. */
export function forecastStamp(mark: Micros): string {
  if (isChange(mark)) return compactStamp(mark + HOUR);
  return `${compactStamp(mark)}${isRepeatedHour(SPP_ZONE, mark - 1) ? 'd' : ''}`;
}

function compactStamp(at: Micros): string {
  return `${compactDate(sppDayOf(at))}${clockText(wallAt(SPP_ZONE, at), false).replace(':', '')}`;
}

/** Central and GMT, both of the end. */
export function stampsOf(end: Micros): string[] {
  return [endStamp(end), slashStamp('UTC', end)];
}
