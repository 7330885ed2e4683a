/** The simulated SPP: files of the portal's browser by folder and `path`. */

import { civilFromDays, DAY, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type Feed, publishedBy } from '../feed.ts';
import { compactDate, padded } from '../local-time.ts';
import type { Answer, Example, MarketSimulation, Refusal } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { CSV_HEADERS, plainReport } from '../report.ts';
import { csvOf, type Table } from '../table.ts';
import {
  dailyAt,
  endStamp,
  fileAt,
  forecastAt,
  forecastStamp,
  intervalStamp,
  isHole,
  SPP_ZONE,
  type SppFeeds,
  sppDay,
  sppDayOf,
  sppFeeds,
} from './feeds.ts';
import { FUEL_SPAN, forecastFile, fuelFeed, fuelFile, fuelLoadFeed, hourlyLoadFile } from './load-files.ts';
import { dailyFile, dayAheadFile, intervalFile, reserveFile } from './price-files.ts';

const ROOT = '/file-browser-api/download/';
const FIVE = 5 * MINUTE;

/** `nodes` is the number of settlement locations; the hubs are always among them. */
export function simulateSpp(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = sppFeeds(seed, nodes, traits);
  const fuels = fuelFeed(feeds.demand);
  const fuelLoad = fuelLoadFeed(feeds.demand);
  const { dayAhead, realTime, reserves, hourlyLoad, midTerm, shortTerm } = feeds;
  const all = [dayAhead, realTime, reserves, hourlyLoad, midTerm, shortTerm, fuels, fuelLoad];
  return {
    name: 'spp',
    market: 'SPP',
    datasets: [...new Set(all.map(({ dataset }) => dataset))],
    pace: null,
    tooSoon: notThere,
    examples: (at) => examples(feeds, at),
    respond: (path, query, at) => {
      if (!path.startsWith(ROOT)) return notThere();
      const file = query.get('path') ?? '';
      const folder = path.slice(ROOT.length);
      if (folder === 'generation-mix-historical') return fuelAnswer(fuelLoad, fuels, file, at);
      return fileAnswer(feeds, folder, file, at);
    },
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

/** What is not there has no body. */
function notThere(): Refusal {
  return { kind: 'refusal', status: 404, headers: {}, body: '' };
}

function answer(
  dataset: string,
  file: string,
  modifiedAt: Micros,
  table: Table,
  neighbour?: () => Answer,
): Answer {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const headers = { ...CSV_HEADERS, 'content-disposition': `attachment; filename="${name}"` };
  return plainReport({
    dataset,
    name,
    headers,
    table,
    zone: SPP_ZONE,
    modifiedAt,
    render: csvOf,
    ...(neighbour === undefined ? {} : { neighbour }),
  });
}

/** Folders of a day: `/2025/03`. */
function monthFolder(day: number): string {
  const [year, month] = civilFromDays(day);
  return `/${year}/${padded(month)}`;
}

const dateFolder = (day: number): string => `${monthFolder(day)}/${padded(civilFromDays(day)[2])}`;

function fileAnswer(feeds: SppFeeds, folder: string, file: string, at: Micros): Answer {
  const m = /-(\d{4})(\d{2})(\d{2})((?:\d{2}){0,2})(d?)\.csv$/.exec(file);
  const day = m === null ? sppDayOf(at) : daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
  const window = sppDay(day);
  const compact = compactDate(day);
  const again = (back: string): Answer => fileAnswer(feeds, folder, back, at);
  switch (folder) {
    case 'da-lmp-by-location':
    case 'da-lmp-by-settlement-location': {
      const publishedAt = feeds.dayAhead.publishedAt(window);
      const path = (each: number): string =>
        `${monthFolder(each)}/By_Day/DA-LMP-SL-${compactDate(each)}0100.csv`;
      if (file !== path(day) || at < publishedAt) return notThere();
      return answer('da_lmp', file, publishedAt, dayAheadFile(feeds, window, at), () => again(path(day - 1)));
    }
    case 'da-mcp': {
      const publishedAt = feeds.reserves.publishedAt(window);
      if (file !== `${monthFolder(day)}/DA-MCP-${compact}0100.csv` || at < publishedAt) return notThere();
      return answer('da_as_prices', file, publishedAt, reserveFile(feeds, window, at));
    }
    case 'rtbm-lmp-by-location':
      return realTimeAnswer(feeds, file, at);
    case 'mtlf-vs-actual':
    case 'stlf-vs-actual':
      return forecastAnswer(feeds, folder.startsWith('s'), file, at);
    case 'hourly-load': {
      const publishedAt = feeds.hourlyLoad.publishedAt(window);
      const [year] = civilFromDays(day);
      if (file !== `/${year}/DAILY_HOURLY_LOAD-${compact}.csv` || at < publishedAt) return notThere();
      return answer('load_hourly', file, publishedAt, hourlyLoadFile(feeds.hourlyLoad, window, at));
    }
    default:
      return notThere();
  }
}

/** The mark on the grid that a name stands for; null for none. */
function markOf(file: string, step: Micros, stampOf: (mark: Micros) => string): Micros | null {
  const m = /-(\d{4})(\d{2})(\d{2})\d{4}d?\.csv$/.exec(file);
  if (m === null) return null;
  const { start, end } = sppDay(daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3])));
  for (let mark = start; mark < end; mark += step) if (file.endsWith(`-${stampOf(mark)}.csv`)) return mark;
  return null;
}

/** Folder and name of an interval's file: the folder by the begin, the name by the end. */
function intervalPath({ start, end }: Interval, inner = 'By_Interval'): string {
  const day = sppDayOf(start);
  return `${monthFolder(day)}/${inner}/${padded(civilFromDays(day)[2])}/RTBM-LMP-SL-${intervalStamp(end)}.csv`;
}

