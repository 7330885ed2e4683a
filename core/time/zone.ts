/**
 * From the words that markets print to UTC, by declared rules and never by a guess.
 *
 * A zone is an IANA name (`America/New_York`) or a fixed offset (`-05:00`, MISO and IESO all year). Transitions are
 * found with Temporal and kept, so that a file of a million rows costs a few look-ups.
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

/** From one change of clocks, inclusive, to the next. */
interface Span {
  readonly from: Micros;
  readonly to: Micros;
  readonly offset: Micros;
}

/** The offset of a zone that has but one, or what is known of another: spans that were used last before the others. */
const zones = new Map<string, Micros | Span[]>();

/** Spans kept for a zone: thirty years and more. */
const MOST_SPANS = 64;

/** The last millisecond that Temporal knows. */
const LAST_MS = 8.64e15;

/** Offset from UTC in micros that holds in the zone at the instant (negative west of Greenwich). */
export function offsetAt(zone: string, at: Micros): Micros {
  let spans = zones.get(zone);
  if (spans === undefined) zones.set(zone, (spans = fixedOffset(zone) ?? []));
  if (typeof spans === 'number') return spans;
  for (let i = 0; i < spans.length; i++) {
    const { from, to, offset } = spans[i];
    if (at >= from && at < to) {
      // Around a change of clocks two take turns.
      if (i > 1) spans.unshift(...spans.splice(i, 1));
      return offset;
    }
  }
  const found = spanAt(zone, at);
  spans.unshift(found);
  if (spans.length > MOST_SPANS) spans.pop();
  return found.offset;
}

function spanAt(zone: string, at: Micros): Span {
  const ms = Math.floor(at / 1000);
  const moment = (ms: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const here = moment(ms);
  // The one before an instant is never that of the instant itself: the look back begins a moment after.
  const before = moment(Math.min(ms + 1, LAST_MS)).getTimeZoneTransition('previous');
  const after = here.getTimeZoneTransition('next');
  return {
    from: before === null ? Number.NEGATIVE_INFINITY : before.epochMilliseconds * 1000,
    to: after === null ? Number.POSITIVE_INFINITY : after.epochMilliseconds * 1000,
    offset: here.offsetNanoseconds / 1000,
  };
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
