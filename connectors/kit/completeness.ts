/**
 * Which intervals of a market day a dataset promises, when each of them is due, and what the ledger knows of them.
 * Days have 23, 24 or 25 hours, as the market's clock has. Pure.
 */

import type { LandedInterval, MissingInterval } from '../../core/ports/interval-ledger.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf, marketZone } from '../../core/time/market-day.ts';
import type { Dataset, SourceRequest } from './contract.ts';

/** A length from which an interval is a whole day, and its day that of the dataset's own clock. */
const DAILY: Micros = DAY;

/** What the due times of a dataset depend on besides its convention. */
export interface DueSettings {
  /** Reading of the clock, for the plan. UTC micros. */
  readonly now: Micros;
  /** How long after its expected publication an interval counts as missing, in micros. */
  readonly grace: Micros;
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * `landed`; `revised` (landed, and said otherwise later); `missing` (due, and not there); `awaited` (not due yet).
 */
export type SlotState = 'landed' | 'revised' | 'missing' | 'awaited';

/** One promised interval and what is known of it. */
export interface Slot extends MissingInterval {
  readonly state: SlotState;
}

/** The zone whose days a dataset is counted by: the market's, for daily figures that of their own stamps. */
export function calendarZone(market: string, { time }: Pick<Dataset, 'time'>): string {
  return slotLength(time) < DAILY ? marketZone(market) : time.zone;
}

/** Length of what is looked for at a time; 0 where nothing is expected of single intervals. */
export function slotLength({ cadence, length }: Dataset['time']): Micros {
  return cadence ?? length;
}

/**
 * The intervals that a day must have, in order, with their due times; none for readings without cadence, for figures
 * of more than a day, for what is only told when it happens, and on days on which the source does not publish.
 */
export function expectedIntervals(
  dataset: Dataset,
  market: string,
  day: number,
  settings: DueSettings,
): MissingInterval[] {
  const length = slotLength(dataset.time);
  if (dataset.isSparse === true || length === 0 || length > DAILY) return [];
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (dataset.time.publishes === 'weekdays' && (weekday === 0 || weekday === 6)) return [];
  const bounds = marketDayBounds(calendarZone(market, dataset), day);
  const { now, options } = settings;
  const requests = dataset.plan(bounds, options === undefined ? { now } : { now, options });
  if (length === DAILY)
    return [{ interval: bounds, dueAt: publicationOf(bounds, requests) + settings.grace }];
  const slots: MissingInterval[] = [];
  for (let start = bounds.start; start < bounds.end; start += length) {
    const interval = { start, end: Math.min(start + length, bounds.end) };
    slots.push({ interval, dueAt: publicationOf(interval, requests) + settings.grace });
  }
  return slots;
}

/**
 * When a dataset publishes an interval. What is published before its day begins is there as a whole then; anything else
 * at the end of the interval at the earliest.
 */
function publicationOf({ start, end }: Interval, requests: readonly SourceRequest[]): Micros {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { window, expectedAt } of requests) {
    if (start < window.start || start >= window.end) continue;
    const ahead = expectedAt <= window.start;
    earliest = Math.min(earliest, ahead ? expectedAt : Math.max(expectedAt, end));
  }
  return earliest === Number.POSITIVE_INFINITY ? end : earliest;
}

/** The promised intervals of a day with what the ledger knows of them. `landed` in order of start. */
export function slotsOf(
  expected: readonly MissingInterval[],
  landed: readonly LandedInterval[],
  now: Micros,
): Slot[] {
  return expected.map((slot) => {
    const touching = landed.filter(({ interval }) => touches(interval, slot.interval));
    const state = isCovered(slot.interval, touching)
      ? touching.some(({ revisions }) => revisions > 0)
        ? 'revised'
        : 'landed'
      : now >= slot.dueAt
        ? 'missing'
        : 'awaited';
    return { ...slot, state };
  });
}

const touches = (interval: Interval, slot: Interval): boolean =>
  interval.start < slot.end && (interval.end > slot.start || interval.start >= slot.start);

/** A reading within, an interval of a day that begins within, or intervals that leave nothing of the slot out. */
function isCovered(slot: Interval, touching: readonly LandedInterval[]): boolean {
  let covered = slot.start;
  for (const { interval } of touching) {
    const { start, end } = interval;
    if (start === end || (start >= slot.start && end - start >= DAILY)) return true;
    if (start > covered) return false;
    covered = Math.max(covered, end);
  }
  return covered >= slot.end;
}

/** First and last market day of a window, as days since the epoch. */
export function daysOf(zone: string, window: Interval): { first: number; last: number } {
  return {
    first: marketDayOf(zone, window.start),
    last: marketDayOf(zone, Math.max(window.start, window.end - 1)),
  };
}

/** Missing intervals that follow each other as one, in order. */
export function mergedGaps(missing: readonly MissingInterval[]): (MissingInterval & { intervals: number })[] {
  const merged: { interval: Interval; dueAt: Micros; intervals: number }[] = [];
  for (const { interval, dueAt } of missing) {
    const last = merged.at(-1);
    if (last !== undefined && last.interval.end === interval.start)
      merged[merged.length - 1] = {
        interval: { start: last.interval.start, end: interval.end },
        dueAt: Math.min(last.dueAt, dueAt),
        intervals: last.intervals + 1,
      };
    else merged.push({ interval, dueAt, intervals: 1 });
  }
  return merged;
}
