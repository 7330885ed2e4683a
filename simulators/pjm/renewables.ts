/** Wind and sun of the simulated PJM: output by the hour and area, and forecasts of 48 hours that are made each hour. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import {
  type DemandProcess,
  type Fuel,
  generationForecastOf,
  generationOf,
  quantityFeed,
} from '../demand-process.ts';
import { type Entry, type Feed, type Place, rowOf } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { regularIntervals } from '../series.ts';
import { BEGINNING, type DataFeed, ENDING, figureRows, stamps } from './figure-rows.ts';
import { pjmDay, pjmDayOf } from './market-day.ts';

/** An area with its share of the output. */
interface Area extends Place {
  readonly share: number;
}

/** What one source gave, and what was expected of it. */
export interface PjmSource {
  readonly word: 'wind' | 'solar';
  readonly output: Feed<Area>;
  readonly forecast: Feed;
  /** The entries of one issue of the forecast. */
  issued(interval: Interval, issue: Micros): readonly Entry[];
}

/** How far a forecast reaches. */
const AHEAD = 48 * HOUR;
/** Minutes past the hour at which forecasts of it are out. */
const DELAY = 4 * MINUTE;

const AREAS: readonly Area[] = [
  { name: 'MIDATL', share: 0.18 },
  { name: 'OTHER', share: 0.02 },
  { name: 'RFC', share: 0.9 },
  { name: 'RTO', share: 1 },
  { name: 'SOUTH', share: 0.1 },
  { name: 'WEST', share: 0.72 },
];

/** Wind and sun from one demand process. */
export function pjmRenewables(demand: DemandProcess): PjmSource[] {
  return [
    source(demand, 'wind', { name: 'Wind', share: 0.04, habit: 'wind' }),
    source(demand, 'solar', { name: 'Solar', share: 0.03, habit: 'sun' }),
  ];
}

function source(demand: DemandProcess, word: PjmSource['word'], fuel: Fuel): PjmSource {
  const fields = [`${word}_forecast`, ...(word === 'solar' ? ['solar_forecast_btm'] : [])];
  const issued: PjmSource['issued'] = ({ start }, issue) => {
    const whole = rounded(generationForecastOf(demand, fuel, start, issue) * 100);
    return [{ place: { name: 'PJM' }, numbers: word === 'solar' ? [whole, rounded(whole * 0.4)] : [whole] }];
  };
  return {
    word,
    issued,
    output: quantityFeed<Area>({
      dataset: `${word}_generation`,
      field: `${word}_generation`,
      step: HOUR,
      decimals: 6,
      publishedAt: ({ start }) => pjmDay(pjmDayOf(start)).end + 7 * HOUR,
      places: AREAS,
      amountOf: ({ share }, { start }) => share * generationOf(demand, fuel, start),
    }),
    forecast: {
      dataset: `${word}_forecast`,
      step: HOUR,
      decimals: 2,
      fields,
      intervals: (window) => regularIntervals(window, HOUR),
      publishedAt: ({ start }) => start - AHEAD + HOUR + DELAY,
      // What was said last before an hour stays.
      entries: (interval, at) => issued(interval, Math.min(newestIssue(at), interval.start)),
    },
  };
}

/** The newest issue that is out. */
function newestIssue(at: Micros): Micros {
  return Math.floor((at - DELAY) / HOUR) * HOUR;
}

/** The feeds of Data Miner. */
export function renewableRows(sources: readonly PjmSource[]): DataFeed[] {
  return sources.flatMap((each) => [forecastRows(each), outputRows(each)]);
}

function outputRows({ word, output }: PjmSource): DataFeed {
  return figureRows({
    name: `${word}_gen`,
    feed: output,
    columns: [...BEGINNING, 'area', `${word}_generation_mw`],
    printed: [`${word}_generation_mw`],
    cellsOf: ({ start }, { place, numbers }) => [...stamps(start), place.name, fixedText(numbers[0] ?? 0, 6)],
  });
}

/** Every issue with all its hours; queries name the time at which it was made. Of an hour the last issue counts. */
function forecastRows({ word, forecast: feed, issued }: PjmSource): DataFeed {
  const printed =
    word === 'solar' ? ['solar_forecast_mwh', 'solar_forecast_btm_mwh'] : [`${word}_forecast_mwh`];
  const numbers = printed.toReversed();
  const columns = ['evaluated_at_utc', 'evaluated_at_ept', ...BEGINNING, ...ENDING, ...numbers];
  return {
    name: `hourly_${word}_power_forecast`,
    dataset: feed.dataset,
    columns,
    bare: numbers,
    feed,
    archivedAfterDays: null,
    stamp: 'evaluated_at',
    isOrdered: true,
    *stamped({ start, end }, at) {
      const last = Math.min(end - 1, newestIssue(at));
      for (let issue = Math.ceil(start / HOUR) * HOUR; issue <= last; issue += HOUR)
        yield { start: issue, end: issue + AHEAD };
    },
    rows: (issue, at) =>
      [...feed.intervals(issue)].flatMap((interval) =>
        issued(interval, issue.start).map((entry) => {
          const amounts = entry.numbers.map((number) => plainText(number ?? 0, 2)).toReversed();
          const times = [issue.start, interval.start, interval.end].flatMap(stamps);
          const isLast = issue.start === Math.min(newestIssue(at), interval.start);
          return rowOf(feed, interval, entry, [...times, ...amounts], (field) =>
            isLast ? columns.indexOf(printed[feed.fields.indexOf(field)]) : -1,
          );
        }),
      ),
  };
}
