/**
 * Where MISO keeps its public files: market reports, https://docs.misoenergy.org/marketreports/, and the displays of
 * the last intervals, https://public-api.misoenergy.org/api/. No account.
 */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { SourceRequest } from '../kit/contract.ts';

/** The market's clock: Eastern Standard Time all year. */
export const MISO_ZONE = '-05:00';

/** The words by which displays name the interval that they show, and with it their publication. */
export const REFERENCE_PATTERN = 'DD-Mon-YYYY - Interval hh:mm EST';

const REPORTS = 'https://docs.misoenergy.org/marketreports';
const PUBLIC = 'https://public-api.misoenergy.org/api';
const DISPLAYS = `${PUBLIC}/MarketPricing`;

const REPORT_BYTES = 20_000_000;
const DISPLAY_BYTES = 150_000_000;
const WEEK_BYTES = 200_000_000;

/** A report that is one file for each operating day: `YYYYMMDD_{file}.csv`. */
export interface DailyReport {
  readonly file: string;
  /** Hours from the begin of the operating day to the publication; negative for a day-ahead report. */
  readonly publishedAfter: number;
}

/** Days since the epoch of the operating days of a window, oldest first. */
export function operatingDays(window: Interval): number[] {
  const first = marketDayOf(MISO_ZONE, window.start);
  const last = marketDayOf(MISO_ZONE, Math.max(window.start, window.end - 1));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** How many operating days ago a day was; 0 for today, negative for days to come. */
export function ageOf(day: number, now: Micros): number {
  return marketDayOf(MISO_ZONE, now) - day;
}

/** The file of one day. */
export function reportRequest(report: DailyReport, day: number): SourceRequest {
  const window = marketDayBounds(MISO_ZONE, day);
  const name = `${stampOf(day)}_${report.file}.csv`;
  return {
    url: `${REPORTS}/${name}`,
    name,
    window,
    expectedAt: window.start + report.publishedAfter * HOUR,
    maxBytes: REPORT_BYTES,
  };
}

/** The workbook of a day, `YYYYMMDD_{file}.xls`: published in the morning of that day, with the day before as actual. */
export function workbookRequest(file: string, day: number): SourceRequest {
  const name = `${stampOf(day + 1)}_${file}.xls`;
  const window = marketDayBounds(MISO_ZONE, day);
  return {
    url: `${REPORTS}/${name}`,
    name,
    window,
    expectedAt: window.end + 12 * HOUR,
    maxBytes: REPORT_BYTES,
  };
}

/** A display of the public interface, such as `FuelMix/Today`. */
export function publicRequest(path: string, window: Interval, expectedAt: Micros): SourceRequest {
  return {
    url: `${PUBLIC}/${path}`,
    name: `${path.replaceAll('/', '_')}.json`,
    window,
    expectedAt,
    maxBytes: REPORT_BYTES,
  };
}

/** Displays that show today only: one request for each, where the window touches today. */
export function todayRequests(paths: readonly string[], window: Interval, now: Micros): SourceRequest[] {
  return operatingDays(window)
    .filter((day) => ageOf(day, now) === 0)
    .flatMap((day) => {
      const bounds = marketDayBounds(MISO_ZONE, day);
      return paths.map((path) => publicRequest(path, bounds, bounds.start + 10 * MINUTE));
    });
}

/** A display of five-minute prices: `Current`, `Rolling` (today) or `Previous` (yesterday). */
export function displayRequest(display: string, window: Interval, expectedAt: Micros): SourceRequest {
  return {
    url: `${DISPLAYS}/GetRealTimeFiveMinExPost/${display}`,
    name: `GetRealTimeFiveMinExPost_${display}.json`,
    window,
    expectedAt,
    maxBytes: DISPLAY_BYTES,
  };
}

/**
 * The final five-minute prices of the week, Monday to Sunday, that holds a day. The file is named by the Monday two
 * weeks after the begin of the week.
 */
export function weekRequest(day: number): SourceRequest {
  const monday = mondayOf(day);
  const name = `${stampOf(monday + 14)}_5MIN_LMP.zip`;
  const window = {
    start: marketDayBounds(MISO_ZONE, monday).start,
    end: marketDayBounds(MISO_ZONE, monday + 6).end,
  };
  return {
    url: `${REPORTS}/${name}`,
    name,
    window,
    expectedAt: window.start + 14 * DAY + 12 * HOUR,
    maxBytes: WEEK_BYTES,
  };
}

/** First day of the week; day 4 of the epoch was a Monday. */
export function mondayOf(day: number): number {
  return Math.floor((day - 4) / 7) * 7 + 4;
}

function stampOf(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}${String(month).padStart(2, '0')}${String(date).padStart(2, '0')}`;
}
