/**
 * Periods as EIA prints them. Hours of the grid monitor are named by their END in UTC (`2022-03-01T01`), or with an
 * offset; days of the grid monitor are days of a zone that stands beside them; a day of a gas price is a date, a month
 * and a year likewise.
 */

import {
  civilFromDays,
  DAY,
  daysFromCivil,
  daysInMonth,
  HOUR,
  type Micros,
} from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { PrintedBounds } from '../kit/contract.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';

const BOUNDS: TimeConvention = {
  name: 'utc-hour-ending',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss',
  stamp: 'bounds',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};

/** What a series is counted in. */
export type Frequency = 'hourly' | 'local-hourly' | 'daily' | 'weekly' | 'monthly' | 'annual';

/** The frequency that a word of the answer names; null for one that has no rule here, such as quarterly. */
export function frequencyOf(word: string): Frequency | null {
  const known: Readonly<Record<string, Frequency>> = {
    hourly: 'hourly',
    'local-hourly': 'local-hourly',
    daily: 'daily',
    weekly: 'weekly',
    monthly: 'monthly',
    annual: 'annual',
    h: 'hourly',
    hl: 'local-hourly',
    d: 'daily',
    w: 'weekly',
    m: 'monthly',
    a: 'annual',
  };
  const plain = word.trim().toLowerCase();
  return Object.hasOwn(known, plain) ? (known[plain] ?? null) : null;
}

/** Hours, of either form. */
export const HOURS: TimeConvention = BOUNDS;
/** Days of a zone, which last 23 to 25 hours. */
export const LOCAL_DAYS: TimeConvention = {
  ...BOUNDS,
  name: 'day-of-the-zone',
  length: DAY,
  otherLengths: [23 * HOUR, 25 * HOUR],
  onGrid: false,
};
/** Dates, months and years, from midnight to midnight in UTC. */
export const DATES: TimeConvention = {
  ...BOUNDS,
  name: 'date',
  length: DAY,
  otherLengths: [28, 29, 30, 31, 365, 366].map((days) => days * DAY),
  onGrid: false,
};

/** The words of a row for its time, and both ends of its interval in UTC. */
export interface PrintedPeriod {
  readonly words: string;
  readonly bounds: PrintedBounds;
}

const utc = (at: Micros): string => formatStamp(BOUNDS.pattern, at);
const period = (words: string, start: Micros, end: Micros): PrintedPeriod => ({
  words,
  bounds: { start: utc(start), end: utc(end) },
});
/** Words that are no period are left for the row to be refused. */
const unknown = (words: string): PrintedPeriod => ({ words, bounds: { start: words, end: words } });

/** The hour that ends at an instant; null for words that tell none. */
export const endingAt = (words: string, end: Micros | null): PrintedPeriod =>
  end === null ? unknown(words) : period(words, end - HOUR, end);

const HOUR_STAMP = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2})(?::00)?(?:Z|([+-]\d{2}):?(?:00)?)?$/;

/** An hour named by its end: `2022-03-01T01`, `2022-03-01T01-05`, `20150701T00Z`. */
export function hourEnding(words: string): PrintedPeriod {
  const parts = HOUR_STAMP.exec(words.trim());
  const wall =
    parts === null ? null : parseStamp('YYYY-MM-DDThh', `${parts.slice(1, 4).join('-')}T${parts[4]}`);
  if (wall === null) return unknown(words);
  const end = wall - Number(parts?.[5] ?? 0) * HOUR;
  return period(words, end - HOUR, end);
}

/** An hour named by its end on a clock of 12 hours in UTC, as the six-month files print it. */
export function hourEndingOnClock(words: string): PrintedPeriod {
  for (const pattern of [
    'M/D/YYYY h:mm:ss A',
    'M/D/YYYY h:mm A',
    'M/D/YYYY h:mm[:ss]',
    'YYYY-MM-DD hh:mm[:ss]',
  ]) {
    const end = parseStamp(pattern, words);
    if (end !== null) return period(words, end - HOUR, end);
  }
  return unknown(words);
}

/** Zones of the daily figures of the grid monitor. */
const ZONES: Readonly<Record<string, string>> = {
  eastern: 'America/New_York',
  central: 'America/Chicago',
  mountain: 'America/Denver',
  arizona: 'America/Phoenix',
  pacific: 'America/Los_Angeles',
};

/** A day of a zone: `2024-03-10` in `Eastern`. */
export function dayIn(date: string, zone: string): PrintedPeriod {
  const words = `${date} ${zone}`.trim();
  const wall = parseStamp('YYYY-MM-DD', date);
  const plain = zone.trim().toLowerCase();
  const name = Object.hasOwn(ZONES, plain) ? ZONES[plain] : undefined;
  if (wall === null || name === undefined) return unknown(words);
  const { start, end } = marketDayBounds(name, wall / DAY);
  return period(words, start, end);
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** As the report of gas in storage prints dates. */
const NAMED_MONTH = /^(\d{4})-([A-Z][a-z]{2})-(\d{2})$/;

const DATE_PARTS = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?$/;

/** As a spreadsheet saves a date again. */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** The same date by numbers, the year first; other words, and names of no month, as they are. */
const byNumbers = (words: string): string =>
  words
    .replace(AMERICAN, (_, month, day, year) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
    .replace(NAMED_MONTH, (whole: string, year: string, month: string, day: string) => {
      const at = MONTHS.indexOf(month);
      return at % 3 === 0 ? `${year}-${String(at / 3 + 1).padStart(2, '0')}-${day}` : whole;
    });

/** A date, month or year: `2019-01-02`, `20190102`, `2019-Jan-02`, `1/2/2019`, `2019-01`, `2019`. */
export function dateOf(words: string): PrintedPeriod {
  const parts = DATE_PARTS.exec(byNumbers(words.trim()));
  if (parts === null) return unknown(words);
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    return unknown(words);
  const first = daysFromCivil(year, month, day);
  const count =
    parts[3] !== undefined
      ? 1
      : parts[2] !== undefined
        ? daysInMonth(year, month)
        : daysFromCivil(year + 1, 1, 1) - first;
  return period(words, first * DAY, (first + count) * DAY);
}

/** The date of a day since the epoch, `2019-01-02`. */
export function dateText(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
