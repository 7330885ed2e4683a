/**
 * PJM prices of regulation and reserves: results of the markets (`da_reserve_market_results`, `reserve_market_results`),
 * prices of each service (`da_ancillary_services`, `ancillary_services` and its feed of five minutes), regulation
 * (`reg_prices`) and dispatched reserves (`dispatched_reserves`); and shadow prices of facilities (`da_marginal_value`,
 * `rt_marginal_value`). The field is named after the service, quantities keep the names of their columns.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { PublishedField } from '../kit/contract.ts';
import { type Cells, type Layout, labelOf, type Measure, shapeOf } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { publication, versionOf } from './body.ts';
import { clockOf, FIVE_MINUTES, HOURS, hasMinutes } from './clock.ts';
import { TRANSMISSION_LIMITS } from './operations.ts';

const PRICE = 'USD/MW';
const QUANTITY = 'MW';

/** Fields of the datasets of reserves; services that PJM adds get fields of the same form. */
export const RESERVE_FIELDS: readonly PublishedField[] = [
  { field: 'mcp_regulation', unit: PRICE, what: 'price of regulation' },
  { field: 'mcp_regulation_capability', unit: PRICE, what: 'its capability part' },
  { field: 'mcp_regulation_performance', unit: PRICE, what: 'its performance part' },
  { field: 'mcp_synchronized_reserve', unit: PRICE, what: 'price of synchronized reserve' },
  { field: 'mcp_primary_reserve', unit: PRICE, what: 'price of primary reserve' },
  { field: 'mcp_secondary_reserve', unit: PRICE, what: 'price of secondary reserve' },
];
/** Fields of `da_shadow_prices` and `rt_shadow_prices`. */
export const SHADOW_FIELDS: readonly PublishedField[] = [
  { field: 'shadow_price', unit: 'USD/MW', what: 'shadow price of a facility, its contingency as series' },
];

const slug = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

/** Services by their short names. */
const SERVICES: Readonly<Record<string, string>> = {
  reg: 'regulation',
  sr: 'synchronized_reserve',
  pr: 'primary_reserve',
  sync: 'synchronized_reserve',
  '30min': 'secondary_reserve',
};
const serviceOf = (words: string): string => SERVICES[slug(words)] ?? slug(words);

/** Day-ahead or real time, by the feed, by columns that only real time has, or by stamps between full hours. */
function isRealTime(view: TableView): boolean {
  const feed = view.source ?? view.name;
  if (/da_|day.?ahead/i.test(feed)) return false;
  if (view.source !== null || /^(?:rt_|reserve|reg_|ancillary)/i.test(view.name)) return true;
  return view.columns.has('tier1mw', 'regccp', 'regpcp', 'regdmw') || hasMinutes(view) === true;
}

const RESULT_COLUMNS: readonly string[] = [
  'asreqmw',
  'totalmw',
  'asmw',
  'ssmw',
  'tier1mw',
  'ircmwt2',
  'dsrasmw',
  'nsrmw',
  'regdmw',
];

/** `locale, service, mcp, mcp_capped, …`. */
function results(view: TableView): Cells {
  const { columns } = view;
  const localeAt = columns.find('locale', 'area');
  const serviceAt = columns.find('service', 'reservetype');
  columns.ignore(...RESULT_COLUMNS);
  return {
    measures: [{ at: columns.find('mcp', 'marketclearingprice'), field: 'mcp', unit: PRICE }],
    place: (record) => ({
      location: labelOf(record, localeAt),
      series: null,
      field: `mcp_${serviceOf(labelOf(record, serviceAt) ?? '')}`,
    }),
  };
}

/** `ancillary_service, unit, value`: a price where the unit has dollars, a quantity elsewhere. */
function services(view: TableView): Cells {
  const { columns } = view;
  const serviceAt = columns.find('ancillaryservice');
  const unitAt = columns.find('unit');
  const versionAt = columns.find('versionnbr');
  return {
    measures: [{ at: columns.find('value'), field: 'mcp', unit: PRICE }],
    place: (record) => {
      const unit = labelOf(record, unitAt) ?? '';
      const priced = unit === '' || unit.includes('$');
      const service = slug(labelOf(record, serviceAt) ?? '');
      const version = labelOf(record, versionAt) ?? '';
      return {
        location: 'PJM',
        series: null,
        field: `${priced ? 'mcp' : 'quantity'}_${service}`,
        unit: priced ? PRICE : QUANTITY,
        ...versionOf(version),
      };
    },
  };
}

