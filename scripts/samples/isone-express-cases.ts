/** Reports of ISO Express with numbers of our own making. */

import { clockAt, type GoldenCase } from './golden-cases.ts';
import { BY_CLOCK, BY_HOUR, FIVE, HOURLY_PRICES, reportCase, weekCase } from './isone-express-bodies.ts';
import { AUTUMN, beginsFrom, NIGHT, SPRING } from './isone-web-bodies.ts';
import { HOUR_MS } from './printed-line.ts';

const HOURS = Array.from({ length: 24 }, (_, i) => String(i + 1).padStart(2, '0'));

/** All cases of this file. */
export const ISONE_EXPRESS_CASES: readonly GoldenCase[] = [
  reportCase(
    { dataset: 'da_lmp', name: 'autumn-day-express', what: '25 hours of two places, 02X is the second 02' },
    HOURLY_PRICES,
    AUTUMN,
  ),
  reportCase(
    { dataset: 'da_lmp', name: 'spring-day-express', what: '23 hours, the label 03 is absent, no trailer' },
    { ...HOURLY_PRICES, closed: false },
    SPRING,
  ),
  reportCase(
    {
      dataset: 'da_lmp',
      name: 'spring-day-by-clock',
      what: '23 hours labelled by the clock at their end: 02 is absent',
    },
    {
      ...HOURLY_PRICES,
      leads(begin, place) {
        const { time } = clockAt(begin + HOUR_MS, -5);
        const hour = time.startsWith('00') ? '24' : time.slice(0, 2);
        return [clockAt(begin, -5).date, hour, '4000', place, 'HUB'];
      },
    },
    SPRING,
  ),
  reportCase(
    {
      dataset: 'rt_lmp_hourly',
      name: 'autumn-day',
      what: '25 hours',
      sample: 'isone_lmp_rt_prelim_20251102.csv',
    },
    { ...HOURLY_PRICES, title: 'Real-Time Energy Market Hourly LMP Report', places: ['.H.INTERNAL_HUB'] },
    AUTUMN,
  ),
  reportCase(
    {
      dataset: 'rt_lmp',
      name: 'block',
      what: 'a block of hours over the repeated hour, a clock without a date, places by number',
      sample: 'isone_lmp_5min_20251102_00-04.csv',
    },
    {
      ...HOURLY_PRICES,
      title: 'Five-Minute Locational Marginal Prices',
      lead: [
        ['Local Time', 'Time'],
        ['Location ID', 'String'],
      ],
      leads: (begin, place) => [clockAt(begin, -5).time, place],
      places: ['4000'],
      length: FIVE,
    },
    NIGHT,
  ),
  reportCase(
    {
      dataset: 'load',
      name: 'express',
      what: 'five minutes over the repeated hour, told by order',
      sample: 'isone_fiveminutesystemload_20251102.csv',
    },
    BY_CLOCK,
    beginsFrom('2025-11-02T04:30:00Z', 40, FIVE),
  ),
  reportCase(
    {
      dataset: 'load_hourly',
      name: 'express',
      what: '25 hours in MWh',
      sample: 'isone_rt_hourlysysload_20251102.csv',
    },
    BY_HOUR,
    AUTUMN,
  ),
  reportCase(
    { dataset: 'load_cleared_day_ahead', name: 'express', what: '25 hours in MWh' },
    {
      ...BY_HOUR,
      title: 'Day-Ahead Hourly Cleared Demand',
      columns: [{ heading: 'Day-Ahead Cleared Demand', field: 'load', decimals: 1 }],
    },
    AUTUMN,
  ),
  reportCase(
    {
      dataset: 'fuel_mix',
      name: 'express',
      what: 'readings over the repeated hour, told by order for each fuel',
      sample: 'isone_genfuelmix_20251102.csv',
    },
    {
      ...BY_CLOCK,
      title: 'Dispatch Fuel Mix',
      lead: [
        ['Date', 'Date'],
        ['Time', 'Time'],
        ['Fuel Category', 'String'],
      ],
      leads(begin, fuel) {
        const { date, time } = clockAt(begin, -5);
        return [date, time, fuel];
      },
      places: ['Natural Gas', 'Wind'],
      columns: [{ heading: 'Gen Mw', field: 'generation', decimals: 0 }],
      length: 0,
      series: true,
    },
    NIGHT.map((begin, i) => begin + (i % 5) * 11_000),
  ),
  reportCase(
    {
      dataset: 'rt_as_prices',
      name: 'express',
      what: 'reserve prices over the repeated hour',
      sample: 'isone_fiveminreserveprice_20251102.csv',
    },
    {
      ...BY_CLOCK,
      title: 'Final Real-Time Five-Minute Reserve Zone Requirements, Prices, Designations',
      lead: [
        ['Local Time', 'Time'],
        ['Reserve Zone ID', 'Number'],
        ['Reserve Zone Name', 'String'],
      ],
      leads(begin, place) {
        const { date, time } = clockAt(begin, -5);
        return [`${date.slice(6)}-${date.slice(0, 2)}-${date.slice(3, 5)} ${time}`, '7000', place];
      },
      places: ['ROS'],
      columns: [
        { heading: 'Ten-Minute Spinning Reserve Clearing Price', field: 'mcp_tmsr' },
        { heading: 'Ten-Minute Reserve Clearing Price', field: 'mcp_tmr' },
        { heading: 'Total Reserve Clearing Price', field: 'mcp_reserve_total' },
      ],
      unit: 'USD/MW',
      printedUnit: '$/MWh',
    },
    NIGHT,
  ),
  weekCase(
    {
      dataset: 'wind_forecast',
      name: 'spring-days',
      what: 'two days, of which one has 23 hours',
      sample: 'isone_seven_day_wind_power_forecast_20260307.csv',
    },
    'Wind',
    ['2026-03-07', '2026-03-08'],
    HOURS,
  ),
  weekCase(
    {
      dataset: 'solar_forecast',
      name: 'autumn-days',
      what: 'two days, of which one has 25 hours',
      sample: 'isone_seven_day_solar_power_forecast_20251101.csv',
    },
    'Solar',
    ['2025-11-01', '2025-11-02'],
    [...HOURS.slice(0, 2), '02X', ...HOURS.slice(2)],
  ),
];
