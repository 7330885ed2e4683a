/** The simulated ISO New England: web services with an account, and the CSV reports of ISO Express with a cookie. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { publishedBy } from '../feed.ts';
import { compactDate, padded, wallAt } from '../local-time.ts';
import type { Example, MarketSimulation, Refusal } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { jsonRefusal, pageRefusal } from '../report.ts';
import { isoneFeeds } from './feeds.ts';
import { ISONE_ZONE, isoneDayOf } from './market-day.ts';
import { dailyReport, noReport, queriedReport, REPORTS, TRANSFORMS } from './report-csv.ts';
import { SERVICES, serviceAnswer } from './web-services.ts';

const COOKIE = 'isox_token=simulated';

/** `nodes` is the number of locations; the hub and the zones are always among them. */
export function simulateIsone(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = isoneFeeds(seed, nodes, traits);
  const { dayAhead, fiveMinute, hourly, load, hourlyLoad, forecast, fuels, reserves, flows } = feeds;
  const all = [
    ...[dayAhead, fiveMinute, hourly, load, hourlyLoad, forecast, fuels, flows],
    ...[reserves.dayAhead, reserves.zones, reserves.regulation],
    ...feeds.weekForecasts.map(({ feed }) => feed),
  ];
  return {
    name: 'isone',
    market: 'ISONE',
    datasets: [...new Set(all.map(({ dataset }) => dataset))],
    pace: { requests: 120, seconds: 60, covers: (path) => path.startsWith(SERVICES) },
    tooSoon: (wait) =>
      jsonRefusal(429, { Status: 429, Error: 'Too Many Requests' }, { 'retry-after': String(wait) }),
    authorize: (path, _query, { headers }) => {
      if (path.startsWith(SERVICES)) return isSignedIn(headers['authorization']) ? null : notSignedIn();
      // Without a cookie the report is a page that sets one.
      const isReport = path.startsWith(REPORTS) || path.startsWith(TRANSFORMS);
      return isReport && !headers['cookie']?.includes(COOKIE) ? sitePage() : null;
    },
    examples,
    respond: (path, query, at, request) => {
      if (path.startsWith(SERVICES)) return serviceAnswer(feeds, path, request, at);
      if (path.startsWith(REPORTS)) return dailyReport(feeds, path.slice(REPORTS.length), at);
      if (path.startsWith(TRANSFORMS)) return queriedReport(feeds, path.slice(TRANSFORMS.length), query, at);
      return path.startsWith('/isoexpress/') ? sitePage() : noReport();
    },
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

/** Name and password of any kind. */
function isSignedIn(header: string | undefined): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(header ?? '')?.[1];
  return encoded !== undefined && /^[^:]+:.+$/.test(Buffer.from(encoded, 'base64').toString());
}

function notSignedIn(): Refusal {
  return pageRefusal(401, '401 Unauthorized', 'This request requires HTTP authentication.', {
    'www-authenticate': 'Basic realm="ISO-NE Web Services"',
  });
}

function sitePage(): Refusal {
  return pageRefusal(200, 'ISO Express', 'Reports of ISO New England.', {
    'set-cookie': `${COOKIE}; Path=/`,
  });
}

function examples(at: Micros): Example[] {
  const day = isoneDayOf(at);
  const yesterday = compactDate(day - 1);
  const forecastDay = compactDate(isoneDayOf(at - 11 * HOUR));
  const hour = padded(wallAt(ISONE_ZONE, at - HOUR).hour);
  const hourDay = compactDate(isoneDayOf(at - HOUR));
  return [
    { dataset: 'da_lmp', path: `${SERVICES}hourlylmp/da/final/day/${compactDate(day)}.json` },
    { dataset: 'da_lmp', path: `${REPORTS}da-lmp/WW_DALMP_ISO_${compactDate(day)}.csv` },
    { dataset: 'rt_lmp', path: `${SERVICES}fiveminutelmp/prelim/day/${hourDay}/starthour/${hour}.json` },
    { dataset: 'rt_lmp_hourly', path: `${SERVICES}hourlylmp/rt/prelim/day/${yesterday}.json` },
    { dataset: 'rt_lmp_hourly', path: `${REPORTS}rt-lmp/lmp_rt_prelim_${yesterday}.csv` },
    { dataset: 'load', path: `${SERVICES}fiveminutesystemload/day/${yesterday}.json` },
    { dataset: 'load_hourly', path: `${SERVICES}hourlysysload/day/${yesterday}.json` },
    { dataset: 'load_forecast', path: `${SERVICES}hourlyloadforecast/day/${compactDate(day)}.json` },
    { dataset: 'fuel_mix', path: `${SERVICES}genfuelmix/day/${yesterday}.json` },
    { dataset: 'da_as_prices', path: `${SERVICES}daasreservedata/day/${compactDate(day)}.json` },
    { dataset: 'rt_as_prices', path: `${SERVICES}fiveminutereserveprice/day/${yesterday}.json` },
    { dataset: 'rt_as_prices', path: `${SERVICES}fiveminutercp/day/${yesterday}.json` },
    { dataset: 'interchange', path: `${SERVICES}fiveminuteexternalflow/day/${yesterday}.json` },
    { dataset: 'wind_forecast', path: `${TRANSFORMS}wphf?start=${forecastDay}` },
    { dataset: 'solar_forecast', path: `${TRANSFORMS}sphf?start=${forecastDay}` },
  ];
}
