/** The simulated NYISO: daily files, monthly archives and latest-interval files of `/public/`. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, publishedBy } from '../feed.ts';
import type { Answer, MarketSimulation } from '../market.ts';
import type { MarketTraits, PriceParts, PriceProcess } from '../price-process.ts';
import { CSV_HEADERS } from '../report.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { crlfOf, csvOf, type TrueValue } from '../table.ts';
import { archivePath, dailyPath, type FileSet, fileAnswer, lastWritten, notFound } from './daily-files.ts';
import { FORECAST_DAYS, feedsOf, forecastAt, type NyisoFeeds, nyisoFeeds } from './feeds.ts';
import {
  advisoryParts,
  hourlyTable,
  LBMP_FIELDS,
  latestTable,
  type NyisoWorld,
  realTimeTable,
} from './lbmp-files.ts';
import { loadZonesOf, nyisoGenerators, nyisoZones } from './locations.ts';
import {
  advisoryIntervals,
  DAILY_DAYS,
  dayAheadCorrections,
  NYISO_ZONE,
  nyisoDayOf,
  nyisoSeries,
  realTimeIntervals,
  rewritten,
} from './publication.ts';
import {
  type DayTable,
  flowFile,
  forecastFile,
  fuelFile,
  loadFile,
  reserveFile,
  solarFile,
} from './system-files.ts';

/** `nodes` is the number of generators; the zones are always all there. */
export function simulateNyiso(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const process: PriceProcess = {
    seed,
    market: 'NYISO',
    zone: NYISO_ZONE,
    decimals: 2,
    level: 38,
    sun: 34,
    calm: traits.calm,
  };
  const world: NyisoWorld = {
    process,
    series: nyisoSeries(process),
    zones: nyisoZones(process).slice(0, traits.places),
    generators: nyisoGenerators(process, nodes),
  };
  const feeds = nyisoFeeds(process, loadZonesOf(world.zones));
  const others = feedsOf(feeds);
  const sets = [...priceSets(world), ...systemSets(feeds)];
  return {
    name: 'nyiso',
    market: 'NYISO',
    datasets: [...new Set(sets.map(({ dataset }) => dataset))],
    pace: null,
    tooSoon: notFound,
    examples: (at) => {
      const today = nyisoDayOf(at);
      // The sun of a day is estimated in the morning after it.
      const dayOf = ({ dataset }: FileSet): number => today - (dataset === 'solar_generation' ? 2 : 0);
      return [
        ...sets
          .filter(({ file }) => !file.endsWith('_gen'))
          .map((set) => ({ dataset: set.dataset, path: dailyPath(set, dayOf(set)) })),
        { dataset: 'rt_lmp', path: '/public/realtime/realtime_zone_lbmp.csv' },
        { dataset: 'da_lmp', path: archivePath(sets[0], today - DAILY_DAYS - 1) },
      ];
    },
    respond: (path, _query, at) => respond(world, sets, path, at),
    *published(dataset, window, at) {
      yield* publishedValues(world, dataset, window, at);
      yield* publishedBy(others, dataset, window, at);
    },
  };
}

/** Advisory prices count as published until the real ones replace them. */
function* publishedValues(
  world: NyisoWorld,
  dataset: string,
  window: Interval,
  at: Micros,
): Generator<TrueValue> {
  const { process } = world;
  const { fiveMinute } = world.series;
  const series = Object.values(world.series).find((each) => each.dataset === dataset);
  if (series === undefined) return;
  const locations = [...world.zones, ...world.generators];
  for (const interval of intervalsOf(process, series, window))
    for (const location of locations) {
      const parts = partsPublished(process, series, location, interval, at);
      if (parts !== null) yield* valuesOf(process, dataset, location.name, interval, parts);
    }
  if (series !== fiveMinute) return;
  for (const interval of advisoryIntervals(series, at).filter(({ start }) => contains(window, start)))
    for (const location of locations)
      yield* valuesOf(process, dataset, location.name, interval, advisoryParts(process, location, interval));
}

function valuesOf(
  process: PriceProcess,
  dataset: string,
  location: string,
  interval: Interval,
  parts: PriceParts,
): TrueValue[] {
  return LBMP_FIELDS.map(({ field, of }) => ({
    dataset,
    location,
    field,
    ...interval,
    value: plainText(of(parts), process.decimals),
  }));
}

