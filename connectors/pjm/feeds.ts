/** The feeds of Data Miner as datasets: names, conventions, layouts, and where they are asked for. */

import { type Dataset, sparse } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { FIVE_MINUTES, HOURS, READINGS } from './clock.ts';
import { by, feed, megawatts } from './feed-dataset.ts';
import {
  DEMAND_BIDS,
  FUEL_MIX,
  INTERCHANGE,
  INTERFACES,
  INTERFACES_HOURLY,
  LOAD,
  LOAD_FORECAST,
  LOAD_HOURLY,
  renewableForecast,
  renewableHourly,
  renewableNow,
  TIE_FLOWS,
} from './megawatts.ts';
import {
  DAY_AHEAD,
  EXPECTED,
  PRICE_FIELDS,
  REAL_TIME,
  REAL_TIME_HOURLY,
  SETTLED,
  SETTLED_FIELDS,
} from './prices.ts';
import {
  DAY_AHEAD_RESERVES,
  DAY_AHEAD_SHADOWS,
  REAL_TIME_RESERVES,
  REAL_TIME_SHADOWS,
  RESERVE_FIELDS,
  SHADOW_FIELDS,
} from './reserves.ts';

const DAY_AHEAD_HOURS = -10;
const FIVE_MINUTE_ARCHIVE = 186;
const HOURLY_ARCHIVE = 731;

