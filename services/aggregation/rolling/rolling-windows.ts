/**
 * The windows of the rolling policy, in bars. A window of an interval shorter than a day is elapsed time, and that of 1d
 * is market days: seven of them are seven bars in the weeks of 167 and 169 hours too.
 *
 * The bars of a series have whole numbers in the order of time, their ordinals: those of intervals shorter than a day
 * count lengths since 1970, those of 1d are the numbers of the market days. Bars that follow one another without a gap
 * have ordinals that do.
 */

import type { BarInterval } from '../../../core/math/bar-interval.ts';
import type { Micros } from '../../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../../core/time/market-day.ts';
import { type AggregationSettings, barsOfWindow } from '../config.ts';

/** One window over one interval. */
export interface RollingWindow {
  /** Index in {@link RollingWindows.names}. */
  readonly index: number;
  /** How many bars it has room for. */
  readonly bars: number;
}

/** What the policy wants, by interval. */
export class RollingWindows {
  /** The lengths of all windows, each once: `RollingBatch.window` indexes them. */
  readonly names: readonly string[];
  private readonly byInterval: readonly (readonly RollingWindow[])[];
  private readonly intervals: readonly BarInterval[];

  /** `intervals` are those of the policy, by the numbers that bars have. */
  constructor(settings: Pick<AggregationSettings, 'rolling'>, intervals: readonly BarInterval[]) {
    this.names = [...new Set(settings.rolling.flatMap(({ windows }) => windows))];
    this.intervals = intervals;
    this.byInterval = intervals.map((interval) =>
      settings.rolling
        .filter((line) => line.interval === interval.name)
        .flatMap(({ windows }) =>
          windows.map((name) => ({
            index: this.names.indexOf(name),
            bars: barsOfWindow(interval.name, name),
          })),
        ),
    );
  }

  /** Windows of an interval by its number; none for one that the policy does not name. */
  of(interval: number): readonly RollingWindow[] {
    return this.byInterval[interval] ?? [];
  }

  /** The most bars of a window of an interval; 0 for none. */
  longestOf(interval: number): number {
    return this.of(interval).reduce((most, { bars }) => Math.max(most, bars), 0);
  }

  /** The ordinal of a bar, or -1 for bounds that no window of the interval has by the policy in force. */
  ordinalOf(interval: number, zone: string, start: Micros, end: Micros): number {
    const { length } = this.intervals[interval];
    const ordinal = length > 0 ? Math.floor(start / length) : marketDayOf(zone, start);
    const fits =
      this.startOf(interval, zone, ordinal) === start && this.endOf(interval, zone, ordinal) === end;
    return fits ? ordinal : -1;
  }

  /** Start of the bar of an ordinal. */
  startOf(interval: number, zone: string, ordinal: number): Micros {
    const { length } = this.intervals[interval];
    return length > 0 ? ordinal * length : marketDayBounds(zone, ordinal).start;
  }

  /** End of it, exclusive. */
  endOf(interval: number, zone: string, ordinal: number): Micros {
    const { length } = this.intervals[interval];
    return length > 0 ? (ordinal + 1) * length : marketDayBounds(zone, ordinal).end;
  }
}
