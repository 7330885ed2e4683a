/**
 * Made-up load, forecasts and generation, as pure functions of (seed, market, area or fuel, interval). Load follows the
 * day and the season; forecasts miss it by a few percent, less the later they are made. No published number is in here.
 */

import { HOUR, type Micros } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import { drawSigned, wordOf } from './draw.ts';
import type { Entry, Feed, Place } from './feed.ts';
import { knots, needAt, rounded } from './price-process.ts';
import { regularIntervals } from './series.ts';

/** What a market's load looks like. */
export interface DemandProcess {
  readonly seed: number;
  readonly market: string;
  /** Clock that people live by there. */
  readonly zone: string;
  /** Mean load, MW. */
  readonly level: number;
}

/** Load of an area that takes a share of the whole, MW. */
export function loadOf(process: DemandProcess, area: string, share: number, at: Micros): number {
  const { shape, season } = needAt(process.zone, at);
  const weather = 1 + 0.05 * knots(process, `load/${area}`, at, 6 * HOUR, 30);
  const jitter = 1 + 0.002 * drawSigned(process.seed, wordOf(`${process.market}/${area}`), 31, at);
  return process.level * share * (0.55 + 0.45 * shape) * season * weather * jitter;
}

/** What a forecast made at `issued` says about the load at `at`, MW. */
export function forecastOf(
  process: DemandProcess,
  area: string,
  share: number,
  at: Micros,
  issued: Micros,
): number {
  const ahead = Math.min(1, Math.max(0.1, (at - issued) / (48 * HOUR)));
  const miss = drawSigned(process.seed, wordOf(`${process.market}/${area}`), 32, at, issued);
  return loadOf(process, area, share, at) * (1 + 0.04 * ahead * miss);
}

/** How a fuel runs over the day. */
export type FuelHabit = 'flat' | 'following' | 'sun' | 'wind' | 'battery';

/** A fuel by the name that the market gives it. */
export interface Fuel {
  readonly name: string;
  /** Share of the mean load. */
  readonly share: number;
  readonly habit: FuelHabit;
}

/** A fuel as a place: a whole market's generation of it. */
export interface FuelPlace extends Place {
  readonly fuel: Fuel;
}

/** Generation of a fuel, MW. Batteries charge at noon: below zero. */
export function generationOf(process: DemandProcess, fuel: Fuel, at: Micros): number {
  const { hour, shape, season } = needAt(process.zone, at);
  const mean = process.level * fuel.share;
  const noise = knots(process, `fuel/${fuel.name}`, at, 4 * HOUR, 33);
  const sun = Math.max(0, Math.cos(((hour - 13) / 14) * Math.PI)) ** 1.3;
  switch (fuel.habit) {
    case 'flat':
      return mean * (1 + 0.02 * noise);
    case 'following':
      return mean * (0.4 + 0.6 * shape) * season * (1 + 0.1 * noise);
    case 'sun':
      return mean * 2.6 * sun * (0.85 + 0.15 * noise);
    case 'wind':
      return mean * (1 + 0.8 * noise);
    case 'battery':
      return mean * (shape - 0.9 - 1.6 * sun) * (1 + 0.2 * noise);
  }
}

/** What a forecast made at `issued` says about the generation of a fuel at `at`, MW: the share that it misses by grows ahead. */
export function generationForecastOf(process: DemandProcess, fuel: Fuel, at: Micros, issued: Micros): number {
  const ahead = Math.min(1, Math.max(0.1, (at - issued) / (48 * HOUR)));
  const miss = drawSigned(process.seed, wordOf(`${process.market}/${fuel.name}`), 34, at, issued);
  return generationOf(process, fuel, at) * (1 + 0.15 * ahead * miss);
}

/** Flow over a tie of so much capacity, MW: either way, and never as much as it could be. */
export function flowOf(process: DemandProcess, tie: string, capacity: number, at: Micros): number {
  const slow = knots(process, `tie/${tie}`, at, 5 * HOUR, 35);
  const quick = drawSigned(process.seed, wordOf(`${process.market}/${tie}`), 36, at);
  return capacity * (0.85 * slow + 0.05 * quick);
}

/** What is scheduled over a tie for the hour around `at`, MW: near the flow. */
export function scheduleOf(process: DemandProcess, tie: string, capacity: number, at: Micros): number {
  return 0.85 * capacity * knots(process, `tie/${tie}`, Math.floor(at / HOUR) * HOUR, 5 * HOUR, 35);
}

/** A feed of one number per place. */
export interface QuantityFeed<P extends Place> {
  readonly dataset: string;
  readonly field: string;
  readonly step: Micros;
  readonly decimals: number;
  publishedAt(interval: Interval): Micros;
  /** Places in the order of the market's files, as of an instant. */
  readonly places: readonly P[];
  /** A place whose number is the sum of all others, printed last. */
  readonly total?: P;
  /** MW, before rounding. */
  amountOf(place: P, interval: Interval, at: Micros): number;
}

/** Load, generation and the like as a feed. */
export function quantityFeed<P extends Place>(quantity: QuantityFeed<P>): Feed<P> {
  const unit = 10 ** quantity.decimals;
  return {
    dataset: quantity.dataset,
    step: quantity.step,
    decimals: quantity.decimals,
    fields: [quantity.field],
    intervals: (window) => regularIntervals(window, quantity.step),
    publishedAt: quantity.publishedAt,
    entries: (interval, at): readonly Entry<P>[] => {
      if (at < quantity.publishedAt(interval)) return [];
      const amounts = quantity.places.map((place) => rounded(quantity.amountOf(place, interval, at) * unit));
      const entries = quantity.places.map((place, k) => ({ place, numbers: [amounts[k]] }));
      const { total } = quantity;
      if (total === undefined) return entries;
      return [...entries, { place: total, numbers: [amounts.reduce((sum, amount) => sum + amount, 0)] }];
    },
  };
}
