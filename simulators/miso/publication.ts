/** What the simulated MISO publishes and when. Its clock is EST all year; every operating day has 24 hours. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { weekdayOf } from '../local-time.ts';
import { meanPartsIn, type PriceNode, type PriceProcess } from '../price-process.ts';
import { delayOf, type Series } from '../series.ts';

/** Eastern Standard Time all year. */
export const MISO_ZONE = '-05:00';

const FIVE = 5 * MINUTE;

/** Operating day of an instant. */
export function misoDayOf(at: Micros): number {
  return marketDayOf(MISO_ZONE, at);
}

/** First instant of an operating day. */
export function misoMidnight(day: number): Micros {
  return marketDayBounds(MISO_ZONE, day).start;
}

/** The four datasets. */
export interface MisoSeries {
  readonly exPost: Series;
  readonly exAnte: Series;
  readonly hourly: Series;
  readonly fiveMinute: Series;
}

/** When the final hourly prices of an operating day appear; the preliminary file is gone from then on. */
export function finalAt(process: PriceProcess, day: number): Micros {
  return misoMidnight(day + 6) + 11 * HOUR + delayOf(process, 'final', day, 0, 3600);
}

/** The Monday that names the weekly file which holds an operating day: two weeks after the Monday of its week. */
export function weeklyMonday(day: number): number {
  return day - ((weekdayOf(day) + 6) % 7) + 14;
}

/** When the weekly file of final 5-minute prices appears. */
export function weeklyAt(process: PriceProcess, monday: number): Micros {
  return misoMidnight(monday) + 9 * HOUR + delayOf(process, 'weekly', monday, 0, 3600);
}

/** The datasets over a price process. */
export function misoSeries(process: PriceProcess): MisoSeries {
  const dayAhead = (dataset: string, run: string, hour: number): Series => ({
    dataset,
    run,
    step: HOUR,
    publishedAt: ({ start }) => {
      const day = misoDayOf(start);
      return misoMidnight(day) - DAY + hour * HOUR + delayOf(process, dataset, day, -900, 0);
    },
    corrections: () => [],
  });
  const fiveMinute: Series = {
    dataset: 'rt_lmp',
    run: 'rt',
    step: FIVE,
    publishedAt: ({ start, end }) => end + delayOf(process, 'rt', start, 60, 90),
    corrections: ({ start }) => [{ at: weeklyAt(process, weeklyMonday(misoDayOf(start))), share: 0.02 }],
  };
  return {
    exPost: dayAhead('da_lmp', 'da', 13),
    exAnte: dayAhead('da_lmp_ex_ante', 'da-exante', 13),
    hourly: {
      dataset: 'rt_lmp_hourly',
      run: 'rt',
      step: HOUR,
      publishedAt: ({ start }) => {
        const day = misoDayOf(start);
        return misoMidnight(day + 1) + 6 * HOUR + delayOf(process, 'prelim', day, -1800, 0);
      },
      // Two of three cells follow a changed price: 2 % of the cells.
      corrections: ({ start }) => [{ at: finalAt(process, misoDayOf(start)), share: 0.03 }],
      parts: (node: PriceNode, interval: Interval) => meanPartsIn(process, 'rt', node, interval, FIVE),
    },
    fiveMinute,
  };
}
