/**
 * Wind and sun of the simulated SPP: forecasts of the middle term by the hour for a week, and of the short term by five
 * minutes with what came of it. A file at every step; what was said last before an interval stays.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { type DemandProcess, type Fuel, generationForecastOf, generationOf } from '../demand-process.ts';
import { type Feed, publishedIntervals, rowOf } from '../feed.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { Table } from '../table.ts';
import { forecastStamp, intervalStamp, sppDayOf, stampsOf, WEST_SINCE } from './clock.ts';
import { dateFolder, fileOf, hourFolder, markOf, notThere } from './folders.ts';
import { forecastAt } from './publication.ts';

/** Both terms. */
export interface SppResources {
  readonly midTerm: Feed;
  readonly shortTerm: Feed;
}

const FIVE = 5 * MINUTE;
const WIND: Fuel = { name: 'Wind', share: 0.38, habit: 'wind' };
const SUN: Fuel = { name: 'Solar', share: 0.02, habit: 'sun' };

/** How far a file reaches, and its columns in their order. */
const MID_TERM = { ahead: 7 * DAY, columns: ['Wind Forecast MW', ' Solar Forecast MW'] };
const SHORT_TERM = {
  ahead: 4 * HOUR,
  columns: ['Wind Forecast MW', 'Actual Wind MW', 'Solar Forecast MW', 'Actual Solar MW'],
};

/** Forecasts from one demand process. */
export function sppResources(demand: DemandProcess): SppResources {
  const feed = (dataset: string, step: Micros, ahead: Micros, hasActual: boolean): Feed => ({
    dataset,
    step,
    decimals: 2,
    fields: ['wind', 'solar'].flatMap((word) =>
      hasActual ? [`${word}_forecast`, `${word}_generation`] : [`${word}_forecast`],
    ),
    intervals: (window) => regularIntervals(window, step),
    publishedAt: ({ start }) => forecastAt(start - ahead + step),
    entries: ({ start, end }, at) => {
      const newest = Math.floor((at - forecastAt(0)) / step) * step;
      const numbers = [WIND, SUN].flatMap((fuel) => {
        const expected = generationForecastOf(demand, fuel, start, Math.min(newest, start));
        const actual = newest < end + step ? null : rounded(generationOf(demand, fuel, start) * 100);
        return hasActual ? [rounded(expected * 100), actual] : [rounded(expected * 100)];
      });
      return [{ place: { name: 'SPP' }, numbers }];
    },
  });
  return {
    midTerm: feed('renewable_forecast', HOUR, MID_TERM.ahead, false),
    shortTerm: feed('renewable_forecast_5min', FIVE, SHORT_TERM.ahead, true),
  };
}

/** `OP-MTRF-…` of an hour. */
export function midTermResources({ midTerm }: SppResources, file: string, at: Micros): Answer {
  const mark = markOf(file, HOUR, forecastStamp);
  if (mark === null || !file.startsWith(`${dateFolder(sppDayOf(mark))}/OP-MTRF-`)) return notThere();
  const window = { start: mark, end: mark + MID_TERM.ahead };
  return forecastFile(midTerm, file, mark, window, ['GMTIntervalEnd', ...MID_TERM.columns], at);
}

/** `OP-STRF-…` of five minutes. */
export function shortTermResources({ shortTerm }: SppResources, file: string, at: Micros): Answer {
  const mark = markOf(file, FIVE, intervalStamp);
  const folder = mark === null ? '' : `${dateFolder(sppDayOf(mark))}/${hourFolder(mark)}`;
  if (mark === null || !file.startsWith(`${folder}/OP-STRF-`)) return notThere();
  const window = { start: mark - 2 * HOUR, end: mark + SHORT_TERM.ahead };
  return forecastFile(shortTerm, file, mark, window, ['GMTInterval', ...SHORT_TERM.columns], at);
}

function forecastFile(
  feed: Feed,
  file: string,
  mark: Micros,
  window: Interval,
  columns: readonly string[],
  at: Micros,
): Answer {
  const madeAt = forecastAt(mark);
  if (at < madeAt) return notThere();
  const hasArea = sppDayOf(madeAt) >= WEST_SINCE;
  const rows = [...publishedIntervals(feed, window, madeAt)].flatMap((interval) =>
    feed.entries(interval, madeAt).map((entry) => {
      const amounts = entry.numbers.map((number) => (number === null ? '' : fixedText(number, 2)));
      const cells = [...stampsOf(interval.end), ...amounts, ...(hasArea ? ['SPP'] : [])];
      return rowOf(feed, interval, entry, cells, (field) => 2 + feed.fields.indexOf(field));
    }),
  );
  const table: Table = tableOf(['Interval', ...columns, ...(hasArea ? ['BAA'] : [])], rows, {
    isOrderFree: true,
  });
  return fileOf(feed.dataset, file, madeAt, table);
}
