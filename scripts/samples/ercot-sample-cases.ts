/** The samples and golden cases of ERCOT: which tables, in which form, for which day. */

import {
  conditionsPage,
  fuelDashboard,
  hourDashboard,
  type SampleDocument,
  storageDashboard,
  todayDashboard,
} from './ercot-sample-documents.ts';
import {
  byModel,
  constraints,
  corrections,
  demand,
  dispatched,
  forecast,
  LOAD_KEYS,
  lambda,
  lookAhead,
  native,
  pageLoads,
  quarterly,
  RENEWABLE_KEYS,
  SOLAR,
  SOLAR_HEADER,
  WIND,
  WIND_HEADER,
  weather,
  widePage,
  withCell,
} from './ercot-sample-reports.ts';
import {
  capacityPrices,
  dispatchPrices,
  fiveMinuteAverages,
  hourlyPrices,
  quarterPrices,
  renewableHours,
  yearlyCapacity,
} from './ercot-sample-tables.ts';
import { CENTRAL } from './sample-days.ts';
import type { GoldenCase } from './sample-files.ts';
import {
  arraysOf,
  csvOf,
  expectedLines,
  htmlRows,
  type SampleTable,
  sayings,
  xmlOf,
} from './sample-table.ts';

const NAMESPACE = 'http://www.ercot.com/schema/2009-01/nodal/cdr';

const csv = (
  what: string,
  dataset: string,
  table: SampleTable,
  lineEnd = '\n',
  quoted = false,
): GoldenCase => ({
  what,
  made: { payload: csvOf(table, lineEnd, quoted), expected: expectedLines('ERCOT', dataset, sayings(table)) },
  file: 'payload.csv',
});
const xml = (what: string, dataset: string, table: SampleTable, root: string, item: string): GoldenCase => ({
  what,
  made: {
    payload: xmlOf(table, root, item, NAMESPACE),
    expected: expectedLines('ERCOT', dataset, sayings(table)),
  },
  file: 'payload.xml',
});
const html = (what: string, dataset: string, table: SampleTable): GoldenCase => ({
  what,
  made: {
    payload: `<!DOCTYPE html>\n<html><head><title>ERCOT</title></head><body>\n<table>\n${htmlRows(table)}</table></body></html>\n`,
    expected: expectedLines('ERCOT', dataset, sayings(table)),
  },
  file: 'payload.html',
});
const doc = (
  what: string,
  dataset: string,
  { payload, says }: SampleDocument,
  file = 'payload.json',
): GoldenCase => ({
  what,
  made: { payload, expected: expectedLines('ERCOT', dataset, says) },
  file,
});

/** An answer of the public API. Later rows first where asked for: its order is not that of time. */
function api(
  what: string,
  dataset: string,
  table: SampleTable,
  report: string,
  backward = false,
): GoldenCase {
  const records = backward ? [...table.records].reverse() : table.records;
  const turned = { ...table, records };
  const fields = table.header.map((name, i) => `{"name":"${name}","label":"${name}","cardinality":${i + 1}}`);
  const payload =
    `{"_meta":{"totalRecords":${records.length},"pageSize":1000,"totalPages":1,"currentPage":1},` +
    `"report":{"reportName":"${report}"},"fields":[${fields.join(',')}],` +
    `"data":[${arraysOf(turned).join(',')}],"_links":{"self":{"href":"https://api.ercot.com/"}}}`;
  return {
    what,
    made: { payload, expected: expectedLines('ERCOT', dataset, sayings(turned)) },
    file: 'payload.json',
  };
}

const DAM_SPP = ['DeliveryDate', 'HourEnding', 'SettlementPoint', 'SettlementPointPrice', 'DSTFlag'];
const API_SPP = ['deliveryDate', 'hourEnding', 'settlementPoint', 'settlementPointPrice', 'DSTFlag'];
const YEARLY_SPP = [
  'Delivery Date',
  'Hour Ending',
  'Repeated Hour Flag',
  'Settlement Point',
  'Settlement Point Price',
];
const BUS = ['DeliveryDate', 'HourEnding', 'BusName', 'LMP', 'DSTFlag'];
const RTM = [
  'DeliveryDate',
  'DeliveryHour',
  'DeliveryInterval',
  'SettlementPointName',
  'SettlementPointType',
  'SettlementPointPrice',
  'DSTFlag',
];
const RTM_YEARLY = [
  'Delivery Date',
  'Delivery Hour',
  'Delivery Interval',
  'Repeated Hour Flag',
  'Settlement Point Name',
  'Settlement Point Type',
  'Settlement Point Price',
];
const SCED = ['SCEDTimestamp', 'RepeatedHourFlag', 'SettlementPoint', 'LMP'];
const MCPC = ['DeliveryDate', 'HourEnding', 'AncillaryType', 'MCPC', 'DSTFlag'];
const POINTS = ['HB_HUBAVG', 'LZ_WEST'];

