/** Days that contracts are written in: weekdays, months, ISO weeks, holidays and business days. No zone is involved. */

import { civilFromDays, daysFromCivil, daysInMonth } from '../../time/instant.ts';
import type { CurveDay } from './forward-curve.ts';

/** Monday is 0, Sunday is 6. */
export function weekdayOf(day: CurveDay): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** First day of the month that holds the day. */
export function monthStartOf(day: CurveDay): CurveDay {
  return day - civilFromDays(day)[2] + 1;
}

/** First day of the month after the one that holds the day. */
export function nextMonthStart(day: CurveDay): CurveDay {
  const [year, month, date] = civilFromDays(day);
  return day - date + 1 + daysInMonth(year, month);
}

/** Monday of an ISO week, or null for a week that the year does not have. Week 1 holds 4 January. */
export function isoWeekStart(year: number, week: number): CurveDay | null {
  const fourth = daysFromCivil(year, 1, 4);
  const start = fourth - weekdayOf(fourth) + 7 * (week - 1);
  return week >= 1 && civilFromDays(start + 3)[0] === year ? start : null;
}

/** `2026-W04`: the ISO week of a day. Its year is that of the week's Thursday and may be another than the day's. */
export function formatIsoWeek(day: CurveDay): string {
  const thursday = day - weekdayOf(day) + 3;
  const [year] = civilFromDays(thursday);
  const week = Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/**
 * Whose holidays: `NERC` for blocks of power; `ICE` (New Year, Good Friday, Christmas) for options on power at that
 * exchange. Neither is the calendar of NYMEX, which has further holidays.
 */
export const HOLIDAY_CALENDARS = ['NERC', 'ICE'] as const;

/** One of the calendars. */
export type HolidayCalendar = (typeof HOLIDAY_CALENDARS)[number];

const known: Readonly<Record<HolidayCalendar, Map<number, readonly CurveDay[]>>> = {
  NERC: new Map(),
  ICE: new Map(),
};

/** Holidays of a year, in order. */
export function holidaysOf(calendar: HolidayCalendar, year: number): readonly CurveDay[] {
  let found = known[calendar].get(year);
  if (found === undefined)
    known[calendar].set(year, (found = calendar === 'NERC' ? nercHolidays(year) : iceHolidays(year)));
  return found;
}

/** True for a holiday of the calendar. */
export function isHoliday(calendar: HolidayCalendar, day: CurveDay): boolean {
  return holidaysOf(calendar, civilFromDays(day)[0]).includes(day);
}

/** Monday to Friday without the holidays of the calendar. */
export function isBusinessDay(calendar: HolidayCalendar, day: CurveDay): boolean {
  return weekdayOf(day) < 5 && !isHoliday(calendar, day);
}

/** The nth business day strictly before a day; n counts from 1. */
export function businessDayBefore(calendar: HolidayCalendar, day: CurveDay, n = 1): CurveDay {
  let found = day;
  for (let left = n; left > 0; ) if (isBusinessDay(calendar, --found)) left--;
  return found;
}

/** The nth business day strictly after a day; n counts from 1. */
export function businessDayAfter(calendar: HolidayCalendar, day: CurveDay, n = 1): CurveDay {
  let found = day;
  for (let left = n; left > 0; ) if (isBusinessDay(calendar, ++found)) left--;
  return found;
}

/**
 * New Year, Memorial Day, Independence Day, Labor Day, Thanksgiving, Christmas. One on a Sunday is held on Monday, one
 * on a Saturday stays there, so that it takes no hours from a weekday.
 */
function nercHolidays(year: number): readonly CurveDay[] {
  return [
    observed(daysFromCivil(year, 1, 1)),
    lastMondayOfMay(year),
    observed(daysFromCivil(year, 7, 4)),
    nthWeekday(year, 9, 0, 1),
    nthWeekday(year, 11, 3, 4),
    observed(daysFromCivil(year, 12, 25)),
  ];
}

function iceHolidays(year: number): readonly CurveDay[] {
  return [observed(daysFromCivil(year, 1, 1)), easterSunday(year) - 2, observed(daysFromCivil(year, 12, 25))];
}

function observed(day: CurveDay): CurveDay {
  return weekdayOf(day) === 6 ? day + 1 : day;
}

function nthWeekday(year: number, month: number, weekday: number, n: number): CurveDay {
  const first = daysFromCivil(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

function lastMondayOfMay(year: number): CurveDay {
  const last = daysFromCivil(year, 5, 31);
  return last - weekdayOf(last);
}

/** Easter of the Gregorian calendar (Meeus, "Astronomical Algorithms", chapter 8). */
function easterSunday(year: number): CurveDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return daysFromCivil(year, Math.floor(n / 31), (n % 31) + 1);
}
