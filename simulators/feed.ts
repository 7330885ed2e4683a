/** One dataset of a simulated market: who has which numbers when, before any file is made of them. */

import type { Micros } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import { plainText } from './decimal-text.ts';
import { type PriceNode, type PriceParts, type PriceProcess, totalOf } from './price-process.ts';
import { partsPublished, regularIntervals, type Series } from './series.ts';
import type { Fact, TableRow, TrueValue } from './table.ts';

/** What numbers are about: a node, an area, a fuel of an area. */
export interface Place {
  readonly name: string;
  /** Second label: a fuel, a type of point. */
  readonly series?: string;
}

/** Numbers of one place in one interval, in the order of the fields of their feed; null where the market prints none. */
export interface Entry<P extends Place = Place> {
  readonly place: P;
  readonly numbers: readonly (number | null)[];
}

/** A dataset as numbers: integers at its decimals. */
export interface Feed<P extends Place = Place> {
  readonly dataset: string;
  readonly step: Micros;
  readonly decimals: number;
  readonly fields: readonly string[];
  /** Intervals that begin in a window. */
  intervals(window: Interval): Iterable<Interval>;
  /** UTC micros of the first publication. */
  publishedAt(interval: Interval): Micros;
  /** As published until `at`, in the order of the market's files; none before the first publication. */
  entries(interval: Interval, at: Micros): readonly Entry<P>[];
}

/** A column of prices: the platform's field, and the number. */
export interface PriceField {
  readonly field: string;
  of(parts: PriceParts): number;
}

/** The parts by name. Congestion has the sign that makes the parts add up. */
export const PRICE = {
  lmp: { field: 'lmp', of: totalOf },
  energy: { field: 'energy', of: ({ energy }: PriceParts) => energy },
  congestion: { field: 'congestion', of: ({ congestion }: PriceParts) => congestion },
  loss: { field: 'loss', of: ({ loss }: PriceParts) => loss },
} as const satisfies Record<string, PriceField>;

/** Prices of nodes as a feed. */
export function priceFeed<P extends PriceNode & Place>(
  process: PriceProcess,
  series: Series,
  nodes: readonly P[],
  fields: readonly PriceField[],
): Feed<P> {
  return {
    dataset: series.dataset,
    step: series.step,
    decimals: process.decimals,
    fields: fields.map(({ field }) => field),
    intervals: (window) => regularIntervals(window, series.step),
    publishedAt: series.publishedAt,
    entries: (interval, at) =>
      nodes.flatMap((place) => {
        const parts = partsPublished(process, series, place, interval, at);
        return parts === null ? [] : [{ place, numbers: fields.map(({ of }) => of(parts)) }];
      }),
  };
}

/** All values of intervals that begin in the window, as published until `at`, of the feeds that bear the name. */
export function* publishedBy(
  feeds: readonly Feed[],
  dataset: string,
  window: Interval,
  at: Micros,
): Generator<TrueValue> {
  for (const feed of feeds) {
    if (feed.dataset !== dataset) continue;
    for (const interval of feed.intervals(window)) {
      if (feed.publishedAt(interval) > at) continue;
      for (const entry of feed.entries(interval, at)) yield* valuesOf(feed, interval, entry);
    }
  }
}

/** The numbers of an entry as values, those that are not printed left out. */
export function valuesOf(feed: Feed, { start, end }: Interval, { place, numbers }: Entry): TrueValue[] {
  const { dataset, decimals, fields } = feed;
  const about = place.series === undefined ? {} : { series: place.series };
  return numbers.flatMap((number, k) =>
    number === null
      ? []
      : [
          {
            dataset,
            location: place.name,
            ...about,
            field: fields[k],
            start,
            end,
            value: plainText(number, decimals),
          },
        ],
  );
}

/** A row that prints an entry; `columnOf` tells the column of a field, below 0 where this file does not print it. */
export function rowOf(
  feed: Feed,
  interval: Interval,
  entry: Entry,
  cells: readonly string[],
  columnOf: (field: string) => number,
): TableRow {
  return wideFieldsRow(feed, interval, [entry], cells, (_, field) => columnOf(field));
}

/** A row that prints several places side by side; `columnOf` tells the column of a place, below 0 where it has none. */
export function wideRowOf<P extends Place>(
  feed: Feed<P>,
  interval: Interval,
  entries: readonly Entry<P>[],
  cells: readonly string[],
  columnOf: (place: P) => number,
): TableRow {
  return wideFieldsRow(feed, interval, entries, cells, columnOf);
}

/** A row that prints several numbers of several places side by side; `columnOf` tells the column of a field of a place. */
export function wideFieldsRow<P extends Place>(
  feed: Feed<P>,
  interval: Interval,
  entries: readonly Entry<P>[],
  cells: readonly string[],
  columnOf: (place: P, field: string) => number,
): TableRow {
  const facts = (): Fact[] =>
    entries.flatMap((entry) =>
      valuesOf(feed, interval, entry).flatMap((value) => {
        const column = columnOf(entry.place, value.field);
        return column < 0 ? [] : [{ ...value, column }];
      }),
    );
  return { cells, facts };
}

/** Intervals of a window that are published until `at`, in order of time. */
export function* publishedIntervals(feed: Feed, window: Interval, at: Micros): Generator<Interval> {
  for (const interval of feed.intervals(window)) if (feed.publishedAt(interval) <= at) yield interval;
}
