/** The reports of the simulated IESO: what each file covers, its rows, and how it is written. */

import { civilFromDays, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { clockText, isoDate, wallAt } from '../local-time.ts';
import { tableOf } from '../report.ts';
import { csvOf, type Table, type TableRow } from '../table.ts';
import {
  type DocumentKind,
  dayAheadZoneBody,
  documentOf,
  type Edition,
  fuelsBody,
  realTimeZoneBody,
  totalsBody,
  unitsBody,
} from './documents.ts';
import {
  DEMAND_ZONES,
  hourOfDay,
  IESO_ZONE,
  type IesoFeeds,
  iesoDay,
  iesoDayOf,
  intervalOfHour,
  QUANTITIES,
  RENEWAL,
} from './feeds.ts';

/** One report: a folder under `/public/`. */
export interface IesoReport {
  readonly name: string;
  readonly ending: 'csv' | 'xml';
  readonly period: 'hour' | 'day' | 'year';
  readonly feed: Feed;
  /** First and last day, null where it still goes on or has always been. */
  readonly since: number | null;
  readonly until: number | null;
  table(window: Interval, at: Micros): Table;
  render(table: Table, edition: Edition): string;
}

/** First day of the flat real-time zonal price. */
const FLAT_SINCE = daysFromCivil(2026, 3, 5);

const number = (amount: number | null, decimals: number): string =>
  amount === null ? '' : plainText(amount, decimals);

/** Rows of all published intervals of a window. */
function rowsOver(
  feed: Feed,
  window: Interval,
  at: Micros,
  row: (interval: Interval, entry: Entry) => readonly [cells: string[], columnOf: (field: string) => number],
): TableRow[] {
  return [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    feed.entries(interval, at).map((entry) => {
      const [cells, columnOf] = row(interval, entry);
      return rowOf(feed, interval, entry, cells, columnOf);
    }),
  );
}

const slashes = (date: string): string => date.replaceAll('-', '/');

/** `CREATED AT 2025/05/01 23:14:53 FOR 2025/05/02` before the header. */
function createdCsv(table: Table, { createdAt, date }: Edition): string {
  const made = `${slashes(isoDate(iesoDayOf(createdAt)))} ${clockText(wallAt(IESO_ZONE, createdAt), true)}`;
  return csvOf({ ...table, preamble: [`CREATED AT ${made} FOR ${slashes(date)}`] });
}

/** `\\` lines before the header. */
function commentedCsv(title: string) {
  return (table: Table, { createdAt, date }: Edition): string => {
    const made = `${isoDate(iesoDayOf(createdAt))} ${clockText(wallAt(IESO_ZONE, createdAt), true)}`;
    const preamble = [`\\\\${title}`, `\\\\Created at ${made}`, `\\\\For ${date.slice(0, 4)}`];
    return csvOf({ ...table, preamble });
  };
}

const xml =
  (kind: DocumentKind, body: (table: Table, edition: Edition) => string[]) =>
  (table: Table, edition: Edition): string =>
    documentOf(kind, edition, body(table, edition));

const document = (
  id: string,
  title: string,
  root: DocumentKind['root'] = 'Document',
  schema = 'r1',
): DocumentKind => ({
  id,
  title,
  root,
  schema,
});

/** All reports. */
export function iesoReports(feeds: IesoFeeds): IesoReport[] {
  const { dayAheadNodes, realTimeNodes, dayAheadZone, realTimeZone, uniform, totals, demand, fuels, units } =
    feeds;
  const renewed = { since: RENEWAL, until: null };
  const always = { since: null, until: null };
  const nodal =
    (feed: Feed, stamps: readonly string[], stampsOf: (at: Micros) => string[]) =>
    (window: Interval, at: Micros): Table =>
      tableOf(
        [...stamps, 'Pricing Location', 'LMP', 'Energy Loss Price', 'Energy Congestion Price'],
        rowsOver(feed, window, at, (interval, { place, numbers }) => [
          [...stampsOf(interval.start), place.name, ...numbers.map((each) => number(each, 2))],
          (field) => stamps.length + 1 + feed.fields.indexOf(field),
        ]),
        { isOrderFree: true },
      );
  const totalsTable = (window: Interval, at: Micros): Table =>
    tableOf(
      ['Interval', ...QUANTITIES.map(([name]) => name)],
      rowsOver(totals, window, at, (interval, { numbers }) => [
        [String(intervalOfHour(interval.start)), ...numbers.map((each) => number(each, 1))],
        (field) => 1 + totals.fields.indexOf(field),
      ]),
      { isKeyed: true, isOrderFree: true },
    );
  return [
    {
      name: 'DAHourlyEnergyLMP',
      ending: 'csv',
      period: 'day',
      feed: dayAheadNodes,
      ...renewed,
      table: nodal(dayAheadNodes, ['Delivery Hour'], (at) => [String(hourOfDay(at))]),
      render: createdCsv,
    },
    {
      name: 'RealtimeEnergyLMP',
      ending: 'csv',
      period: 'hour',
      feed: realTimeNodes,
      ...renewed,
      table: nodal(realTimeNodes, ['Delivery Hour', 'Interval'], (at) => [
        String(hourOfDay(at)),
        String(intervalOfHour(at)),
      ]),
      render: createdCsv,
    },
    {
      name: 'DAHourlyOntarioZonalPrice',
      ending: 'xml',
      period: 'day',
      feed: dayAheadZone,
      ...renewed,
      table: (window, at) =>
        tableOf(
          ['PricingHour', 'ZonalPrice', 'LossPriceCapped', 'CongestionPriceCapped', 'Flag'],
          rowsOver(dayAheadZone, window, at, ({ start }, { numbers }) => [
            [String(hourOfDay(start)), ...numbers.map((each) => number(each, 2)), 'DSO-RD'],
            (field) => 1 + dayAheadZone.fields.indexOf(field),
          ]),
          { isKeyed: true, isOrderFree: true },
        ),
      render: xml(
        document('DAHourlyOntarioZonalPrice', 'Day Ahead Hourly Ontario Zonal Energy Price Report'),
        dayAheadZoneBody,
      ),
    },
    {
      name: 'RealtimeOntarioZonalPrice',
      ending: 'xml',
      period: 'hour',
      feed: realTimeZone,
      ...renewed,
      table: (window, at) =>
        tableOf(
          ['Interval', 'LmpCap', 'LossPriceCap', 'CongPriceCap', 'Flag'],
          rowsOver(realTimeZone, window, at, ({ start }, { numbers }) => [
            [String(intervalOfHour(start)), ...numbers.map((each) => number(each, 2)), 'DSO-RD'],
            (field) => 1 + realTimeZone.fields.indexOf(field),
          ]),
          { isKeyed: true, isOrderFree: true },
        ),
      render: (table, edition) => {
        const isFlat = dayOf(edition.date) >= FLAT_SINCE;
        const title = 'Real-Time Ontario Zonal Energy Price Report';
        const kind = document('RealtimeOntarioZonalPrice', title, 'Document', isFlat ? 'r2' : 'r1');
        return documentOf(kind, edition, realTimeZoneBody(table, edition, isFlat));
      },
    },
    {
      name: 'RealtimeTotals',
      ending: 'xml',
      period: 'hour',
      feed: totals,
      ...renewed,
      table: totalsTable,
      render: xml(document('RealtimeTotals', 'Realtime Totals Report'), totalsBody),
    },
    {
      name: 'RealtimeConstTotals',
      ending: 'xml',
      period: 'hour',
      feed: totals,
      since: null,
      until: RENEWAL - 1,
      table: totalsTable,
      render: xml(document('RealtimeConstTotals', 'Realtime Constrained Totals Report'), totalsBody),
    },
    {
      name: 'Demand',
      ending: 'csv',
      period: 'year',
      feed: demand,
      ...always,
      table: (window, at) =>
        tableOf(
          ['Date', 'Hour', 'Market Demand', 'Ontario Demand'],
          rowsOver(demand, window, at, ({ start }, { numbers }) => [
            [isoDate(iesoDayOf(start)), String(hourOfDay(start)), ...numbers.map((each) => number(each, 0))],
            (field) => 2 + demand.fields.indexOf(field),
          ]),
          { isOrderFree: true },
        ),
      render: commentedCsv('Hourly Demand Report'),
    },
    zoneReport(feeds),
    {
      name: 'PriceHOEPPredispOR',
      ending: 'csv',
      period: 'year',
      feed: uniform,
      since: null,
      until: RENEWAL - 1,
      table: (window, at) =>
        tableOf(
          ['Date', 'Hour', 'HOEP'],
          rowsOver(uniform, window, at, ({ start }, { numbers }) => [
            [isoDate(iesoDayOf(start)), String(hourOfDay(start)), number(numbers[0], 2)],
            () => 2,
          ]),
          { isOrderFree: true },
        ),
      render: commentedCsv('Hourly Ontario Energy Price (HOEP) Predispatch and Operating Reserve Report'),
    },
    {
      name: 'GenOutputCapability',
      ending: 'xml',
      period: 'day',
      feed: units,
      ...always,
      table: (window, at) => {
        const rows = rowsOver(units, window, at, ({ start }, { place, numbers }) => [
          [
            place.name,
            place.series ?? '',
            String(hourOfDay(start)),
            number(numbers[0], 0),
            number(numbers[1], 0),
          ],
          (field) => 3 + units.fields.indexOf(field),
        ]);
        return tableOf(['GeneratorName', 'FuelType', 'Hour', 'EnergyMW', 'Capability'], rows, {
          isKeyed: true,
          isOrderFree: true,
        });
      },
      render: xml(
        document('GenOutputCapability', 'Generators Output and Capability Report', 'IMODocument', 'r3'),
        unitsBody,
      ),
    },
    {
      name: 'GenOutputbyFuelHourly',
      ending: 'xml',
      period: 'year',
      feed: fuels,
      ...always,
      table: (window, at) =>
        tableOf(
          ['Day', 'Hour', 'Fuel', 'Output'],
          rowsOver(fuels, window, at, ({ start }, { place, numbers }) => [
            [isoDate(iesoDayOf(start)), String(hourOfDay(start)), place.series ?? '', number(numbers[0], 0)],
            () => 3,
          ]),
          { isKeyed: true, isOrderFree: true },
        ),
      render: xml(
        document('GenOutputbyFuelHourly', 'Generator Output by Fuel Type Hourly Report'),
        fuelsBody,
      ),
    },
  ];
}

/** Hourly load by zone beside that of Ontario, with the sum of the zones and what it misses. */
function zoneReport({ demand, zones, zoneSums }: IesoFeeds): IesoReport {
  const names = Object.keys(DEMAND_ZONES);
  const header = ['Date', 'Hour', 'Ontario Demand', ...names, 'Zone Total', 'Diff'];
  return {
    name: 'DemandZonal',
    ending: 'csv',
    period: 'year',
    feed: demand,
    since: null,
    until: null,
    table: (window, at) => {
      const rows = [...publishedIntervals(demand, window, at)].flatMap((interval): TableRow[] => {
        const { start } = interval;
        const [whole] = demand.entries(interval, at);
        const parts = zones.entries(interval, at);
        const [sums] = zoneSums.entries(interval, at);
        const ontario = whole.numbers[demand.fields.indexOf('load')];
        const amounts = [ontario, ...parts.map(({ numbers }) => numbers[0]), ...sums.numbers];
        const cells = [
          isoDate(iesoDayOf(start)),
          String(hourOfDay(start)),
          ...amounts.map((each) => number(each, 0)),
        ];
        const ofWhole = rowOf(demand, interval, whole, cells, (field) => (field === 'load' ? 2 : -1));
        const ofParts = wideRowOf(zones, interval, parts, cells, ({ name }) => header.indexOf(name));
        const ofSums = rowOf(zoneSums, interval, sums, cells, (field) =>
          header.indexOf(field === 'zones_total' ? 'Zone Total' : 'Diff'),
        );
        return [{ cells, facts: () => [ofWhole, ofParts, ofSums].flatMap((row) => row.facts()) }];
      });
      return tableOf(header, rows, { isOrderFree: true });
    },
    render: commentedCsv('Hourly Zonal Demand Report'),
  };
}

function dayOf(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return daysFromCivil(year, month, day);
}

/** What the file of a stamp covers: `2025`, `20250502`, `2025050213`; null for a stamp of another length. */
export function windowOf({ period }: IesoReport, stamp: string): Interval | null {
  const [year, month, day, hour] = [
    stamp.slice(0, 4),
    stamp.slice(4, 6),
    stamp.slice(6, 8),
    stamp.slice(8),
  ].map(Number);
  if (stamp.length !== { year: 4, day: 8, hour: 10 }[period]) return null;
  if (period === 'year')
    return {
      start: iesoDay(daysFromCivil(year, 1, 1)).start,
      end: iesoDay(daysFromCivil(year + 1, 1, 1)).start,
    };
  const window = iesoDay(daysFromCivil(year, month, day));
  if (period === 'day') return window;
  if (hour < 1 || hour > 24) return null;
  return { start: window.start + (hour - 1) * HOUR, end: window.start + hour * HOUR };
}

/** The stamp of the file that holds an instant. */
export function stampOf({ period }: IesoReport, at: Micros): string {
  const day = iesoDayOf(at);
  const date = isoDate(day).replaceAll('-', '');
  if (period === 'year') return String(civilFromDays(day)[0]);
  return period === 'day' ? date : `${date}${String(hourOfDay(at)).padStart(2, '0')}`;
}

/** The last instant of which a report may hold something. */
export function latestTime(report: IesoReport, at: Micros): Micros {
  const ahead = report.name.startsWith('DA') ? 36 * HOUR : 0;
  return at + ahead - MINUTE;
}
