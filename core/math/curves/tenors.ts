/**
 * Names of deliveries: `2026-01`, `F26`, `Q1-2026`, `SUM-2026`, `CAL-2027`, `2026-W04`, `BALMO` and their like.
 *
 * A name is read once, to a half-open interval of market days; nothing reads it again. What is not exactly one of the
 * forms is refused: `Jan201` or `Z217` have no nearest meaning.
 */

import { parseDay } from '../../time/calendar-day.ts';
import { civilFromDays, daysFromCivil, daysInMonth, isExactYear } from '../../time/instant.ts';
import { isoWeekStart, nextMonthStart, weekdayOf } from './delivery-calendar.ts';
import type { CurveDay } from './forward-curve.ts';

/** What a tenor delivers. */
export interface TenorDelivery {
  readonly start: CurveDay;
  readonly end: CurveDay;
  /** True when the interval depends on the day that the price is of: it has to be kept beside the name. */
  readonly isRelative: boolean;
}

/** First months (1 to 12) of summer and winter; each lasts until the other begins, winter into the next year. */
export interface Seasons {
  readonly summer: number;
  readonly winter: number;
}

/** Summer is April to October in US gas, and April to September in Europe. */
export const US_GAS_SEASONS: Seasons = { summer: 4, winter: 11 };
export const EUROPEAN_SEASONS: Seasons = { summer: 4, winter: 10 };

/**
 * The delivery that a name stands for on the day `asOf` of the market, or null for a name of no known form, for a day
 * or week that does not exist, and for one of which nothing is left (`BALMO` on the last day of a month).
 *
 * Forms, in any case: a day `2026-01-15`; a month `2026-01`, `F26` (FGHJKMNQUVXZ), `Jan26`; an ISO week `2026-W04`;
 * `Q1`, `CAL`, `GY` (October to September), `SUM` and `WIN` with a year of four or two digits after `-`, `,`, a blank or,
 * but for quarters, nothing; the strips `2026-01..2026-05`, `2026-01-15..2026-01-31`, `Jan26-May26`, `1Jan26-3Feb26`, last
 * month or day included. Relative to `asOf`: `DA` and `SPOT` (the next day), `BALWEEK` (the next day to Sunday),
 * `BALMO` (the next day to the end of the month), `M+1` (the month after this one). Two digits are of this century.
 */
export function parseTenor(text: string, asOf: CurveDay, seasons: Seasons): TenorDelivery | null {
  const name = text.trim().toUpperCase();
  const relative = relativeDelivery(name, asOf);
  if (relative !== undefined) return relative;
  return fixedDelivery(name, seasons);
}

function relativeDelivery(name: string, asOf: CurveDay): TenorDelivery | null | undefined {
  if (name === 'DA' || name === 'SPOT') return delivery(asOf + 1, asOf + 2, true);
  if (name === 'BALMO') return delivery(asOf + 1, nextMonthStart(asOf), true);
  if (name === 'BALWEEK') return delivery(asOf + 1, asOf - weekdayOf(asOf) + 7, true);
  const m = /^M\+([1-9]\d{0,2})$/.exec(name);
  if (m === null) return undefined;
  const [year, month] = civilFromDays(asOf);
  return months(year, month + Number(m[1]), 1, true);
}

function fixedDelivery(name: string, seasons: Seasons): TenorDelivery | null {
  return plainDelivery(name) ?? periodDelivery(name, seasons) ?? stripDelivery(name);
}

const MONTH_CODES = 'FGHJKMNQUVXZ';
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** A day, a month or a week. */
function plainDelivery(name: string): TenorDelivery | null {
  const day = dayNamed(name);
  if (day !== null) return delivery(day, day + 1);
  const month = /^(\d{4})-(\d{2})$/.exec(name);
  if (month !== null) return monthOf(Number(month[1]), Number(month[2]));
  const code = /^([FGHJKMNQUVXZ])(\d{2})$/.exec(name);
  if (code !== null) return monthOf(2000 + Number(code[2]), MONTH_CODES.indexOf(code[1]) + 1);
  const named = /^([A-Z]{3})(\d{2}|\d{4})$/.exec(name);
  if (named !== null && MONTH_NAMES.includes(named[1]))
    return monthOf(yearOf(named[2]), MONTH_NAMES.indexOf(named[1]) + 1);
  const week = /^(\d{4})-W(\d{2})$/.exec(name);
  if (week === null || !isExactYear(Number(week[1]))) return null;
  const monday = isoWeekStart(Number(week[1]), Number(week[2]));
  return monday === null ? null : delivery(monday, monday + 7);
}

function dayNamed(name: string): CurveDay | null {
  const iso = parseDay(name);
  if (iso !== null) return iso;
  const m = /^(\d{1,2})([A-Z]{3})(\d{2}|\d{4})$/.exec(name);
  if (m === null || !MONTH_NAMES.includes(m[2])) return null;
  const [year, month, date] = [yearOf(m[3]), MONTH_NAMES.indexOf(m[2]) + 1, Number(m[1])];
  if (!isExactYear(year) || date < 1 || date > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, date);
}

/** A quarter, a season or a year. */
function periodDelivery(name: string, seasons: Seasons): TenorDelivery | null {
  const quarter = /^Q([1-4])[-, ](\d{2}|\d{4})$/.exec(name);
  if (quarter !== null) return months(yearOf(quarter[2]), 3 * Number(quarter[1]) - 2, 3);
  const m = /^(CAL|GY|SUM|WIN)[-, ]?(\d{2}|\d{4})$/.exec(name);
  if (m === null) return null;
  const year = yearOf(m[2]);
  const { summer, winter } = seasons;
  if (m[1] === 'CAL') return months(year, 1, 12);
  if (m[1] === 'GY') return months(year, 10, 12);
  if (m[1] === 'SUM') return months(year, summer, winter - summer);
  return months(year, winter, 12 - winter + summer);
}

/** From one month or day to another of the same form, the last included. */
function stripDelivery(name: string): TenorDelivery | null {
  const parts = name.includes('..') ? name.split('..') : name.split('-');
  if (parts.length !== 2) return null;
  const [first, last] = [plainDelivery(parts[0]), plainDelivery(parts[1])];
  if (first === null || last === null || formOf(parts[0]) !== formOf(parts[1])) return null;
  return delivery(first.start, last.end);
}

/** `2026-01` and `2027-12` are of one form, `2026-01` and `F26` are not. */
function formOf(name: string): string {
  return name.replace(/[A-Z]+/g, 'A').replace(/\d+/g, (digits) => (digits.length === 4 ? '4' : '2'));
}

function yearOf(digits: string): number {
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits);
}

function monthOf(year: number, month: number): TenorDelivery | null {
  return month >= 1 && month <= 12 ? months(year, month, 1) : null;
}

/** Months may go beyond 12: they count on into the next years. */
function months(year: number, first: number, count: number, isRelative = false): TenorDelivery | null {
  if (!isExactYear(year) || !isExactYear(year + Math.floor((first + count - 2) / 12))) return null;
  return delivery(firstOfMonth(year, first), firstOfMonth(year, first + count), isRelative);
}

function firstOfMonth(year: number, month: number): CurveDay {
  const years = Math.floor((month - 1) / 12);
  return daysFromCivil(year + years, month - 12 * years, 1);
}

function delivery(start: CurveDay, end: CurveDay, isRelative = false): TenorDelivery | null {
  return start < end ? { start, end, isRelative } : null;
}
