/** The samples and golden cases of PJM: which feeds, in which form, for which day. */

import { api, bare, csv } from './pjm-case-forms.ts';
import { OPERATION_CASES } from './pjm-operation-cases.ts';
import { dailyFile, forecastPage, readingPage, type SampleDocument } from './pjm-sample-documents.ts';
import {
  type FeedPrint,
  type Figure,
  fives,
  hours,
  MARKET,
  NODES,
  placesOf,
  priceFigures,
} from './pjm-sample-tables.ts';
import { EASTERN } from './sample-days.ts';
import type { GoldenCase } from './sample-files.ts';
import { expectedLines } from './sample-table.ts';

const MW = 'MW';
const doc = (what: string, dataset: string, { payload, says }: SampleDocument, file: string): GoldenCase => ({
  what,
  made: { payload, expected: expectedLines('PJM', dataset, says) },
  file,
});

const ZONE = NODES.slice(0, 1);
const one = (column: string, names: readonly string[], ...figures: Figure[]) => ({
  places: placesOf(column, names),
  figures,
});
const ISSUED = { column: 'evaluated_at_utc', at: '2025-11-01T12:15:00Z' };
const settled: readonly Figure[] = [
  ...priceFigures('rt'),
  ...priceFigures('da').map(([column, field, unit]) => [column, `${field}_day_ahead`, unit] as const),
];
const facility = [
  {
    cells: { monitored_facility: 'WYLIE-RIDGE', contingency_facility: 'L500.A' },
    location: 'WYLIE-RIDGE',
    series: 'L500.A',
  },
];
const shadow = [['shadow_price', 'shadow_price', 'USD/MW']] as const;
const reserve = (name: string, field: string): Pick<FeedPrint, 'places' | 'figures'> => ({
  places: [{ cells: { locale: 'PJM_RTO', service: name }, location: 'PJM_RTO' }],
  figures: [['mcp', field, 'USD/MW']],
});
const fuels = ['Coal', 'Gas', 'Multiple Fuels', 'Wind'].map((fuel) => ({
  cells: { fuel_type: fuel },
  location: 'PJM',
  series: fuel,
}));

