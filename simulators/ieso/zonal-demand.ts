/** Load of Ontario and its zones side by side, by the hour and by five minutes, with the sum of the zones and what it misses. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type DemandProcess, loadOf, quantityFeed } from '../demand-process.ts';
import { type Entry, type Feed, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { isoDate } from '../local-time.ts';
import { tableOf } from '../report.ts';
import type { TableRow } from '../table.ts';
import { commentedCsv, type IesoReport, number } from './report-form.ts';
import { hourOfDay, iesoDayOf, intervalOfHour } from './trade-day.ts';

/** What one report prints. */
export interface ZonalDemand {
  readonly whole: Feed;
  readonly zones: Feed;
  /** Sum of the zones, and how far it is from the load of Ontario. */
  readonly sums: Feed;
}

/** Demand zones of Ontario with their shares. */
const ZONES: Readonly<Record<string, number>> = {
  Northwest: 0.03,
  Northeast: 0.09,
  Ottawa: 0.07,
  East: 0.06,
  Toronto: 0.35,
  Essa: 0.08,
  Bruce: 0.01,
  Southwest: 0.19,
  Niagara: 0.04,
  West: 0.1,
};
const ONTARIO = 'ONTARIO';

/** The feeds of a dataset by its interval. */
export function zonalDemand(
  process: DemandProcess,
  dataset: string,
  step: Micros,
  publishedAt: (interval: Interval) => Micros,
): ZonalDemand {
  const feed = { dataset, field: 'load', step, decimals: 0, publishedAt };
  const whole = quantityFeed({
    ...feed,
    places: [{ name: ONTARIO }],
    amountOf: (_, { start }) => loadOf(process, ONTARIO, 1, start),
  });
  const zones = quantityFeed({
    ...feed,
    places: Object.keys(ZONES).map((name) => ({ name })),
    amountOf: ({ name }, { start }) => loadOf(process, `zone/${name}`, ZONES[name], start),
  });
  return {
    whole,
    zones,
    sums: {
      ...whole,
      fields: ['zones_total', 'zones_difference'],
      entries: (interval, at) => {
        const [ontario] = whole.entries(interval, at);
        return ontario === undefined ? [] : [sumOf(zones.entries(interval, at), ontario)];
      },
    },
  };
}

function sumOf(zones: readonly Entry[], ontario: Entry): Entry {
  const sum = zones.reduce((total, { numbers }) => total + (numbers[0] ?? 0), 0);
  return { place: { name: ONTARIO }, numbers: [sum, sum - (ontario.numbers[0] ?? 0)] };
}

/** The report of a year. */
export function zonalReport({ whole, zones, sums }: ZonalDemand, name: string, title: string): IesoReport {
  const isHourly = whole.step === HOUR;
  const names = Object.keys(ZONES);
  const stamps = ['Date', 'Hour', ...(isHourly ? [] : ['Interval'])];
  const total = isHourly ? 'Zone Total' : 'Zones Total';
  const header = [...stamps, 'Ontario Demand', ...names, total, 'Diff'];
  return {
    name,
    ending: 'csv',
    period: 'year',
    feed: whole,
    since: null,
    until: null,
    table: (window, at) => {
      const rows = [...publishedIntervals(whole, window, at)].map((interval): TableRow => {
        const { start } = interval;
        const [ontario] = whole.entries(interval, at);
        const parts = zones.entries(interval, at);
        const sum = sumOf(parts, ontario);
        const amounts = [ontario.numbers[0], ...parts.map(({ numbers }) => numbers[0]), ...sum.numbers];
        const cells = [
          isoDate(iesoDayOf(start)),
          String(hourOfDay(start)),
          ...(isHourly ? [] : [String(intervalOfHour(start))]),
          ...amounts.map((each) => number(each, 0)),
        ];
        const ofWhole = rowOf(whole, interval, ontario, cells, () => stamps.length);
        const ofParts = wideRowOf(zones, interval, parts, cells, (place) => header.indexOf(place.name));
        const ofSums = rowOf(sums, interval, sum, cells, (field) =>
          header.indexOf(field === 'zones_total' ? total : 'Diff'),
        );
        return { cells, facts: () => [ofWhole, ofParts, ofSums].flatMap((row) => row.facts()) };
      });
      return tableOf(header, rows, { isOrderFree: true });
    },
    render: commentedCsv(title),
  };
}
