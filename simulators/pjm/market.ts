/** The simulated PJM: Data Miner's API, with a key, six requests a minute, pages, an archive and its rules. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { type Feed, publishedBy } from '../feed.ts';
import { slashDate } from '../local-time.ts';
import type { Example, MarketSimulation } from '../market.ts';
import type { MarketTraits } from '../price-process.ts';
import { jsonRefusal } from '../report.ts';
import { API, pjmAnswer, pjmError } from './api.ts';
import { dataFeeds } from './data-feeds.ts';
import { pjmFeeds } from './feeds.ts';
import { pjmDayOf } from './market-day.ts';

/** `nodes` is the number of pricing nodes; zones and hubs are always among them. */
export function simulatePjm(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const feeds = pjmFeeds(seed, nodes, traits);
  const miner = dataFeeds(feeds);
  const { dayAhead, fiveMinute, hourly, load, metered, forecast, fuels, reserves, renewables, ties } = feeds;
  const all = [
    ...[dayAhead, fiveMinute, hourly, load, metered, forecast, fuels],
    ...[reserves.dayAhead, reserves.realTime],
    ...renewables.flatMap((source): Feed[] => [source.forecast, source.output]),
    ...[ties.hourly, ties.fiveMinute],
  ];
  return {
    name: 'pjm',
    market: 'PJM',
    datasets: all.map(({ dataset }) => dataset),
    pace: { requests: 6, seconds: 60, covers: () => true },
    tooSoon: (wait) =>
      jsonRefusal(
        429,
        { statusCode: 429, message: `Rate limit is exceeded. Try again in ${wait} seconds.` },
        { 'retry-after': String(wait) },
      ),
    authorize: (_path, query, { headers }) =>
      headers['ocp-apim-subscription-key'] || query.get('subscription-key')
        ? null
        : jsonRefusal(401, {
            statusCode: 401,
            message:
              'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
          }),
    examples,
    respond: (path, query, at) =>
      path.startsWith(API) ? pjmAnswer(miner, path, query, at) : pjmError(404, 'Resource not found', at),
    published: (dataset, window, at) => publishedBy(all, dataset, window, at),
  };
}

function examples(at: Micros): Example[] {
  const day = pjmDayOf(at);
  const query = (feed: string, back: number, filter = '&type=ZONE'): string => {
    const date = slashDate(day - back);
    return `${API}${feed}?startRow=1&rowCount=5000&datetime_beginning_ept=${date} 00:00to${date} 23:59${filter}`;
  };
  const encoded = (path: string): string => path.replaceAll(' ', '%20');
  const recent = Math.floor((at - HOUR) / HOUR) * HOUR;
  return [
    { dataset: 'da_lmp', path: encoded(query('da_hrl_lmps', 0)) },
    { dataset: 'rt_lmp', path: encoded(query('rt_unverified_fivemin_lmps', 0, '&type=HUB')) },
    { dataset: 'rt_lmp', path: encoded(query('rt_fivemin_hrl_lmps', 5)) },
    { dataset: 'rt_lmp_hourly', path: encoded(query('rt_hrl_lmps', 5)) },
    { dataset: 'load', path: encoded(query('inst_load', pjmDayOf(at) - pjmDayOf(recent), '')) },
    { dataset: 'load_hourly', path: encoded(query('hrl_load_metered', 3, '')) },
    { dataset: 'load_forecast', path: `${API}load_frcstd_7_day?startRow=1&rowCount=5000` },
    { dataset: 'fuel_mix', path: encoded(query('gen_by_fuel', 1, '')) },
    { dataset: 'da_as_prices', path: encoded(query('da_reserve_market_results', 0, '')) },
    { dataset: 'rt_as_prices', path: encoded(query('reserve_market_results', 2, '')) },
    ...['wind', 'solar'].flatMap((source) => [
      {
        dataset: `${source}_forecast`,
        path: encoded(
          query(`hourly_${source}_power_forecast`, 0, '').replace('datetime_beginning', 'evaluated_at'),
        ),
      },
      { dataset: `${source}_generation`, path: encoded(query(`${source}_gen`, 2, '')) },
    ]),
    { dataset: 'interchange', path: encoded(query('act_sch_interchange', 2, '')) },
    { dataset: 'interchange_5min', path: encoded(query('five_min_tie_flows', 0, '')) },
  ];
}
