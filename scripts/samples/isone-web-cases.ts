/** Answers of ISO New England's web services and charts with numbers of our own making. */

import type { GoldenCase } from './golden-cases.ts';
import {
  AUTUMN,
  beginsFrom,
  DEMAND,
  easternStamp,
  FIVE,
  FLOW,
  FORECAST,
  flowChart,
  fuelChart,
  LMP,
  LOAD,
  laterCase,
  loadChart,
  NIGHT,
  RESERVE,
  SPRING,
  webCase,
  xmlCase,
  zoned,
} from './isone-web-bodies.ts';
import { HOUR_MS, MINUTE_MS } from './printed-line.ts';

/** All cases of this file. */
export const ISONE_WEB_CASES: readonly GoldenCase[] = [
  webCase(
    {
      dataset: 'da_lmp',
      name: 'spring-day',
      what: '23 hours, compact',
      sample: 'isone_hourlylmp_da_20260308.json',
    },
    ['HourlyLmps', 'HourlyLmp'],
    LMP,
    SPRING,
  ),
  xmlCase({ dataset: 'da_lmp', name: 'autumn-day-xml', what: '25 hours as XML, in a namespace' }, AUTUMN),
  webCase(
    { dataset: 'rt_lmp', name: 'autumn-night', what: 'five minutes over the repeated hour' },
    ['FiveMinLmps', 'FiveMinLmp'],
    { ...LMP, length: FIVE },
    NIGHT,
  ),
  webCase(
    {
      dataset: 'rt_lmp',
      name: 'one-record',
      what: 'a list of one is an object, without the outer container',
    },
    ['', 'FiveMinLmp'],
    { ...LMP, length: FIVE },
    NIGHT.slice(0, 1),
  ),
  webCase(
    {
      dataset: 'rt_as_prices_hourly',
      name: 'preliminary',
      what: 'an autumn day',
      sample: 'isone_hourlyprelimreserveprice_20251102.json',
    },
    ['PrelimHourlyReservePrices', 'PrelimHourlyReservePrice'],
    { ...RESERVE, length: HOUR_MS },
    AUTUMN,
  ),
  webCase(
    { dataset: 'rt_as_prices', name: 'reserves', what: 'five minutes over the repeated hour' },
    ['FiveMinReservePrices', 'FiveMinReservePrice'],
    RESERVE,
    NIGHT,
  ),
  webCase(
    { dataset: 'rt_as_prices', name: 'regulation', what: 'five minutes over the repeated hour' },
    ['FiveMinRcps', 'FiveMinRcp'],
    {
      figures: [
        { key: 'RegServiceClearingPrice', field: 'mcp_regulation_service', most: 900 },
        { key: 'RegCapacityClearingPrice', field: 'mcp_regulation_capacity', most: 9_000 },
      ],
      unit: 'USD/MW',
      length: FIVE,
      more: () => ({ HourEnd: '02' }),
    },
    NIGHT,
  ),
  laterCase(
    {
      dataset: 'da_as_prices',
      name: 'spring-day',
      what: '23 hours; the begin stands in the market hour',
      sample: 'isone_daasreservedata_20260308.json',
    },
    ['isone_web_services', 'day_ahead_reserves', 'day_ahead_reserve'],
    {
      figures: [
        { key: 'tmsr_clearing_price', field: 'mcp_tmsr', most: 9_000 },
        { key: 'fer_clearing_price', field: 'mcp_fer', most: 9_000 },
      ],
      unit: 'USD/MW',
      length: HOUR_MS,
      stampKey: 'ignored_stamp',
      more: (begin) => ({
        ignored_stamp: undefined,
        market_hour: { local_day: easternStamp(begin) },
        eir_designation_mw: 0,
      }),
    },
    SPRING,
  ),
  webCase(
    { dataset: 'load', name: 'day', what: 'five minutes over the repeated hour' },
    ['FiveMinSystemLoads', 'FiveMinSystemLoad'],
    LOAD,
    NIGHT,
  ),
  laterCase(
    { dataset: 'load', name: 'zones', what: 'estimated load of zones' },
    ['isone_web_services', 'five_min_estimated_zonal_loads', 'five_min_estimated_zonal_load'],
    {
      figures: [
        { key: 'estimated_load_mw', field: 'load' },
        { key: 'estimated_btm_pv_mw', field: 'solar_behind_the_meter' },
      ],
      unit: 'MW',
      length: FIVE,
      stampKey: 'interval_begin_date',
      places: ['.Z.MAINE', '.Z.VERMONT'],
      place: zoned,
    },
    NIGHT,
  ),
  laterCase(
    {
      dataset: 'load_forecast_5min',
      name: 'zones',
      what: 'five minutes over the repeated hour',
      sample: 'isone_fiveminutezonalloadforecast.json',
    },
    ['isone_web_services', 'five_min_zonal_forecast_data', 'five_min_zonal_forecast'],
    {
      figures: [
        { key: 'load_mw', field: 'load_forecast' },
        { key: 'btm_pv_mw', field: 'solar_behind_the_meter_forecast' },
      ],
      unit: 'MW',
      length: FIVE,
      stampKey: 'interval_begin_date',
      places: ['.Z.MAINE'],
      place: zoned,
    },
    NIGHT,
  ),
  webCase(
    { dataset: 'load_hourly', name: 'zones', what: 'an autumn day of two zones' },
    ['HourlyRtDemands', 'HourlyRtDemand'],
    DEMAND,
    AUTUMN,
  ),
  webCase(
    { dataset: 'load_hourly', name: 'one-record', what: 'the last hour of the system, an object' },
    ['HourlySystemLoads', 'HourlySystemLoad'],
    {
      ...DEMAND,
      places: ['NEPOOL AREA'],
      figures: [...DEMAND.figures, { key: 'NativeLoad', field: 'load_native' }],
    },
    SPRING.slice(0, 1),
  ),
  webCase(
    {
      dataset: 'load_cleared_day_ahead',
      name: 'spring-day',
      what: '23 hours of two zones',
      sample: 'isone_dayaheadhourlydemand_20260308.json',
    },
    ['HourlyDaDemands', 'HourlyDaDemand'],
    DEMAND,
    SPRING,
  ),
  webCase(
    {
      dataset: 'load_forecast',
      name: 'spring-day',
      what: '23 hours with their publication',
      sample: 'isone_hourlyloadforecast_20260308.json',
    },
    ['HourlyLoadForecasts', 'HourlyLoadForecast'],
    FORECAST,
    SPRING,
  ),
  webCase(
    { dataset: 'load_forecast', name: 'regions', what: 'an autumn day of two regions' },
    ['ReliabilityRegionLoadForecasts', 'ReliabilityRegionLoadForecast'],
    {
      ...FORECAST,
      figures: FORECAST.figures.slice(0, 1),
      places: ['.Z.MAINE', '.Z.CONNECTICUT'],
      place: (name) => ({ ReliabilityRegion: name, ReliabilityRegionLoadPercentage: 9.4 }),
    },
    AUTUMN,
  ),
  webCase(
    { dataset: 'fuel_mix', name: 'day', what: 'readings over the repeated hour' },
    ['GenFuelMixes', 'GenFuelMix'],
    {
      figures: [{ key: 'GenMw', field: 'generation', decimals: 0, most: 9_000 }],
      unit: 'MW',
      length: 0,
      series: ['Natural Gas', 'Landfill Gas'],
      more: () => ({ FuelCategoryRollup: 'Other', MarginalFlag: 'N' }),
    },
    NIGHT.map((begin, i) => begin + (i % 7) * 13_000),
  ),
  flowChart(),
  fuelChart(),
  loadChart(),
  webCase(
    {
      dataset: 'interchange_15min',
      name: 'spring-night',
      what: 'quarters of hours over the hour that does not exist',
      sample: 'isone_fifteenminuteinterchange_20260308.json',
    },
    ['ActualFifteenMinInterchanges', 'ActualFifteenMinInterchange'],
    { ...FLOW, length: 15 * MINUTE_MS },
    beginsFrom('2026-03-08T06:00:00Z', 10, 15 * MINUTE_MS),
  ),
  webCase(
    {
      dataset: 'interchange_hourly',
      name: 'spring-day',
      what: '23 hours',
      sample: 'isone_actualinterchange_20260308.json',
    },
    ['ActualInterchanges', 'ActualInterchange'],
    { ...FLOW, places: ['.I.SALBRYNB345 1'] },
    SPRING,
  ),
];
