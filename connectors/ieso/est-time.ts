/**
 * Time as IESO prints it: a date, the hour 1 to 24 that an interval lies in, and the five minutes 1 to 12 of that hour.
 * Eastern Standard Time (UTC-5) all year; hour n is from n-1 to n. Both ends follow from the numbers, so that hours and
 * five minutes may stand in one body.
 */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { PrintedBounds } from '../kit/contract.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';

/** The market's clock. */
export const IESO_ZONE = '-05:00';

/** The convention of every report; the usual length first. */
export const EST_HOURS: TimeConvention = {
  name: 'est-hour-and-interval',
  zone: IESO_ZONE,
  pattern: 'YYYY-MM-DDThh:mm',
  stamp: 'bounds',
  length: HOUR,
  otherLengths: [5 * MINUTE],
  onGrid: true,
  repeated: { by: 'none' },
};

/** The same for datasets whose usual interval is five minutes: so many are promised for a day. */
export const EST_FIVE_MINUTES: TimeConvention = {
  ...EST_HOURS,
  length: 5 * MINUTE,
  otherLengths: [HOUR],
};

const DATES = ['YYYY-MM-DD', 'YYYY/MM/DD', 'M/D/YYYY', 'M/D/YY', 'D-Mon-YYYY'];

/** A date in the form `2025-03-09`, whatever form the report prints it in; unchanged where it is none. */
export function isoDate(printed: string): string {
  const text = printed
    .trim()
    .replace(/ 00:00(?::00)?$/, '')
    .replace(/^(\d{1,2}-[A-Za-z]{3}-)(\d{2})$/, '$120$2');
  for (const pattern of DATES) {
    const wall = parseStamp(pattern, text);
    if (wall !== null) return formatStamp('YYYY-MM-DD', wall);
  }
  return text;
}

/** The words of a row for its time, and both ends of its interval in EST. */
export interface PrintedTime {
  readonly words: string;
  readonly bounds: PrintedBounds;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
/** `2`, and `2.0` of a program that has met a blank in its column. */
const NUMBER = /^\d{1,2}(?:\.0)?$/;

/** Hour n of a date, or its five minutes number `interval`. Numbers that are none are left for the row to be refused. */
export function hourOf(date: string, hour: string, interval: string | null = null): PrintedTime {
  const words = `${date} ${hour.trim()}${interval === null ? '' : `/${interval.trim()}`}`;
  const h = NUMBER.test(hour.trim()) ? Number(hour) : 0;
  const i = interval === null ? 0 : NUMBER.test(interval.trim()) ? Number(interval) : -1;
  const known = h >= 1 && h <= 24 && i >= (interval === null ? 0 : 1) && i <= 12;
  if (!known) return { words, bounds: { start: words, end: words } };
  const from = (h - 1) * 60 + (interval === null ? 0 : (i - 1) * 5);
  const to = from + (interval === null ? 60 : 5);
  return { words, bounds: { start: `${date}T${clock(from)}`, end: `${date}T${clock(to)}` } };
}

const CREATED = ['YYYY-MM-DDThh:mm:ss', 'YYYY-MM-DD hh:mm:ss', 'YYYY/MM/DD hh:mm:ss', 'YYYY-MM-DDThh:mm'];

/** UTC micros of a time of creation printed in EST; null where there is none that can be read. */
export function createdAt(printed: string): Micros | null {
  const text = printed.trim().replace(/\.\d+$/, '');
  for (const pattern of CREATED) {
    const wall = parseStamp(pattern, text);
    if (wall !== null) return wall + 5 * HOUR;
  }
  return null;
}
