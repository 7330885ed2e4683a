/**
 * PJM figures of its operation: generation on outage by day, reserves that the dispatch had, what the morning expects of
 * the peak, what the former day brought, and readings of the control error and the dispatch rate.
 *
 * A day of a forecast of outages is a date of Eastern prevailing time. The date on which a forecast was made is printed
 * without a clock: it is published at its midnight, which parts the forecasts of one day and is no later than the truth.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Layout, labelOf, type Measure, shapeOf } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { publication } from './body.ts';
import { clockOf, dayClock, FIVE_MINUTES, HOURS, READINGS } from './clock.ts';
import { type Column, figures } from './figures.ts';

const MW = 'MW';
const shape = (layout: Layout) => shapeOf(layout, publication);
const published = (unit: string, fields: Readonly<Record<string, string>>): PublishedField[] =>
  Object.entries(fields).map(([field, what]) => ({ field, unit, what }));

/** Fields of `outages`. */
export const OUTAGE_FIELDS = published(MW, {
  outage: 'generation on outage, in all',
  outage_planned: 'for planned work',
  outage_maintenance: 'for maintenance',
  outage_forced: 'forced',
});

const BY_TYPE: readonly Column[] = [
  ['totaloutagesmw', 'outage'],
  ['plannedoutagesmw', 'outage_planned'],
  ['maintenanceoutagesmw', 'outage_maintenance'],
  ['forcedoutagesmw', 'outage_forced'],
];

/** Columns of the forecast of 90 days, a region in each. */
const REGIONS: readonly (readonly [column: string, location: string])[] = [
  ['forecastgenoutagemwrto', 'RTO'],
  ['forecastgenoutagemwwest', 'WEST'],
  ['forecastgenoutagemwother', 'OTHER'],
];

const regions = (view: TableView): Measure[] =>
  REGIONS.map(([column, location]) => ({
    at: view.columns.find(column),
    field: 'outage',
    unit: MW,
    location,
  })).filter(({ at }) => at >= 0);

/** Shapes of `outages`: by type for seven days, and in all for ninety. */
export const OUTAGES = [
  shape({
    title: 'forecast_date, region, total_outages_mw, planned_outages_mw, …',
    needs: [['forecastdate'], BY_TYPE.map(([column]) => column)],
    clock: dayClock('forecastdate'),
    cells: (view) => figures(view, BY_TYPE, ['region']),
  }),
  shape({
    title: 'forecast_date, forecast_gen_outage_mw_rto, …',
    needs: [['forecastdate'], REGIONS.map(([column]) => column)],
    clock: dayClock('forecastdate'),
    cells: (view) => ({ measures: regions(view), place: () => ({ location: null, series: null }) }),
  }),
];

/** Fields of `reserves`. */
export const RESERVE_QUANTITIES = [
  ...published(MW, {
    reserve: 'reserve that there is, its kind as series',
    reserve_requirement: 'what is required of it',
    reserve_requirement_reliability: 'what reliability requires',
    reserve_requirement_extended: 'what is required besides',
    reserve_requirement_additional: 'what is required for the time being',
    reserve_deficit: 'what is lacking',
    regulation_procured: 'regulation bought, its signal as series',
    regulation_self_scheduled: 'regulation that its owner scheduled',
    regulation_hourly: 'regulation of the hour',
    regulation: 'regulation in all',
  }),
  ...published('1', {
    regulation_mileage: 'mileage of the signal',
    regulation_performance: 'score of all regulation',
  }),
];

const DISPATCHED: readonly Column[] = [
  ['totalreservemw', 'reserve'],
  ['reservereqmtmw', 'reserve_requirement'],
  ['reliabilityreqmtmw', 'reserve_requirement_reliability'],
  ['extendedreqmtmw', 'reserve_requirement_extended'],
  ['additionalextendedreqmtmw', 'reserve_requirement_additional'],
  ['deficitmw', 'reserve_deficit'],
];

/** Columns of regulation that both signals have, and those of all regulation. */
const SIGNALS: readonly Column[] = [
  ['procure', 'regulation_procured'],
  ['ssmw', 'regulation_self_scheduled'],
  ['hourly', 'regulation_hourly'],
  ['mileage', 'regulation_mileage', '1'],
];
const REGULATION: readonly Column[] = [
  ['requirement', 'reserve_requirement'],
  ['totalmw', 'regulation'],
  ['deficiency', 'reserve_deficit'],
  ['rtoperfscore', 'regulation_performance', '1'],
];

/** The signals are places of their own, as a record holds both. */
function regulation(view: TableView) {
  const all = figures(view, REGULATION, []).measures;
  const signals = ['RegA', 'RegD'].flatMap((signal) =>
    SIGNALS.map(([column, field, unit = MW]) => ({
      at: view.columns.find(`${signal.toLowerCase()}${column}`),
      field,
      unit,
      location: signal,
    })),
  );
  return {
    measures: [...all, ...signals.filter(({ at }) => at >= 0)],
    place: () => ({ location: 'PJM', series: null }),
  };
}

