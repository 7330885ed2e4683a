/** The reports of the simulated IESO: what each file covers, its rows, and how it is written. */

import { DAY, daysFromCivil, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { Feed } from '../feed.ts';
import { isoDate } from '../local-time.ts';
import { tableOf } from '../report.ts';
import type { Table } from '../table.ts';
import { adequacyReport } from './adequacy.ts';
import {
  dayAheadZoneBody,
  documentOf,
  fuelsBody,
  realTimeZoneBody,
  totalsBody,
  unitsBody,
} from './documents.ts';
import { type IesoFeeds, QUANTITIES } from './feeds.ts';
import { intertieReport } from './interties.ts';
import { commentedCsv, createdCsv, document, type IesoReport, number, rowsOver, xml } from './report-form.ts';
import { reserveReports } from './reserves.ts';
import { hourOfDay, iesoDayOf, intervalOfHour, RENEWAL } from './trade-day.ts';
import { windAndSunReport } from './wind-and-sun.ts';
import { zonalReport } from './zonal-demand.ts';

/** First day of the flat real-time zonal price. */
const FLAT_SINCE = daysFromCivil(2026, 3, 5);

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
    zonalReport(feeds.hourlyDemand, 'DemandZonal', 'Hourly Zonal Demand Report'),
    {
      ...zonalReport(feeds.demandNow, 'RealtimeDemandZonal', 'Real-Time Zonal Demand Report'),
      reach: 14 * DAY,
    },
    ...reserveReports(feeds.reserves),
    windAndSunReport(feeds.windAndSun),
    adequacyReport(feeds.adequacy),
    intertieReport(feeds.interties),
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
      isGrowing: true,
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

function dayOf(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return daysFromCivil(year, month, day);
}
