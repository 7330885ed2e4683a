/** The trade day of the IESO, and when its files come, by the clock alone. */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { draw } from '../draw.ts';
import type { PriceProcess } from '../price-process.ts';
import { delayOf } from '../series.ts';

/** Eastern Standard Time all year. */
export const IESO_ZONE = '-05:00';
/** First day of nodal prices. */
export const RENEWAL = daysFromCivil(2025, 5, 1);

/** Trade day of an instant. */
export function iesoDayOf(at: Micros): number {
  return marketDayOf(IESO_ZONE, at);
}

/** Bounds of a trade day: always 24 hours. */
export function iesoDay(day: number): Interval {
  return marketDayBounds(IESO_ZONE, day);
}

/** Hours of a trade day by number, 1 to 24. */
export function hourOfDay(at: Micros): number {
  return Math.floor((at - iesoDay(iesoDayOf(at)).start) / HOUR) + 1;
}

/** Five-minute interval of its hour, 1 to 12. */
export function intervalOfHour(at: Micros): number {
  return Math.floor((at % HOUR) / (5 * MINUTE)) + 1;
}

/** When the day-ahead results of a day come: about half past twelve the day before. */
export function dayAheadAt(process: PriceProcess, day: number): Micros {
  return iesoDay(day).start - 11 * HOUR - 30 * MINUTE + delayOf(process, 'da', day, 0, 300);
}

/** When the file of an hour comes. */
export function hourFileAt(process: PriceProcess, hour: Micros): Micros {
  return hour + HOUR + delayOf(process, 'hour', hour, 180, 400);
}

/** When a day's files are written once more; null for most days. */
export function revisedAt(process: PriceProcess, day: number): Micros | null {
  if (draw(process.seed, 111, day) >= 0.4) return null;
  return iesoDay(day).end + 10 * HOUR + delayOf(process, 'revision', day, 0, 1800);
}

/** Prices by node were never published for days before the renewal. */
export function renewed(start: Micros, at: Micros): Micros {
  return iesoDayOf(start) < RENEWAL ? Number.POSITIVE_INFINITY : at;
}
