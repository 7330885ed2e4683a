/** The simulated EIA: API v2 with a key. */

import { DAY, HOUR, type Micros } from '../../core/time/instant.ts';
import { publishedBy } from '../feed.ts';
import { isoDate } from '../local-time.ts';
import type { Example, MarketSimulation } from '../market.ts';
import { jsonRefusal } from '../report.ts';
import { API, eiaAnswer, eiaError, keyOf } from './api.ts';
import { eiaFeeds } from './feeds.ts';
import { eiaRoutes, hourPeriod } from './routes.ts';

/** The areas, fuels and series are always the same: `nodes` is not needed. */
export function simulateEia(seed: number): MarketSimulation {
  const feeds = eiaFeeds(seed);
  const routes = eiaRoutes(feeds);
  const all = [feeds.gas, feeds.region, feeds.fuels, feeds.interchange, feeds.parts];
  return {
    name: 'eia',
    market: 'EIA',
    datasets: all.map(({ dataset }) => dataset),
    pace: { requests: 60, seconds: 60, covers: () => true },
    tooSoon: (wait) =>
      jsonRefusal(
        429,
        {
          error: { code: 'OVER_RATE_LIMIT', message: 'You have exceeded your rate limit. Try again later.' },
        },
        { 'retry-after': String(wait) },
      ),
    authorize: (_path, query, request) => {
      const key = keyOf(query, request);
      if (key === undefined || key === '')
        return jsonRefusal(403, {
          error: {
            code: 'API_KEY_MISSING',
            message: 'No api_key was supplied. Get one at https://www.eia.gov/opendata/',
          },
        });
      return /^[\w-]+$/.test(key)
        ? null
        : jsonRefusal(403, {
            error: { code: 'API_KEY_INVALID', message: 'An invalid api_key was supplied.' },
          });
    },
    examples,
    respond: (path, query, at, request) =>
      path.startsWith(API) ? eiaAnswer(routes, seed, path, query, request, at) : eiaError(404, 'Not found.'),
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

function examples(at: Micros): Example[] {
  const day = Math.floor(at / DAY);
  const url = (route: string, rest: string): string =>
    `${API}${route}/data/?data[0]=value&sort[0][column]=period&sort[0][direction]=asc&offset=0&length=5000${rest}`;
  const hours = `&frequency=hourly&start=${hourPeriod({ end: at - 24 * HOUR })}&end=${hourPeriod({ end: at })}`;
  return [
    {
      dataset: 'gas_price',
      path: url(
        'natural-gas/pri/fut',
        `&frequency=daily&facets[series][]=RNGWHHD&start=${isoDate(day - 30)}`,
      ),
    },
    { dataset: 'load_hourly', path: url('electricity/rto/region-data', hours) },
    { dataset: 'fuel_mix', path: url('electricity/rto/fuel-type-data', hours) },
    { dataset: 'interchange', path: url('electricity/rto/interchange-data', hours) },
    { dataset: 'load_by_part', path: url('electricity/rto/region-sub-ba-data', hours) },
  ];
}
