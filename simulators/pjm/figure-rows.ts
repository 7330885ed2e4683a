/** Feeds of Data Miner whose rows print the numbers of one place in one interval, a column to each. Form: reference 5. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type Entry, type Feed, type Place, rowOf } from '../feed.ts';
import { isoStamp } from '../local-time.ts';
import type { TableRow } from '../table.ts';
import { PJM_ZONE } from './market-day.ts';

/** One feed by its name under `/api/v1/`. */
export interface DataFeed {
  readonly name: string;
  readonly dataset: string;
  readonly columns: readonly string[];
  /** Columns whose values are numbers or truth values. */
  readonly bare: readonly string[];
  readonly feed: Feed;
  /** Older rows may not be filtered; null where nothing is archived. */
  readonly archivedAfterDays: number | null;
  /** Column of the stamp that queries name, without `_utc` and `_ept`. */
  readonly stamp: string;
  /** True where of several rows about an hour the last one counts. */
  readonly isOrdered?: boolean;
  /** What bears that stamp, published until an instant; absent, the intervals of the feed. */
  stamped?(window: Interval, at: Micros): Iterable<Interval>;
  /** Rows of what bears a stamp. */
  rows(interval: Interval, at: Micros): TableRow[];
}

/** Both stamps of an instant. */
export const stamps = (at: Micros): string[] => [isoStamp('UTC', at), isoStamp(PJM_ZONE, at)];

/** Names of both stamps of a begin. */
export const BEGINNING = ['datetime_beginning_utc', 'datetime_beginning_ept'];

/** Names of both stamps of an end. */
export const ENDING = ['datetime_ending_utc', 'datetime_ending_ept'];

/** What a feed of figures needs. */
export interface Figures<P extends Place> {
  readonly name: string;
  readonly feed: Feed<P>;
  readonly columns: readonly string[];
  /** Columns of the fields of the feed, in their order. */
  readonly printed: readonly string[];
  /** Further columns whose values are numbers or truth values. */
  readonly bare?: readonly string[];
  cellsOf(interval: Interval, entry: Entry<P>, all: readonly Entry<P>[]): string[];
}

/** A row per place and interval. */
export function figureRows<P extends Place>(figures: Figures<P>): DataFeed {
  const { name, feed, columns, printed, bare = [] } = figures;
  return {
    name,
    dataset: feed.dataset,
    columns,
    bare: [...printed, ...bare],
    feed,
    archivedAfterDays: feed.step < HOUR ? 186 : 731,
    stamp: 'datetime_beginning',
    rows: (interval, at) => {
      const all = feed.entries(interval, at);
      return all.map((entry) =>
        rowOf(feed, interval, entry, figures.cellsOf(interval, entry, all), (field) =>
          columns.indexOf(printed[feed.fields.indexOf(field)]),
        ),
      );
    },
  };
}
