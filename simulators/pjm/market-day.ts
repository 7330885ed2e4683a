/** The operating day of PJM, on the clock of Eastern prevailing time. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { weekdayOf } from '../local-time.ts';

/** Eastern prevailing time. */
export const PJM_ZONE = 'America/New_York';

/** Operating day of an instant. */
export function pjmDayOf(at: Micros): number {
  return marketDayOf(PJM_ZONE, at);
}

/** Bounds of an operating day: 23, 24 or 25 hours. */
export function pjmDay(day: number): Interval {
  return marketDayBounds(PJM_ZONE, day);
}

/** The first business day after a day, holidays not counted. */
export function nextBusinessDay(day: number): number {
  let next = day + 1;
  while (weekdayOf(next) === 0 || weekdayOf(next) === 6) next++;
  return next;
}
