/** When SPP's files come, by the clock alone. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { draw } from '../draw.ts';
import type { PriceProcess } from '../price-process.ts';
import { delayOf } from '../series.ts';
import { sppDay } from './clock.ts';

/** When an interval's own file comes. */
export function fileAt(process: PriceProcess, { end }: Interval): Micros {
  return end + delayOf(process, 'rtbm', end, 20, 70);
}

/** Some intervals never get a file of their own: only the day's file has them. */
export function isHole(process: PriceProcess, { start }: Interval): boolean {
  return draw(process.seed, 102, start) < 1 / 300;
}

/** When the file of a whole real-time day comes, with corrected prices: five to six days later. */
export function dailyAt(process: PriceProcess, day: number): Micros {
  return sppDay(day).end + 5 * DAY + 8 * HOUR + delayOf(process, 'daily', day, 0, 7200);
}

/** When a forecast file that is named after a mark comes. */
export function forecastAt(mark: Micros): Micros {
  return mark + 3 * MINUTE;
}
