/** The simulated ERCOT: the file route, the public API with its sign-in and archive, and the dashboards. */

import { MINUTE, type Micros } from '../../core/time/instant.ts';
import { type Feed, publishedBy } from '../feed.ts';
import { isoDate } from '../local-time.ts';
import type { Answer, ClientRequest, Example, MarketSimulation } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { jsonRefusal, pageRefusal } from '../report.ts';
import { apiReports } from './api-reports.ts';
import { archiveAnswer, isArchivePath } from './archive.ts';
import { ercotDayOf } from './clock.ts';
import { DASHBOARDS, dashboard, fuelFeed } from './dashboards.ts';
import { displayPage, PAGES } from './display-pages.ts';
import { documentId, ercotProducts, type Product } from './documents.ts';
import { ercotFeeds } from './feeds.ts';
import { DOWNLOAD, download, LISTING, listing } from './mis-route.ts';
import { API, apiAnswer } from './public-api.ts';
import { CONDITIONS, conditionsPage, systemConditions } from './system-conditions.ts';
import { refusedByApi, signIn, TOKEN_PATH } from './token.ts';

/** `nodes` is the number of settlement points; hubs and load zones are always among them. */
export function simulateErcot(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = ercotFeeds(seed, nodes, traits);
  const fuels = fuelFeed(feeds.demand);
  const conditions = systemConditions(feeds.demand);
  const products = ercotProducts(feeds);
  const reports = apiReports(feeds);
  const { dayAhead, quarterHour, sced, capacity, weatherZones, forecast, modelForecast } = feeds;
  const all: readonly Feed[] = [
    ...[dayAhead, quarterHour, sced, capacity, weatherZones, forecast, modelForecast, fuels],
    ...[conditions.system, conditions.ties],
    ...[feeds.reserves.quarterHour, feeds.reserves.sced, ...feeds.sources.map(({ feed }) => feed)],
  ];
  const respond = (path: string, query: URLSearchParams, at: Micros, request: ClientRequest): Answer => {
    if (path === LISTING) return listing(products, query, at);
    if (path === DOWNLOAD) return download(products, query.get('doclookupId') ?? '', at);
    if (path === TOKEN_PATH) return signIn(seed, request, at);
    if (isArchivePath(path)) return archiveAnswer(products, path, query, request, at);
    if (path.startsWith(API)) return apiAnswer(reports, path, query, at);
    if (path === PAGES + CONDITIONS) return conditionsPage(conditions, at);
    if (path.startsWith(PAGES)) return displayPage(feeds, path.slice(PAGES.length), at);
    if (path.startsWith(DASHBOARDS)) return dashboard(feeds.demand, fuels, path.slice(DASHBOARDS.length), at);
    return pageRefusal(404, 'Page not found', 'The page that you asked for does not exist.');
  };
  return {
    name: 'ercot',
    market: 'ERCOT',
    datasets: [...new Set(all.map(({ dataset }) => dataset))],
    // Only the API counts its clients' requests.
    pace: { requests: 30, seconds: 60, covers: (path) => path.startsWith(API) },
    tooSoon: (wait) =>
      jsonRefusal(
        429,
        { statusCode: 429, message: `Rate limit is exceeded. Try again in ${wait} seconds.` },
        { 'retry-after': String(wait) },
      ),
    authorize: (path, _query, request, at) => (path.startsWith(API) ? refusedByApi(seed, request, at) : null),
    examples: (at) => examples(products, at),
    respond,
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

/** Forecast zones have names of weather zones, and corrections are rare: those are served, and no examples. */
const BESIDE = ['14836', '13044'];

function examples(products: readonly Product[], at: Micros): Example[] {
  const shown = products.filter(({ reportTypeId }) => !BESIDE.includes(reportTypeId));
  const found = shown.flatMap((product): Example[] => {
    const newest = [...product.documents({ start: at - 60 * 24 * MINUTE * 2, end: at + 1 })].at(-1);
    if (newest === undefined) return [];
    const path = `${DOWNLOAD}?doclookupId=${documentId(products, product, newest, false)}`;
    return [{ dataset: product.dataset, path }];
  });
  const today = isoDate(ercotDayOf(at));
  return [
    { dataset: 'da_lmp', path: `${LISTING}?reportTypeId=12331` },
    ...found,
    {
      dataset: 'da_lmp',
      path: `${API}/np4-190-cd/dam_stlmnt_pnt_prices?deliveryDateFrom=${today}&deliveryDateTo=${today}`,
    },
    { dataset: 'da_lmp', path: `${PAGES}${today.replaceAll('-', '')}_dam_spp.html` },
    { dataset: 'rt_lmp', path: `${PAGES}${today.replaceAll('-', '')}_real_time_spp.html` },
    { dataset: 'fuel_mix', path: `${DASHBOARDS}fuel-mix.json` },
    { dataset: 'system_conditions', path: PAGES + CONDITIONS },
    ...['np4-732-cd/wpp', 'np4-737-cd/spp'].map((report, k) => ({
      dataset: ['wind_forecast', 'solar_forecast'][k],
      path: `${API}/${report}_hrly_avrg_actl_fcast?deliveryDateFrom=${today}&deliveryDateTo=${today}`,
    })),
  ];
}
