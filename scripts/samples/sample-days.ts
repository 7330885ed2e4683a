/** Market days for samples, counted from their first instant: what a clock on the wall shows is listed, not computed. */

/** An interval of a sample and the words by which operators print it. */
export interface Slot {
  readonly start: number;
  readonly end: number;
  /** `MM/DD/YYYY` of the operating day. */
  readonly date: string;
  /** Number of the hour by its end, 1 to 24. */
  readonly hour: number;
  /** Quarter of the hour, 1 to 4. */
  readonly quarter: number;
  /** True for the second pass of the repeated hour. */
  readonly repeated: boolean;
  /** Clock on the wall at the begin, `HH:MM:SS`. */
  readonly wall: string;
}

/** A day: its date, its first instant, and the number of each of its hours in the order of time. */
export interface SampleDay {
  readonly date: string;
  readonly start: string;
  readonly hours: readonly number[];
}

const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const SPRING_HOURS = [1, 2, ...count(4, 24)];
const AUTUMN_HOURS = [1, 2, 2, ...count(3, 24)];

/** Days of Central prevailing time. */
export const CENTRAL = {
  normal: { date: '07/16/2025', start: '2025-07-16T05:00:00Z', hours: count(1, 24) },
  spring: { date: '03/08/2026', start: '2026-03-08T06:00:00Z', hours: SPRING_HOURS },
  autumn: { date: '11/02/2025', start: '2025-11-02T05:00:00Z', hours: AUTUMN_HOURS },
} as const satisfies Record<string, SampleDay>;

/** Days of Eastern prevailing time. */
export const EASTERN = {
  normal: { date: '07/16/2025', start: '2025-07-16T04:00:00Z', hours: count(1, 24) },
  spring: { date: '03/08/2026', start: '2026-03-08T05:00:00Z', hours: SPRING_HOURS },
  autumn: { date: '11/02/2025', start: '2025-11-02T04:00:00Z', hours: AUTUMN_HOURS },
} as const satisfies Record<string, SampleDay>;

const MINUTE = 60_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** Intervals of so many minutes, from the `from`-th hour of a day on, `hours` of them. */
export function slotsOf(day: SampleDay, minutes: number, from = 0, hours = 25): Slot[] {
  const first = Date.parse(day.start);
  return day.hours.slice(from, from + hours).flatMap((hour, i) =>
    Array.from({ length: 60 / minutes }, (_, k) => {
      const start = first + (from + i) * 60 * MINUTE + k * minutes * MINUTE;
      return {
        start,
        end: start + minutes * MINUTE,
        date: day.date,
        hour,
        quarter: 1 + Math.floor((k * minutes) / 15),
        repeated: day.hours[from + i - 1] === hour,
        wall: `${two(hour - 1)}:${two(k * minutes)}:00`,
      };
    }),
  );
}

/** `2025-07-16` of `07/16/2025`. */
export const isoDate = (date: string): string => `${date.slice(6)}-${date.slice(0, 2)}-${date.slice(3, 5)}`;

/** An invented decimal, the same on every run, of a seed and up to two counters. */
export function invented(seed: number, i: number, k = 0): string {
  const cents = (seed * 7_919 + i * 4_217 + k * 1_303) % 9_973;
  return `${cents % 11 === 0 ? '-' : ''}${(cents / 100).toFixed(2)}`;
}
