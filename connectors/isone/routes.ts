/**
 * Where ISO New England publishes: files of ISO Express, https://www.iso-ne.com (no account, but a page of reports has
 * to be visited first, which sets a cookie), and the web services, https://webservices.iso-ne.com/api/v1.1 (HTTP Basic,
 * a free account: ISONE_USER and ISONE_PASSWORD). With an account the web services are asked; without one, ISO Express where it has the
 * report.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, PlanSettings, SourceRequest } from '../kit/contract.ts';
import { formatStamp } from '../kit/time/stamp.ts';
import { ISONE_ZONE } from './eastern.ts';

const EXPRESS = 'https://www.iso-ne.com';
const SERVICES_HOST = 'webservices.iso-ne.com';
const SERVICES = `https://${SERVICES_HOST}/api/v1.1`;
const MAX_BYTES = 60_000_000;

/** Days after which final prices stand in place of preliminary ones. */
const FINAL_AFTER = 6;

type Plan = Dataset['plan'];

/** What is asked for one operating day. */
interface DayRequest {
  readonly url: string;
  readonly name: string;
  /** Hours from the begin of the day to the publication. */
  readonly publishedAfter: number;
}

/** One or several requests for each operating day of a window. */
function daily(requestsOf: (date: string, age: number) => readonly DayRequest[]): Plan {
  return (window: Interval, { now }: PlanSettings): SourceRequest[] => {
    const first = marketDayOf(ISONE_ZONE, window.start);
    const last = marketDayOf(ISONE_ZONE, Math.max(window.start, window.end - 1));
    const today = marketDayOf(ISONE_ZONE, now);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((day) => {
      const bounds = marketDayBounds(ISONE_ZONE, day);
      return requestsOf(formatStamp('YYYYMMDD', day * DAY), today - day).map(
        ({ url, name, publishedAfter }) => ({
          url,
          name,
          window: bounds,
          expectedAt: bounds.start + publishedAfter * HOUR,
          maxBytes: MAX_BYTES,
        }),
      );
    });
  };
}

/** A web service that is asked by the day, `{path}/day/YYYYMMDD.json`. */
export function service(path: string, publishedAfter: number): Plan {
  return daily((date) => [
    {
      url: `${SERVICES}/${path}/day/${date}.json`,
      name: `${path.replaceAll('/', '_')}_${date}.json`,
      publishedAfter,
    },
  ]);
}

/** The web service with an account, the public report without one. */
const signedInOr =
  (services: Plan, reports: Plan): Plan =>
  (window, settings) =>
    (settings.signedIn?.includes(SERVICES_HOST) === true ? services : reports)(window, settings);

const express = (path: string, file: string, publishedAfter: number): DayRequest => ({
  url: `${EXPRESS}/${path}`,
  name: file,
  publishedAfter,
});

/** Day-ahead prices; without an account a static file of a day. */
export const dayAheadReports: Plan = signedInOr(
  service('hourlylmp/da/final', -11),
  daily((date) => {
    const file = `WW_DALMP_ISO_${date}.csv`;
    return [express(`static-transform/csv/histRpts/da-lmp/${file}`, file, -11)];
  }),
);

/** Hourly prices of real time: preliminary first, then final. */
export const hourlyPriceReports: Plan = daily((date, age) => {
  const kind = age > FINAL_AFTER ? 'final' : 'prelim';
  const file = `lmp_rt_${kind}_${date}.csv`;
  return [express(`static-transform/csv/histRpts/rt-lmp/${file}`, file, 26)];
});

/** Five-minute prices, by blocks of four hours. */
const fiveMinuteBlocks: Plan = (window, { now }) => {
  const requests: SourceRequest[] = [];
  const first = marketDayOf(ISONE_ZONE, window.start);
  const last = marketDayOf(ISONE_ZONE, Math.max(window.start, window.end - 1));
  for (let day = first; day <= last; day++) {
    const bounds = marketDayBounds(ISONE_ZONE, day);
    for (let hour = 0; hour < 24; hour += 4) requests.push(...blockOf(day, hour, bounds, window, now));
  }
  return requests;
};

function blockOf(
  day: number,
  hour: number,
  bounds: Interval,
  window: Interval,
  now: Micros,
): SourceRequest[] {
  const [from, to] = [hour, hour + 4].map((each) => String(each).padStart(2, '0'));
  const file = `lmp_5min_${formatStamp('YYYYMMDD', day * DAY)}_${from}-${to}.csv`;
  // The block that holds the change of clocks is an hour shorter or longer; its later hours lie that much apart.
  const shift = bounds.end - bounds.start - DAY;
  const start = bounds.start + hour * HOUR + (hour === 0 ? 0 : shift);
  const span = { start, end: bounds.start + (hour + 4) * HOUR + shift };
  if (span.end <= window.start || span.start >= window.end || span.start > now) return [];
  return [
    {
      url: `${EXPRESS}/static-transform/csv/histRpts/5min-rt-prelim/${file}`,
      name: file,
      window: span,
      expectedAt: span.end + 20 * MINUTE,
      maxBytes: MAX_BYTES,
    },
  ];
}

/** Five-minute prices: the blocks of the days, and with the option `files: final` the web service of final ones. */
export const fiveMinuteServices: Plan = (window, settings) =>
  settings.options?.['files'] === 'final'
    ? service('fiveminutelmp/final', 5 * 24)(window, settings)
    : fiveMinuteBlocks(window, settings);

const transform = (path: string, file: string, publishedAfter: number): Plan =>
  daily((date) => [
    express(`transform/csv/${path}?start=${date}&end=${date}`, `${file}_${date}.csv`, publishedAfter),
  ]);

/** Load of five minutes. */
export const loadReports: Plan = signedInOr(
  service('fiveminutesystemload', 1),
  transform('fiveminutesystemload', 'fiveminutesystemload', 1),
);

/** Load of hours. */
export const systemDemand: Plan = signedInOr(
  service('hourlysysload', 26),
  transform('hourlysystemdemand', 'rt_hourlysysload', 26),
);

/** Demand that the day-ahead market cleared. */
export const clearedDemand: Plan = transform('hourlydayaheaddemand', 'da_hourlydemand', -11);

/** Generation by fuel. */
export const fuelMixReports: Plan = signedInOr(
  service('genfuelmix', 1),
  daily((date) => [express(`transform/csv/genfuelmix?start=${date}`, `genfuelmix_${date}.csv`, 1)]),
);

/** Forecasts of a week, one for each day on which they were made. */
export function weekForecast(path: string): Plan {
  return daily((date) => [express(`transform/csv/${path}?start=${date}`, `${path}_${date}.csv`, 11)]);
}