const REGULATION: readonly (readonly [column: string, field: string, unit: string])[] = [
  ['marketclearingprice', 'mcp_regulation', PRICE],
  ['capabilityclearingprice', 'mcp_regulation_capability', PRICE],
  ['performanceclearingprice', 'mcp_regulation_performance', PRICE],
];

function regulation(view: TableView): Cells {
  const areaAt = view.columns.find('area');
  view.columns.ignore('reservequantity', 'reserverequirement', 'marketcappedclearingprice');
  const measures: Measure[] = REGULATION.map(([column, field, unit]) => ({
    at: view.columns.find(column),
    field,
    unit,
  }));
  return {
    measures: measures.filter(({ at }) => at >= 0),
    place: (record) => ({ location: labelOf(record, areaAt) ?? 'PJM', series: null }),
  };
}

const DISPATCHED = [
  'reservequantity',
  'reserverequirement',
  'reliabilityrequirement',
  'extendedrequirement',
  'mwadjustment',
  'shortageindicator',
];
const shape = (layout: Layout) => shapeOf(layout, publication);
const RESULTS = { title: 'datetime_beginning_utc, locale, service, mcp', needs: [['service'], ['mcp']] };
const SERVICE = {
  title: 'datetime_beginning_utc, ancillary_service, unit, value',
  needs: [['ancillaryservice'], ['value']],
  ignored: ['rowiscurrent'],
};
const FIVE_OR_HOUR = clockOf({ ...FIVE_MINUTES, onGrid: true });

/** Five minutes where the stamps say so, else hours. */
const anyClock = (view: TableView) => {
  const fine = /fivemin|five_min/i.test(view.source ?? '') || hasMinutes(view) === true;
  return fine ? FIVE_OR_HOUR(view) : clockOf(HOURS)(view);
};

/** Shapes of `da_as_prices`. */
export const DAY_AHEAD_RESERVES = [
  shape({
    ...RESULTS,
    accepts: (view) => !isRealTime(view),
    clock: clockOf(HOURS),
    cells: results,
    ignored: ['mcpcapped'],
  }),
  shape({ ...SERVICE, accepts: (view) => !isRealTime(view), clock: clockOf(HOURS), cells: services }),
];

/** Shapes of `rt_as_prices`. */
export const REAL_TIME_RESERVES = [
  shape({
    ...RESULTS,
    accepts: isRealTime,
    clock: anyClock,
    cells: results,
    ignored: ['mcpcapped', 'regccp', 'regpcp'],
  }),
  shape({ ...SERVICE, accepts: isRealTime, clock: anyClock, cells: services }),
  shape({
    title: 'datetime_beginning_utc, area, market_clearing_price, capability_clearing_price',
    needs: [['marketclearingprice'], ['capabilityclearingprice', 'performanceclearingprice']],
    clock: FIVE_OR_HOUR,
    cells: regulation,
  }),
  shape({
    title: 'datetime_beginning_utc, area, reserve_type, market_clearing_price',
    needs: [['reservetype'], ['marketclearingprice']],
    lacks: ['capabilityclearingprice'],
    ignored: DISPATCHED,
    clock: FIVE_OR_HOUR,
    cells: results,
  }),
];

function shadows(view: TableView): Cells {
  const facilityAt = view.columns.find('monitoredfacility');
  const contingencyAt = view.columns.find('contingencyfacility');
  return {
    measures: [{ at: view.columns.find('shadowprice'), field: 'shadow_price', unit: 'USD/MW' }],
    place: (record) => ({ location: labelOf(record, facilityAt), series: labelOf(record, contingencyAt) }),
  };
}

const shadowLayout = (realTime: boolean) =>
  shape({
    title:
      'datetime_beginning_utc, datetime_ending_utc, monitored_facility, contingency_facility, shadow_price',
    needs: [['monitoredfacility'], ['shadowprice']],
    // Only the real-time market has these columns, or stamps between full hours.
    accepts: (view) =>
      (view.columns.has('transmissionconstraintpenaltyfactor', 'limitcontrolpercentage') ||
        /^rt_/.test(view.source ?? '') ||
        (view.source === null && hasMinutes(view) === true)) === realTime,
    ignored: ['transmissionconstraintpenaltyfactor', 'limitcontrolpercentage', 'rowiscurrent', 'versionnbr'],
    clock: clockOf(realTime ? FIVE_MINUTES : HOURS, realTime ? [60 * MINUTE] : []),
    cells: shadows,
  });

/** Shapes of `da_shadow_prices`. */
export const DAY_AHEAD_SHADOWS = [shadowLayout(false)];
/** Shapes of `rt_shadow_prices`. */
export const REAL_TIME_SHADOWS = [shadowLayout(true), TRANSMISSION_LIMITS];
