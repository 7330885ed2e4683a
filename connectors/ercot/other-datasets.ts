/**
 * ERCOT's datasets of other tables: outages, adequacy, temperatures, plans of reserves, energy of the day-ahead market, the
 * report of fuels, totals of the dispatch, units.
 */

import type { Dataset, DatasetRule, PublishedField } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { INDICATIVE_RESERVES, RESERVE_FIELDS } from './ancillary-prices.ts';
import { DISPATCH, FIVE_MINUTES, HOUR_ENDING } from './clock.ts';
import { AWARDED_FIELDS, AWARDED_UNITS, DISPATCHED_FIELDS, DISPATCHED_UNITS } from './disclosures.ts';
import { DISPATCH_TOTALS, TOTAL_FIELDS } from './dispatch-totals.ts';
import { ESTIMATED_FIELDS, ESTIMATED_GENERATION, TIE_FIELDS, TIES } from './estimated-generation.ts';
import { FUEL_REPORT, FUEL_REPORT_FIELDS, QUARTER_ENDS } from './fuel-report.ts';
import { FORECAST_FIELDS, LOAD_FORECASTS_AT_ONCE, LOAD_OUTLOOK_FIELDS, LOAD_OUTLOOKS } from './load.ts';
import { fiveMinutesByModel, modelFields } from './model-forecasts.ts';
import {
  ADEQUACY,
  ADEQUACY_FIELDS,
  ENERGIES,
  ENERGY_FIELDS,
  OUTAGE_FIELDS,
  OUTAGES_HOURLY,
  PLAN_FIELDS,
  PLANS,
  TEMPERATURE_FIELDS,
  TEMPERATURES,
} from './other-tables.ts';
import { byDay, DAY_AHEAD, ercotDataset } from './table-datasets.ts';

/** How megawatts are normalized: what is published when the market is done, up to sixty days later. */
const megawatts = (product: string, fields: readonly PublishedField[], most = '200000'): DatasetRule => ({
  kind: 'series',
  product,
  lateness: '2h',
  horizon: '7d',
  fields: Object.fromEntries(fields.map(({ field }) => [field, { min: `-${most}`, max: most }])),
});

