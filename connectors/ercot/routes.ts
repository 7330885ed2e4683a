/**
 * Where ERCOT serves its data.
 *
 * Without a key: dashboards (JSON of the last days) and display pages by day. With ERCOT_SUBSCRIPTION_KEY, and ERCOT_USER and
 * ERCOT_PASSWORD for a token of one hour: the public API, https://api.ercot.com/api/public-reports, asked for whole days. The report archive
 * (`IceDocListJsonWS`, then `mirDownload`) wants an id that only its listing tells; its files are read, not planned.
 */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { ERCOT_ZONE } from './body.ts';

const SITE = 'https://www.ercot.com';
const API_HOST = 'api.ercot.com';
const API = `https://${API_HOST}/api/public-reports`;
const PAGE_BYTES = 20_000_000;
const API_BYTES = 200_000_000;
/** Rows of one answer; a day of all settlement points is some 25,000. */
const API_ROWS = 100_000;

/** The dashboard of now: it is rewritten every few minutes and has no history. */
export function dashboardRequest(file: string, now: Micros): SourceRequest[] {
  const end = Math.floor(now / (5 * MINUTE)) * 5 * MINUTE;
  return [
    {
      url: `${SITE}/api/1/services/read/dashboards/${file}.json`,
      name: `${file}.json`,
      window: { start: end - 5 * MINUTE, end },
      expectedAt: end,
      maxBytes: PAGE_BYTES,
    },
  ];
}

/** A display page without history. */
export function pageRequest(page: string, now: Micros): SourceRequest[] {
  const end = Math.floor(now / MINUTE) * MINUTE;
  return [
    {
      url: `${SITE}/content/cdr/html/${page}.html`,
      name: `${page}.html`,
      window: { start: end - MINUTE, end },
      expectedAt: end,
      maxBytes: PAGE_BYTES,
    },
  ];
}

/** How a report is found by day. */
export interface DailyReport {
  /** Display page of a day, `YYYYMMDD_<page>.html`; null where there is none. */
  readonly page: string | null;
  /** Endpoint of the public API, and the filter for its days or stamps; null where there is none. */
  readonly api: { readonly path: string; readonly from: string; readonly to: string } | null;
  /** Hours from the begin of the operating day to the publication; negative for a day-ahead report. */
  readonly publishedAfter: number;
}

/**
 * The days of a window, oldest first: answers of the API with a key of our own, display pages without; the option `route`,
 * `api` or `page`, says it otherwise. What has no page is asked of the API in any case.
 */
export function dailyRequests(
  report: DailyReport,
  window: Interval,
  settings: PlanSettings,
): SourceRequest[] {
  const first = marketDayOf(ERCOT_ZONE, window.start);
  const last = marketDayOf(ERCOT_ZONE, Math.max(window.start, window.end - 1));
  const route =
    settings.options?.['route'] ?? (settings.signedIn?.includes(API_HOST) === true ? 'api' : 'page');
  const byApi = (route === 'api' && report.api !== null) || report.page === null;
  const requests: SourceRequest[] = [];
  for (let day = first; day <= last; day++) {
    const request = byApi ? apiDay(report, day) : pageDay(report, day);
    if (request !== null) requests.push(request);
  }
  return requests;
}

function isoDay(day: number): string {
  const [year, month, date] = civilFromDays(day);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

function pageDay(report: DailyReport, day: number): SourceRequest | null {
  if (report.page === null) return null;
  const name = `${isoDay(day).replaceAll('-', '')}_${report.page}.html`;
  return dayRequest(report, day, `${SITE}/content/cdr/html/${name}`, name, PAGE_BYTES);
}

function apiDay(report: DailyReport, day: number): SourceRequest | null {
  if (report.api === null) return null;
  const { path, from, to } = report.api;
  const stamps = from.startsWith('SCED');
  const start = stamps ? `${isoDay(day)}T00:00:00` : isoDay(day);
  const end = stamps ? `${isoDay(day)}T23:59:59` : isoDay(day);
  const url = `${API}/${path}?${from}=${start}&${to}=${end}&size=${API_ROWS}&page=1`;
  return dayRequest(report, day, url, `${path.replaceAll('/', '_')}_${isoDay(day)}.json`, API_BYTES);
}

function dayRequest(
  report: DailyReport,
  day: number,
  url: string,
  name: string,
  maxBytes: number,
): SourceRequest {
  const window = marketDayBounds(ERCOT_ZONE, day);
  return { url, name, window, expectedAt: window.start + report.publishedAfter * HOUR, maxBytes };
}

/** A day, for reports that come the day after. */
export const NEXT_DAY = DAY / HOUR + 6;
