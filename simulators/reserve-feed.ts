/**
 * Clearing prices of reserves as a feed: several products side by side for every zone. Better products are never cheaper
 * than those that they can stand in for.
 */

import type { Micros } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import { draw, wordOf } from './draw.ts';
import type { Feed, Place } from './feed.ts';
import type { PriceProcess } from './price-process.ts';
import { reservePriceOf } from './reserve-process.ts';
import { correctedBy, regularIntervals, type Series } from './series.ts';

/** A product with its price field, and the rank among those that can stand in for each other: 0 for the best. */
export interface ReserveProduct {
  readonly field: string;
  /** Products of one family share their scarcity. */
  readonly family: string;
  readonly rank: number;
  /** UTC micros: there is none before. */
  readonly since?: Micros;
}

/** Price of a product in a zone at the begin of an interval, as an integer at the market's decimals. */
function reservePriceAt(
  process: PriceProcess,
  run: string,
  { family, rank }: ReserveProduct,
  zone: string,
  start: Micros,
): number {
  const word = wordOf(`${process.market}/${run}/${family}`);
  const own = 0.8 + 0.4 * draw(process.seed, word, 111, wordOf(zone));
  return Math.round(reservePriceOf(process, run, family, start) * own * 0.7 ** rank);
}

/** Prices of products as a feed: a field for each, side by side for every zone. Corrections never lead below zero. */
export function reserveFeed<P extends Place>(
  process: PriceProcess,
  series: Series,
  products: readonly ReserveProduct[],
  zonesOn: (interval: Interval) => readonly P[],
): Feed<P> {
  return {
    dataset: series.dataset,
    step: series.step,
    decimals: process.decimals,
    fields: products.map(({ field }) => field),
    intervals: (window) => regularIntervals(window, series.step),
    publishedAt: series.publishedAt,
    entries: (interval, at) =>
      at < series.publishedAt(interval)
        ? []
        : zonesOn(interval).map((place) => {
            const corrections = series.corrections(interval);
            const by = correctedBy(process, series.dataset, place.name, interval, corrections, at);
            return {
              place,
              numbers: products.map((product) =>
                interval.start < (product.since ?? 0)
                  ? null
                  : Math.abs(reservePriceAt(process, series.run, product, place.name, interval.start) + by),
              ),
            };
          }),
  };
}
