/**
 * Today's Outlook: tables of a day at five minutes, `Time` and a column for each figure. Form: reference 3.4.
 *
 * A table has 288 clock times and the first of the next day on every day of the year: in spring the hour that does not
 * exist stays blank, in autumn the repeated hour is there once, and nothing says which of the two it is.
 */

import { daysFromCivil, MINUTE, type Micros } from '../../core/time/instant.ts';
import { plainText } from '../decimal-text.ts';
import { type DemandProcess, type Fuel, forecastOf, generationOf, loadOf } from '../demand-process.ts';
import { type Feed, type Place, valuesOf } from '../feed.ts';
import { clockText, isRepeatedHour, padded, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { pageRefusal, plainReport, tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import { csvOf, type Fact, type TableRow } from '../table.ts';
import { CAISO_ZONE, caisoDay, caisoDayOf } from './publication.ts';

/** Folder of the tables. */
export const OUTLOOK = '/outlook/';

const FIVE = 5 * MINUTE;
/** First day of the tables. */
const SINCE = daysFromCivil(2018, 4, 10);
/** First day with demand response, and first one of today's spelling of fuels; both days are made up. */
const RESPONSE_SINCE = daysFromCivil(2023, 1, 1);
const SPELLING_SINCE = daysFromCivil(2022, 1, 1);

/** A column of a table. */
interface Column {
  readonly title: string;
  /** Its title in older tables; null where those have no such column. */
  readonly oldTitle?: string | null;
  readonly since?: number;
  readonly field: string;
  /** Second label; none for figures of the whole market. */
  readonly series: string | null;
  /** Known ahead of its time. */
  readonly isForecast?: boolean;
  amountAt(at: Micros): number;
}

/** A table by its name. */
interface Page {
  readonly name: string;
  readonly dataset: string;
  readonly columns: readonly Column[];
}

const FUELS: readonly (Fuel & { readonly old?: string })[] = [
  { name: 'Solar', share: 0.2, habit: 'sun' },
  { name: 'Wind', share: 0.09, habit: 'wind' },
  { name: 'Geothermal', share: 0.03, habit: 'flat' },
  { name: 'Biomass', share: 0.012, habit: 'flat' },
  { name: 'Biogas', share: 0.008, habit: 'flat' },
  { name: 'Small hydro', share: 0.01, habit: 'following' },
  { name: 'Coal', share: 0.001, habit: 'flat' },
  { name: 'Nuclear', share: 0.085, habit: 'flat' },
  { name: 'Natural Gas', share: 0.34, habit: 'following', old: 'Natural gas' },
  { name: 'Large Hydro', share: 0.1, habit: 'following', old: 'Large hydro' },
  { name: 'Batteries', share: 0.05, habit: 'battery' },
  { name: 'Imports', share: 0.2, habit: 'following' },
  { name: 'Other', share: 0, habit: 'flat' },
];

/** The tables over a demand process. */
export function outlookPages(demand: DemandProcess): Page[] {
  const load = (at: Micros): number => loadOf(demand, 'outlook', 1, at);
  const green = (at: Micros): number =>
    FUELS.slice(0, 2).reduce((sum, fuel) => sum + generationOf(demand, fuel, at), 0);
  const ahead = (hours: number) => (at: Micros) =>
    forecastOf(demand, 'outlook', 1, at, at - hours * 12 * FIVE);
  const figure = (title: string, field: string, amountAt: Column['amountAt']): Column => ({
    title,
    field,
    series: null,
    amountAt,
  });
  const forecast = (title: string, field: string, amountAt: Column['amountAt']): Column => ({
    ...figure(title, field, amountAt),
    isForecast: true,
  });
  const response: Column = {
    ...figure('Demand response', 'demand_response', (at) => Math.max(0, load(at) - demand.level * 1.2)),
    since: RESPONSE_SINCE,
  };
  const fuelColumns = (fuels: typeof FUELS, field: string): Column[] =>
    fuels.map((fuel) => ({
      title: fuel.name,
      ...(fuel.old === undefined ? {} : { oldTitle: fuel.old }),
      field,
      series: fuel.name,
      amountAt: (at) => generationOf(demand, fuel, at),
    }));
  const battery = (title: string, share: number): Column => ({
    title,
    field: 'storage_net',
    series: title,
    amountAt: (at) => generationOf(demand, { name: 'Batteries', share, habit: 'battery' }, at),
  });
  const carbon = (title: string, share: number, habit: Fuel['habit']): Column => ({
    title,
    field: 'co2',
    series: title,
    amountAt: (at) => generationOf(demand, { name: title, share, habit }, at),
  });
  return [
    {
      name: 'demand',
      dataset: 'load_outlook',
      columns: [
        forecast('Day ahead forecast', 'load_forecast_day_ahead', ahead(24)),
        forecast('Hour ahead forecast', 'load_forecast_hour_ahead', ahead(1)),
        figure('Current demand', 'load', load),
        response,
      ],
    },
    {
      name: 'netdemand',
      dataset: 'load_outlook',
      columns: [
        forecast('Hour ahead forecast', 'load_forecast_hour_ahead', ahead(1)),
        figure('Current demand', 'load', load),
        figure('Net demand', 'net_load', (at) => load(at) - green(at)),
        forecast('Net demand forecast', 'net_load_forecast_day_ahead', (at) => ahead(24)(at) - green(at)),
        response,
      ],
    },
    { name: 'fuelsource', dataset: 'fuel_mix', columns: fuelColumns(FUELS, 'generation') },
    { name: 'renewables', dataset: 'fuel_mix', columns: fuelColumns(FUELS.slice(0, 6), 'generation') },
    {
      name: 'storage',
      dataset: 'storage',
      columns: [
        battery('Total batteries', 0.05),
        battery('Stand-alone batteries', 0.04),
        battery('Hybrid batteries', 0.01),
      ],
    },
    { name: 'batteries', dataset: 'storage', columns: [battery('Batteries', 0.05)] },
    {
      name: 'co2',
      dataset: 'emissions',
      columns: [
        carbon('Biogas CO2', 0.003, 'flat'),
        carbon('Biomass CO2', 0.012, 'flat'),
        carbon('Natural Gas CO2', 0.14, 'following'),
        carbon('Coal CO2', 0.001, 'flat'),
        carbon('Imports CO2', 0.06, 'following'),
        carbon('Geothermal CO2', 0.001, 'flat'),
      ],
    },
  ];
}

/** The columns that a table has on a day. */
function columnsOn({ columns }: Page, day: number): readonly Column[] {
  return columns
    .filter(({ since }) => day >= (since ?? 0))
    .map((column) => {
      const title = day < SPELLING_SINCE ? (column.oldTitle ?? column.title) : column.title;
      return { ...column, title, series: column.series === null ? null : title };
    });
}

/** True in both hours of autumn that bear one label: which of them a table prints, nobody can tell. */
function isDoubtful(at: Micros): boolean {
  return isRepeatedHour(CAISO_ZONE, at) || isRepeatedHour(CAISO_ZONE, at + 12 * FIVE);
}

/** Figures of a table as feeds, one for each place. */
export function outlookFeeds(pages: readonly Page[]): Feed[] {
  const seen = new Set<string>();
  return pages.flatMap((page) =>
    page.columns.flatMap((column): Feed[] => {
      // Tables repeat what others have.
      const key = `${page.dataset}/${column.field}/${column.series}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [columnFeed(page, column)];
    }),
  );
}

function columnFeed(page: Page, column: Column): Feed {
  const publishedAt = ({ start }: { readonly start: Micros }): Micros =>
    column.isForecast === true ? caisoDay(caisoDayOf(start)).start : start + FIVE;
  return {
    dataset: page.dataset,
    step: FIVE,
    decimals: 0,
    fields: [column.field],
    intervals: (window) => regularIntervals(window, FIVE),
    publishedAt,
    entries: (interval, at) => {
      const { start } = interval;
      const found = columnsOn({ ...page, columns: [column] }, caisoDayOf(start))[0];
      if (found === undefined || isDoubtful(start) || at < publishedAt(interval)) return [];
      const place: Place =
        found.series === null ? { name: 'CAISO' } : { name: 'CAISO', series: found.series };
      return [{ place, numbers: [rounded(column.amountAt(start))] }];
    },
  };
}

/** The answer for a path under `/outlook/`: a page of the site, with status 200, where there is no table. */
export function outlookAnswer(pages: readonly Page[], path: string, at: Micros): Answer {
  const m = /^(?:current|history\/(\d{4})(\d{2})(\d{2}))\/(\w+)\.csv$/.exec(path);
  const today = caisoDayOf(at);
  const day = m?.[1] === undefined ? today : daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3]));
  const page = pages.find(({ name }) => name === m?.[4]);
  if (page === undefined || day > today || day < SINCE)
    return pageRefusal(200, 'California ISO', 'The page you requested was not found.');
  return plainReport({
    dataset: page.dataset,
    name: `${page.name}.csv`,
    headers: { 'content-type': 'text/csv' },
    table: tableOf(['Time', ...columnsOn(page, day).map(({ title }) => title)], [...dayRows(page, day, at)]),
    zone: CAISO_ZONE,
    modifiedAt: Math.min(at, caisoDay(day).end),
    isDated: true,
    render: (table) => `\uFEFF${csvOf(table).replaceAll('\n', '\r\n')}`,
  });
}

/** 288 clock times of the day, and the first of the next one once that is over. */
function* dayRows(page: Page, day: number, at: Micros): Generator<TableRow> {
  const { start, end } = caisoDay(day);
  const byClock = new Map<string, Micros>();
  for (let time = start; time < end; time += FIVE)
    byClock.getOrInsert(clockText(wallAt(CAISO_ZONE, time), false), time);
  for (let slot = 0; slot < 288; slot++) {
    const clock = `${padded(Math.floor(slot / 12))}:${padded((slot % 12) * 5)}`;
    yield rowAt(page, day, clock, byClock.get(clock) ?? null, at);
  }
  if (at >= end + FIVE) yield rowAt(page, day, '00:00', end, at);
}

function rowAt(page: Page, day: number, clock: string, time: Micros | null, at: Micros): TableRow {
  const columns = columnsOn(page, day);
  const facts: Fact[] = [];
  const cells = columns.map((column, k) => {
    if (time === null) return '';
    const known = column.isForecast === true ? caisoDay(day).start : time + FIVE;
    if (at < known) return '';
    const number = rounded(column.amountAt(time));
    const about = column.series === null ? {} : { series: column.series };
    if (!isDoubtful(time))
      facts.push(
        ...valuesOf(
          columnFeed(page, column),
          { start: time, end: time + FIVE },
          { place: { name: 'CAISO', ...about }, numbers: [number] },
        ).map((value) => ({ ...value, column: k + 1 })),
      );
    return plainText(number, 0);
  });
  return { cells: [clock, ...cells], facts: () => facts };
}

/** The pages with an address worth trying for each. */
export function outlookExamples(pages: readonly Page[]): { dataset: string; path: string }[] {
  return pages.map(({ dataset, name }) => ({ dataset, path: `${OUTLOOK}current/${name}.csv` }));
}
