/**
 * The datasets of CAISO's Outlook pages, a table for each day: demand with its forecasts, supply by resource, batteries,
 * emissions, prices of the hubs.
 * How a table is read stands in `outlook-table.ts`.
 */

import { DAY } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, SourceRequest } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { formatStamp } from '../kit/time/stamp.ts';
import { OUTLOOK_TIME, type OutlookTable, readOutlook, recogniseOutlook } from './outlook-table.ts';
import { CAISO_ZONE } from './routes.ts';

const UNIT = 'MW';
const BASE = 'https://www.caiso.com/outlook';

/** Today's table, or that of a day before; a day's table is there once the day has begun. */
function requests(files: readonly string[]): Dataset['plan'] {
  return (window, { now }) => {
    const requested: SourceRequest[] = [];
    const last = Math.min(
      marketDayOf(CAISO_ZONE, Math.max(window.start, window.end - 1)),
      marketDayOf(CAISO_ZONE, now),
    );
    for (let day = marketDayOf(CAISO_ZONE, window.start); day <= last; day++) {
      const bounds = marketDayBounds(CAISO_ZONE, day);
      const date = formatStamp('YYYYMMDD', day * DAY);
      const folder = now < bounds.end ? 'current' : `history/${date}`;
      for (const file of files)
        requested.push({
          url: `${BASE}/${folder}/${file}.csv`,
          name: `${date}_${file}.csv`,
          window: bounds,
          expectedAt: bounds.start,
          maxBytes: 10_000_000,
        });
    }
    return requested;
  };
}

function outlookTable(
  name: string,
  title: string,
  table: OutlookTable,
  fields: Dataset['fields'],
  files: readonly string[],
  fetched = true,
): Dataset {
  return {
    name,
    title,
    time: OUTLOOK_TIME,
    nullWords: NULL_WORDS,
    coverage: null,
    fields,
    recognise: (head) => recogniseOutlook(head, table, new RegExp(files.join('|'), 'i')),
    plan: fetched ? requests(files) : () => [],
    decode: (payload) => readOutlook(payload, table),
  };
}

/** The dataset `load_outlook`. */
export const outlookLoad = outlookTable(
  'load_outlook',
  'Demand of the day by five minutes, with its forecasts',
  {
    columns: {
      demand: 'load',
      'current demand': 'load',
      'net demand': 'net_load',
      'day ahead forecast': 'load_forecast_day_ahead',
      'day-ahead forecast': 'load_forecast_day_ahead',
      'day-ahead demand forecast': 'load_forecast_day_ahead',
      'hour-ahead demand forecast': 'load_forecast_hour_ahead',
      'day ahead net forecast': 'net_load_forecast_day_ahead',
      'demand response': 'demand_response',
      'hour ahead forecast': 'load_forecast_hour_ahead',
      'hour-ahead forecast': 'load_forecast_hour_ahead',
      'day-ahead net forecast': 'net_load_forecast_day_ahead',
      'hour-ahead net forecast': 'net_load_forecast_hour_ahead',
      'net demand forecast': 'net_load_forecast_day_ahead',
    },
    bySeries: false,
    unit: UNIT,
    across: /^(?:net )?demand/i,
    marks: ['current demand', 'net demand', 'demand'],
  },
  [
    { field: 'load', unit: UNIT, what: 'demand' },
    { field: 'net_load', unit: UNIT, what: 'demand less wind and sun' },
    { field: 'demand_response', unit: UNIT, what: 'demand that was called off' },
    { field: 'load_forecast_day_ahead', unit: UNIT, what: 'day-ahead forecast' },
    { field: 'load_forecast_hour_ahead', unit: UNIT, what: 'hour-ahead forecast' },
    { field: 'net_load_forecast_day_ahead', unit: UNIT, what: 'day-ahead forecast less wind and sun' },
    { field: 'net_load_forecast_hour_ahead', unit: UNIT, what: 'hour-ahead forecast less wind and sun' },
  ],
  ['demand', 'netdemand'],
);

/** The dataset `fuel_mix`. */
export const outlookFuels = outlookTable(
  'fuel_mix',
  'Supply of the day by resource and five minutes',
  {
    columns: { '': 'generation' },
    bySeries: true,
    unit: UNIT,
    across: /^(?:supply|renewables)/i,
    marks: ['solar', 'geothermal', 'natural gas', 'imports'],
  },
  [{ field: 'generation', unit: UNIT, what: 'supply by the resource that is the series' }],
  ['fuelsource', 'renewables'],
);

/** The dataset `storage`. */
export const outlookStorage = outlookTable(
  'storage',
  'Batteries of the day by five minutes',
  {
    columns: { '': 'storage_net' },
    bySeries: true,
    unit: UNIT,
    across: /^batter/i,
    marks: ['total batteries', 'stand-alone batteries', 'hybrid batteries', 'batteries trend'],
  },
  [
    {
      field: 'storage_net',
      unit: UNIT,
      what: 'discharge of the batteries that are the series, charge negative',
    },
  ],
  ['storage', 'batteries'],
);

/** The dataset `emissions`. */
export const outlookEmissions = outlookTable(
  'emissions',
  'Carbon dioxide of the day by resource and five minutes',
  {
    columns: { '': 'co2' },
    bySeries: true,
    unit: 't/h',
    across: /^co2(?! ?per)/i,
    marks: [/ co2$/, /^total co2/],
  },
  [{ field: 'co2', unit: 't/h', what: 'carbon dioxide by the resource that is the series' }],
  ['co2'],
);

/** The dataset `emissions_intensity`; the page draws it, and its file is read where it has been kept. */
export const outlookIntensity = outlookTable(
  'emissions_intensity',
  'Carbon dioxide per megawatt-hour of the day by five minutes',
  {
    columns: { '': 'co2_intensity' },
    bySeries: true,
    unit: 't/MWh',
    across: /^co2 ?per|intensity/i,
    marks: [/co2.*per ?mwh|co2\/mwh|mtco2e?\/mwh|intensity/],
  },
  [{ field: 'co2_intensity', unit: 't/MWh', what: 'carbon dioxide per megawatt-hour, the line as series' }],
  ['co2.?per', 'intensity'],
  false,
);

/** The dataset `price_outlook`; read where its file has been kept. */
export const outlookPrices = outlookTable(
  'price_outlook',
  'Average prices of the trading hubs of the day, as the page shows them',
  {
    columns: { '': 'lmp' },
    bySeries: true,
    unit: 'USD/MWh',
    across: /price/i,
    marks: [/\b(?:np|sp)[- ]?15\b/, /\bzp[- ]?26\b/],
    byClock: true,
  },
  [{ field: 'lmp', unit: 'USD/MWh', what: 'price of the hub and market that are the series' }],
  ['price'],
  false,
);
