/**
 * Bar intervals and their windows (F1): 1m, 5m, 15m, 1h … aligned to UTC, and 1d by market calendar day or UTC day.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../time/instant.ts';
import { marketDayBounds, marketDayOf } from '../time/market-day.ts';

/** One kind of bar. */
export interface BarInterval {
  /** `5m`, `1h`, `1d`. */
  readonly name: string;
  /** Length in micros; 0 for a day, whose length depends on the zone and the season. */
  readonly length: Micros;
}

const FORM = /^([1-9]\d{0,3})(m|h|d)$/;

/** Reads an interval name; null for one that is not a whole divisor of a day, or longer than a day. */
export function parseBarInterval(name: string): BarInterval | null {
  const m = FORM.exec(name);
  if (m === null) return null;
  const count = Number(m[1]);
  if (m[2] === 'd') return count === 1 ? { name, length: 0 } : null;
  const length = count * (m[2] === 'm' ? MINUTE : HOUR);
  return length < DAY && DAY % length === 0 ? { name, length } : null;
}

/** Start of the window that holds the instant. `zone` decides for days only. */
export function windowStart(interval: BarInterval, zone: string, at: Micros): Micros {
  if (interval.length > 0) return Math.floor(at / interval.length) * interval.length;
  return marketDayBounds(zone, marketDayOf(zone, at)).start;
}

/** End of the window that starts at `start`: exclusive. */
export function windowEnd(interval: BarInterval, zone: string, start: Micros): Micros {
  if (interval.length > 0) return start + interval.length;
  return marketDayBounds(zone, marketDayOf(zone, start)).end;
}

/** Writes start and end of the window that holds `at[i]` to `out[0]` and `out[1]`. */
export function windowInto(
  interval: BarInterval,
  zone: string,
  at: Float64Array,
  i: number,
  out: Float64Array,
): void {
  if (interval.length > 0) {
    out[0] = Math.floor(at[i] / interval.length) * interval.length;
    out[1] = out[0] + interval.length;
    return;
  }
  const { start, end } = marketDayBounds(zone, marketDayOf(zone, at[i]));
  out[0] = start;
  out[1] = end;
}

/** Longest and shortest market day: those of the two changes of the clock. */
export const LONGEST_DAY: Micros = DAY + HOUR;
const SHORTEST_DAY: Micros = DAY - HOUR;

/** True when values that cover `delivery` micros each have bars of this interval: it must not be finer than they are. */
export function fitsDelivery(interval: BarInterval, delivery: Micros): boolean {
  return delivery <= (interval.length === 0 ? LONGEST_DAY : interval.length);
}

/** The same of a window: only a day is longer than half a day. */
export function fitsWindow(start: Micros, end: Micros, delivery: Micros): boolean {
  return delivery <= (end - start >= SHORTEST_DAY ? LONGEST_DAY : end - start);
}
