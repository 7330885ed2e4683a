/** CSV of ISO Express: lines that begin with C, H, D and T; hours by their end, `02X` for the repeated one. Form: reference 7.2. */

import { daysFromCivil, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, publishedIntervals, rowOf } from '../feed.ts';
import { clockText, slashDate, slashStamp, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { CSV_HEADERS, pageRefusal, plainReport, tableOf } from '../report.ts';
import { csvOf, quotedCell, type Table, type TableRow } from '../table.ts';
import { finalAt, type IsoneFeeds } from './feeds.ts';
import { hourEnding, ISONE_ZONE, isoneDay } from './market-day.ts';
import { weekReport } from './week-forecasts.ts';

/** Folder of the reports by day. */
export const REPORTS = '/static-transform/csv/histRpts/';
/** Folder of the reports by query. */
export const TRANSFORMS = '/transform/csv/';

/** A report before its lines are made. */
interface Lines {
  readonly feed: Feed;
  readonly title: string;
  readonly file: string;
  readonly day: number;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly TableRow[];
  /** When the report was made, where it is not with the last of its values. */
  readonly madeAt?: Micros;
}

/** What is not there is a page of the site. */
export function noReport(): Answer {
  return pageRefusal(404, 'ISO New England - Page Not Found', 'The requested report is not available.');
}

/** Files by day: day-ahead, real-time hourly, and five-minute blocks of four hours. */
export function dailyReport(feeds: IsoneFeeds, path: string, at: Micros): Answer {
  const m = /^([\w-]+)\/([A-Za-z_0-9]+?)_(\d{4})(\d{2})(\d{2})(?:_(\d{2})-(\d{2}))?\.csv$/.exec(path);
  if (m === null) return noReport();
  const day = daysFromCivil(Number(m[3]), Number(m[4]), Number(m[5]));
  const file = path.slice(path.indexOf('/') + 1);
  const back = (): Answer => dailyReport(feeds, path.replace(/\d{8}/, compactOf(day - 1)), at);
  switch (`${m[1]}/${m[2]}`) {
    case 'da-lmp/WW_DALMP_ISO':
      return answer(
        hourlyLines(feeds, 'dayAhead', 'Day-Ahead Energy Market Hourly LMP Report', file, day, at),
        at,
        back,
      );
    case 'rt-lmp/lmp_rt_prelim':
      return answer(
        hourlyLines(
          feeds,
          'hourly',
          'Real-Time Energy Market Hourly LMP Report',
          file,
          day,
          Math.min(at, finalAt(feeds.process, day) - 1),
        ),
        at,
        back,
      );
    case 'rt-lmp/lmp_rt_final':
      if (at < finalAt(feeds.process, day)) return noReport();
      return answer(
        {
          ...hourlyLines(feeds, 'hourly', 'Real-Time Energy Market Hourly LMP Report', file, day, at),
          madeAt: finalAt(feeds.process, day),
        },
        at,
        back,
      );
    case '5min-rt-prelim/lmp_5min':
      return answer(blockLines(feeds, file, day, Number(m[6]), Number(m[7]), at), at, back);
    default:
      return noReport();
  }
}

function compactOf(day: number): string {
  const [month, date, year] = slashDate(day).split('/');
  return `${year}${month}${date}`;
}

const PRICES: Lines['columns'] = [
  ['Locational Marginal Price', '$/MWh'],
  ['Energy Component', '$/MWh'],
  ['Congestion Component', '$/MWh'],
  ['Marginal Loss Component', '$/MWh'],
];

function hourlyLines(
  feeds: IsoneFeeds,
  which: 'dayAhead' | 'hourly',
  title: string,
  file: string,
  day: number,
  at: Micros,
): Lines {
  const feed = feeds[which];
  const rows = [...publishedIntervals(feed, isoneDay(day), at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const { id, name, type } = entry.place;
      const cells = [
        quotedCell(slashDate(day)),
        hourEnding(interval.start),
        String(id),
        quotedCell(name),
        quotedCell(type),
        ...entry.numbers.map((number) => plainText(number ?? 0, 2)),
      ];
      return rowOf(feed, interval, entry, ['"D"', ...cells], (field) => 6 + feed.fields.indexOf(field));
    }),
  );
  const columns: Lines['columns'] = [
    ['Date', 'Date'],
    ['Hour Ending', 'String'],
    ['Location ID', 'Number'],
    ['Location Name', 'String'],
    ['Location Type', 'String'],
    ...PRICES,
  ];
  return { feed, title, file, day, columns, rows };
}

/** Local hours from `from` until before `to`: of a repeated hour both are in the block. */
function blockLines(
  feeds: IsoneFeeds,
  file: string,
  day: number,
  from: number,
  to: number,
  at: Micros,
): Lines {
  const feed = feeds.fiveMinute;
  const asOf = Math.min(at, finalAt(feeds.process, day) - 1);
  const { start, end } = isoneDay(day);
  const isIn = (interval: Interval): boolean => {
    const { hour } = wallAt(ISONE_ZONE, interval.start);
    return hour >= from && hour < to && from % 4 === 0 && to === from + 4;
  };
  // A block comes as a whole, when its last hour is over.
  const intervals = [...feed.intervals({ start, end })].filter(isIn);
  const isWhole = intervals.length > 0 && feed.publishedAt(intervals[intervals.length - 1]) <= asOf;
  const rows = (isWhole ? intervals : []).flatMap((interval) =>
    feed.entries(interval, asOf).map((entry) => {
      const time = clockText(wallAt(ISONE_ZONE, interval.start), true);
      const numbers = entry.numbers.map((number) => plainText(number ?? 0, 2));
      const cells = ['"D"', quotedCell(time), String(entry.place.id), ...numbers];
      return rowOf(feed, interval, entry, cells, (field) => 3 + feed.fields.indexOf(field));
    }),
  );
  const columns: Lines['columns'] = [
    ['Local Time', 'HH:MM:SS'],
    ['Location ID', 'Number'],
    ['LMP', '$/MWh'],
    ['Energy Component', '$/MWh'],
    ['Congestion Component', '$/MWh'],
    ['Loss Component', '$/MWh'],
  ];
  return { feed, title: 'Five-Minute Locational Marginal Prices', file, day, columns, rows };
}

