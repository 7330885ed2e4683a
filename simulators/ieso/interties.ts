/** Interties of the simulated IESO: schedules by the hour and flows by five minutes in one report, exports above zero. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, flowOf, scheduleOf } from '../demand-process.ts';
import { type Feed, type Place, rowOf } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { Table } from '../table.ts';
import { type Edition, element } from './documents.ts';
import { document, type IesoReport, number, rowsOver, xml } from './report-form.ts';
import { hourOfDay, intervalOfHour } from './trade-day.ts';

/** What is scheduled, and what flows. */
export interface Interties {
  readonly schedules: Feed;
  readonly flows: Feed;
}

/** Zones and how much they carry, MW. */
const ZONES: Readonly<Record<string, number>> = {
  MANITOBA: 280,
  'MANITOBA SK': 20,
  MICHIGAN: 1650,
  MINNESOTA: 140,
  'NEW-YORK': 1900,
  'PQ.AT': 1200,
  'PQ.B5D.B31L': 800,
  'PQ.D4Z': 110,
};
const TOTAL = 'ONTARIO';
const FIVE = 5 * MINUTE;

/** Interties from one demand process; the report of an hour is out half an hour after it. */
export function interties(demand: DemandProcess): Interties {
  const publishedAt = ({ start }: Interval): Micros => Math.floor(start / HOUR) * HOUR + HOUR + 31 * MINUTE;
  const feed = (
    step: Micros,
    fields: readonly string[],
    numbersOf: (zone: string, capacity: number, start: Micros) => number[],
  ): Feed => ({
    dataset: 'interchange',
    step,
    decimals: 1,
    fields,
    intervals: (window) => regularIntervals(window, step),
    publishedAt,
    entries: (interval, at) => {
      if (at < publishedAt(interval)) return [];
      const zones = Object.entries(ZONES).map(([name, capacity]) => ({
        place: { name } as Place,
        numbers: numbersOf(name, capacity, interval.start),
      }));
      const numbers = fields.map((_, k) => zones.reduce((sum, zone) => sum + zone.numbers[k], 0));
      return [...zones, { place: { name: TOTAL }, numbers }];
    },
  });
  return {
    schedules: feed(HOUR, ['import', 'export'], (zone, capacity, start) => {
      const planned = rounded(scheduleOf(demand, zone, capacity, start)) * 10;
      return planned < 0 ? [-planned, 0] : [0, planned];
    }),
    flows: feed(FIVE, ['interchange'], (zone, capacity, start) => [
      rounded(flowOf(demand, zone, capacity, start) * 10),
    ]),
  };
}

/** `IntertieScheduleFlow`. */
export function intertieReport({ schedules, flows }: Interties): IesoReport {
  return {
    name: 'IntertieScheduleFlow',
    ending: 'xml',
    period: 'day',
    isGrowing: true,
    feed: flows,
    since: null,
    until: null,
    table: (window, at) => {
      const planned = rowsOver(schedules, window, at, ({ start }, { place, numbers }) => [
        [place.name, String(hourOfDay(start)), '', ...numbers.map((each) => number(each, 1)), ''],
        (field) => 3 + schedules.fields.indexOf(field),
      ]);
      const actual = [...flows.intervals(window)].flatMap((interval) =>
        flows.entries(interval, at).map((entry) => {
          const times = [String(hourOfDay(interval.start)), String(intervalOfHour(interval.start))];
          const cells = [entry.place.name, ...times, '', '', number(entry.numbers[0], 1)];
          return rowOf(flows, interval, entry, cells, () => 5);
        }),
      );
      return tableOf(['Zone', 'Hour', 'Interval', 'Import', 'Export', 'Flow'], [...planned, ...actual], {
        isKeyed: true,
        isOrderFree: true,
      });
    },
    render: xml(
      document('IntertieScheduleFlow', 'Intertie Actual Schedule and Flow Report', 'IMODocument', 'r0'),
      body,
    ),
  };
}

/** Zones with their hours and intervals, the sum of all under a name of its own. */
function body(table: Table, { date }: Edition): string[] {
  const lines = [element('Date', date)];
  const zones = [...Map.groupBy(table.rows, ({ cells }) => cells[0])];
  for (const [zone, rows] of zones.toSorted(([a], [b]) => Number(a === TOTAL) - Number(b === TOTAL))) {
    const tag = zone === TOTAL ? 'Totals' : 'IntertieZone';
    lines.push(`<${tag}>`, ...(zone === TOTAL ? [] : [element('IntertieZoneName', zone)]), '<Schedules>');
    for (const { cells } of rows)
      if (cells[2] === '')
        lines.push(
          `<Schedule>${element('Hour', cells[1])}${element('Import', cells[3])}${element('Export', cells[4])}</Schedule>`,
        );
    lines.push('</Schedules>', '<Actuals>');
    for (const { cells } of rows)
      if (cells[2] !== '')
        lines.push(
          `<Actual>${element('Hour', cells[1])}${element('Interval', cells[2])}${element('Flow', cells[5])}</Actual>`,
        );
    lines.push('</Actuals>', `</${tag}>`);
  }
  return lines;
}
