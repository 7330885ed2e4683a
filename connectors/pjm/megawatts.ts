/**
 * PJM figures in megawatts: load as metered, estimated and at the instant, its forecasts, generation by fuel, wind and
 * solar with their forecasts, schedules and flows over ties and interfaces.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { type Layout, shapeOf } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { publication } from './body.ts';
import { clockOf, FIVE_MINUTES, HOURS, hasMinutes, READINGS } from './clock.ts';
import { figures } from './figures.ts';

const shape = (layout: Layout) => shapeOf(layout, publication);

const READING = { ...FIVE_MINUTES, onGrid: false };

/** Shapes of `load`: the instantaneous load of areas, about every five minutes. */
export const LOAD = [
  shape({
    title: 'datetime_beginning_utc, area, instantaneous_load',
    needs: [['instantaneousload']],
    clock: clockOf(READING),
    cells: (view) => figures(view, [['instantaneousload', 'load']], ['area']),
  }),
];

const ESTIMATES = ['prelimloadavghourly', 'estimatedloadhourly', 'estloadhourly', 'estimatedload'];

/** Shapes of `load_hourly`: as metered, preliminary, estimated. */
export const LOAD_HOURLY = [
  shape({
    title: 'datetime_beginning_utc, load_area, mw, is_verified',
    needs: [['loadarea'], ['mw']],
    ignored: ['nercregion', 'mktregion', 'zone', 'isverified'],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [['mw', 'load']], ['loadarea']),
  }),
  shape({
    title: 'datetime_beginning_utc, load_area, prelim_load_avg_hourly or estimated_load_hourly',
    needs: [ESTIMATES],
    clock: clockOf(HOURS),
    cells: (view) =>
      figures(
        view,
        ESTIMATES.map((name) => [name, 'load'] as const),
        ['loadarea', 'area'],
      ),
  }),
];

/** Five minutes where begin and end or the stamps say so, else hours. */
const forecastClock = (view: TableView) =>
  /very_short|five_min/.test(view.source ?? '') || hasMinutes(view) === true
    ? clockOf(FIVE_MINUTES, [HOUR])(view)
    : clockOf(HOURS, [5 * MINUTE])(view);

/** Shapes of `load_forecast`. */
export const LOAD_FORECAST = [
  shape({
    title: 'forecast_datetime_beginning_utc, forecast_area, forecast_load_mw',
    needs: [['forecastloadmw']],
    clock: forecastClock,
    cells: (view) => figures(view, [['forecastloadmw', 'load_forecast']], ['forecastarea']),
  }),
];

/** Shapes of `load_cleared_day_ahead`. */
export const DEMAND_BIDS = [
  shape({
    title: 'datetime_beginning_utc, area, hrly_da_demand_bid',
    needs: [['hrlydademandbid']],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [['hrlydademandbid', 'load_bid_day_ahead']], ['area']),
  }),
];

/** Shapes of `fuel_mix`. */
export const FUEL_MIX = [
  shape({
    title: 'datetime_beginning_utc, fuel_type, mw',
    needs: [['fueltype'], ['mw']],
    ignored: ['isrenewable', 'fuelpercentageoftotal'],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [['mw', 'generation']], [], ['fueltype']),
  }),
];

type Source = 'wind' | 'solar';

/** Shapes of `wind_forecast` and `solar_forecast`, by the hour or by five minutes; solar has the part behind the meter. */
export const renewableForecast = (source: Source) => [
  shape({
    title: `datetime_beginning_utc, datetime_ending_utc, ${source}_forecast_mwh`,
    needs: [[`${source}forecastmwh`]],
    clock: forecastClock,
    cells: (view) =>
      figures(
        view,
        [
          [`${source}forecastmwh`, `${source}_forecast`, 'MWh'],
          [`${source}forecastbtmmwh`, `${source}_forecast_btm`, 'MWh'],
        ],
        [],
      ),
  }),
];

