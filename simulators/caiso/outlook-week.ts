/**
 * The week ahead on the pages of the Outlook, `rtm_forecast_7day.csv`: load so far, forecasts, capacity and reserves of seven
 * days at five minutes, stamped with date and clock. Form: reference 3.4.
 */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type DemandProcess, forecastOf, generationOf, loadOf } from '../demand-process.ts';
import { type Feed, feedSince, valuesOf } from '../feed.ts';
import { slashDate } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { plainReport, tableOf } from '../report.ts';
import type { Fact, TableRow } from '../table.ts';
import { clockTimes, isDoubtful, OUTLOOK_HEADERS, OUTLOOK_SINCE, outlookText } from './outlook.ts';
import { CAISO_ZONE, caisoDay, caisoDayOf } from './publication.ts';

/** Name of the table. */
export const WEEK = 'rtm_forecast_7day';

const FIVE = 5 * MINUTE;
const DAYS = 7;

/** A column with its field; `isKnownLater` where hours to come are blank. */
interface Column {
  readonly title: string;
  readonly field: string;
  readonly isKnownLater: boolean;
  amountAt(demand: DemandProcess, at: Micros, issued: Micros): number;
}

const load = (demand: DemandProcess, at: Micros): number => loadOf(demand, 'outlook', 1, at);
const told = (demand: DemandProcess, at: Micros, issued: Micros): number =>
  forecastOf(demand, 'outlook', 1, at, issued);
const green = (demand: DemandProcess, at: Micros): number =>
  generationOf(demand, { name: 'Solar', share: 0.2, habit: 'sun' }, at);

const COLUMNS: readonly Column[] = [
  { title: 'Demand', field: 'load', isKnownLater: true, amountAt: load },
  {
    title: 'Net Demand',
    field: 'net_load',
    isKnownLater: true,
    amountAt: (demand, at) => load(demand, at) - green(demand, at),
  },
  { title: 'Day-ahead demand forecast', field: 'load_forecast', isKnownLater: false, amountAt: told },
  {
    title: 'Day-ahead net demand forecast',
    field: 'day_ahead_net_demand_forecast',
    isKnownLater: false,
    amountAt: (demand, at, issued) => told(demand, at, issued) - green(demand, at),
  },
  {
    title: 'Resource adequacy capacity forecast',
    field: 'resource_adequacy_capacity_forecast',
    isKnownLater: false,
    amountAt: (demand) => demand.level * 1.9,
  },
  {
    title: 'Net resource adequacy capacity forecast',
    field: 'net_resource_adequacy_capacity_forecast',
    isKnownLater: false,
    amountAt: (demand, at) => demand.level * 1.9 - green(demand, at),
  },
  {
    title: 'Reserve requirement',
    field: 'reserve_requirement',
    isKnownLater: true,
    amountAt: (demand, at) => 0.06 * load(demand, at),
  },
  {
    title: 'Reserve requirement forecast',
    field: 'reserve_requirement_forecast',
    isKnownLater: false,
    amountAt: (demand, at, issued) => 0.06 * told(demand, at, issued),
  },
  {
    title: 'Resource adequacy credits',
    field: 'resource_adequacy_credits',
    isKnownLater: false,
    amountAt: (demand) => demand.level * 0.05,
  },
];

/** What is said of an instant by the table of a day: null where that is not known yet. */
function numbersAt(demand: DemandProcess, at: Micros, day: number, now: Micros): (number | null)[] {
  const issued = caisoDay(day).start - 12 * HOUR;
  return COLUMNS.map(({ isKnownLater, amountAt }) =>
    isKnownLater && now < at + FIVE ? null : rounded(amountAt(demand, at, issued)),
  );
}

/** The figures as a feed of instants, as the newest table that tells of them has them. */
export function weekFeed(demand: DemandProcess): Feed {
  const publishedAt = ({ start }: Interval): Micros => caisoDay(caisoDayOf(start) - DAYS + 1).start;
  const feed: Feed = {
    dataset: 'load_forecast_outlook',
    step: FIVE,
    decimals: 0,
    fields: COLUMNS.map(({ field }) => field),
    *intervals({ start, end }) {
      for (let at = Math.ceil(start / FIVE) * FIVE; at < end; at += FIVE) yield { start: at, end: at };
    },
    publishedAt,
    entries: (interval, at) => {
      const { start } = interval;
      if (at < publishedAt(interval) || isDoubtful(start)) return [];
      const day = Math.min(caisoDayOf(start), caisoDayOf(at));
      return [{ place: { name: 'CAISO' }, numbers: numbersAt(demand, start, day, at) }];
    },
  };
  return feedSince(feed, caisoDay(OUTLOOK_SINCE).start);
}

/** The table that is named after a day, as it is at an instant. */
export function weekAnswer(demand: DemandProcess, feed: Feed, day: number, at: Micros): Answer {
  const asOf = Math.min(at, caisoDay(day).end);
  const rows = Array.from({ length: DAYS }, (_, k) => dayRows(demand, feed, day + k, day, asOf)).flat();
  return plainReport({
    dataset: feed.dataset,
    name: `${WEEK}.csv`,
    headers: OUTLOOK_HEADERS,
    table: tableOf(['Time', ...COLUMNS.map(({ title }) => title)], rows),
    zone: CAISO_ZONE,
    modifiedAt: asOf,
    isDated: true,
    render: outlookText,
  });
}

/** The clock times of a day, as the table of another has them. */
function dayRows(demand: DemandProcess, feed: Feed, day: number, issue: number, at: Micros): TableRow[] {
  return Array.from(clockTimes(day), ({ clock, time }): TableRow => {
    const numbers = time === null ? COLUMNS.map(() => null) : numbersAt(demand, time, issue, at);
    const cells = numbers.map((number) => (number === null ? '' : plainText(number, 0)));
    const facts = (): Fact[] =>
      time === null || isDoubtful(time)
        ? []
        : valuesOf(feed, { start: time, end: time }, { place: { name: 'CAISO' }, numbers }).map((value) => ({
            ...value,
            column: 1 + feed.fields.indexOf(value.field),
          }));
    return { cells: [`${slashDate(day)} ${clock}`, ...cells], facts };
  });
}
