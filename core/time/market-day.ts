/**
 * Market days: 23, 24 or 25 hours long, depending on the market's zone and the season (reference: domain 3.2,
 * iso-feeds 11). MISO and IESO keep EST all year, so theirs always have 24.
 */

import { civilFromDays, DAY, type Micros } from './instant.ts';
import type { Interval } from './interval.ts';
import { offsetAt, resolveWall } from './zone.ts';

/** The zone whose midnight begins the operating day of each market. */
export const MARKET_ZONES: Readonly<Record<string, string>> = {
  MISO: '-05:00',
  IESO: '-05:00',
  NYISO: 'America/New_York',
  PJM: 'America/New_York',
  ISONE: 'America/New_York',
  ERCOT: 'America/Chicago',
  SPP: 'America/Chicago',
  CAISO: 'America/Los_Angeles',
  EIA: 'UTC',
  ELEXON: 'Europe/London',
  AEMO: '+10:00',
};

/** The zone of a market's operating day; UTC for a market that is not in the table. */
export function marketZone(market: string): string {
  return MARKET_ZONES[market] ?? 'UTC';
}

/** Days since the epoch of the market day that holds the instant. */
export function marketDayOf(zone: string, at: Micros): number {
  return Math.floor((at + offsetAt(zone, at)) / DAY);
}

const bounds = new Map<string, Map<number, Interval>>();

/** `[midnight, next midnight)` of a market day, as UTC instants. */
export function marketDayBounds(zone: string, day: number): Interval {
  let days = bounds.get(zone);
  if (days === undefined) bounds.set(zone, (days = new Map()));
  let interval = days.get(day);
  if (interval === undefined) {
    interval = { start: midnight(zone, day), end: midnight(zone, day + 1) };
    if (days.size > 10_000) days.clear();
    days.set(day, interval);
  }
  return interval;
}

/** First instant of a civil day. Where midnight is skipped the day begins with the transition. */
function midnight(zone: string, day: number): Micros {
  const [year, month, dayOfMonth] = civilFromDays(day);
  const found = resolveWall(zone, { year, month, day: dayOfMonth, hour: 0, minute: 0, second: 0 });
  if (found.kind === 'unique') return found.at;
  if (found.kind === 'repeated') return found.first;
  return day * DAY - offsetAt(zone, day * DAY - DAY);
}