/** Golden cases: `dataset/case`. */
export const CASES: Readonly<Record<string, GoldenCase>> = {
  'da_lmp/normal-day': csv(
    'a file of one day',
    'da_lmp',
    hourlyPrices(CENTRAL.normal, POINTS, { header: DAM_SPP }),
  ),
  'da_lmp/spring-day': csv(
    '23 hours, 03:00 absent',
    'da_lmp',
    hourlyPrices(CENTRAL.spring, POINTS, { header: DAM_SPP }),
  ),
  'da_lmp/autumn-day': csv(
    '25 hours, 02:00 with N and with Y, CRLF',
    'da_lmp',
    hourlyPrices(CENTRAL.autumn, POINTS, { header: DAM_SPP }),
    '\r\n',
  ),
  'da_lmp/autumn-day-xml': xml(
    'the XML member of the same report',
    'da_lmp',
    hourlyPrices(CENTRAL.autumn, ['HB_NORTH'], { header: DAM_SPP }),
    'DAMSettlementPointPrices',
    'DAMSettlementPointPrice',
  ),
  'da_lmp/autumn-day-api': api(
    'an answer of the public API, the later hours first',
    'da_lmp',
    hourlyPrices(CENTRAL.autumn, ['HB_NORTH'], { header: API_SPP, api: true }),
    'dam_stlmnt_pnt_prices',
    true,
  ),
  'da_lmp/yearly': csv(
    'the layout of the yearly workbook, quoted',
    'da_lmp',
    hourlyPrices(CENTRAL.spring, POINTS, { header: YEARLY_SPP }, 2),
    '\n',
    true,
  ),
  'da_lmp/corrections': csv('corrected prices with those before', 'da_lmp', corrections()),
  'da_lmp/page': html('a display page, a place per column', 'da_lmp', widePage(false)),
  'da_lmp_bus/autumn-day': csv(
    '25 hours',
    'da_lmp_bus',
    hourlyPrices(CENTRAL.autumn, ['0001'], { header: BUS }),
  ),
  'rt_lmp/autumn-night': csv(
    'both hours of 02:00, zones with two prices',
    'rt_lmp',
    quarterPrices(CENTRAL.autumn, RTM, false),
  ),
  'rt_lmp/spring-night-yearly': csv(
    'the yearly layout',
    'rt_lmp',
    quarterPrices(CENTRAL.spring, RTM_YEARLY, true),
  ),
  'rt_lmp/page': html('a display page by interval', 'rt_lmp', widePage(true)),
  'rt_lmp_sced/autumn-night': csv('stamps off the grid', 'rt_lmp_sced', dispatchPrices(SCED, POINTS)),
  'rt_lmp_bus/autumn-night': csv(
    'prices of buses',
    'rt_lmp_bus',
    dispatchPrices(['SCEDTimestamp', 'RepeatedHourFlag', 'ElectricalBus', 'LMP'], ['BUS A']),
  ),
  'rt_lmp_indicative/spring-night': csv('the look-ahead dispatch', 'rt_lmp_indicative', lookAhead()),
  'da_as_prices/autumn-day': csv(
    '25 hours, a product per record',
    'da_as_prices',
    capacityPrices(CENTRAL.autumn, { header: MCPC }),
  ),
  'da_as_prices/spring-day': csv(
    '23 hours',
    'da_as_prices',
    capacityPrices(CENTRAL.spring, { header: MCPC }),
  ),
  'da_as_prices/yearly-spring': csv(
    'a product per column, a header with a blank, before ECRS',
    'da_as_prices',
    yearlyCapacity(
      CENTRAL.spring,
      ['REGDN', 'REGUP', 'RRS', 'NSPIN'],
      ['Delivery Date', 'Hour Ending', 'Repeated Hour Flag', 'REGDN', 'REGUP ', 'RRS', 'NSPIN'],
    ),
  ),
  'da_as_prices/yearly-autumn': csv(
    'with ECRS',
    'da_as_prices',
    yearlyCapacity(
      CENTRAL.autumn,
      ['REGDN', 'REGUP', 'RRS', 'NSPIN', 'ECRS'],
      ['Delivery Date', 'Hour Ending', 'Repeated Hour Flag', 'REGDN', 'REGUP', 'RRS', 'NSPIN', 'ECRS'],
    ),
  ),
  'rt_as_prices/autumn-night': csv(
    'by the quarter of an hour',
    'rt_as_prices',
    withCell(
      quarterly,
      ['DeliveryDate', 'DeliveryHour', 'DeliveryInterval', 'ASType', 'MCPC', 'RepeatedHourFlag'],
      'REGUP',
      3,
      'mcp_regup',
    ),
  ),
  'rt_as_prices_sced/autumn-night': csv(
    'of each dispatch',
    'rt_as_prices_sced',
    withCell(dispatched, ['SCEDTimestamp', 'RepeatedHourFlag', 'ASType', 'MCPC'], 'NSPIN', 2, 'mcp_nspin'),
  ),
  'da_system_lambda/autumn-day': csv('25 hours', 'da_system_lambda', lambda('energy', false)),
  'rt_system_lambda/autumn-night': csv('stamps of the dispatch', 'rt_system_lambda', lambda('energy', true)),
  'da_shadow_prices/autumn-day': csv('25 hours of one constraint', 'da_shadow_prices', constraints(false)),
  'rt_shadow_prices/autumn-night': csv('stamps of the dispatch', 'rt_shadow_prices', constraints(true)),
  'rt_price_adders/autumn-night': csv('by the quarter of an hour', 'rt_price_adders', quarterly),
  'rt_price_adders_sced/autumn-night': csv('of each dispatch', 'rt_price_adders_sced', dispatched),
  'load/autumn-night': csv('quarters by their end, both passes', 'load', demand),
  'load_hourly/autumn-day': csv('25 hours by weather zone', 'load_hourly', weather(CENTRAL.autumn)),
  'load_hourly/spring-day': csv('23 hours by weather zone', 'load_hourly', weather(CENTRAL.spring)),
  'load_hourly/native': csv('the yearly archive, DST behind the repeated hour', 'load_hourly', native),
  'load_hourly/page': html('a display page, a star at the repeated hour', 'load_hourly', pageLoads),
  'load_forecast/autumn-day': csv(
    'hours without a leading zero, a header with blanks',
    'load_forecast',
    forecast(CENTRAL.autumn),
  ),
  'load_forecast/spring-day': csv('23 hours', 'load_forecast', forecast(CENTRAL.spring)),
  'load_forecast/by-model': csv('the model as series', 'load_forecast', byModel),
  'wind_forecast/autumn-day': csv(
    '25 hours, output of hours to come absent',
    'wind_forecast',
    renewableHours(CENTRAL.autumn, WIND_HEADER, WIND),
  ),
  'wind_forecast/spring-day': csv(
    '23 hours',
    'wind_forecast',
    renewableHours(CENTRAL.spring, WIND_HEADER, WIND),
  ),
  'solar_forecast/autumn-day': csv(
    'the columns of September 2024',
    'solar_forecast',
    renewableHours(CENTRAL.autumn, SOLAR_HEADER, SOLAR),
  ),
  'wind_generation/spring-night': csv(
    'five minutes by their end',
    'wind_generation',
    fiveMinuteAverages(['INTERVAL_ENDING', 'SYSTEM_WIDE', 'LZ_WEST', 'DSTFlag'], 'wind_generation', [
      'SYSTEM_WIDE',
      'LZ_WEST',
    ]),
  ),
  'solar_generation/spring-night': csv(
    'five minutes by their end',
    'solar_generation',
    fiveMinuteAverages(['INTERVAL_ENDING', 'SYSTEM_WIDE', 'DSTFlag'], 'solar_generation', ['SYSTEM_WIDE']),
  ),
  'load_outlook/autumn-day': doc(
    '25 hours, load of past hours',
    'load_outlook',
    hourDashboard(CENTRAL.autumn, LOAD_KEYS, 12),
  ),
  'load_today/autumn-night': doc('stamps with their offset', 'load_today', todayDashboard()),
  'fuel_mix/autumn-night': doc('stamps some seconds off', 'fuel_mix', fuelDashboard()),
  'storage/autumn-night': doc('the repeated hour by its offset', 'storage', storageDashboard()),
  'renewable_forecast/autumn-day': doc(
    '25 hours',
    'renewable_forecast',
    hourDashboard(CENTRAL.autumn, RENEWABLE_KEYS, 12),
  ),
  'system_conditions/page': doc(
    'a page with loose rows',
    'system_conditions',
    conditionsPage(),
    'payload.html',
  ),
};
