/** The simulated NYISO: daily files, monthly archives and latest-interval files of `/public/`. */

import { civilFromDays, daysFromCivil, daysInMonth, HOUR, type Micros } from '../../core/time/instant.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { compactDate } from '../local-time.ts';
import type { Answer, MarketSimulation, Member, Refusal } from '../market.ts';
import type { MarketTraits, PriceParts, PriceProcess } from '../price-process.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { csvOf, type Table, type TrueValue } from '../table.ts';
import {
  advisoryParts,
  hourlyTable,
  LBMP_FIELDS,
  latestTable,
  type NyisoWorld,
  realTimeTable,
} from './lbmp-files.ts';
import { nyisoGenerators, nyisoZones } from './locations.ts';
import {
  advisoryIntervals,
  DAILY_DAYS,
  NYISO_ZONE,
  nyisoDay,
  nyisoDayOf,
  nyisoSeries,
  realTimeIntervals,
} from './publication.ts';

const CSV = { 'content-type': 'text/csv' };

/** A family of daily files. */
interface FileSet {
  readonly folder: string;
  /** Name of a file without date and ending. */
  readonly file: string;
  readonly series: Series;
  tableOf(day: number, at: Micros): Table | null;
}

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
  const sets = fileSets(world);
  return {
    name: 'nyiso',
    market: 'NYISO',
    datasets: ['da_lmp', 'rt_lmp', 'rt_lmp_hourly'],
    pace: null,
    tooSoon: notFound,
    examples: (at) => {
      const today = nyisoDayOf(at);
      const first = monthStart(today - DAILY_DAYS - 1);
      return [
        { dataset: 'da_lmp', path: dailyPath(sets[0], today) },
        { dataset: 'rt_lmp', path: dailyPath(sets[2], today) },
        { dataset: 'rt_lmp', path: '/public/realtime/realtime_zone_lbmp.csv' },
        { dataset: 'rt_lmp_hourly', path: dailyPath(sets[4], today) },
        { dataset: 'da_lmp', path: `/public/csv/damlbmp/${compactDate(first)}damlbmp_zone_csv.zip` },
      ];
    },
    respond: (path, _query, at) => respond(world, sets, path, at),
    published: (dataset, window, at) => publishedValues(world, dataset, window, at),
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
  const { dayAhead, fiveMinute, hourly } = world.series;
  const series = [dayAhead, fiveMinute, hourly].find((each) => each.dataset === dataset);
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

function fileSets(world: NyisoWorld): FileSet[] {
  const { dayAhead, fiveMinute, hourly } = world.series;
  return [
    { folder: 'damlbmp', file: 'damlbmp', series: dayAhead },
    { folder: 'realtime', file: 'realtime', series: fiveMinute },
    { folder: 'rtlbmp', file: 'rtlbmp', series: hourly },
  ].flatMap(({ folder, file, series }) =>
    [
      { suffix: 'zone', locations: world.zones },
      { suffix: 'gen', locations: world.generators },
    ].map(({ suffix, locations }): FileSet => {
      const tableOf = (day: number, at: Micros): Table | null =>
        series === fiveMinute
          ? realTimeTable(world, locations, day, at)
          : hourlyTable(world, series, locations, day, at);
      return { folder, file: `${file}_${suffix}`, series, tableOf };
    }),
  );
}

function dailyPath(set: FileSet, day: number): string {
  return `/public/csv/${set.folder}/${compactDate(day)}${set.file}.csv`;
}

/** First day of the month of a day. */
function monthStart(day: number): number {
  const [year, month] = civilFromDays(day);
  return daysFromCivil(year, month, 1);
}

function respond(world: NyisoWorld, sets: readonly FileSet[], path: string, at: Micros): Answer {
  const latest = /^\/public\/realtime\/realtime_(zone|gen)_lbmp\.csv$/.exec(path);
  if (latest !== null) return latestAnswer(world, latest[1], at);
  const m = /^\/public\/csv\/(\w+)\/(\d{4})(\d{2})(\d{2})(\w+?)(_csv\.zip|\.csv)$/.exec(path);
  const set = sets.find(({ folder, file }) => m !== null && folder === m[1] && file === m[5]);
  if (m === null || set === undefined) return notFound();
  const day = daysFromCivil(Number(m[2]), Number(m[3]), Number(m[4]));
  return m[6] === '.csv' ? dailyAnswer(set, day, at) : monthlyAnswer(set, day, at);
}

function dailyAnswer(set: FileSet, day: number, at: Micros): Answer {
  if (nyisoDayOf(at) - day > DAILY_DAYS) return notFound();
  const table = set.tableOf(day, at);
  if (table === null) return notFound();
  const member = memberOf(set, day, table, at);
  return {
    kind: 'report',
    dataset: set.series.dataset,
    headers: CSV,
    members: [member],
    container: 'plain',
    zone: NYISO_ZONE,
    lastModified: member.modifiedAt,
    neighbour: () => dailyAnswer(set, day - 1, at),
  };
}

/** The days of a month that are over, one member each; it grows with the month. */
function monthlyAnswer(set: FileSet, first: number, at: Micros): Answer {
  if (monthStart(first) !== first) return notFound();
  const [year, month] = civilFromDays(first);
  const end = Math.min(first + daysInMonth(year, month), nyisoDayOf(at));
  const members: Member[] = [];
  for (let day = first; day < end; day++) {
    const table = set.tableOf(day, at);
    if (table !== null) members.push(memberOf(set, day, table, at));
  }
  if (members.length === 0) return notFound();
  return {
    kind: 'report',
    dataset: set.series.dataset,
    headers: { 'content-type': 'application/zip' },
    members,
    container: 'zip',
    zone: NYISO_ZONE,
    lastModified: Math.max(...members.map(({ modifiedAt }) => modifiedAt)),
    neighbour: null,
  };
}

function latestAnswer(world: NyisoWorld, suffix: string, at: Micros): Answer {
  const table = latestTable(world, suffix === 'zone' ? world.zones : world.generators, at);
  if (table === null) return notFound();
  const [fact] = table.rows[0].facts();
  const modifiedAt = world.series.fiveMinute.publishedAt(fact);
  return {
    kind: 'report',
    dataset: 'rt_lmp',
    headers: CSV,
    members: [{ name: `realtime_${suffix}_lbmp.csv`, modifiedAt, table, render: csvOf }],
    container: 'plain',
    zone: NYISO_ZONE,
    lastModified: modifiedAt,
    neighbour: null,
  };
}

function memberOf(set: FileSet, day: number, table: Table, at: Micros): Member {
  const name = `${compactDate(day)}${set.file}.csv`;
  return { name, modifiedAt: modifiedAt(set.series, day, at), table, render: csvOf };
}

/** When a day's file was last written: its newest interval, or a correction after that. */
function modifiedAt(series: Series, day: number, at: Micros): Micros {
  const window = nyisoDay(day);
  let last = 0;
  for (const interval of regularIntervals(window, series.step)) {
    const times = [series.publishedAt(interval), ...series.corrections(interval).map((c) => c.at)];
    for (const time of times) if (time <= at && time > last) last = time;
  }
  return last;
}

function notFound(): Refusal {
  const body = [
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">',
    '<html><head>',
    '<title>404 Not Found</title>',
    '</head><body>',
    '<h1>Not Found</h1>',
    '<p>The requested URL was not found on this server.</p>',
    '</body></html>',
    '',
  ].join('\n');
  return { kind: 'refusal', status: 404, headers: { 'content-type': 'text/html; charset=iso-8859-1' }, body };
}
