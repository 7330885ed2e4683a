/** The datasets of ERCOT whose bodies are tables: names, conventions, layouts, and where they are asked for. */

import { type Dataset, sparse } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { FORWARD } from '../kit/tables/layout.ts';
import { type TableDatasetParts, tableDataset } from '../kit/tables/table-dataset.ts';
import {
  DAY_AHEAD_RESERVES,
  DISPATCH_RESERVES,
  REAL_TIME_RESERVES,
  RESERVE_FIELDS,
} from './ancillary-prices.ts';
import { ERCOT_TABLES } from './body.ts';
import { DISPATCH, FIVE_MINUTES, HOUR_ENDING, QUARTERS } from './clock.ts';
import { FORECAST_FIELDS, LOAD_FIELDS, LOAD_FORECASTS, LOAD_HOURLY, LOAD_QUARTERS } from './load.ts';
import { hourlyByModel } from './model-forecasts.ts';
import {
  DAY_AHEAD_BUSES,
  DAY_AHEAD_POINTS,
  DISPATCH_BUSES,
  DISPATCH_POINTS,
  INDICATIVE_POINTS,
  PRICE_FIELDS,
  REAL_TIME_POINTS,
} from './prices.ts';
import { averageFields, RENEWABLE_AVERAGES, RENEWABLE_FORECASTS, renewableFields } from './renewables.ts';
import { type DailyReport, dailyRequests, documentRequests, NEXT_DAY } from './routes.ts';
import {
  ADDER_FIELDS,
  DAY_AHEAD_LAMBDA,
  DAY_AHEAD_SHADOWS,
  DISPATCH_ADDERS,
  DISPATCH_LAMBDA,
  DISPATCH_SHADOWS,
  LAMBDA_FIELDS,
  QUARTER_ADDERS,
  SHADOW_FIELDS,
} from './system-prices.ts';

type Parts = Pick<TableDatasetParts, 'name' | 'title' | 'time' | 'fields' | 'shapes' | 'named' | 'pieces'>;

/** Day-ahead results come about 12:30 Central the day before. */
export const DAY_AHEAD = -11;

/** A dataset of tables of this market; without a report nothing is asked for. */
export function ercotDataset(parts: Parts, report: DailyReport | null): Dataset {
  const dataset = tableDataset({
    ...parts,
    nullWords: NULL_WORDS,
    coverage: FORWARD,
    reader: ERCOT_TABLES,
    plan: (window, settings) => (report === null ? [] : dailyRequests(report, window, settings)),
  });
  return report === null
    ? dataset
    : { ...dataset, documents: (listing, payload) => documentRequests(report, listing, payload) };
}

/** A report by its endpoint in the API, and its page where it has one. */
export function byDay(
  path: string,
  publishedAfter: number,
  page: string | null = null,
  of = 'deliveryDate',
): DailyReport {
  const type = TYPES[path.slice(0, path.indexOf('/'))] ?? null;
  return { page, api: { path, from: `${of}From`, to: `${of}To` }, type, publishedAfter };
}

/** Numbers of reports in the archive, by their name in the API. */
const TYPES: Readonly<Record<string, number>> = {
  'np4-190-cd': 12331,
  'np6-905-cd': 12301,
  'np6-788-cd': 12300,
  'np4-188-cd': 12329,
  'np6-345-cd': 13101,
  'np4-732-cd': 13028,
  'np4-737-cd': 13483,
  'np3-565-cd': 14837,
  'np6-787-cd': 11485,
  'np4-183-cd': 12328,
  'np4-523-cd': 13113,
  'np6-322-cd': 13114,
  'np4-191-cd': 12332,
  'np6-86-cd': 12302,
};

/** A report that the archive alone has, a document for each of its intervals. */
const archived = (type: number): DailyReport => ({ page: null, api: null, type, publishedAfter: 0 });

