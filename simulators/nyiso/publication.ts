/** What the simulated NYISO publishes and when. Eastern prevailing time without offset; files are rewritten in place. */

import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import { draw, drawIndex } from '../draw.ts';
import { meanPartsIn, type PriceProcess } from '../price-process.ts';
import { type Correction, delayOf, type Series } from '../series.ts';

/** Eastern prevailing time. */
export const NYISO_ZONE = 'America/New_York';

/** A day's file is served on its own for so many days after it, then only in the month's archive. */
export const DAILY_DAYS = 8;

const FIVE = 5 * MINUTE;
const STEP = { da: HOUR, rt: FIVE } as const;

/** Market day of an instant. */
export function nyisoDayOf(at: Micros): number {
  return marketDayOf(NYISO_ZONE, at);
}

/** Bounds of a market day: 23, 24 or 25 hours. */
export function nyisoDay(day: number): Interval {
  return marketDayBounds(NYISO_ZONE, day);
}

/** The four price sets. */
export interface NyisoSeries {
  readonly dayAhead: Series;
  readonly fiveMinute: Series;
  readonly hourly: Series;
  readonly hourAhead: Series;
}

/** Day-ahead results appear by eleven o'clock Eastern the day before. */
export function dayAheadAt(process: PriceProcess, set: string): (interval: Interval) => Micros {
  return ({ start }) => {
    const day = nyisoDayOf(start);
    return nyisoDay(day - 1).end - 13 * HOUR + delayOf(process, set, day, -900, 0);
  };
}

/** A few day-ahead prices are corrected in the afternoon of their day. */
export function dayAheadCorrections({ start }: Interval): readonly Correction[] {
  return [{ at: nyisoDay(nyisoDayOf(start)).end - 9 * HOUR, share: 0.003 }];
}

/** A few real-time prices are corrected the day after and again three days later. */
export function rewritten(process: PriceProcess, set: string): (interval: Interval) => readonly Correction[] {
  return ({ start }) => {
    const day = nyisoDayOf(start);
    const { end } = nyisoDay(day);
    return [
      { at: end + 14 * HOUR + delayOf(process, set, day, 0, 3600), share: 0.004 },
      { at: end + 3 * DAY + delayOf(process, `${set}/second`, day, 0, 3600), share: 0.002 },
    ];
  };
}

/** The prices of energy over a price process. */
export function nyisoSeries(process: PriceProcess): NyisoSeries {
  return {
    dayAhead: {
      dataset: 'da_lmp',
      run: 'da',
      step: STEP.da,
      publishedAt: dayAheadAt(process, 'damlbmp'),
      corrections: dayAheadCorrections,
    },
    fiveMinute: {
      dataset: 'rt_lmp',
      run: 'rt',
      step: STEP.rt,
      publishedAt: ({ end }) => end + delayOf(process, 'realtime', end, 30, 90),
      corrections: rewritten(process, 'realtime'),
    },
    hourly: {
      dataset: 'rt_lmp_hourly',
      run: 'rt',
      step: STEP.da,
      publishedAt: ({ end }) => end + delayOf(process, 'rtlbmp', end, 300, 600),
      corrections: rewritten(process, 'rtlbmp'),
      parts: (node, interval) => meanPartsIn(process, 'rt', node, interval, FIVE),
    },
    hourAhead: {
      dataset: 'hasp_lmp',
      run: 'ham',
      step: STEP.da,
      publishedAt: ({ start }) => start - 30 * MINUTE + delayOf(process, 'hamlbmp', start, -300, 0),
      corrections: () => [],
    },
  };
}

/** Instants in `[start, end)` at which the dispatch runs: its readings bear the stamps of its prices. */
export function* dispatchInstants(process: PriceProcess, { start, end }: Interval): Generator<Interval> {
  for (const run of realTimeIntervals(process, start - 1, end - 1)) yield { start: run.end, end: run.end };
}

/**
 * Real-time intervals by their stamps, which lie in `(after, until]`, in order of time. A stamp ends five minutes: every
 * mark of the grid, and now and then an extra dispatch run between two marks.
 */
export function* realTimeIntervals(process: PriceProcess, after: Micros, until: Micros): Generator<Interval> {
  for (let mark = Math.floor(after / FIVE) * FIVE; mark < until; mark += FIVE) {
    const ends =
      draw(process.seed, 90, mark) < 1 / 150 ? [extraRun(process, mark), mark + FIVE] : [mark + FIVE];
    for (const end of ends) if (end > after && end <= until) yield { start: end - FIVE, end };
  }
}

/** Between one and four minutes after the grid: extra runs are published in their order. */
function extraRun(process: PriceProcess, start: Micros): Micros {
  return start + (60 + drawIndex(181, process.seed, 91, start)) * SECOND;
}

/**
 * The next three quarter hours after an instant, for which the file of the day prints advisory prices as soon as it
 * holds its first interval; those beyond the day are not printed.
 */
export function advisoryIntervals(series: Series, at: Micros): Interval[] {
  const day = nyisoDay(nyisoDayOf(at));
  if (series.publishedAt({ start: day.start, end: day.start + FIVE }) > at) return [];
  const quarter = 15 * MINUTE;
  const next = (Math.floor(at / quarter) + 1) * quarter;
  return [next, next + quarter, next + 2 * quarter]
    .filter((end) => end <= day.end)
    .map((end) => ({ start: end - FIVE, end }));
}
