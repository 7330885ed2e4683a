/**
 * Forecasts of wind and sun of the simulated ISO New England: made each morning at ten for seven days, a report with a
 * column for each day. Hours that are past are blank, and so is the hour that spring skips. Form: reference 7.2.
 */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, type Fuel, generationForecastOf } from '../demand-process.ts';
import { type Feed, valuesOf } from '../feed.ts';
import { offsetText, slashDate, slashStamp, weekdayOf } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { CSV_HEADERS, plainReport, tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import { csvOf, type Fact, quotedCell, type TableRow } from '../table.ts';
import { hourEnding, ISONE_ZONE, isoneDay, isoneDayOf } from './market-day.ts';

/** One source and its forecast. */
export interface WeekForecast {
  /** `wphf`, `sphf`: the name in addresses. */
  readonly path: string;
  readonly title: string;
  readonly feed: Feed;
}

const DAYS = 7;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** When the forecast of a day is made. */
function issueOf(day: number): Micros {
  return isoneDay(day).start + 10 * HOUR;
}

/** Forecasts from one demand process. */
export function weekForecasts(demand: DemandProcess): WeekForecast[] {
  const forecast = (path: string, fuel: Fuel): WeekForecast => {
    const word = fuel.name.toLowerCase();
    return {
      path,
      title: `ISO New England Inc. Seven Day ${fuel.name} Power Forecast Report`,
      feed: {
        dataset: `${word}_forecast`,
        step: HOUR,
        decimals: 0,
        fields: [`${word}_forecast`],
        intervals: (window) => regularIntervals(window, HOUR),
        publishedAt: ({ start }) => issueOf(isoneDayOf(start) - DAYS + 1),
        // The last forecast before an hour stays.
        entries: ({ start }, at) => {
          const until = Math.min(at, start);
          const today = isoneDayOf(until);
          const issue = issueOf(issueOf(today) <= until ? today : today - 1);
          const amount = rounded(generationForecastOf(demand, fuel, start, issue));
          return [{ place: { name: 'ISONE' }, numbers: [amount] }];
        },
      },
    };
  };
  return [
    forecast('wphf', { name: 'Wind', share: 0.05, habit: 'wind' }),
    forecast('sphf', { name: 'Solar', share: 0.03, habit: 'sun' }),
  ];
}

/** The report that was made on a day; null before it is. */
export function weekReport({ path, title, feed }: WeekForecast, day: number, at: Micros): Answer | null {
  const issue = issueOf(day);
  if (at < issue) return null;
  const days = Array.from({ length: DAYS }, (_, k) => day + k);
  const hours = days.map((each) => new Map(labelled(feed, isoneDay(each))));
  const labels = [...new Set(hours.flatMap((each) => [...each.keys()]))].sort();
  const rows = labels.map((label): TableRow => {
    const facts: Fact[] = [];
    const cells = hours.map((each, k) => {
      const interval = each.get(label);
      if (interval === undefined || interval.start < issue) return '';
      const [entry] = feed.entries(interval, issue);
      // What a later report says of an hour is not told of this one.
      const [latest] = feed.entries(interval, at);
      if (String(latest.numbers) === String(entry.numbers))
        facts.push(...valuesOf(feed, interval, entry).map((value) => ({ ...value, column: 3 + k })));
      return String(entry.numbers[0]);
    });
    return { cells: ['"D"', '', label, ...cells], facts: () => facts };
  });
  const file = `${path}_${slashDate(day).replaceAll('/', '')}.csv`;
  const zoneWord = offsetText(ISONE_ZONE, issue) === '-04:00' ? 'EDT' : 'EST';
  const table = tableOf(['"D"', '"Date"', '"Hour Ending"', ...days.map(slashDate).map(quotedCell)], rows, {
    preamble: [
      `"C","${title}"`,
      `"C","Filename: ${file}"`,
      `"C","Report for ${slashDate(day)}"`,
      `"C","Report generated ${slashStamp(ISONE_ZONE, issue)} ${zoneWord}"`,
      ['"H"', '""', '', ...days.map((_, k) => `"Day ${k + 1}"`)].join(','),
      ['"D"', '"Day"', '', ...days.map((each) => quotedCell(WEEKDAYS[weekdayOf(each)]))].join(','),
    ],
    footer: [`"T","${rows.length + 2} lines"`],
    textCell: quotedCell,
  });
  return plainReport({
    dataset: feed.dataset,
    name: file,
    headers: CSV_HEADERS,
    table,
    zone: ISONE_ZONE,
    modifiedAt: issue,
    render: csvOf,
  });
}

/** The hours of a day by their labels. */
function labelled(feed: Feed, window: Interval): [string, Interval][] {
  return [...feed.intervals(window)].map((interval) => [hourEnding(interval.start), interval]);
}
