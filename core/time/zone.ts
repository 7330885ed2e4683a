/**
 * From the words that markets print to UTC, by declared rules and never by a guess.
 *
 * A zone is an IANA name (`America/New_York`) or a fixed offset (`-05:00`, MISO and IESO all year). Transitions are
 * found with Temporal, then cached per zone and year, so that a file of a million rows costs a few look-ups.
 */

import { DAY, HOUR, instantFromCivil, MINUTE, type Micros } from './instant.ts';

/** Fields of a wall clock as a market prints it. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** How often a wall time occurs in a zone, with the instants it stands for in order. */
export type WallResolution =
  | { readonly kind: 'unique'; readonly at: Micros }
  | { readonly kind: 'repeated'; readonly first: Micros; readonly second: Micros }
  | { readonly kind: 'skipped' };

const FIXED = /^([+-])(\d{2}):(\d{2})$/;
const offsets = new Map<string, Map<number, Micros>>();

/** Offset from UTC in micros that holds in the zone at the instant (negative west of Greenwich). */
export function offsetAt(zone: string, at: Micros): Micros {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return fixed;
  // Offsets change on quarter hours of UTC in every zone of the last century, so one look-up serves 15 minutes.
  const quarter = Math.floor(at / (15 * MINUTE));
  let cache = offsets.get(zone);
  if (cache === undefined) offsets.set(zone, (cache = new Map()));
  let offset = cache.get(quarter);
  if (offset === undefined) {
    const instant = Temporal.Instant.fromEpochMilliseconds(quarter * 900_000);
    offset = instant.toZonedDateTimeISO(zone).offsetNanoseconds / 1000;
    if (cache.size > 100_000) cache.clear();
    cache.set(quarter, offset);
  }
  return offset;
}

function fixedOffset(zone: string): Micros | null {
  if (zone === 'UTC') return 0;
  const m = FIXED.exec(zone);
  if (m === null) return null;
  return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * HOUR + Number(m[3]) * MINUTE);
}

/** What a wall time means in a zone: one instant, two (autumn), or none (spring). */
export function resolveWall(zone: string, wall: WallTime): WallResolution {
  const asUtc = instantFromCivil(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second);
  // The offsets that can hold lie between those of a day before and a day after: no zone moves twice in two days.
  const before = offsetAt(zone, asUtc - DAY);
  const after = offsetAt(zone, asUtc + DAY);
  const early = asUtc - before;
  if (before === after) return { kind: 'unique', at: early };
  const late = asUtc - after;
  const earlyHolds = offsetAt(zone, early) === before;
  const lateHolds = offsetAt(zone, late) === after;
  if (earlyHolds && lateHolds) return { kind: 'repeated', first: early, second: late };
  if (earlyHolds) return { kind: 'unique', at: early };
  if (lateHolds) return { kind: 'unique', at: late };
  return { kind: 'skipped' };
}
