/**
 * Last trading days by rule, for months of delivery (any day of the month).
 *
 * An exchange publishes its dates, and those hold; the rules are a check on them. The calendar has to be that of the
 * exchange: NYMEX has holidays that NERC has not (Martin Luther King's day, Presidents' day, Good Friday, Juneteenth), and
 * in the months that they fall into a rule on the NERC calendar is a day late.
 */

import { businessDayBefore, type HolidayCalendar, isBusinessDay, monthStartOf } from './delivery-calendar.ts';
import type { CurveDay } from './forward-curve.ts';

/** Henry Hub futures: the third business day before the first day of delivery. */
export function gasLastTradingDay(calendar: HolidayCalendar, month: CurveDay): CurveDay {
  return businessDayBefore(calendar, monthStartOf(month), 3);
}

/**
 * WTI futures: the third business day before the 25th of the month before delivery; the fourth, when the 25th is none
 * itself.
 */
export function crudeLastTradingDay(calendar: HolidayCalendar, month: CurveDay): CurveDay {
  const day = monthStartOf(monthStartOf(month) - 1) + 24;
  return businessDayBefore(calendar, day, isBusinessDay(calendar, day) ? 3 : 4);
}

/** Monthly power options: the second business day before the month. */
export function powerOptionLastTradingDay(calendar: HolidayCalendar, month: CurveDay): CurveDay {
  return businessDayBefore(calendar, monthStartOf(month), 2);
}
