/** Files of NYISO with a row for each stamp and place: how they are stamped, quoted and cut into days. Form: reference 6. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type Entry, type Feed, type Place, publishedIntervals, rowOf } from '../feed.ts';
import { clockText, localDay, offsetText, slashDate, wallAt } from '../local-time.ts';
import { tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { NYISO_ZONE } from './publication.ts';

/** How a file with a row for each place is printed. */
export interface LongForm<P extends Place> {
  readonly header: readonly string[];
  /** Text in quotes, or as it is. */
  readonly text: (word: string) => string;
  /** The instant of an interval that is printed, and whether with seconds. */
  readonly stamped: 'start' | 'end';
  readonly hasSeconds: boolean;
  readonly hasZone: boolean;
  /** Cells after the stamp, from texts on. */
  cellsOf(entry: Entry<P>, decimals: number): readonly string[];
}

/** `MM/DD/YYYY HH:MM` on the market's clock. */
export function stampText(at: Micros, hasSeconds: boolean): string {
  return `${slashDate(localDay(NYISO_ZONE, at))} ${clockText(wallAt(NYISO_ZONE, at), hasSeconds)}`;
}

/** `EST` or `EDT`. */
export function zoneWord(at: Micros): string {
  return offsetText(NYISO_ZONE, at) === '-05:00' ? 'EST' : 'EDT';
}

/** The rows of a window; null before the first of them is published. */
export function longTable<P extends Place>(
  feed: Feed<P>,
  form: LongForm<P>,
  window: Interval,
  at: Micros,
): Table | null {
  const { header, text, hasZone } = form;
  const stampCells = (interval: Interval): string[] => {
    const stamp = interval[form.stamped];
    const cells = [stampText(stamp, form.hasSeconds), ...(hasZone ? [zoneWord(stamp)] : [])];
    return cells.map(text);
  };
  const rows: TableRow[] = [];
  let width = 0;
  for (const interval of publishedIntervals(feed, window, at))
    for (const entry of feed.entries(interval, at)) {
      const before = stampCells(interval);
      const cells = [...before, ...form.cellsOf(entry, feed.decimals)];
      const first = cells.length - feed.fields.length;
      width = before.length;
      rows.push(rowOf(feed, interval, entry, cells, (field) => first + feed.fields.indexOf(field)));
    }
  if (rows.length === 0) return null;
  return tableOf(header.map(text), rows, {
    textCell: text,
    ...(hasZone ? { isOrderFree: true } : {}),
    restamped: (row, later) => {
      const [{ start, end }] = row.facts();
      return [...stampCells({ start: start + later, end: end + later }), ...row.cells.slice(width)];
    },
  });
}

/** The file of a day as it is at an instant; null while there is none. */
export type DayTable = (day: number, at: Micros) => Table | null;
