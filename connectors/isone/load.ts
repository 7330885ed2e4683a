/**
 * ISO New England's load: of the system by five minutes, of system and zones by the hour, what the day-ahead market
 * cleared, and forecasts. Native load is that without the load of pumped storage, `load_asset_related`.
 */

import type { Dataset, Decoded, Payload } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { type ExpressHead, isoneDataset, megawatts } from './dataset.ts';
import { readExpressMatrix } from './express-matrix.ts';
import { readExpressTable } from './express-table.ts';
import { glimpseOf } from './glimpse.ts';
import { clearedDemand, loadReports, service, systemDemand } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

const LOAD = {
  load: 'load',
  load_native: 'load without pumped storage',
  load_asset_related: 'load of pumped storage and the like',
} as const;
const SOLAR = {
  load_with_solar: 'load, were it not for the sun behind the meters',
  load_native_with_solar: 'native load, were it not for the sun behind the meters',
} as const;

const LOADS = /^(?:total|system|native|realtime|hourly|rt)?(?:load|demand|loadmw)$/;
const hasLoad = (head: ExpressHead): boolean => [...head.names].some((name) => LOADS.test(name));
const isCleared = (head: ExpressHead): boolean =>
  /cleared demand|day.?ahead.*demand/.test(head.title) ||
  [...head.names].some((name) => /^(?:dayahead)?cleareddemand$|^(?:dayahead|da)demand$/.test(name));
const isForecast = (head: ExpressHead): boolean =>
  /forecast/.test(head.title) || [...head.names].some((name) => /forecast/.test(name));

/** The dataset `load` of ISO New England. */
export const load: Dataset = isoneDataset({
  name: 'load',
  title: 'Load of the system by five minutes, and estimated of the zones',
  fields: megawatts({
    ...LOAD,
    ...SOLAR,
    solar_behind_the_meter: 'estimated output of sun behind the meters',
  }),
  kinds: WEB_KINDS.load,
  express: (head) => head.times === 'clock' && hasLoad(head) && !isForecast(head),
  named: /fiveminute(?:system|estimatedzonal)load/i,
  plan: loadReports,
});

/** The dataset `load_hourly` of ISO New England. */
export const hourlyLoad: Dataset = isoneDataset({
  name: 'load_hourly',
  title: 'Load of system and zones by the hour',
  fields: megawatts({ ...LOAD, ...SOLAR }),
  kinds: WEB_KINDS.hourlyLoad,
  express: (head) => head.times === 'hours' && hasLoad(head) && !isCleared(head) && !isForecast(head),
  named: /hourlysys|realtimehourlydemand/i,
  plan: systemDemand,
});

/** The dataset `load_cleared_day_ahead` of ISO New England. */
export const clearedLoad: Dataset = isoneDataset({
  name: 'load_cleared_day_ahead',
  title: 'Demand that the day-ahead market cleared, by the hour',
  fields: megawatts({ load: 'cleared demand' }),
  kinds: WEB_KINDS.clearedLoad,
  express: (head) => head.times === 'hours' && isCleared(head),
  renamed: { cleared: 'load' },
  named: /day.?ahead.?(?:hourly)?.?demand/i,
  plan: clearedDemand,
});

const FORECAST = {
  load_forecast: 'forecast load',
  net_load_forecast: 'forecast load less what it serves itself',
} as const;

const RENAMED = { load: 'load_forecast' } as const;

/** A line for each hour and place, or, in the forecasts of three days, a column for each day. */
function readForecast(payload: Payload): Decoded {
  const head = glimpseOf(headOf(payload));
  if (head?.form === 'express' && head.times === 'days') return readExpressMatrix(payload, 'load_forecast');
  return readExpressTable(payload, Object.keys(FORECAST), RENAMED);
}

/** The dataset `load_forecast` of ISO New England. */
export const loadForecast: Dataset = isoneDataset({
  name: 'load_forecast',
  title: 'Load forecast of system and regions by the hour, with its publication',
  fields: megawatts(FORECAST),
  kinds: WEB_KINDS.loadForecast,
  express: (head) =>
    head.times !== 'clock' &&
    isForecast(head) &&
    (/load|demand/.test(head.title) || [...head.names].some((name) => /load|demand/.test(name))) &&
    !/wind|solar|capacity/.test(head.title),
  readExpress: readForecast,
  named: /loadforecast|demandforecast/i,
  plan: service('hourlyloadforecast', -36),
});

/** The dataset `load_forecast_5min` of ISO New England. */
export const zonalLoadForecast: Dataset = isoneDataset({
  name: 'load_forecast_5min',
  title: 'Load forecast of the zones by five minutes',
  fields: megawatts({
    load_forecast: 'forecast load',
    solar_behind_the_meter_forecast: 'forecast output of sun behind the meters',
  }),
  kinds: WEB_KINDS.zonalForecast,
  named: /fiveminutezonalloadforecast/i,
  plan: service('fiveminutezonalloadforecast', 0),
});

/** The dataset `load_forecast_trend` of ISO New England: the chart of the home page. */
export const systemLoadChart: Dataset = isoneDataset({
  name: 'load_forecast_trend',
  title: 'Chart of the load so far, its forecast and what the day-ahead market cleared',
  fields: megawatts({ ...LOAD, ...SOLAR, ...FORECAST, load_cleared_day_ahead: 'cleared demand' }),
  kinds: WEB_KINDS.systemLoadChart,
  named: /systemload/i,
  // The chart is asked for with a POST, which the runner does not make.
  plan: () => [],
});