/** Intervals that begin in the window. A real-time stamp comes five minutes after the begin. */
function intervalsOf(process: PriceProcess, series: Series, { start, end }: Interval): Iterable<Interval> {
  return series.step === HOUR
    ? regularIntervals({ start, end }, HOUR)
    : realTimeIntervals(process, start + series.step - 1, end + series.step - 1);
}

/** Price files, each of zones and of generators. */
function priceSets(world: NyisoWorld): FileSet[] {
  const { dayAhead, fiveMinute, hourly, hourAhead } = world.series;
  return [
    { folder: 'damlbmp', series: dayAhead },
    { folder: 'realtime', series: fiveMinute },
    { folder: 'rtlbmp', series: hourly },
    { folder: 'hamlbmp', series: hourAhead },
  ].flatMap(({ folder, series }) =>
    [
      { suffix: 'zone', locations: world.zones },
      { suffix: 'gen', locations: world.generators },
    ].map(
      ({ suffix, locations }): FileSet => ({
        dataset: series.dataset,
        folder,
        file: `${folder}_${suffix}`,
        tableOf: (day, at) =>
          series === fiveMinute
            ? realTimeTable(world, locations, day, at)
            : hourlyTable(world, series, locations, day, at),
        writtenAt: lastWritten(series, (window) => regularIntervals(window, series.step)),
        render: csvOf,
      }),
    ),
  );
}

/** All other files; those of loads and fuels end their lines with CR LF. */
function systemSets(feeds: NyisoFeeds): FileSet[] {
  const { process } = feeds;
  const set = (
    folder: string,
    feed: Feed,
    tableOf: DayTable,
    rest: Partial<Pick<FileSet, 'file' | 'render' | 'writtenAt'>> = {},
  ): FileSet => ({
    dataset: feed.dataset,
    folder,
    file: folder,
    tableOf,
    writtenAt: lastWritten(feed, feed.intervals),
    render: csvOf,
    ...rest,
  });
  const dayAheadWritten = lastWritten(
    { publishedAt: feeds.dayAheadReserves.publishedAt, corrections: dayAheadCorrections },
    feeds.dayAheadReserves.intervals,
  );
  const realTimeWritten = lastWritten(
    { publishedAt: feeds.realTimeReserves.publishedAt, corrections: rewritten(process, 'rtasp') },
    feeds.realTimeReserves.intervals,
  );
  const issuedAt = (day: number): Micros => forecastAt(process, day);
  const windows = { render: crlfOf };
  return [
    set('damasp', feeds.dayAheadReserves, reserveFile(feeds.dayAheadReserves, false), {
      writtenAt: dayAheadWritten,
    }),
    set('rtasp', feeds.realTimeReserves, reserveFile(feeds.realTimeReserves, true), {
      writtenAt: realTimeWritten,
    }),
    set('pal', feeds.load, loadFile(feeds.load, 'Load', true), windows),
    set('palIntegrated', feeds.hourlyLoad, loadFile(feeds.hourlyLoad, 'Integrated Load', true), windows),
    set('isolf', feeds.loadForecast, forecastFile(feeds, FORECAST_DAYS, issuedAt), { writtenAt: issuedAt }),
    set('rtfuelmix', feeds.fuelMix, fuelFile(feeds), windows),
    set('ExternalLimitsFlows', feeds.interchange, flowFile(feeds)),
    set('btmactualforecast', feeds.solarActual, solarFile(feeds.solarActual), { file: 'BTMEstimatedActual' }),
    set('btmdaforecast', feeds.solarForecast, solarFile(feeds.solarForecast)),
  ];
}

function respond(world: NyisoWorld, sets: readonly FileSet[], path: string, at: Micros): Answer {
  const latest = /^\/public\/realtime\/realtime_(zone|gen)_lbmp\.csv$/.exec(path);
  return latest === null ? fileAnswer(sets, path, at) : latestAnswer(world, latest[1], at);
}

function latestAnswer(world: NyisoWorld, suffix: string, at: Micros): Answer {
  const table = latestTable(world, suffix === 'zone' ? world.zones : world.generators, at);
  if (table === null) return notFound();
  const [fact] = table.rows[0].facts();
  const modifiedAt = world.series.fiveMinute.publishedAt(fact);
  return {
    kind: 'report',
    dataset: 'rt_lmp',
    headers: CSV_HEADERS,
    members: [{ name: `realtime_${suffix}_lbmp.csv`, modifiedAt, table, render: csvOf }],
    container: 'plain',
    zone: NYISO_ZONE,
    lastModified: modifiedAt,
    neighbour: null,
  };
}
