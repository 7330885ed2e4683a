/**
 * Flows on the ties of the simulated SPP: a file of each month that comes on the third of the next one, since March 2026
 * one for each balancing area. Readings here lie five minutes apart, the real ones a minute.
 */

import { civilFromDays, DAY, daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { type DemandProcess, flowOf, scheduleOf } from '../demand-process.ts';
import { type Entry, type Feed, type Place, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { isoStamp, MONTHS } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { TableRow } from '../table.ts';
import { sppDay, sppDayOf, WEST_SINCE } from './clock.ts';
import { fileOf, notThere } from './folders.ts';

/** A tie and how much it carries, MW. */
interface Tie extends Place {
  readonly capacity: number;
}

/** The ties of an area, and what flows and is scheduled over all of them. */
export interface AreaTies {
  readonly area: 'SPP' | 'SWPW';
  readonly ties: Feed<Tie>;
  readonly net: Feed;
}

/** First month whose file has the area in its name. */
const NAMED_SINCE = daysFromCivil(2026, 3, 1);
const FIVE = 5 * MINUTE;

const TIES: Readonly<Record<AreaTies['area'], readonly Tie[]>> = {
  SPP: [
    { name: 'AECI', capacity: 900 },
    { name: 'BLKW', capacity: 200 },
    { name: 'EDDY', capacity: 200 },
    { name: 'ERCOTE', capacity: 600 },
    { name: 'ERCOTN', capacity: 220 },
    { name: 'MEC', capacity: 1500 },
  ],
  SWPW: [
    { name: 'PACE', capacity: 500 },
    { name: 'PSCO', capacity: 400 },
  ],
};

/** Ties of both areas, the western one since it is there. */
export function sppTies(demand: DemandProcess): AreaTies[] {
  return [tiesOf(demand, 'SPP', 0), tiesOf(demand, 'SWPW', WEST_SINCE)];
}

function tiesOf(demand: DemandProcess, area: AreaTies['area'], since: number): AreaTies {
  const all = TIES[area];
  const flows = (each: typeof flowOf, start: Micros): number[] =>
    all.map(({ name, capacity }) => rounded(each(demand, name, capacity, start) * 1000));
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  const feed = <P extends Place>(fields: readonly string[], entries: Feed<P>['entries']): Feed<P> => ({
    dataset: 'interchange',
    step: FIVE,
    decimals: 3,
    fields,
    *intervals(window) {
      for (const { start } of regularIntervals(window, FIVE)) yield { start, end: start };
    },
    publishedAt: ({ start }) =>
      sppDayOf(start) < since ? Number.POSITIVE_INFINITY : monthOf(start).end + 2 * DAY + 8 * HOUR,
    entries,
  });
  return {
    area,
    ties: feed<Tie>(['interchange'], ({ start }): readonly Entry<Tie>[] => {
      const amounts = flows(flowOf, start);
      return all.map((place, k) => ({ place, numbers: [amounts[k]] }));
    }),
    net: feed(['interchange_scheduled', 'interchange'], ({ start }) => [
      { place: { name: area }, numbers: [sum(flows(scheduleOf, start)), sum(flows(flowOf, start))] },
    ]),
  };
}

/** The month that an instant is in, by the Central clock. */
function monthOf(at: Micros): Interval {
  const [year, month] = civilFromDays(sppDayOf(at));
  return {
    start: sppDay(daysFromCivil(year, month, 1)).start,
    end: sppDay(daysFromCivil(month === 12 ? year + 1 : year, (month % 12) + 1, 1)).start,
  };
}

/** Name of the file of the month that holds an instant: the only one before March 2026, one of an area since. */
export function tieFile(area: AreaTies['area'], at: Micros): string {
  const day = sppDayOf(at);
  const [year, month] = civilFromDays(day);
  return `/TieFlows_${day < NAMED_SINCE ? '' : `${area}_`}${MONTHS[month - 1]}${year}.csv`;
}

/** The file of a month. */
export function tieAnswer(areas: readonly AreaTies[], file: string, at: Micros): Answer {
  const m = /^\/TieFlows_(?:(SPP|SWPW)_)?([A-Z][a-z]{2})(\d{4})\.csv$/.exec(file);
  const found = areas.find(({ area }) => area === (m?.[1] ?? 'SPP'));
  const month = MONTHS.indexOf(m?.[2] ?? '');
  if (m === null || found === undefined || month < 0) return notThere();
  const window = monthOf(sppDay(daysFromCivil(Number(m[3]), month + 1, 1)).start);
  if (file !== tieFile(found.area, window.start)) return notThere();
  const { area, ties, net } = found;
  const names = TIES[area].map(({ name }) => name);
  const rows = [...publishedIntervals(net, window, at)].map((interval): TableRow => {
    const [whole] = net.entries(interval, at);
    const parts = ties.entries(interval, at);
    const amounts = [...whole.numbers, ...parts.map(({ numbers }) => numbers[0])];
    const cells = [`${isoStamp('UTC', interval.start)}Z`, ...amounts.map((each) => fixedText(each ?? 0, 3))];
    const ofNet = rowOf(net, interval, whole, cells, (field) => 1 + net.fields.indexOf(field));
    const ofTies = wideRowOf(ties, interval, parts, cells, ({ name }) => 3 + names.indexOf(name));
    return { cells, facts: () => [...ofNet.facts(), ...ofTies.facts()] };
  });
  if (rows.length === 0) return notThere();
  const table = tableOf(['GMTTIME', `${area}_NSI`, `${area}_NAI`, ...names], rows, { isOrderFree: true });
  return fileOf('interchange', file, net.publishedAt(window), table);
}