/** The datasets, prices first. */
export const tableDatasets: readonly Dataset[] = [
  ercotDataset(
    {
      name: 'da_lmp',
      title: 'Day-ahead hourly prices at settlement points',
      time: HOUR_ENDING,
      fields: PRICE_FIELDS,
      shapes: DAY_AHEAD_POINTS,
      named: /DAMSPNP4190|DAMLZHBSPP|dam_stlmnt_pnt|dam_spp|np4-1[89]0/i,
    },
    byDay('np4-190-cd/dam_stlmnt_pnt_prices', DAY_AHEAD, 'dam_spp'),
  ),
  ercotDataset(
    {
      name: 'da_lmp_bus',
      title: 'Day-ahead hourly prices at electrical buses',
      time: HOUR_ENDING,
      fields: PRICE_FIELDS,
      shapes: DAY_AHEAD_BUSES,
      named: /DAMHRLMPNP4183|dam_hourly_lmp/i,
    },
    byDay('np4-183-cd/dam_hourly_lmp', DAY_AHEAD),
  ),
  ercotDataset(
    {
      name: 'rt_lmp',
      title: 'Real-time prices at settlement points by the quarter of an hour',
      time: QUARTERS,
      fields: PRICE_FIELDS,
      shapes: REAL_TIME_POINTS,
      named: /SPPHLZNP6905|RTMLZHBSPP|spp_node_zone_hub|real_time_spp/i,
    },
    byDay('np6-905-cd/spp_node_zone_hub', 1, 'real_time_spp'),
  ),
  ercotDataset(
    {
      name: 'rt_lmp_sced',
      title: 'Prices of each dispatch at settlement points',
      time: DISPATCH,
      fields: PRICE_FIELDS,
      shapes: DISPATCH_POINTS,
      named: /LMPSROSNODENP6788|lmp_node_zone_hub/i,
    },
    byDay('np6-788-cd/lmp_node_zone_hub', 1, null, 'SCEDTimestamp'),
  ),
  ercotDataset(
    {
      name: 'rt_lmp_bus',
      title: 'Prices of each dispatch at electrical buses',
      time: DISPATCH,
      fields: PRICE_FIELDS,
      shapes: DISPATCH_BUSES,
      named: /LMPSELECTRICALBUS|lmp_electrical_bus/i,
    },
    byDay('np6-787-cd/lmp_electrical_bus', 1, null, 'SCEDTimestamp'),
  ),
  ercotDataset(
    {
      name: 'rt_lmp_indicative',
      title: 'Prices that the look-ahead dispatch expects, by five minutes',
      time: FIVE_MINUTES,
      fields: PRICE_FIELDS,
      shapes: INDICATIVE_POINTS,
      named: /RTDLMP|rtd_lmp/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'da_as_prices',
      title: 'Day-ahead clearing prices of capacity',
      time: HOUR_ENDING,
      fields: RESERVE_FIELDS,
      shapes: DAY_AHEAD_RESERVES,
      named: /DAMCPCNP4188|DAMASMCPC|dam_clear_price/i,
    },
    byDay('np4-188-cd/dam_clear_price_for_cap', DAY_AHEAD),
  ),
  ercotDataset(
    {
      name: 'rt_as_prices',
      title: 'Real-time clearing prices of capacity by the quarter of an hour',
      time: QUARTERS,
      fields: RESERVE_FIELDS,
      shapes: REAL_TIME_RESERVES,
      named: /RTMCPC|NP6331/i,
    },
    archived(24898),
  ),
  ercotDataset(
    {
      name: 'rt_as_prices_sced',
      title: 'Clearing prices of capacity of each dispatch',
      time: DISPATCH,
      fields: RESERVE_FIELDS,
      shapes: DISPATCH_RESERVES,
      named: /SCEDMCPC|NP6332/i,
    },
    archived(24891),
  ),
  ercotDataset(
    {
      name: 'da_system_lambda',
      title: 'Day-ahead system lambda',
      time: HOUR_ENDING,
      fields: LAMBDA_FIELDS,
      shapes: DAY_AHEAD_LAMBDA,
      named: /DAMSYSLAMBDA|NP4523|dam_system_lambda/i,
    },
    byDay('np4-523-cd/dam_system_lambda', DAY_AHEAD),
  ),
  ercotDataset(
    {
      name: 'rt_system_lambda',
      title: 'System lambda of each dispatch',
      time: DISPATCH,
      fields: LAMBDA_FIELDS,
      shapes: DISPATCH_LAMBDA,
      named: /SCEDSYSLAMBDA|NP6322|sced_system_lambda/i,
    },
    byDay('np6-322-cd/sced_system_lambda', 1, null, 'SCEDTimestamp'),
  ),
  sparse(
    ercotDataset(
      {
        name: 'da_shadow_prices',
        title: 'Day-ahead shadow prices of constraints',
        time: HOUR_ENDING,
        fields: SHADOW_FIELDS,
        shapes: DAY_AHEAD_SHADOWS,
        named: /NP4191|dam_shadow_prices/i,
      },
      byDay('np4-191-cd/dam_shadow_prices', DAY_AHEAD),
    ),
  ),
  sparse(
    ercotDataset(
      {
        name: 'rt_shadow_prices',
        title: 'Shadow prices of constraints of each dispatch',
        time: DISPATCH,
        fields: SHADOW_FIELDS,
        shapes: DISPATCH_SHADOWS,
        named: /SCEDBTCNP686|shdw_prices/i,
      },
      byDay('np6-86-cd/shdw_prices_bnd_trns_const', 1, null, 'SCEDTimestamp'),
    ),
  ),
  ercotDataset(
    {
      name: 'rt_price_adders',
      title: 'Adders of the real-time price by the quarter of an hour',
      time: QUARTERS,
      fields: ADDER_FIELDS,
      shapes: QUARTER_ADDERS,
      named: /NP6324/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'rt_price_adders_sced',
      title: 'Adders of the real-time price of each dispatch',
      time: DISPATCH,
      fields: ADDER_FIELDS,
      shapes: DISPATCH_ADDERS,
      named: /NP6323/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'load',
      title: 'System-wide demand by the quarter of an hour',
      time: QUARTERS,
      fields: LOAD_FIELDS,
      shapes: LOAD_QUARTERS,
      named: /SYSWIDEDEMAND|NP6235/i,
    },
    null,
  ),
  ercotDataset(
    {
      name: 'load_hourly',
      title: 'Actual load of zones by the hour',
      time: HOUR_ENDING,
      fields: LOAD_FIELDS,
      shapes: LOAD_HOURLY,
      named: /ACTUALSYSLOAD|Native_?Load|act_sys_load|actual_loads/i,
    },
    byDay('np6-345-cd/act_sys_load_by_wzn', NEXT_DAY, 'actual_loads_of_weather_zones', 'operatingDay'),
  ),
  ercotDataset(
    {
      name: 'load_forecast',
      title: 'Load forecasts of seven days by zone and model',
      time: HOUR_ENDING,
      fields: FORECAST_FIELDS,
      shapes: LOAD_FORECASTS,
      named: /LFC|LFMOD|lf_by_model/i,
    },
    byDay('np3-565-cd/lf_by_model_weather_zone', 1),
  ),
  ...(['wind', 'solar'] as const).flatMap((source) => [
    ercotDataset(
      {
        name: `${source}_forecast`,
        title: `Output of ${source} by the hour, actual and forecast`,
        time: HOUR_ENDING,
        fields: renewableFields(source),
        shapes: [...RENEWABLE_FORECASTS[source], hourlyByModel(source)],
        named: source === 'wind' ? /WPP/i : /(?:SPP|PVGR|solar)/i,
      },
      byDay(
        source === 'wind' ? 'np4-732-cd/wpp_hrly_avrg_actl_fcast' : 'np4-737-cd/spp_hrly_avrg_actl_fcast',
        1,
      ),
    ),
    ercotDataset(
      {
        name: `${source}_generation`,
        title: `Output of ${source}, averages of five minutes`,
        time: FIVE_MINUTES,
        fields: averageFields(source),
        shapes: RENEWABLE_AVERAGES[source],
        named: source === 'wind' ? /WPP/i : /(?:SPP|PVGR|solar)/i,
      },
      null,
    ),
  ]),
];
