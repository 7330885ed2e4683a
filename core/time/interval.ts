/** Half-open intervals of time, `[start, end)`: the only kind of interval in this program. */

import { CarbonError } from '../errors.ts';
import { DAY, formatInstant, type Micros, parseInstant } from './instant.ts';

/** `[start, end)` in UTC micros. An instant reading has `start === end`. */
export interface Interval {
  readonly start: Micros;
  readonly end: Micros;
}

/** True when the instant lies in `[start, end)`. */
export function contains(interval: Interval, at: Micros): boolean {
  return at >= interval.start && at < interval.end;
}

/** `2026-03-08T05:00:00Z/2026-03-08T06:00:00Z`. */
export function formatInterval(interval: Interval): string {
  return `${formatInstant(interval.start)}/${formatInstant(interval.end)}`;
}

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A window given by a user as two words (DESIGN section 4): a date-only end is inclusive, so 2025-09-01 to
 * 2025-09-07 is a week; a timestamp end is exclusive. Dates are UTC days.
 * Throws USAGE_INVALID with the word at fault, also when the window is empty.
 */
export function parseWindow(from: string, to: string): Interval {
  const start = parseInstant(from);
  if (start === null) throw unreadable('from', from);
  const end = parseInstant(to);
  if (end === null) throw unreadable('to', to);
  const window = { start, end: DATE_ONLY.test(to.trim()) ? end + DAY : end };
  if (window.end <= window.start)
    throw new CarbonError('USAGE_INVALID', `the window ${formatInterval(window)} is empty`, {
      position: { field: 'to', expected: 'a time after --from', got: to },
    });
  return window;
}

function unreadable(field: string, got: string): CarbonError {
  return new CarbonError('USAGE_INVALID', `--${field} is not a date or an ISO 8601 time: ${got}`, {
    position: { field, expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', got },
  });
}