/** Reports by query: fuels, load and forecasts of a day. */
export function queriedReport(feeds: IsoneFeeds, name: string, query: URLSearchParams, at: Micros): Answer {
  const m = /^(\d{4})(\d{2})(\d{2})$/.exec(query.get('start') ?? '');
  if (m === null) return noReport();
  const day = daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
  if (name === 'genfuelmix') return answer(fuelLines(feeds, day, at), at);
  if (name === 'hourlysystemdemand') return answer(hourlyLoadLines(feeds, day, at), at);
  if (name === 'fiveminutesystemload') return answer(loadLines(feeds, day, at), at);
  const forecast = feeds.weekForecasts.find(({ path }) => path === name);
  return (forecast === undefined ? null : weekReport(forecast, day, at)) ?? noReport();
}

function fuelLines({ fuels: feed }: IsoneFeeds, day: number, at: Micros): Lines {
  const rows = [...publishedIntervals(feed, isoneDay(day), at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const [date, time] = slashStamp(ISONE_ZONE, interval.start).split(' ').map(quotedCell);
      const cells = ['"D"', date, time, String(entry.numbers[0]), quotedCell(entry.place.series ?? '')];
      return rowOf(feed, interval, entry, cells, () => 3);
    }),
  );
  const columns: Lines['columns'] = [
    ['Date', 'Date'],
    ['Time', 'HH:MM:SS'],
    ['Gen Mw', 'MW'],
    ['Fuel Category', 'String'],
  ];
  return { feed, title: 'Dispatch Fuel Mix', file: `genfuelmix_${compactOf(day)}.csv`, day, columns, rows };
}

function hourlyLoadLines({ hourlyLoad: feed }: IsoneFeeds, day: number, at: Micros): Lines {
  const rows = [...publishedIntervals(feed, isoneDay(day), at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const total = plainText(entry.numbers[0] ?? 0, feed.decimals);
      const cells = ['"D"', quotedCell(slashDate(day)), hourEnding(interval.start), total];
      return rowOf(feed, interval, entry, cells, (field) => (field === 'load' ? 3 : -1));
    }),
  );
  const columns: Lines['columns'] = [
    ['Date', 'Date'],
    ['Hour Ending', 'String'],
    ['Total Load', 'MWh'],
  ];
  const file = `hourlysystemdemand_${compactOf(day)}.csv`;
  return { feed, title: 'Hourly System Demand', file, day, columns, rows };
}

function loadLines({ load: feed }: IsoneFeeds, day: number, at: Micros): Lines {
  const rows = [...publishedIntervals(feed, isoneDay(day), at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const numbers = entry.numbers.map((number) => plainText(number ?? 0, feed.decimals));
      const cells = ['"D"', quotedCell(slashStamp(ISONE_ZONE, interval.start)), ...numbers];
      return rowOf(feed, interval, entry, cells, (field) => 2 + feed.fields.indexOf(field));
    }),
  );
  const columns: Lines['columns'] = [
    ['Date/Time', 'MM/DD/YYYY HH:MM:SS'],
    ['Total Load', 'MW'],
    ['Native Load', 'MW'],
    ['Asset Related Load', 'MW'],
  ];
  return {
    feed,
    title: 'Five-Minute System Load',
    file: `fiveminutesystemload_${compactOf(day)}.csv`,
    day,
    columns,
    rows,
  };
}

/** No rows are no report. */
function answer(
  { feed, title, file, day, columns, rows, ...made }: Lines,
  at: Micros,
  neighbour?: () => Answer,
): Answer {
  if (rows.length === 0) return noReport();
  const last = rows.flatMap((row) => row.facts().slice(0, 1)).at(-1);
  const madeAt = made.madeAt ?? (last === undefined ? at : Math.min(at, feed.publishedAt(last)));
  const zoneWord = isDaylight(madeAt) ? 'EDT' : 'EST';
  const header = ['"H"', ...columns.map(([name]) => quotedCell(name))];
  const types = ['"H"', ...columns.map(([, type]) => quotedCell(type))];
  const table = tableOf(header, rows, {
    preamble: [
      `"C","${title}"`,
      `"C","Filename: ${file}"`,
      `"C","Report for ${slashDate(day)}"`,
      `"C","Report generated ${slashStamp(ISONE_ZONE, madeAt)} ${zoneWord}"`,
    ],
    footer: [`"T","${rows.length} lines"`],
    textCell: quotedCell,
  });
  const render = (shown: Table): string => {
    const lines = csvOf({ ...shown, footer: [] })
      .trimEnd()
      .split('\n');
    lines.splice(shown.preamble.length + 1, 0, types.join(','));
    return `${[...lines, ...shown.footer].join('\n')}\n`;
  };
  return plainReport({
    dataset: feed.dataset,
    name: file,
    headers: CSV_HEADERS,
    table,
    zone: ISONE_ZONE,
    modifiedAt: madeAt,
    render,
    ...(neighbour === undefined ? {} : { neighbour }),
  });
}

function isDaylight(at: Micros): boolean {
  return (wallAt('UTC', at).hour - wallAt(ISONE_ZONE, at).hour + 24) % 24 === 4;
}