/** Golden cases: `dataset/case`. */
export const CASES: Readonly<Record<string, GoldenCase>> = {
  'da_lmp/normal-day': api('a selection of columns for one zone', 'da_lmp', 'da_hrl_lmps', {
    slots: hours(EASTERN.normal),
    places: ZONE,
    figures: priceFigures('da').slice(0, 1),
  }),
  'da_lmp/autumn-day': csv('25 hours in UTC, a 12-hour clock', 'da_lmp', {
    slots: hours(EASTERN.autumn),
    places: NODES,
    figures: priceFigures('da'),
    stamps: 'american',
  }),
  'da_lmp/autumn-day-eastern': csv('25 hours without UTC: the repeated one by order', 'da_lmp', {
    slots: hours(EASTERN.autumn),
    places: ZONE,
    figures: priceFigures('da'),
    eptOnly: true,
  }),
  'da_lmp/spring-day': bare('23 hours as a bare array', 'da_lmp', {
    slots: hours(EASTERN.spring),
    places: ZONE,
    figures: priceFigures('da'),
  }),
  'rt_lmp/autumn-night': api('verified, five minutes', 'rt_lmp', 'rt_fivemin_hrl_lmps', {
    slots: fives(),
    places: NODES,
    figures: priceFigures('rt'),
  }),
  'rt_lmp/unverified': csv('unverified, without energy', 'rt_lmp', {
    slots: fives(),
    places: ZONE,
    figures: priceFigures('rt', false),
    stamps: 'american',
  }),
  'rt_lmp_hourly/autumn-day': api('25 hours, verified', 'rt_lmp_hourly', 'rt_hrl_lmps', {
    slots: hours(EASTERN.autumn),
    places: ZONE,
    figures: priceFigures('rt').slice(0, 2),
  }),
  'rt_lmp_hourly/spring-day': csv('23 hours, unverified', 'rt_lmp_hourly', {
    slots: hours(EASTERN.spring),
    places: ZONE,
    figures: priceFigures('rt', false),
  }),
  'settled_lmp/autumn-day': csv('both markets in one row', 'settled_lmp', {
    slots: hours(EASTERN.autumn),
    places: ZONE,
    figures: settled,
  }),
  'rt_lmp_expected/autumn-night': api('the look-ahead dispatch', 'rt_lmp_expected', 'five_min_itsced_lmps', {
    slots: fives(),
    places: placesOf('pnode_name', ['PJM-RTO']),
    figures: [
      ['itsced_lmp', 'lmp', 'USD/MWh'],
      ['marginal_congestion', 'congestion', 'USD/MWh'],
      ['marginal_loss', 'loss', 'USD/MWh'],
    ],
    issued: { column: 'case_approval_datetime_utc', at: '2025-11-02T05:01:10Z' },
  }),
  'da_as_prices/autumn-day': csv('results by service', 'da_as_prices', {
    slots: hours(EASTERN.autumn),
    ...reserve('Primary Reserve', 'mcp_primary_reserve'),
  }),
  'rt_as_prices/autumn-night': api('results of five minutes', 'rt_as_prices', 'reserve_market_results', {
    slots: fives(),
    ...reserve('REG', 'mcp_regulation'),
  }),
  'rt_as_prices/regulation': csv('prices of regulation with their parts', 'rt_as_prices', {
    slots: fives(),
    ...one(
      'area',
      ['PJM RTO'],
      ['market_clearing_price', 'mcp_regulation', 'USD/MW'],
      ['capability_clearing_price', 'mcp_regulation_capability', 'USD/MW'],
      ['performance_clearing_price', 'mcp_regulation_performance', 'USD/MW'],
    ),
  }),
  'rt_as_prices/services': api('a price and a quantity in one column', 'rt_as_prices', 'ancillary_services', {
    slots: hours(EASTERN.spring),
    places: [{ cells: { ancillary_service: 'RTO Regulation', unit: '$/MWh' }, location: 'PJM' }],
    figures: [['value', 'mcp_rto_regulation', 'USD/MW']],
  }),
  'da_shadow_prices/autumn-day': csv('25 hours of a facility', 'da_shadow_prices', {
    slots: hours(EASTERN.autumn),
    places: facility,
    figures: shadow,
    ending: true,
  }),
  'rt_shadow_prices/autumn-night': api('five minutes', 'rt_shadow_prices', 'rt_marginal_value', {
    slots: fives(),
    places: facility,
    figures: shadow,
    ending: true,
  }),
  'load/autumn-night': api('instantaneous load', 'load', 'inst_load', {
    slots: fives(),
    ...one('area', ['AEP', 'PJM RTO'], ['instantaneous_load', 'load', MW]),
  }),
  'load_hourly/autumn-day': csv('25 hours as metered', 'load_hourly', {
    slots: hours(EASTERN.autumn),
    ...one('load_area', ['RTO'], ['mw', 'load', MW]),
    stamps: 'american',
  }),
  'load_hourly/preliminary': api('preliminary', 'load_hourly', 'hrl_load_prelim', {
    slots: hours(EASTERN.spring),
    ...one('load_area', ['AEP'], ['prelim_load_avg_hourly', 'load', MW]),
  }),
  'load_forecast/autumn-day': api('seven days ahead, with its end', 'load_forecast', 'load_frcstd_7_day', {
    slots: hours(EASTERN.autumn),
    ...one('forecast_area', ['RTO_COMBINED'], ['forecast_load_mw', 'load_forecast', MW]),
    prefix: 'forecast_',
    ending: true,
    issued: { column: 'evaluated_at_datetime_utc', at: ISSUED.at },
  }),
  'load_forecast/two-hours': api('two hours by five minutes', 'load_forecast', 'very_short_load_frcst', {
    slots: fives(),
    ...one('forecast_area', ['RTO'], ['forecast_load_mw', 'load_forecast', MW]),
    prefix: 'forecast_',
    ending: true,
    issued: ISSUED,
  }),
  'load_cleared_day_ahead/spring-day': csv('23 hours', 'load_cleared_day_ahead', {
    slots: hours(EASTERN.spring),
    ...one('area', ['RTO'], ['hrly_da_demand_bid', 'load_bid_day_ahead', MW]),
  }),
  'fuel_mix/autumn-day': csv('fuels as series', 'fuel_mix', {
    slots: hours(EASTERN.autumn),
    places: fuels.slice(0, 2),
    figures: [['mw', 'generation', MW]],
  }),
  'wind_forecast/autumn-day': api('25 hours', 'wind_forecast', 'hourly_wind_power_forecast', {
    slots: hours(EASTERN.autumn),
    places: MARKET,
    figures: [['wind_forecast_mwh', 'wind_forecast', 'MWh']],
    ending: true,
    issued: ISSUED,
  }),
  'solar_forecast/autumn-night': api('five minutes', 'solar_forecast', 'five_min_solar_power_forecast', {
    slots: fives(),
    places: MARKET,
    figures: [
      ['solar_forecast_mwh', 'solar_forecast', 'MWh'],
      ['solar_forecast_btm_mwh', 'solar_forecast_btm', 'MWh'],
    ],
    ending: true,
    issued: ISSUED,
  }),
  'wind_generation/autumn-day': csv('25 hours by area', 'wind_generation', {
    slots: hours(EASTERN.autumn),
    ...one('area', ['MIDATL'], ['wind_generation_mw', 'wind_generation', MW]),
  }),
  'solar_generation/spring-day': csv('23 hours by area', 'solar_generation', {
    slots: hours(EASTERN.spring),
    ...one('area', ['RTO'], ['solar_generation_mw', 'solar_generation', MW]),
  }),
  'wind_generation_now/autumn-night': api('readings', 'wind_generation_now', 'instantaneous_wind_gen', {
    slots: fives(),
    places: MARKET,
    figures: [['wind_generation_mw', 'wind_generation', MW]],
    instant: true,
  }),
  'solar_generation_now/autumn-night': api(
    'five minutes',
    'solar_generation_now',
    'five_min_solar_generation',
    {
      slots: fives(),
      places: MARKET,
      figures: [['solar_generation_mw', 'solar_generation', MW]],
    },
  ),
  'interchange/autumn-day': csv('25 hours of a tie', 'interchange', {
    slots: hours(EASTERN.autumn),
    ...one(
      'tie_line',
      ['NYIS'],
      ['actual_flow', 'interchange', MW],
      ['sched_flow', 'interchange_scheduled', MW],
      ['inadv_flow', 'interchange_inadvertent', MW],
    ),
    ending: true,
  }),
  'interchange_5min/autumn-night': api('five minutes', 'interchange_5min', 'five_min_tie_flows', {
    slots: fives(),
    ...one(
      'tie_flow_name',
      ['NYIS', 'TVA'],
      ['actual_mw', 'interchange', MW],
      ['scheduled_mw', 'interchange_scheduled', MW],
    ),
  }),
  'interface_flow/autumn-night': api(
    'flows with their limits',
    'interface_flow',
    'transfer_interface_infor',
    {
      slots: fives(),
      ...one('name', ['AP SOUTH'], ['actual_flow', 'flow', MW], ['transfer_limit', 'transfer_limit', MW]),
    },
  ),
  'interface_flow_hourly/spring-day': csv('23 hours', 'interface_flow_hourly', {
    slots: hours(EASTERN.spring),
    ...one('interface_limit_name', ['BCPEP'], ['flow_mw', 'flow', MW], ['limit_mw', 'transfer_limit', MW]),
  }),
  ...OPERATION_CASES,
  'da_lmp_daily/spring-day': doc(
    'the cells of 0300 are blank',
    'da_lmp_daily',
    dailyFile(EASTERN.spring, 'Day-Ahead'),
    'payload.csv',
  ),
  'da_lmp_daily/autumn-day': doc(
    '0200 stands twice',
    'da_lmp_daily',
    dailyFile(EASTERN.autumn, 'Day-Ahead'),
    'payload.csv',
  ),
  'rt_lmp_hourly_daily/normal-day': doc(
    'real time',
    'rt_lmp_hourly_daily',
    dailyFile(EASTERN.normal, 'Real-Time'),
    'payload.csv',
  ),
  'load_page/reading': doc(
    'numbers with commas, EDT without meaning',
    'load_page',
    readingPage(
      'Instantaneous Load',
      [['MW', 'load', MW, (value) => Number(value).toLocaleString('en-US')]],
      ['PJM RTO Total', 'AE Zone'],
    ),
    'payload.html',
  ),
  'load_forecast_page/hours': doc('a stamp to a row', 'load_forecast_page', forecastPage(), 'payload.html'),
  'rt_lmp_page/reading': doc(
    'prices with a dollar',
    'rt_lmp_page',
    readingPage('Zonal Aggregate LMP', [['LMP', 'lmp', 'USD/MWh', (value) => `$${value}`]], ['AEP', 'PSEG']),
    'payload.html',
  ),
  'interchange_page/reading': doc(
    'actual and scheduled',
    'interchange_page',
    readingPage(
      'Tie Flows',
      [
        ['Actual (MW)', 'interchange', MW, (value) => value],
        ['Scheduled (MW)', 'interchange_scheduled', MW, (value) => value],
      ],
      ['NYIS', 'PJM RTO'],
    ),
    'payload.html',
  ),
};
