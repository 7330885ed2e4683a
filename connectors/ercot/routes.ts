/**
 * Where ERCOT serves its data.
 *
 * Without a key: dashboards (JSON of the last days) and display pages by day. With ERCOT_SUBSCRIPTION_KEY, and ERCOT_USER and
 * ERCOT_PASSWORD for a token of one hour: the public API, https://api.ercot.com/api/public-reports, asked for whole days. The report archive
 * is for everybody: a listing of the last days (`IceDocListJsonWS`) names the documents, each a zip (`mirDownload`).
 */

import { civilFromDays, DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Payload, PlanSettings, SourceRequest } from '../kit/contract.ts';
import { ERCOT_ZONE } from './body.ts';
import { listedDocuments } from './document-list.ts';

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
  /** Number of its type in the report archive; null where it is not known. */
  readonly type: number | null;
  /** Hours from the begin of the operating day to the publication; negative for a day-ahead report. */
  readonly publishedAfter: number;
}

/**
 * The exchanges that bring a window: answers of the API with a key of our own, without one display pages, or documents of
 * the archive where there is no page. The option `route`, `api`, `page` or `files`, says it otherwise, as far as the report
 * is there.
 */
export function dailyRequests(
  report: DailyReport,
  window: Interval,
  settings: PlanSettings,
): SourceRequest[] {
  const asked = settings.options?.['route'];
  const route =
    asked === 'files' && report.type !== null
      ? 'files'
      : (asked === 'api' || (asked === undefined && settings.signedIn?.includes(API_HOST) === true)) &&
          report.api !== null
        ? 'api'
        : report.page !== null
          ? 'page'
          : report.type !== null && asked !== 'api'
            ? 'files'
            : 'api';
  if (route === 'files') return [listingRequest(report, window)];
  const first = marketDayOf(ERCOT_ZONE, window.start);
  const last = marketDayOf(ERCOT_ZONE, Math.max(window.start, window.end - 1));
  const requests: SourceRequest[] = [];
  for (let day = first; day <= last; day++) {
    const request = route === 'api' ? apiDay(report, day) : pageDay(report, day);
    if (request !== null) requests.push(request);
  }
  return requests;
}

/** The listing of a report's documents; the window is that of what it should name. */
function listingRequest({ type, publishedAfter }: DailyReport, window: Interval): SourceRequest {
  return {
    url: `${SITE}/misapp/servlets/IceDocListJsonWS?reportTypeId=${type}`,
    name: `IceDocListJsonWS_${type}.json`,
    window,
    lists: true,
    expectedAt: window.start + publishedAfter * HOUR,
    maxBytes: PAGE_BYTES,
  };
}

/** So long may a publication lie before and after the hour at which it is expected. */
const EARLY_OR_LATE: Micros = 3 * HOUR;

/**
 * The documents of a listing that were published for its window, oldest first, as CSV. Each is named by its number, which is
 * never given again. Throws SOURCE_UNRECOGNISED for a body that is no listing.
 */
export function documentRequests(
  { publishedAfter }: DailyReport,
  listing: SourceRequest,
  payload: Payload,
): SourceRequest[] {
  const { start, end } = listing.window;
  // What comes ahead is a day in one document, about the same hour of the day before.
  const [first, last] = [start, Math.max(start, end - 1)].map(
    (at) => marketDayBounds(ERCOT_ZONE, marketDayOf(ERCOT_ZONE, at)).start,
  ) as [Micros, Micros];
  const isAhead = publishedAfter < 0;
  const from = isAhead ? first + publishedAfter * HOUR - EARLY_OR_LATE : start;
  const until = (isAhead ? last : end) + publishedAfter * HOUR + EARLY_OR_LATE;
  return listedDocuments(payload)
    .filter(({ isCsv, publishedAt }) => isCsv && publishedAt >= from && publishedAt < until)
    .sort((a, b) => a.publishedAt - b.publishedAt)
    .map(({ id, file, publishedAt }) => ({
      url: `${SITE}/misdownload/servlets/mirDownload?doclookupId=${id}`,
      name: file,
      window: listing.window,
      expectedAt: publishedAt,
      maxBytes: API_BYTES,
    }));
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
