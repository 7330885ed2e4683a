/** When the values of a dataset come out, and how they are corrected later: by the clock alone. */

import type { Micros } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import { draw, drawIndex, wordOf } from './draw.ts';
import { type PriceNode, type PriceParts, type PriceProcess, partsAt } from './price-process.ts';

/** A correction that comes out for some of the prices. */
export interface Correction {
  /** UTC micros. */
  readonly at: Micros;
  /** Share of the prices (node and interval) that change. */
  readonly share: number;
}

/** One dataset of a simulated market. */
export interface Series {
  readonly dataset: string;
  /** Name of the run in the price process. */
  readonly run: string;
  /** Length of its intervals. */
  readonly step: Micros;
  /** UTC micros of the first publication of an interval's prices. */
  publishedAt(interval: Interval): Micros;
  /** Corrections of an interval, in order of time. */
  corrections(interval: Interval): readonly Correction[];
  /** Prices before any correction, where they are not the process's own for `run`: means of shorter intervals. */
  readonly parts?: (node: PriceNode, interval: Interval) => PriceParts;
}

/** The prices of a node in an interval as published until `at`; null before their first publication. */
export function partsPublished(
  process: PriceProcess,
  series: Series,
  node: PriceNode,
  interval: Interval,
  at: Micros,
): PriceParts | null {
  if (at < series.publishedAt(interval)) return null;
  const parts =
    series.parts?.(node, interval) ?? partsAt(process, series.run, node, interval.start, series.step);
  // A reference bus has no congestion that could be wrong.
  if (node.shifts.length === 0) return parts;
  const by = correctedBy(process, series.dataset, node.name, interval, series.corrections(interval), at);
  return by === 0 ? parts : { ...parts, congestion: parts.congestion + by };
}

/** How far the corrections that are out at an instant have moved the number of a place, at the market's decimals. */
export function correctedBy(
  process: PriceProcess,
  dataset: string,
  place: string,
  { start }: Interval,
  corrections: readonly Correction[],
  at: Micros,
): number {
  const words = [wordOf(`${process.market}/${dataset}`), wordOf(place), start];
  return corrections.reduce(
    (sum, correction, k) =>
      at < correction.at || draw(process.seed, 20 + k, ...words) >= correction.share
        ? sum
        : sum + deltaOf(process, 40 + k, words),
    0,
  );
}

/** Between 0.01 and 3 USD/MWh, up or down. */
function deltaOf(process: PriceProcess, purpose: number, words: readonly number[]): number {
  const size = (1 + drawIndex(300, process.seed, purpose, ...words)) * 10 ** (process.decimals - 2);
  return draw(process.seed, purpose + 20, ...words) < 0.5 ? -size : size;
}

/** The regular intervals of length `step` that begin in the window, aligned to the epoch in UTC. */
export function* regularIntervals(window: Interval, step: Micros): Generator<Interval> {
  for (let start = Math.ceil(window.start / step) * step; start < window.end; start += step)
    yield { start, end: start + step };
}

/** A delay of its own for each event: whole seconds from `least` to `most`. */
export function delayOf(
  process: PriceProcess,
  what: string,
  event: number,
  least: number,
  most: number,
): Micros {
  return (
    (least + drawIndex(most - least + 1, process.seed, wordOf(`${process.market}/${what}`), 80, event)) *
    1_000_000
  );
}
