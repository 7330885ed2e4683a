/** SPP's figures in megawatts with numbers of our own making, in the layouts of its eras. */

import { decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { type Figure, HOUR_MS, MINUTE_MS, utc } from './printed-line.ts';
import {
  AUTUMN,
  BY_AREA,
  type Column,
  chartCase,
  ENDING,
  FIVE,
  mw,
  NIGHT,
  SPRING,
  tableCase,
} from './spp-megawatt-bodies.ts';
import { endsFrom, stampsAt } from './spp-price-cases.ts';

const ZONES = ['CSWS', 'EDE', 'KCPL', 'WAUE'].map((zone) => mw(zone, 'load', { place: zone }));
const GMT_ONLY = (at: number): readonly string[] => [stampsAt(at).gmt];
const fuel = (header: string): Column => mw(` ${header}`, 'generation', { series: header, decimals: 1 });
const TREND: readonly Column[] = [
  mw('STLF', 'load_forecast_short_term'),
  mw('MTLF', 'load_forecast_mid_term'),
  mw('Actual Load', 'load', { past: true }),
  mw('STWF', 'wind_forecast_short_term'),
  mw('Actual Wind', 'wind_generation', { past: true }),
];
const tie = (header: string): Column => mw(header, 'interchange', { place: header, decimals: 3 });
const NET: readonly Column[] = [
  mw('SPP_NSI', 'interchange_scheduled', { place: 'SPP', decimals: 3 }),
  mw('SPP_NAI', 'interchange', { place: 'SPP', decimals: 3 }),
];

/** All cases of this file. */
export const SPP_MEGAWATT_CASES: readonly GoldenCase[] = [
  tableCase(
    {
      dataset: 'load_hourly',
      name: 'wide-autumn-day',
      what: '25 hours, a column for each zone, blanks before names',
      sample: 'spp_DAILY_HOURLY_LOAD-20251102.csv',
    },
    { lead: ['MarketHour'], leads: GMT_ONLY, places: ['SPP'], stamp: 'end' },
    ZONES.map((zone) => ({ ...zone, header: ` ${zone.header}` })),
    { ends: AUTUMN, length: HOUR_MS },
  ),
  tableCase(
    { dataset: 'load_hourly', name: 'old-stamps', what: 'years of two digits, midnight as a date alone' },
    {
      lead: ['MarketHour'],
      leads: (at) => [
        stampsAt(at)
          .gmt.replace(/^0/, '')
          .replace('/0', '/')
          .replace('/2025', '/25')
          .replace(/ 00:00:00$/, '')
          .replace(/:00$/, ''),
      ],
      places: ['SPP'],
      stamp: 'end',
    },
    ZONES,
    { ends: endsFrom('2025-01-01T20:00:00Z', 8, HOUR_MS), length: HOUR_MS },
  ),
  {
    ...longLoad(),
    dataset: 'load_hourly',
    name: 'long-spring-day',
    what: '23 hours, a record for each zone and type of area',
  },
  tableCase(
    {
      dataset: 'load_forecast',
      name: 'spring-day',
      what: '23 hours of both areas; what is to come has no actual',
      sample: 'spp_OP-MTLF-202603080800.csv',
    },
    BY_AREA,
    [mw('MTLF', 'load_forecast'), mw('Averaged Actual', 'load', { past: true })],
    { ends: SPRING, length: HOUR_MS },
  ),
  tableCase(
    {
      dataset: 'load_forecast_5min',
      name: 'autumn-night',
      what: 'five minutes over the repeated hour, the column of stamps without End',
      sample: 'spp_OP-STLF-202511020135d.csv',
    },
    { ...ENDING, lead: ['Interval', 'GMTInterval'] },
    [mw('STLF', 'load_forecast'), mw('Actual', 'load', { past: true })],
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    {
      dataset: 'load_forecast_trend',
      name: 'table',
      what: 'the chart as a file',
      sample: 'spp_load-forecast.csv',
    },
    ENDING,
    TREND,
    { ends: NIGHT, length: FIVE },
  ),
  chartCase(
    { dataset: 'load_forecast_trend', name: 'chart', what: 'the chart as JSON' },
    'end',
    [
      mw('Actual Load', 'load', { past: true }),
      mw('Mid-Term Load Forecast', 'load_forecast_mid_term'),
      mw('Short-Term Load Forecast', 'load_forecast_short_term'),
    ],
    { ends: NIGHT.slice(0, 6), length: FIVE },
  ),
  tableCase(
    {
      dataset: 'renewable_forecast',
      name: 'spring-day',
      what: '23 hours of both areas, a blank before a name',
      sample: 'spp_OP-MTRF-202603080800.csv',
    },
    BY_AREA,
    [mw('Wind Forecast MW', 'wind_forecast'), mw(' Solar Forecast MW', 'solar_forecast')],
    { ends: SPRING, length: HOUR_MS },
  ),
  tableCase(
    {
      dataset: 'renewable_forecast_5min',
      name: 'autumn-night',
      what: 'five minutes over the repeated hour, with what came of it',
      sample: 'spp_OP-STRF-202511020135d.csv',
    },
    { ...ENDING, lead: ['Interval', 'GMTInterval'] },
    [
      mw('Wind Forecast MW', 'wind_forecast'),
      mw('Actual Wind MW', 'wind_generation', { past: true }),
      mw('Solar Forecast MW', 'solar_forecast'),
      mw('Actual Solar MW', 'solar_generation', { past: true }),
    ],
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    {
      dataset: 'renewable_forecast_zone',
      name: 'autumn-day',
      what: '25 hours of two reserve zones',
      sample: 'spp_RF_RESERVE_ZONE-202511020800.csv',
    },
    {
      lead: ['IntervalEnd', ' GMTIntervalEnd', ' BAA', ' ReserveZone'],
      leads: (end, place) => [stampsAt(end).central, stampsAt(end).gmt, 'SPP', place],
      places: ['1', '2'],
      stamp: 'end',
    },
    [
      mw(' WindForecastMW', 'wind_forecast'),
      mw(' WindActualMW', 'wind_generation', { past: true }),
      mw(' SolarForecastMW', 'solar_forecast'),
      mw(' SolarActualMW', 'solar_generation', { past: true }),
    ],
    { ends: AUTUMN, length: HOUR_MS },
  ),
  tableCase(
    {
      dataset: 'fuel_mix',
      name: 'market-and-self',
      what: 'ISO stamps, two columns for each fuel, load',
      sample: 'spp_GenMix2Hour_SPP.csv',
    },
    { lead: ['GMT MKT Interval'], leads: (at) => [utc(at)], places: ['SPP'], stamp: 'begin' },
    [...['Coal Market', 'Coal Self', 'Wind Market', 'Wind Self', 'Gas Self'].map(fuel), mw(' Load', 'load')],
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    { dataset: 'fuel_mix', name: 'first-columns', what: 'one column for each fuel, stamps with slashes' },
    { lead: ['GMTTime'], leads: GMT_ONLY, places: ['SPP'], stamp: 'begin' },
    [
      ...['Coal', 'Diesel Fuel Oil', 'Natural Gas', 'Wind'].map(fuel),
      mw('Average Actual Load', 'load_average'),
    ],
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    { dataset: 'fuel_mix', name: 'blank-heading', what: 'no name above the stamps' },
    { lead: [''], leads: (at) => [utc(at)], places: ['SPP'], stamp: 'begin' },
    ['Coal', 'Diesel Fuel Oil', 'Natural Gas', 'Wind'].map(fuel),
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    { dataset: 'interchange', name: 'blank-heading', what: 'no name above the stamps' },
    { lead: [''], leads: (at) => [utc(at)], places: ['SPP'], stamp: 'instant' },
    [...NET, ...['AECI', 'ERCOTN', 'MEC'].map(tie)],
    { ends: endsFrom('2025-11-02T06:55:00Z', 10, MINUTE_MS), length: 0 },
  ),
  chartCase(
    { dataset: 'fuel_mix', name: 'chart', what: 'the chart as JSON' },
    'begin',
    ['Coal', 'Nuclear', 'Waste Disposal Services', 'Wind'].map((name) =>
      mw(name, 'generation', { series: name }),
    ),
    { ends: NIGHT.slice(0, 6), length: FIVE },
  ),
  tableCase(
    {
      dataset: 'interchange',
      name: 'month',
      what: 'readings of minutes, net interchange with underscores',
      sample: 'spp_TieFlows_SPP_Nov2025.csv',
    },
    { lead: ['GMTTIME'], leads: (at) => [utc(at)], places: ['SPP'], stamp: 'instant' },
    [...NET, ...['AECI', 'ERCOTN', 'MEC'].map(tie)],
    { ends: endsFrom('2025-11-02T06:50:00Z', 20, MINUTE_MS), length: 0 },
  ),
  tableCase(
    { dataset: 'interchange', name: 'trend', what: 'the chart as a file; ties of the western area' },
    { lead: ['GMTTime'], leads: (at) => [utc(at)], places: ['SPP'], stamp: 'instant' },
    [
      mw('SWPW NSI', 'interchange_scheduled', { place: 'SWPW', decimals: 3 }),
      mw('SWPW NAI', 'interchange', { place: 'SWPW', decimals: 3 }),
      ...['PACE', 'PNM'].map(tie),
    ],
    { ends: endsFrom('2026-06-04T12:00:00Z', 10, MINUTE_MS), length: 0 },
  ),
];

function longLoad(): Omit<GoldenCase, 'dataset' | 'name' | 'what'> {
  const lines = ['Market Hour,Balancing Area Name,Control Zone Name,Forecast Area Type,Load MW'];
  const values: Figure[] = [];
  for (const end of SPRING)
    for (const [zone, series] of [
      ['OPPD', 'CF'],
      ['OPPD', 'NC'],
      ['SPS', 'CF'],
    ] as const) {
      const value = decimal(drawn(100_000, 900_000, end, zone, series), 3);
      lines.push(`${stampsAt(end).gmt},SPP,${zone},${series},${value}`);
      values.push({ location: zone, series, start: end - HOUR_MS, end, field: 'load', value, unit: 'MW' });
    }
  return { extension: 'csv', payload: `${lines.join('\n')}\n`, values };
}
