/**
 * Clearing prices of reserves as reports of MISO: two tables in one file, the prices of the whole system above, below them
 * those of each resource with its zone. Form: reference 2.1.
 */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { bareText } from '../decimal-text.ts';
import { type Feed, publishedIntervals, valuesOf } from '../feed.ts';
import { slashDate } from '../local-time.ts';
import { tableOf } from '../report.ts';
import type { Fact, Table, TableRow } from '../table.ts';
import { RESERVES, type ReservePlace, SYSTEM_WIDE } from './feeds.ts';
import { misoMidnight } from './publication.ts';

/** The first hour of a header has a blank before it. */
const HOUR_ENDINGS = Array.from({ length: 24 }, (_, k) => (k === 0 ? ' HE 1' : `HE ${k + 1}`));
const ZONE_WORDS = 'All Hours-Ending are Eastern Standard Time (EST)';

/** The prices of a day as they were at an instant: a row for each resource and product, with the hours side by side. */
export function reserveTable(feed: Feed<ReservePlace>, title: string, day: number, asOf: Micros): Table {
  const midnight = misoMidnight(day);
  const hours = [...publishedIntervals(feed, { start: midnight, end: misoMidnight(day + 1) }, asOf)].map(
    (interval) => ({ interval, entries: feed.entries(interval, asOf) }),
  );
  const places = hours[0]?.entries.map(({ place }) => place) ?? [];
  const rows = places.flatMap((place, p) =>
    RESERVES.map(({ word, field }): TableRow => {
      const k = feed.fields.indexOf(field);
      const cells = hours.map(({ entries }) => bareText(entries[p].numbers[k] ?? 0, feed.decimals));
      const facts = (): Fact[] =>
        hours.flatMap(({ interval, entries }) => {
          const numbers = feed.fields.map((_, i) => (i === k ? entries[p].numbers[i] : null));
          const column = 3 + Math.round((interval.start - midnight) / HOUR);
          return valuesOf(feed, interval, { place, numbers }).map((value) => ({ ...value, column }));
        });
      const zone = place.zone === null ? '-' : `Zone ${place.zone}`;
      return { cells: [place.name, zone, word, ...cells], facts };
    }),
  );
  const dated = `${slashDate(day)},,${ZONE_WORDS}`;
  return tableOf(['', '', 'MCP Type', ...HOUR_ENDINGS], rows, { preamble: [title, '', dated, ''] });
}

/** Both tables as lines; `end` ends a line, `gap` parts the tables. The second header names its first columns. */
export function reserveText(end: string, gap: string): (table: Table) => string {
  return ({ preamble, header, rows }) => {
    const lines = (some: readonly TableRow[]): string => some.map(({ cells }) => cells.join(',')).join(end);
    const wide = rows.filter(({ cells }) => cells[0].startsWith(SYSTEM_WIDE));
    const others = rows.filter((row) => !wide.includes(row));
    const top = [...preamble, header.join(',')].join(end);
    const second = ['Pnode', 'Zone', ...header.slice(2)].join(',');
    const below = others.length === 0 ? '' : `${gap}${second}${end}${lines(others)}`;
    return `${top}${end}${lines(wide)}${below}${end}`;
  };
}
