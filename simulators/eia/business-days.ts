/** Days on which gas is traded: Monday to Friday without the holidays of the exchange. */

import { civilFromDays, daysFromCivil } from '../../core/time/instant.ts';
import { weekdayOf } from '../local-time.ts';

/** True for a day with prices. */
export function isTradingDay(day: number): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !isHoliday(day);
}

function isHoliday(day: number): boolean {
  const [year, month, date] = civilFromDays(day);
  if (day === easterOf(year) - 2) return true;
  // What falls on a Sunday is kept on Monday, on a Saturday on Friday.
  const fixed: readonly (readonly [month: number, date: number])[] = [
    [1, 1],
    [6, 19],
    [7, 4],
    [12, 25],
  ];
  if (fixed.some(([m, d]) => observed(daysFromCivil(year, m, d)) === day)) return true;
  if (observed(daysFromCivil(year + 1, 1, 1)) === day) return true;
  if (weekdayOf(day) === 4) return month === 11 && Math.ceil(date / 7) === 4;
  if (weekdayOf(day) !== 1) return false;
  const nth = Math.ceil(date / 7);
  return (
    (month === 1 && nth === 3) ||
    (month === 2 && nth === 3) ||
    (month === 5 && date > 24) ||
    (month === 9 && nth === 1)
  );
}

function observed(day: number): number {
  const weekday = weekdayOf(day);
  return weekday === 0 ? day + 1 : weekday === 6 ? day - 1 : day;
}

/** Easter Sunday by the Gregorian rule (Meeus). */
function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return daysFromCivil(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}
