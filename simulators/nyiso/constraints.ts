/** Limiting constraints of the simulated NYISO, day-ahead by the hour and in real time by the dispatch: those that bind, and what they cost. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { draw, wordOf } from '../draw.ts';
import type { Feed, Place } from '../feed.ts';
import { type PriceProcess, rounded } from '../price-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { quotedCell } from '../table.ts';
import { type DayTable, type LongForm, longTable } from './long-table.ts';
import { dayAheadAt, dispatchInstants, nyisoDay } from './publication.ts';

/** A facility with its number; the series is the contingency. */
export interface Constraint extends Place {
  readonly ptid: number;
  /** How often it binds. */
  readonly share: number;
}

const CONSTRAINTS: readonly Constraint[] = [
  { name: 'CENTRAL EAST - VC', ptid: 25091, series: 'BASE CASE', share: 0.6 },
  { name: 'SIMFALLS 345 SIMRIDGE 345 1', ptid: 325901, series: 'BASE CASE', share: 0.2 },
  { name: 'SIMFALLS 345 SIMRIDGE 345 1', ptid: 325901, series: 'TWR:SIMPOINT 31 & 32', share: 0.15 },
  { name: 'SIMTOWN 138 SIMLAKE 138 901', ptid: 325902, series: 'SCB:SIMTOWN(R8)', share: 0.25 },
];

/** What binds in a run: the same for three hours, at a cost of its own in each interval, below zero as printed. */
export function constraintFeed(process: PriceProcess, isRealTime: boolean): Feed<Constraint> {
  const run = isRealTime ? 'rt' : 'da';
  const step = isRealTime ? 5 * MINUTE : HOUR;
  const publishedAt = isRealTime
    ? ({ start }: Interval): Micros => start + delayOf(process, 'LimitingConstraints', start, 30, 90)
    : dayAheadAt(process, 'DAMLimitingConstraints');
  return {
    dataset: `${run}_constraints`,
    step,
    decimals: 2,
    fields: ['constraint_cost'],
    *intervals(window) {
      const begins = isRealTime ? dispatchInstants(process, window) : regularIntervals(window, step);
      for (const { start } of begins) yield { start, end: start + step };
    },
    publishedAt,
    entries: (interval, at) => {
      if (at < publishedAt(interval)) return [];
      const { start } = interval;
      return CONSTRAINTS.flatMap((place) => {
        const word = wordOf(`${run}/${place.name}/${place.series}`);
        if (draw(process.seed, word, 140, Math.floor(start / (3 * HOUR))) >= place.share) return [];
        return [{ place, numbers: [rounded(-100 - 9000 * draw(process.seed, word, 141, start) ** 3)] }];
      });
    },
  };
}

/** The file of a day; stamps begin their interval, also those of extra runs. */
export function constraintFile(feed: Feed<Constraint>, isRealTime: boolean): DayTable {
  const form: LongForm<Constraint> = {
    header: [
      'Time Stamp',
      'Time Zone',
      'Limiting Facility',
      'Facility PTID',
      'Contingency',
      'Constraint Cost($)',
    ],
    text: quotedCell,
    stamped: 'start',
    hasSeconds: isRealTime,
    hasZone: true,
    cellsOf: ({ place, numbers: [cost] }, decimals) => [
      quotedCell(place.name),
      String(place.ptid),
      quotedCell(place.series ?? ''),
      fixedText(cost ?? 0, decimals),
    ],
  };
  return (day, at) => longTable(feed, form, nyisoDay(day), at);
}