/** Shapes of `wind_generation` and `solar_generation` by the hour and area. */
export const renewableHourly = (source: Source) => [
  shape({
    title: `datetime_beginning_utc, area, ${source}_generation_mw`,
    needs: [[`${source}generationmw`], ['area']],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [[`${source}generationmw`, `${source}_generation`]], ['area']),
  }),
];

/** Shapes of the output of the whole market: solar by five minutes, wind as readings some seconds apart. */
export const renewableNow = (source: Source) => [
  shape({
    title: `datetime_beginning_utc, ${source}_generation_mw`,
    needs: [[`${source}generationmw`]],
    lacks: ['area'],
    clock: clockOf(source === 'solar' ? READING : READINGS),
    cells: (view) => figures(view, [[`${source}generationmw`, `${source}_generation`]], []),
  }),
];

/** Shapes of `interchange` by the hour. */
export const INTERCHANGE = [
  shape({
    title: 'datetime_beginning_utc, tie_line, actual_flow, sched_flow, inadv_flow',
    needs: [['tieline'], ['actualflow', 'schedflow']],
    clock: clockOf(HOURS),
    cells: (view) =>
      figures(
        view,
        [
          ['actualflow', 'interchange'],
          ['schedflow', 'interchange_scheduled'],
          ['inadvflow', 'interchange_inadvertent'],
        ],
        ['tieline'],
      ),
  }),
  shape({
    title: 'datetime_beginning_utc, tie_line, hrly_net_tie_sched',
    needs: [['hrlynettiesched']],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [['hrlynettiesched', 'interchange_scheduled']], ['tieline']),
  }),
  shape({
    title: 'datetime_beginning_utc, state, net_interchange',
    needs: [['netinterchange']],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, [['netinterchange', 'interchange']], ['state']),
  }),
];

/** Shapes of `interchange_5min`. */
export const TIE_FLOWS = [
  shape({
    title: 'datetime_beginning_utc, tie_flow_name, actual_mw, scheduled_mw',
    needs: [['tieflowname']],
    clock: clockOf(READING),
    cells: (view) =>
      figures(
        view,
        [
          ['actualmw', 'interchange'],
          ['scheduledmw', 'interchange_scheduled'],
        ],
        ['tieflowname'],
      ),
  }),
];

/** Shapes of `interface_flow`: flows over interfaces inside the market, with their limits. */
export const INTERFACES = [
  shape({
    title: 'datetime_beginning_utc, name, actual_flow, warning_level, transfer_limit',
    needs: [['name'], ['actualflow'], ['transferlimit', 'warninglevel']],
    clock: clockOf(READING),
    cells: (view) =>
      figures(
        view,
        [
          ['actualflow', 'flow'],
          ['warninglevel', 'warning_level'],
          ['transferlimit', 'transfer_limit'],
        ],
        ['name'],
      ),
  }),
];

/** Shapes of `interface_flow_hourly`. */
export const INTERFACES_HOURLY = [
  shape({
    title: 'datetime_beginning_utc, transfer_limit_area, transfers, transfer_limit',
    needs: [['transferlimitarea'], ['transfers', 'averagetransfers']],
    clock: clockOf(HOURS),
    cells: (view) =>
      figures(
        view,
        [
          ['transfers', 'flow'],
          ['averagetransfers', 'flow'],
          ['transferlimit', 'transfer_limit'],
          ['averagetransferlimit', 'transfer_limit'],
        ],
        ['transferlimitarea'],
      ),
  }),
  shape({
    title: 'datetime_beginning_utc, interface_limit_name, flow_mw, limit_mw',
    needs: [['interfacelimitname']],
    clock: clockOf(HOURS),
    cells: (view) =>
      figures(
        view,
        [
          ['flowmw', 'flow'],
          ['limitmw', 'transfer_limit'],
        ],
        ['interfacelimitname'],
      ),
  }),
];