function realTimeAnswer(feeds: SppFeeds, file: string, at: Micros): Answer {
  const { process, realTime } = feeds;
  if (file === '/RTBM-LMP-SL-latestInterval.csv') {
    let end = Math.floor(at / FIVE) * FIVE;
    while (realTime.publishedAt({ start: end - FIVE, end }) > at) end -= FIVE;
    const window = { start: end - FIVE, end };
    return answer('rt_lmp', file, realTime.publishedAt(window), intervalFile(feeds, window, at));
  }
  const daily = /^\/\d{4}\/\d{2}\/By_Day\/RTBM-LMP-DAILY-SL-(\d{4})(\d{2})(\d{2})\.csv$/.exec(file);
  if (daily !== null) {
    const day = daysFromCivil(Number(daily[1]), Number(daily[2]), Number(daily[3]));
    const publishedAt = dailyAt(process, day);
    if (at < publishedAt || !file.startsWith(monthFolder(day))) return notThere();
    return answer('rt_lmp', file, publishedAt, dailyFile(feeds, sppDay(day), at));
  }
  const end = markOf(file, FIVE, intervalStamp);
  if (end === null) return notThere();
  const window = { start: end - FIVE, end };
  const correctedAt = dailyAt(process, sppDayOf(window.start));
  // Prices that were corrected lie beside the first ones, which stay as they were.
  if (file === intervalPath(window, 'RePrice') && at >= correctedAt)
    return answer('rt_lmp', file, correctedAt, intervalFile(feeds, window, at));
  if (file !== intervalPath(window) || isHole(process, window) || at < fileAt(process, window))
    return notThere();
  const before = { start: window.start - FIVE, end: window.start };
  const table = intervalFile(feeds, window, Math.min(at, correctedAt - 1));
  return answer('rt_lmp', file, fileAt(process, window), table, () =>
    realTimeAnswer(feeds, intervalPath(before), at),
  );
}

/** The folder of an hour is named by its end. */
function hourFolder(mark: Micros): string {
  return endStamp(Math.floor(mark / HOUR) * HOUR + HOUR).slice(11, 13);
}

function forecastAnswer(
  { midTerm, shortTerm }: SppFeeds,
  isShort: boolean,
  file: string,
  at: Micros,
): Answer {
  const feed = isShort ? shortTerm : midTerm;
  const mark = markOf(file, feed.step, isShort ? intervalStamp : forecastStamp);
  if (mark === null || at < forecastAt(mark)) return notThere();
  const folder = isShort ? `${dateFolder(sppDayOf(mark))}/${hourFolder(mark)}` : dateFolder(sppDayOf(mark));
  if (!file.startsWith(`${folder}/OP-${isShort ? 'STLF' : 'MTLF'}-`)) return notThere();
  const window = isShort
    ? { start: mark - 2 * HOUR, end: mark + 2 * HOUR }
    : { start: mark - DAY, end: mark + 7 * DAY };
  const table = forecastFile(feed, window, isShort ? 'GMTInterval' : 'GMTIntervalEnd', forecastAt(mark));
  return answer(feed.dataset, file, forecastAt(mark), table);
}

function fuelAnswer(load: Feed, fuels: ReturnType<typeof fuelFeed>, file: string, at: Micros): Answer {
  const span = { '/SPP/GenMix2Hour_SPP.csv': 2 * HOUR, '/SPP/GenMix365_SPP.csv': FUEL_SPAN }[file];
  if (span === undefined) return notThere();
  const end = Math.floor((at - 4 * MINUTE) / FIVE) * FIVE + FIVE;
  return answer('fuel_mix', file, end - MINUTE, fuelFile(load, fuels, { start: end - span, end }, at));
}

function examples(feeds: SppFeeds, at: Micros): Example[] {
  const day = sppDayOf(at);
  const hour = Math.floor((at - forecastAt(0)) / HOUR) * HOUR;
  const mark = Math.floor((at - forecastAt(0)) / FIVE) * FIVE;
  const url = (folder: string, path: string): string => `${ROOT}${folder}?path=${path}`;
  let end = Math.floor(at / FIVE) * FIVE - FIVE;
  while (isHole(feeds.process, { start: end - FIVE, end })) end -= FIVE;
  return [
    {
      dataset: 'da_lmp',
      path: url(
        'da-lmp-by-settlement-location',
        `${monthFolder(day)}/By_Day/DA-LMP-SL-${compactDate(day)}0100.csv`,
      ),
    },
    {
      dataset: 'da_as_prices',
      path: url('da-mcp', `${monthFolder(day)}/DA-MCP-${compactDate(day)}0100.csv`),
    },
    { dataset: 'rt_lmp', path: url('rtbm-lmp-by-location', intervalPath({ start: end - FIVE, end })) },
    { dataset: 'rt_lmp', path: url('rtbm-lmp-by-location', '/RTBM-LMP-SL-latestInterval.csv') },
    {
      dataset: 'load_forecast',
      path: url('mtlf-vs-actual', `${dateFolder(sppDayOf(hour))}/OP-MTLF-${forecastStamp(hour)}.csv`),
    },
    {
      dataset: 'load_forecast_5min',
      path: url(
        'stlf-vs-actual',
        `${dateFolder(sppDayOf(mark))}/${hourFolder(mark)}/OP-STLF-${intervalStamp(mark)}.csv`,
      ),
    },
    {
      dataset: 'load_hourly',
      path: url('hourly-load', `/${civilFromDays(day - 2)[0]}/DAILY_HOURLY_LOAD-${compactDate(day - 2)}.csv`),
    },
    { dataset: 'fuel_mix', path: url('generation-mix-historical', '/SPP/GenMix2Hour_SPP.csv') },
  ];
}
