/** Civil days as counts since 1970-01-01, and as `2026-03-08`. No zone is involved. */

import { civilFromDays, daysFromCivil, daysInMonth, isExactYear } from './instant.ts';

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** `2026-03-08` */
export function formatDay(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/** Days since the epoch of `YYYY-MM-DD`; null for anything else. */
export function parseDay(text: string): number | null {
  const m = FORM.exec(text.trim());
  if (m === null) return null;
  const [year, month, date] = [Number(m[1]), Number(m[2]), Number(m[3])];
  if (!isExactYear(year) || month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month))
    return null;
  return daysFromCivil(year, month, date);
}
