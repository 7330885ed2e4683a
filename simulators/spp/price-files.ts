/** Price files of SPP: Central and GMT stamps of the end of each interval, four decimals. Form: reference 8. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { type Entry, publishedIntervals, rowOf } from '../feed.ts';
import { tableOf } from '../report.ts';
import type { Table } from '../table.ts';
import { sppDayOf, stampsOf, WEST_SINCE } from './clock.ts';
import type { SppFeeds } from './feeds.ts';

const PRICES = ['LMP', 'MLC', 'MCC', 'MEC'];
/** Fields in the order of those columns. */
const FIELDS = ['lmp', 'loss', 'congestion', 'energy'];

const pricesOf = ({ numbers }: Entry): string[] => numbers.map((number) => fixedText(number ?? 0, 4));

/** A day-ahead file. The balancing area, where there is one, is its third column. */
export function dayAheadFile({ dayAhead }: SppFeeds, window: Interval, at: Micros): Table {
  const hasArea = sppDayOf(window.start) >= WEST_SINCE;
  const head = ['Interval', 'GMTIntervalEnd', ...(hasArea ? ['BAA'] : []), 'Settlement Location', 'Pnode'];
  const rows = [...publishedIntervals(dayAhead, window, at)].flatMap((interval) =>
    dayAhead.entries(interval, at).map((entry) => {
      const { name, pnode, area } = entry.place;
      const cells = [...stampsOf(interval.end), ...(hasArea ? [area] : []), name, pnode, ...pricesOf(entry)];
      return rowOf(dayAhead, interval, entry, cells, (field) => head.length + FIELDS.indexOf(field));
    }),
  );
  return tableOf([...head, ...PRICES], rows, { isOrderFree: true });
}

/** The file of one real-time interval, or of a few. The balancing area, where there is one, is its last column. */
export function intervalFile({ realTime }: SppFeeds, window: Interval, at: Micros): Table {
  const hasArea = sppDayOf(window.start) >= WEST_SINCE;
  const head = ['Interval', 'GMTIntervalEnd', 'Settlement Location', 'Pnode'];
  const rows = [...publishedIntervals(realTime, window, at)].flatMap((interval) =>
    realTime.entries(interval, at).map((entry) => {
      const { name, pnode, area } = entry.place;
      const cells = [...stampsOf(interval.end), name, pnode, ...pricesOf(entry), ...(hasArea ? [area] : [])];
      return rowOf(realTime, interval, entry, cells, (field) => head.length + FIELDS.indexOf(field));
    }),
  );
  return tableOf([...head, ...PRICES, ...(hasArea ? ['BAA'] : [])], rows, {
    isOrderFree: true,
    restamped: (row, later) => [...stampsOf(row.facts()[0].end + later), ...row.cells.slice(2)],
  });
}

/** The file of a whole real-time day writes its column names otherwise, with blanks around them. */
export function dailyFile(feeds: SppFeeds, window: Interval, at: Micros): Table {
  const { header, rows, ...rest } = intervalFile(feeds, window, at);
  const names = ['Interval', 'GMT Interval', 'Settlement Location Name', 'PNODE Name', ...header.slice(4)];
  return { ...rest, header: names.map((name, k) => (k === 0 ? name : ` ${name}`)), rows, restamped: null };
}
