/**
 * Dates in workbooks. A cell holds a count of days since an epoch, and only its number format says that it is a date
 * (ECMA-376, part 1, 18.8.30 and 18.17.4).
 */

/** What a number format shows of a moment. */
export type DateFormat = 'date' | 'time' | 'date-time';

const DAY_SECONDS = 86_400;
/** Formats that every workbook has without naming them. */
const BUILT_IN: ReadonlyMap<number, DateFormat> = new Map([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, 'time'] as const),
  [22, 'date-time'],
]);

/** What a number format shows of a moment; null for a format of plain numbers. */
export function dateFormatOf(id: number, code: string | undefined): DateFormat | null {
  if (code === undefined) return BUILT_IN.get(id) ?? null;
  // Texts, escaped characters, colours and conditions are no date parts; elapsed hours ([h]) are.
  const bare = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .toLowerCase();
  const day = /[yd]/.test(bare);
  const clock = /[hs]/.test(bare) && !/general/.test(bare);
  if (day) return clock ? 'date-time' : 'date';
  if (clock) return 'time';
  return /m{3,}/.test(bare) ? 'date' : null;
}

/**
 * A count of days as text: `2015-01-01`, `2015-01-01 01:00:00` or `01:00:00`, rounded to the second (the count is a
 * binary fraction). Null for what is no day of this calendar; then the number stands for itself.
 */
export function cellDate(serial: number, format: DateFormat, from1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return null;
  const seconds = Math.round(serial * DAY_SECONDS);
  const days = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds - days * DAY_SECONDS;
  if (format === 'time' && days === 0) return clock(rest);
  // The last moment of a day as a time of day: 24:00.
  if (format === 'time' && days === 1 && rest === 0) return '24:00:00';
  // The first system counts a 29 February 1900 that never was: before March 1900 its days are one off.
  if (!from1904 && days < 60) return null;
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const date = new Date(epoch + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  return format === 'date' && rest === 0 ? date : `${date} ${clock(rest)}`;
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