/** The datasets; those without a page or an endpoint that is known are decoded, and not fetched. */
export const otherDatasets: readonly Dataset[] = [
  ercotDataset(
    {
      name: 'rt_as_prices_indicative',
      title: 'Clearing prices of capacity that the look-ahead dispatch expects, by five minutes',
      time: FIVE_MINUTES,
      fields: RESERVE_FIELDS,
      shapes: INDICATIVE_RESERVES,
      named: /RTDMCPC|NP6329/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'fuel_mix_15min',
      title: 'Generation by fuel and quarter of an hour, yearly workbooks',
      time: QUARTER_ENDS,
      fields: FUEL_REPORT_FIELDS,
      shapes: FUEL_REPORT,
      named: /IntGenBy?Fuel|FuelMixReport/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'outages_hourly',
      title: 'Capacity of resources on outage by the hour, seven days ahead',
      time: HOUR_ENDING,
      fields: OUTAGE_FIELDS,
      shapes: OUTAGES_HOURLY,
      named: /HRLYRESOUTCAP|NP3233/i,
    },
    byDay('np3-233-cd/hourly_res_outage_cap', DAY_AHEAD, null, 'operatingDate'),
  ),
  ercotDataset(
    {
      name: 'adequacy',
      title: 'Capacity that there will be by zone and hour, seven days ahead',
      time: HOUR_ENDING,
      fields: ADEQUACY_FIELDS,
      shapes: ADEQUACY,
      named: /SHTSYSADQ|SYSADEQ|NP3763|st_sys_adequacy/i,
    },
    byDay('np3-763-cd/st_sys_adequacy', DAY_AHEAD),
  ),
  ercotDataset(
    {
      name: 'temperature_forecast',
      title: 'Forecast temperature of the weather zones by the hour',
      time: HOUR_ENDING,
      fields: TEMPERATURE_FIELDS,
      shapes: TEMPERATURES,
      named: /WEATHER|NP4722/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'as_plan',
      title: 'Ancillary services that are planned, by the hour',
      time: HOUR_ENDING,
      fields: PLAN_FIELDS,
      shapes: PLANS,
      named: /DAMASPLAN|NP433/i,
    },
    byDay('np4-33-cd/dam_as_plan', DAY_AHEAD),
  ),
  ercotDataset(
    {
      name: 'da_energy',
      title: 'Energy bought and sold day-ahead at settlement points',
      time: HOUR_ENDING,
      fields: ENERGY_FIELDS,
      shapes: ENERGIES,
      named: /DAMTotEng|NP419[23]/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'generation',
      title: 'Generation in all, as the state estimator sees it',
      time: DISPATCH,
      fields: ESTIMATED_FIELDS,
      shapes: ESTIMATED_GENERATION,
      named: /NP6625|SELOAD|SE_?LOAD/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'interchange',
      title: 'Flows over the ties to other grids, as the state estimator sees them',
      time: DISPATCH,
      fields: TIE_FIELDS,
      shapes: TIES,
      named: /NP6626|DCTIE/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'load_forecast_5min',
      title: 'Load forecasts of the next two hours by weather zone and model, by five minutes',
      time: FIVE_MINUTES,
      fields: FORECAST_FIELDS,
      shapes: LOAD_FORECASTS_AT_ONCE,
      named: /IHLF|NP3562/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'load_outlook_file',
      title: 'Load by the hour with its forecasts and the capacity, files of the report',
      time: HOUR_ENDING,
      fields: LOAD_OUTLOOK_FIELDS,
      shapes: LOAD_OUTLOOKS,
      named: /LFVSACT|LOADFORECASTVSACTUAL/i,
    },
    null,
  ),
  ...(['wind', 'solar'] as const).map((source) => ({
    ...ercotDataset(
      {
        name: `${source}_forecast_5min`,
        title: `Forecasts of ${source} for the next two hours by region and model, by five minutes`,
        time: FIVE_MINUTES,
        fields: modelFields(source),
        shapes: [fiveMinutesByModel(source)],
        named: source === 'wind' ? /wind|np4.?751/i : /solar|np4.?752/i,
      },
      null,
    ),
    rule: megawatts(source.toUpperCase(), modelFields(source)),
  })),
  {
    ...ercotDataset(
      {
        name: 'dispatch_totals',
        title: 'Load, generation, base points and limits of each dispatch, two days later',
        time: DISPATCH,
        fields: TOTAL_FIELDS,
        shapes: DISPATCH_TOTALS,
        named: /2d_?agg/i,
      },
      null,
    ),
    rule: megawatts('RT_TOTAL', TOTAL_FIELDS),
  },
  {
    ...ercotDataset(
      {
        name: 'generation_by_unit',
        // A day of all units is tens of megabytes.
        pieces: headerLines,
        title: 'Output of each unit in each dispatch, disclosed after sixty days',
        time: DISPATCH,
        fields: DISPATCHED_FIELDS,
        shapes: DISPATCHED_UNITS,
        named: /SCED_?Gen/i,
      },
      null,
    ),
    rule: megawatts('UNIT', DISPATCHED_FIELDS, '10000'),
  },
  {
    ...ercotDataset(
      {
        name: 'generation_cleared_by_unit',
        // A day of all units is tens of megabytes.
        pieces: headerLines,
        title: 'Output awarded day-ahead to each unit by the hour, disclosed after sixty days',
        time: HOUR_ENDING,
        fields: AWARDED_FIELDS,
        shapes: AWARDED_UNITS,
        named: /DAM_?Gen/i,
      },
      null,
    ),
    rule: megawatts('DA_UNIT', AWARDED_FIELDS, '10000'),
  },
];
