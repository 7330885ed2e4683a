/**
 * ISO New England's generation by fuel, readings at uneven instants, and its forecasts of wind and sun for seven days
 * (published about 10:00 Eastern, by the hour, of the whole system).
 */

import type { Dataset } from '../kit/contract.ts';
import { isoneDataset, megawatts } from './dataset.ts';
import { readExpressMatrix } from './express-matrix.ts';
import { fuelMixReports, weekForecast } from './routes.ts';
import { WEB_KINDS } from './web-kinds.ts';

/** The dataset `fuel_mix` of ISO New England. */
export const fuelMix: Dataset = isoneDataset({
  name: 'fuel_mix',
  title: 'Generation by fuel, readings every few minutes',
  fields: megawatts({ generation: 'output of a fuel, its name as series' }),
  kinds: WEB_KINDS.fuelMix,
  express: (head) => head.names.has('fuelcategory'),
  named: /fuelmix/i,
  plan: fuelMixReports,
});

function forecastOf(kind: 'wind' | 'solar', path: string): Dataset {
  const field = `${kind}_forecast`;
  return isoneDataset({
    name: field,
    title: `Forecast of ${kind} generation by the hour for seven days`,
    fields: megawatts({ [field]: `forecast output of ${kind} of the whole system` }),
    kinds: kind === 'wind' ? WEB_KINDS.windForecast : WEB_KINDS.solarForecast,
    express: (head, name) =>
      head.times === 'days' &&
      (head.title.includes(kind) || (!/wind|solar/.test(head.title) && name.toLowerCase().includes(kind))),
    readExpress: (payload) => readExpressMatrix(payload, field),
    named: new RegExp(`${kind}|${path}`, 'i'),
    plan: weekForecast(path),
  });
}

/** The dataset `wind_forecast` of ISO New England. */
export const windForecast: Dataset = forecastOf('wind', 'wphf');

/** The dataset `solar_forecast` of ISO New England. */
export const solarForecast: Dataset = forecastOf('solar', 'sphf');
