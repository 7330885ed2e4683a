/** What the simulated CAISO publishes, when, and how it labels hours. Labels are Pacific, instants GMT. */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PriceProcess } from '../price-process.ts';
import { delayOf, type Series } from '../series.ts';

/** Pacific prevailing time. */
export const CAISO_ZONE = 'America/Los_Angeles';

/** A query of OASIS that is simulated. */
export interface OasisQuery {
  readonly queryname: string;
  /** Value of `version` that it wants. */
  readonly version: string;
  readonly marketRun: string;
  readonly series: Series;
  /** Day-ahead answers have another column order and plain hours. */
  readonly isDayAhead: boolean;
  /** Name of the price column, by whether nodes are named in the query. */
  readonly priceColumn: { readonly named: string; readonly all: string };
}

/** Trade day of an instant. */
export function caisoDayOf(at: Micros): number {
  return marketDayOf(CAISO_ZONE, at);
}

/** Bounds of a trade day: 23, 24 or 25 hours. */
export function caisoDay(day: number): { start: Micros; end: Micros } {
  return marketDayBounds(CAISO_ZONE, day);
}

/** Corrected prices replace the first ones a day after the trade day. */
const CORRECTED = 0.01;

/** When the prices of an interval are corrected. */
export function caisoCorrections(process: PriceProcess): Series['corrections'] {
  return ({ start }) => {
    const day = caisoDayOf(start);
    return [{ at: caisoDay(day).end + DAY + delayOf(process, 'correction', day, 0, 3600), share: CORRECTED }];
  };
}

/** Results of the day-ahead market appear by one o'clock Pacific the day before; that day may have 23 or 25 hours. */
export function dayAheadAt(process: PriceProcess): Series['publishedAt'] {
  return ({ start }) => {
    const day = caisoDayOf(start);
    return caisoDay(day - 1).end - 11 * HOUR + delayOf(process, 'dam', day, -900, 0);
  };
}

/** Results of real time appear minutes after their interval. */
export function realTimeAt(process: PriceProcess, what: string): Series['publishedAt'] {
  return ({ start, end }) => end + delayOf(process, what, start, 90, 180);
}

/** The four price queries over a price process. */
export function oasisQueries(process: PriceProcess): OasisQuery[] {
  const corrections = caisoCorrections(process);
  const realTime = (dataset: string, run: string, minutes: number): Series => ({
    dataset,
    run,
    step: minutes * MINUTE,
    publishedAt: realTimeAt(process, dataset),
    corrections,
  });
  const dayAhead: Series = {
    dataset: 'da_lmp',
    run: 'da',
    step: HOUR,
    publishedAt: dayAheadAt(process),
    corrections,
  };
  return [
    {
      queryname: 'PRC_LMP',
      version: '12',
      marketRun: 'DAM',
      series: dayAhead,
      isDayAhead: true,
      priceColumn: { named: 'MW', all: 'MW' },
    },
    {
      queryname: 'PRC_INTVL_LMP',
      version: '3',
      marketRun: 'RTM',
      series: realTime('rt_lmp', 'rt', 5),
      isDayAhead: false,
      priceColumn: { named: 'MW', all: 'VALUE' },
    },
    {
      queryname: 'PRC_RTPD_LMP',
      version: '3',
      marketRun: 'RTPD',
      series: realTime('rt_lmp_15min', 'rtpd', 15),
      isDayAhead: false,
      priceColumn: { named: 'PRC', all: 'PRC' },
    },
    {
      queryname: 'PRC_HASP_LMP',
      version: '3',
      marketRun: 'HASP',
      series: realTime('hasp_lmp', 'hasp', 15),
      isDayAhead: false,
      priceColumn: { named: 'MW', all: 'MW' },
    },
  ];
}

/**
 * OPR_HR of an instant: hour-ending, 1 to 24. In autumn the second hour from one to two is 25, between 2 and 3 in time;
 * in spring 3 is absent.
 */
export function operatingHour(at: Micros): number {
  const { start, end } = caisoDay(caisoDayOf(at));
  const elapsed = Math.floor((at - start) / HOUR);
  const hours = (end - start) / HOUR;
  if (hours === 23) return elapsed < 2 ? elapsed + 1 : elapsed + 2;
  if (hours === 25 && elapsed >= 2) return elapsed === 2 ? 25 : elapsed;
  return elapsed + 1;
}

/** OPR_INTERVAL: 1 to 4 or 1 to 12. */
export function ordinalInHour(step: Micros, start: Micros): number {
  return Math.floor((start % HOUR) / step) + 1;
}

/** INTERVAL_NUM counts the intervals of the day by the label of their hour. */
export function intervalNumber(step: Micros, start: Micros): number {
  return (operatingHour(start) - 1) * (HOUR / step) + ordinalInHour(step, start);
}
