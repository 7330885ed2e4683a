/**
 * Wind and sun of the simulated ERCOT: a report each hour of what there was in the last two days and is expected in the next
 * seven, for the system, and for wind by load zone too. Columns had other names until 26 September 2024. Form: reference 4.1.
 */

import { DAY, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type DemandProcess, type Fuel, generationForecastOf, generationOf } from '../demand-process.ts';
import { type Entry, type Feed, type Place, publishedIntervals, wideFieldsRow } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { Table, TableRow } from '../table.ts';
import { endingHour, ercotDayOf, flagOf, isoDay, isoText, isRepeated, slashDay } from './clock.ts';

/** One source by its words in the reports. */
export interface ErcotSource {
  readonly word: 'wind' | 'solar';
  readonly regions: readonly Region[];
  readonly feed: Feed<Region>;
}

/** A region with its share of the output. */
export interface Region extends Place {
  readonly share: number;
  /** As the API writes it. */
  readonly api: string;
}

const BEHIND = 48 * HOUR;
const AHEAD = 7 * DAY;
/** Minutes past the hour at which its report comes. */
const DELAY = 55 * MINUTE;
/** First day of the present names of columns, and of measured limits. */
const RENAMED = daysFromCivil(2024, 9, 26);

const SYSTEM: Region = { name: 'SYSTEM_WIDE', share: 1, api: 'SystemWide' };
const ZONES: readonly Region[] = [
  { name: 'LZ_SOUTH_HOUSTON', share: 0.3, api: 'LoadZoneSouthHouston' },
  { name: 'LZ_WEST', share: 0.5, api: 'LoadZoneWest' },
  { name: 'LZ_NORTH', share: 0.2, api: 'LoadZoneNorth' },
];

/** The report of which hour is the newest that is out. */
function newestReport(at: Micros): Micros {
  return Math.floor((at - DELAY) / HOUR) * HOUR;
}

/** Both sources from one demand process; what was said last before an hour stays. */
export function ercotSources(demand: DemandProcess): ErcotSource[] {
  const source = (word: ErcotSource['word'], fuel: Fuel, regions: readonly Region[]): ErcotSource => ({
    word,
    regions,
    feed: {
      dataset: `${word}_forecast`,
      step: HOUR,
      decimals: 2,
      fields: ['generation', 'capacity_scheduled', 'forecast', 'forecast_potential', 'capacity'].map(
        (figure) => `${word}_${figure}`,
      ),
      intervals: (window) => regularIntervals(window, HOUR),
      publishedAt: ({ start }) => start - AHEAD + HOUR + DELAY,
      entries: (interval, at) => regions.map((place) => entryOf(demand, fuel, place, interval, at)),
    },
  });
  return [
    source('wind', { name: 'Wind', share: 0.24, habit: 'wind' }, [SYSTEM, ...ZONES]),
    source('solar', { name: 'Solar', share: 0.1, habit: 'sun' }, [SYSTEM]),
  ];
}

/** Limits as measured are those of the system alone, of hours that are over, and of the days since they are printed. */
function entryOf(
  demand: DemandProcess,
  fuel: Fuel,
  place: Region,
  { start, end }: Interval,
  at: Micros,
): Entry<Region> {
  const report = newestReport(at);
  const amount = (megawatts: number): number => rounded(megawatts * place.share * 100);
  const expected = generationForecastOf(demand, fuel, start, Math.min(report, start));
  const actual = end <= report ? amount(generationOf(demand, fuel, start)) : null;
  const hasLimit = place === SYSTEM && actual !== null && ercotDayOf(report) >= RENAMED;
  return {
    place,
    numbers: [
      actual,
      amount(expected * 1.08),
      amount(expected),
      amount(expected * 0.9),
      hasLimit ? amount(generationOf(demand, fuel, start) * 1.04) : null,
    ],
  };
}

/** Columns of a region in their order, by the number that each prints. */
function columnsOf(
  { word, regions }: ErcotSource,
  at: Micros,
): { name: string; place: string; number: number }[] {
  const isNew = ercotDayOf(at) >= RENAMED;
  const [expected, exceeded] = word === 'wind' ? ['STWPF', 'WGRPP'] : ['STPPF', 'PVGRPP'];
  return regions.flatMap(({ name: place }) => {
    const isSystem = place === SYSTEM.name;
    const actual = !isNew ? `ACTUAL_${place}` : isSystem ? `${place}_GEN` : `GEN_${place}`;
    const names = [actual, `COP_HSL_${place}`, `${expected}_${place}`, `${exceeded}_${place}`];
    if (isSystem && isNew) names.push(`${place}_HSL`);
    return names.map((name, number) => ({ name, place, number }));
  });
}

/** What the report of an hour covers. */
export function renewableWindow(publishedAt: Micros): Interval {
  const hour = newestReport(publishedAt);
  return { start: hour - BEHIND, end: hour + AHEAD };
}

/** Times at which reports come. */
export function* renewableReports({ start, end }: Interval): Generator<Micros> {
  for (let at = Math.ceil((start - DELAY) / HOUR) * HOUR + DELAY; at < end; at += HOUR) yield at;
}

/** The file of a report: hours as bare numbers, blank where there is nothing yet. */
export function renewableTable(source: ErcotSource): (window: Interval, at: Micros) => Table {
  const { feed } = source;
  return (window, at) => {
    const columns = columnsOf(source, at);
    const rows = [...publishedIntervals(feed, window, at)].map((interval): TableRow => {
      const { start } = interval;
      const entries = feed.entries(interval, at);
      const amounts = columns.map(({ place, number }) => {
        const found = entries.find((entry) => entry.place.name === place)?.numbers[number] ?? null;
        return found === null ? '' : fixedText(found, 2);
      });
      const cells = [slashDay(start), String(endingHour(start)), ...amounts, flagOf(start)];
      return wideFieldsRow(feed, interval, entries, cells, ({ name }, field) => {
        const at = columns.findIndex(({ place, number }) => place === name && feed.fields[number] === field);
        return at < 0 ? at : 2 + at;
      });
    });
    const header = ['DELIVERY_DATE', 'HOUR_ENDING', ...columns.map(({ name }) => name), 'DSTFlag'];
    return tableOf(header, rows, { isOrderFree: true });
  };
}

/** Names of the figures of a region in the API, in the order of the feed. */
export function apiNames({ word, regions }: ErcotSource): string[] {
  const [expected, exceeded] = word === 'wind' ? ['STWPF', 'WGRPP'] : ['STPPF', 'PVGRPP'];
  return regions.flatMap(({ api }) => {
    const names = [`gen${api}`, `COPHSL${api}`, `${expected}${api}`, `${exceeded}${api}`];
    return api === SYSTEM.api ? [...names, `HSL${api}`] : names;
  });
}

/** A row of the API: the newest report alone. */
export function apiRow({ feed }: ErcotSource, interval: Interval, at: Micros): TableRow {
  const { start } = interval;
  const entries = feed.entries(interval, at);
  const posted = isoText(newestReport(at) + DELAY);
  const printed = entries.map(({ place, numbers }) => (place === SYSTEM ? numbers : numbers.slice(0, 4)));
  const amounts = printed.flat().map((number) => (number === null ? '' : plainText(number, 2)));
  const cells = [posted, isoDay(start), String(endingHour(start)), ...amounts, String(isRepeated(start))];
  return wideFieldsRow(feed, interval, entries, cells, ({ name }, field) => {
    const before = entries.findIndex(({ place }) => place.name === name);
    return 3 + printed.slice(0, before).flat().length + feed.fields.indexOf(field);
  });
}