/** The datasets, prices first. */
export const feeds: readonly Dataset[] = [
  feed(
    {
      name: 'da_lmp',
      // A month of all nodes is hundreds of megabytes.
      pieces: headerLines,
      title: 'Day-ahead hourly prices',
      time: HOURS,
      fields: PRICE_FIELDS,
      shapes: DAY_AHEAD,
      named: /da_hrl_lmps/i,
    },
    by('da_hrl_lmps', DAY_AHEAD_HOURS, { byType: true, archivedAfter: HOURLY_ARCHIVE }),
  ),
  feed(
    {
      name: 'rt_lmp',
      // A month of all nodes is hundreds of megabytes.
      pieces: headerLines,
      title: 'Real-time prices of five minutes, unverified, verified or settled',
      time: FIVE_MINUTES,
      fields: PRICE_FIELDS,
      shapes: REAL_TIME,
      named: /fivemin/i,
    },
    by('rt_unverified_fivemin_lmps', 1, { byType: true, archivedAfter: FIVE_MINUTE_ARCHIVE }),
  ),
  feed(
    {
      name: 'rt_lmp_hourly',
      // A month of all nodes is hundreds of megabytes.
      pieces: headerLines,
      title: 'Real-time prices of the hour, unverified or verified',
      time: HOURS,
      fields: PRICE_FIELDS,
      shapes: REAL_TIME_HOURLY,
      named: /rt_(?:unverified_)?hrl_lmps/i,
    },
    by('rt_hrl_lmps', 48, { byType: true, archivedAfter: HOURLY_ARCHIVE }),
  ),
  feed(
    {
      name: 'settled_lmp',
      // A month of all nodes is hundreds of megabytes.
      pieces: headerLines,
      title: 'Hourly prices of both markets as settled',
      time: HOURS,
      fields: SETTLED_FIELDS,
      shapes: SETTLED,
      named: /rt_da_monthly/i,
    },
    by('rt_da_monthly_lmps', 24 * 45, { byType: true, archivedAfter: HOURLY_ARCHIVE }),
  ),
  feed(
    {
      name: 'rt_lmp_expected',
      title: 'Prices that the look-ahead dispatch expects, by five minutes',
      time: FIVE_MINUTES,
      fields: PRICE_FIELDS.filter(({ field }) => field !== 'energy'),
      shapes: EXPECTED,
      named: /itsced/i,
    },
    by('five_min_itsced_lmps', 1),
  ),
  feed(
    {
      name: 'da_as_prices',
      title: 'Day-ahead prices of reserves',
      time: HOURS,
      fields: RESERVE_FIELDS,
      shapes: DAY_AHEAD_RESERVES,
      named: /^da_/i,
    },
    by('da_reserve_market_results', DAY_AHEAD_HOURS),
  ),
  feed(
    {
      name: 'rt_as_prices',
      title: 'Real-time prices of regulation and reserves',
      time: FIVE_MINUTES,
      fields: RESERVE_FIELDS,
      shapes: REAL_TIME_RESERVES,
      named: /^(?:reserve_market|ancillary|reg_prices|dispatched)/i,
    },
    by('reserve_market_results', 48),
  ),
  sparse(
    feed(
      {
        name: 'da_shadow_prices',
        title: 'Day-ahead shadow prices of facilities',
        time: HOURS,
        fields: SHADOW_FIELDS,
        shapes: DAY_AHEAD_SHADOWS,
        named: /da_marginal/i,
      },
      by('da_marginal_value', DAY_AHEAD_HOURS),
    ),
  ),
  sparse(
    feed(
      {
        name: 'rt_shadow_prices',
        title: 'Real-time shadow prices of facilities',
        time: FIVE_MINUTES,
        fields: SHADOW_FIELDS,
        shapes: REAL_TIME_SHADOWS,
        named: /rt_marginal/i,
      },
      by('rt_marginal_value', 24),
    ),
  ),
  feed(
    {
      name: 'load',
      title: 'Instantaneous load of areas, about every five minutes',
      time: FIVE_MINUTES,
      fields: [megawatts('load', 'load of an area')],
      shapes: LOAD,
      named: /inst_load/i,
    },
    by('inst_load', 1),
  ),
  feed(
    {
      name: 'load_hourly',
      title: 'Load of areas by the hour, estimated, preliminary or metered',
      time: HOURS,
      fields: [megawatts('load', 'load of an area')],
      shapes: LOAD_HOURLY,
      named: /hrl_load/i,
    },
    by('hrl_load_metered', 48),
  ),
  feed(
    {
      name: 'load_forecast',
      title: 'Load forecasts of areas, of seven days, of two hours, and as they were made',
      time: HOURS,
      fields: [megawatts('load_forecast', 'forecast load of an area')],
      shapes: LOAD_FORECAST,
      named: /load_frcst/i,
    },
    { feed: 'load_frcstd_hist', filter: 'forecast_hour_beginning_ept', publishedAfter: 24 },
  ),
  feed(
    {
      name: 'load_cleared_day_ahead',
      title: 'Demand bids of the day-ahead market by area',
      time: HOURS,
      fields: [megawatts('load_bid_day_ahead', 'demand bid in an area')],
      shapes: DEMAND_BIDS,
      named: /hrl_dmd_bids/i,
    },
    by('hrl_dmd_bids', DAY_AHEAD_HOURS),
  ),
  feed(
    {
      name: 'fuel_mix',
      title: 'Generation by fuel and hour',
      time: HOURS,
      fields: [megawatts('generation', 'output of a fuel, its name as series')],
      shapes: FUEL_MIX,
      named: /gen_by_fuel/i,
    },
    by('gen_by_fuel', 2),
  ),
  ...(['wind', 'solar'] as const).flatMap((source) => [
    feed(
      {
        name: `${source}_forecast`,
        title: `Forecasts of ${source}, by the hour and by five minutes`,
        time: HOURS,
        fields: [
          megawatts(`${source}_forecast`, 'energy of the interval', 'MWh'),
          ...(source === 'solar'
            ? [megawatts('solar_forecast_btm', 'the part behind the meter', 'MWh')]
            : []),
        ],
        shapes: renewableForecast(source),
        named: new RegExp(`${source}_power_forecast`, 'i'),
      },
      { feed: `hourly_${source}_power_forecast`, filter: 'evaluated_at_ept', publishedAfter: 24 },
    ),
    feed(
      {
        name: `${source}_generation`,
        title: `Output of ${source} by the hour and area`,
        time: HOURS,
        fields: [megawatts(`${source}_generation`, 'output in an area')],
        shapes: renewableHourly(source),
        named: new RegExp(`^${source}_gen`, 'i'),
      },
      by(`${source}_gen`, 32),
    ),
    feed(
      {
        name: `${source}_generation_now`,
        title: `Output of ${source} of the whole market`,
        time: source === 'solar' ? FIVE_MINUTES : READINGS,
        fields: [megawatts(`${source}_generation`, 'output')],
        shapes: renewableNow(source),
        named: new RegExp(source === 'solar' ? 'five_min_solar_gen' : 'instantaneous_wind', 'i'),
      },
      by(source === 'solar' ? 'five_min_solar_generation' : 'instantaneous_wind_gen', 1),
    ),
  ]),
  feed(
    {
      name: 'interchange',
      title: 'Flows over ties by the hour, actual, scheduled and inadvertent',
      time: HOURS,
      fields: [
        megawatts('interchange', 'flow over a tie, sign as published'),
        megawatts('interchange_scheduled', 'its schedule'),
        megawatts('interchange_inadvertent', 'the difference'),
      ],
      shapes: INTERCHANGE,
      named: /interchange/i,
    },
    by('act_sch_interchange', 48),
  ),
  feed(
    {
      name: 'interchange_5min',
      title: 'Flows over ties by five minutes',
      time: FIVE_MINUTES,
      fields: [
        megawatts('interchange', 'flow over a tie'),
        megawatts('interchange_scheduled', 'its schedule'),
      ],
      shapes: TIE_FLOWS,
      named: /tie_flows/i,
    },
    by('five_min_tie_flows', 1),
  ),
  feed(
    {
      name: 'interface_flow',
      title: 'Flows over transfer interfaces by five minutes, with their limits',
      time: FIVE_MINUTES,
      fields: [
        megawatts('flow', 'flow over an interface'),
        megawatts('warning_level', 'level of warning'),
        megawatts('transfer_limit', 'limit of the flow'),
      ],
      shapes: INTERFACES,
      named: /transfer_interface/i,
    },
    by('transfer_interface_infor', 1),
  ),
  feed(
    {
      name: 'interface_flow_hourly',
      title: 'Flows over interfaces by the hour, with their limits',
      time: HOURS,
      fields: [megawatts('flow', 'flow over an interface'), megawatts('transfer_limit', 'limit of the flow')],
      shapes: INTERFACES_HOURLY,
      named: /transfer_limits|interface_flows/i,
    },
    by('transfer_limits_and_flows', 48),
  ),
];
