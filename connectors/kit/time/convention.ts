/**
 * How a dataset tells the time, declared and never guessed: the zone of its clock, what a stamp stands for, how long
 * an interval is, and which rule tells the two repeated hours of autumn apart.
 */

import type { Micros } from '../../../core/time/instant.ts';
import { resolveWall } from '../../../core/time/zone.ts';
import { parseStamp, wallFields } from './stamp.ts';

/** The rule of the repeated hour. */
export type RepeatedRule =
  /** The second block of equal stamps of a location, in the order of the file, is the later hour. */
  | { readonly by: 'order' }
  /** A column names the zone: word → offset from UTC in micros (`EST` → -5 h). It is checked on every row. */
  | { readonly by: 'zone'; readonly words: Readonly<Record<string, Micros>> }
  /** A flag marks the second pass; other words than these are refused. */
  | { readonly by: 'flag'; readonly first: readonly string[]; readonly second: readonly string[] }
  /** The source has no rule: repeated stamps are rejected. */
  | { readonly by: 'none' };

/** How the stamps of one dataset are to be read. */
export interface TimeConvention {
  /** `eastern-hour-beginning`: the first part of the rule's name in every row. */
  readonly name: string;
  /** IANA name or fixed offset. */
  readonly zone: string;
  /** Pattern of `connectors/kit/time/stamp.ts`. */
  readonly pattern: string;
  /**
   * What a stamp stands for: the begin of its interval; its end as a label (`HE 3` is 02:00 plus one hour on the
   * clock face, whatever the season); its end as the clock shows it then; or a reading at that instant. `bounds`: the
   * row prints begin and end as two stamps besides its words, and they decide; the zone is one without repeated hours.
   */
  readonly stamp: 'beginning' | 'ending-label' | 'ending-clock' | 'instant' | 'bounds';
  /** Length of an interval in micros; 0 for `instant`. */
  readonly length: Micros;
  /** For `bounds`: further lengths that the report has; begin and end of a row must be one of them apart. */
  readonly otherLengths?: readonly Micros[];
  /** True when stamps lie on multiples of the length; others are rejected. */
  readonly onGrid: boolean;
  readonly repeated: RepeatedRule;
  /**
   * How much of the market day the interval ledger looks for at a time: at least one reading in each such span of an
   * `instant`. Left out: the length, so that nothing is expected of single readings.
   */
  readonly cadence?: Micros;
  /** Days on which the source publishes: absent means all, `weekdays` leaves out Saturday and Sunday. */
  readonly publishes?: 'weekdays';
}

/** What a stamp means in its convention, before the rule of the repeated hour has spoken. */
export interface Moment {
  readonly kind: 'unique' | 'repeated' | 'skipped' | 'unparseable' | 'off-grid';
  /** The clock reading that was resolved in the zone, in micros of that clock; NaN if unparseable. */
  readonly wall: Micros;
  /** UTC micros: the instant, or the two that are possible (equal when unique, NaN when there is none). */
  readonly first: Micros;
  readonly second: Micros;
}

/** Resolves one stamp. Pure; callers keep the answers, as a file has few distinct stamps. */
export function momentOf(convention: TimeConvention, text: string): Moment {
  const stamped = parseStamp(convention.pattern, text);
  if (stamped === null)
    return { kind: 'unparseable', wall: Number.NaN, first: Number.NaN, second: Number.NaN };
  const wall = convention.stamp === 'ending-label' ? stamped - convention.length : stamped;
  if (convention.onGrid && wall % convention.length !== 0)
    return { kind: 'off-grid', wall, first: Number.NaN, second: Number.NaN };
  const found = resolveWall(convention.zone, wallFields(wall));
  if (found.kind === 'skipped') return { kind: 'skipped', wall, first: Number.NaN, second: Number.NaN };
  if (found.kind === 'unique') return { kind: 'unique', wall, first: found.at, second: found.at };
  return { kind: 'repeated', wall, first: found.first, second: found.second };
}
