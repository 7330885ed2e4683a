/** The simulated SPP: files of the portal's browser by folder and `path`. */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { type Feed, publishedBy } from '../feed.ts';
import { compactDate } from '../local-time.ts';
import type { Answer, Example, MarketSimulation } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { forecastStamp, intervalStamp, sppDay, sppDayOf } from './clock.ts';
import { type SppFeeds, sppFeeds } from './feeds.ts';
import {
  dailyPath,
  dateFolder,
  dayOf,
  fileOf,
  hourFolder,
  intervalPath,
  markOf,
  monthFolder,
  notThere,
  ROOT,
} from './folders.ts';
import { FUEL_SPAN, forecastFile, fuelFeed, fuelFile, fuelLoadFeed, hourlyLoadFile } from './load-files.ts';
import { dailyFile, dayAheadFile, intervalFile } from './price-files.ts';
import { dailyAt, fileAt, forecastAt, isHole } from './publication.ts';
import { dayAheadReserves, realTimeReserves } from './reserves.ts';
import { midTermResources, shortTermResources } from './resources.ts';
import { tieAnswer, tieFile } from './ties.ts';

const FIVE = 5 * MINUTE;
/** Begin of the names of real-time prices. */
const STEM = 'RTBM-LMP-SL';

/** `nodes` is the number of settlement locations; the hubs are always among them. */
export function simulateSpp(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = sppFeeds(seed, nodes, traits);
  const fuels = fuelFeed(feeds.demand);
  const fuelLoad = fuelLoadFeed(feeds.demand);
  const { dayAhead, realTime, reserves, hourlyLoad, midTerm, shortTerm, resources, ties } = feeds;
  const all: readonly Feed[] = [
    ...[dayAhead, realTime, hourlyLoad, midTerm, shortTerm, fuels, fuelLoad],
    ...[reserves.dayAhead, reserves.realTime, resources.midTerm, resources.shortTerm],
    ...ties.flatMap((area): Feed[] => [area.ties, area.net]),
  ];
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

function fileAnswer(feeds: SppFeeds, folder: string, file: string, at: Micros): Answer {
  const day = dayOf(file) ?? sppDayOf(at);
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
      return fileOf('da_lmp', file, publishedAt, dayAheadFile(feeds, window, at), () => again(path(day - 1)));
    }
    case 'da-mcp':
      return dayAheadReserves(feeds.reserves, file, at);
    case 'rtbm-mcp':
      return realTimeReserves(feeds.reserves, file, at);
    case 'midterm-resource-forecast':
      return midTermResources(feeds.resources, file, at);
    case 'shortterm-resource-forecast':
      return shortTermResources(feeds.resources, file, at);
    case 'historical-tie-flow':
      return tieAnswer(feeds.ties, file, at);
    case 'rtbm-lmp-by-location':
      return realTimeAnswer(feeds, file, at);
    case 'mtlf-vs-actual':
    case 'stlf-vs-actual':
      return forecastAnswer(feeds, folder.startsWith('s'), file, at);
    case 'hourly-load': {
      const publishedAt = feeds.hourlyLoad.publishedAt(window);
      const [year] = civilFromDays(day);
      if (file !== `/${year}/DAILY_HOURLY_LOAD-${compact}.csv` || at < publishedAt) return notThere();
      return fileOf('load_hourly', file, publishedAt, hourlyLoadFile(feeds.hourlyLoad, window, at));
    }
    default:
      return notThere();
  }
}

function realTimeAnswer(feeds: SppFeeds, file: string, at: Micros): Answer {
  const { process, realTime } = feeds;
  if (file === '/RTBM-LMP-SL-latestInterval.csv') {
    let end = Math.floor(at / FIVE) * FIVE;
    while (realTime.publishedAt({ start: end - FIVE, end }) > at) end -= FIVE;
    const window = { start: end - FIVE, end };
    return fileOf('rt_lmp', file, realTime.publishedAt(window), intervalFile(feeds, window, at));
  }
  const day = dayOf(file);
  if (day !== null && file === dailyPath('RTBM-LMP-DAILY-SL', day)) {
    const publishedAt = dailyAt(process, day);
    if (at < publishedAt) return notThere();
    return fileOf('rt_lmp', file, publishedAt, dailyFile(feeds, sppDay(day), at));
  }
  const end = markOf(file, FIVE, intervalStamp);
  if (end === null) return notThere();
  const window = { start: end - FIVE, end };
  const correctedAt = dailyAt(process, sppDayOf(window.start));
  // Prices that were corrected lie beside the first ones, which stay as they were.
  if (file === intervalPath(STEM, window, 'RePrice') && at >= correctedAt)
    return fileOf('rt_lmp', file, correctedAt, intervalFile(feeds, window, at));
  if (file !== intervalPath(STEM, window) || isHole(process, window) || at < fileAt(process, window))
    return notThere();
  const before = { start: window.start - FIVE, end: window.start };
  const table = intervalFile(feeds, window, Math.min(at, correctedAt - 1));
  return fileOf('rt_lmp', file, fileAt(process, window), table, () =>
    realTimeAnswer(feeds, intervalPath(STEM, before), at),
  );
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
  return fileOf(feed.dataset, file, forecastAt(mark), table);
}

function fuelAnswer(load: Feed, fuels: ReturnType<typeof fuelFeed>, file: string, at: Micros): Answer {
  const span = { '/SPP/GenMix2Hour_SPP.csv': 2 * HOUR, '/SPP/GenMix365_SPP.csv': FUEL_SPAN }[file];
  if (span === undefined) return notThere();
  const end = Math.floor((at - 4 * MINUTE) / FIVE) * FIVE + FIVE;
  return fileOf('fuel_mix', file, end - MINUTE, fuelFile(load, fuels, { start: end - span, end }, at));
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
    { dataset: 'rt_lmp', path: url('rtbm-lmp-by-location', intervalPath(STEM, { start: end - FIVE, end })) },
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
    { dataset: 'rt_as_prices', path: url('rtbm-mcp', intervalPath('RTBM-MCP', { start: end - FIVE, end })) },
    { dataset: 'rt_as_prices', path: url('rtbm-mcp', dailyPath('RTBM-MCP-DAILY', day - 8)) },
    {
      dataset: 'renewable_forecast',
      path: url(
        'midterm-resource-forecast',
        `${dateFolder(sppDayOf(hour))}/OP-MTRF-${forecastStamp(hour)}.csv`,
      ),
    },
    {
      dataset: 'renewable_forecast_5min',
      path: url(
        'shortterm-resource-forecast',
        `${dateFolder(sppDayOf(mark))}/${hourFolder(mark)}/OP-STRF-${intervalStamp(mark)}.csv`,
      ),
    },
    { dataset: 'interchange', path: url('historical-tie-flow', tieFile('SPP', at - 40 * DAY)) },
  ];
}