/** Shapes of `reserves`: as dispatched, as read every few seconds, and the regulation of the hour. */
export const RESERVES = [
  shape({
    title: 'datetime_beginning_utc, area, reserve_type, total_reserve_mw, reserve_reqmt_mw, …',
    needs: [['reservetype'], ['totalreservemw', 'reservereqmtmw']],
    clock: clockOf(FIVE_MINUTES),
    cells: (view) => figures(view, DISPATCHED, ['area'], ['reservetype']),
  }),
  shape({
    title: 'datetime_beginning_utc, reserve_name, reserve_mw',
    needs: [['reservename'], ['reservemw']],
    clock: clockOf(READINGS),
    cells: (view) => figures(view, [['reservemw', 'reserve']], [], ['reservename']),
  }),
  shape({
    title: 'datetime_beginning_utc, rega_procure, regd_procure, requirement, …',
    needs: [['regaprocure', 'regdprocure', 'regamileage', 'regdmileage', 'regahourly', 'regdhourly']],
    ignored: ['isapproved', 'modifieddatetimeutc', 'modifieddatetimeept'],
    clock: clockOf(HOURS),
    cells: regulation,
  }),
];

/** Fields of `peak_forecast`. */
export const PEAK_FIELDS = published(MW, {
  load_forecast: 'load expected at the peak',
  capacity_internal: 'capacity scheduled inside',
  capacity_scheduled: 'capacity scheduled in all',
  capacity_adjustment: 'adjustment of the capacity',
  capacity_unscheduled_steam: 'steam that is not scheduled',
  operating_reserve: 'reserve at the peak',
  interchange_scheduled: 'flow scheduled at the peak, over an interface or in all',
});

const PEAK: readonly Column[] = [
  ['loadforecast', 'load_forecast'],
  ['pjmloadforecast', 'load_forecast'],
  ['internalscheduledcapacity', 'capacity_internal'],
  ['totalscheduledcapacity', 'capacity_scheduled'],
  ['capacityadjustments', 'capacity_adjustment'],
  ['unscheduledsteamcapacity', 'capacity_unscheduled_steam'],
  ['operatingreserve', 'operating_reserve'],
  ['scheduledtieflowtotal', 'interchange_scheduled'],
  ['scheduledtieflow', 'interchange_scheduled'],
];

/** Shapes of `peak_forecast`: the figures stand for the instant of the peak. */
export const PEAKS = [
  shape({
    title: 'projected_peak_datetime_utc, generated_at_ept, area or interface, …',
    needs: [['projectedpeakdatetimeutc', 'projectedpeakdatetimeept'], PEAK.map(([column]) => column)],
    clock: clockOf(READINGS),
    cells: (view) => figures(view, PEAK, ['area', 'interface']),
  }),
];

/** Fields of `operations_hourly`. */
export const PERIOD_FIELDS = [
  ...published(MW, { load: 'load of the hour', load_forecast: 'what was expected of it' }),
  ...published('USD/MWh', { dispatch_rate: 'rate of the dispatch' }),
];

/** Shapes of `operations_hourly`. */
export const PERIODS = [
  shape({
    title: 'datetime_beginning_utc, area, area_load_forecast, actual_load, dispatch_rate',
    needs: [['actualload', 'arealoadforecast']],
    clock: clockOf(HOURS),
    cells: (view) =>
      figures(
        view,
        [
          ['actualload', 'load'],
          ['arealoadforecast', 'load_forecast'],
          ['dispatchrate', 'dispatch_rate', 'USD/MWh'],
        ],
        ['area'],
      ),
  }),
];

/** Fields of `dispatch_now`. */
export const DISPATCH_FIELDS = [
  ...published(MW, { area_control_error: 'error of the control of the area' }),
  ...published('USD/MWh', { dispatch_rate: 'rate of the dispatch in a zone' }),
];

/** Shapes of `dispatch_now`: readings every few seconds. */
export const DISPATCH = [
  shape({
    title: 'datetime_beginning_utc, ace_mw',
    needs: [['acemw']],
    clock: clockOf(READINGS),
    cells: (view) => figures(view, [['acemw', 'area_control_error']], []),
  }),
  shape({
    title: 'datetime_beginning_utc, zone, dispatch_rate',
    needs: [['dispatchrate'], ['zone']],
    lacks: ['actualload'],
    clock: clockOf(READINGS),
    cells: (view) => figures(view, [['dispatchrate', 'dispatch_rate', 'USD/MWh']], ['zone']),
  }),
];

/** `constraint_name, constraint_type, contingency, shadow_price`: limits of transmission in the real-time dispatch. */
export const TRANSMISSION_LIMITS = shape({
  title: 'datetime_beginning_utc, constraint_name, contingency, shadow_price',
  needs: [['constraintname'], ['shadowprice']],
  ignored: ['constrainttype'],
  clock: clockOf(FIVE_MINUTES),
  cells: (view) => {
    const contingencyAt = view.columns.find('contingency');
    const constraintAt = view.columns.find('constraintname');
    return {
      measures: [{ at: view.columns.find('shadowprice'), field: 'shadow_price', unit: 'USD/MW' }],
      place: (record) => ({
        location: labelOf(record, constraintAt),
        series: labelOf(record, contingencyAt),
      }),
    };
  },
});
