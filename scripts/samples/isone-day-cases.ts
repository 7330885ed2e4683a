/**
 * ISO New England's reports of a day, constraints and hourly workbook with numbers of our own making: the days on which
 * the clocks change are among them.
 */

import { decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { HOURLY_PRICES, hourEnding, reportCase } from './isone-express-bodies.ts';
import {
  AUTUMN,
  beginsFrom,
  easternStamp,
  jsonOf,
  laterCase,
  NIGHT,
  SPRING,
  webCase,
} from './isone-web-bodies.ts';
import { type Figure, HOUR_MS, MINUTE_MS } from './printed-line.ts';

/** Days with their first and last instant: of 25 hours, of 24, of 23. */
const DAYS = [
  { date: '11/02/2025', start: '2025-11-02T04:00:00Z', end: '2025-11-03T05:00:00Z' },
  { date: '11/03/2025', start: '2025-11-03T05:00:00Z', end: '2025-11-04T05:00:00Z' },
  { date: '03/08/2026', start: '2026-03-08T05:00:00Z', end: '2026-03-09T04:00:00Z' },
].map(({ date, start, end }) => ({ date, start: Date.parse(start), end: Date.parse(end) }));
const AUTUMN_DAY = DAYS.slice(0, 1);
const PUBLISHED = '2025-11-01T13:14:51Z';

type Figures = Readonly<Record<string, string>>;

/** A record of figures, and what it says of a day at a place. */
function record(
  figures: Figures,
  day: (typeof DAYS)[number],
  location: string,
  unit: string,
): { made: Record<string, number>; values: Figure[] } {
  const made: Record<string, number> = {};
  const values = Object.entries(figures).map(([key, field]): Figure => {
    const value = drawn(-2_000, 20_000, day.start, location, key);
    made[key] = value;
    const { start, end } = day;
    return { location, start, end, field, value: String(value), unit, published: PUBLISHED };
  });
  return { made, values };
}

function morningReport(): GoldenCase {
  const values: Figure[] = [];
  const reports = AUTUMN_DAY.map((day) => {
    const own = record(
      {
        CsoMw: 'capacity_obligation',
        PeakLoadTodayMw: 'load_forecast_peak',
        PeakLoadYesterdayMw: 'load_peak_yesterday',
        GenOutagesReductionMW: 'outage',
        TenMinReserveReqMw: 'reserve_requirement_10min',
      },
      day,
      'ISONE',
      'MW',
    );
    values.push(...own.values);
    const listed = (key: string, names: readonly string[], figures: Figures, unit: string): unknown[] =>
      names.map((name) => {
        const entry = record(figures, day, name, unit);
        values.push(...entry.values);
        return { [key]: name, ...entry.made };
      });
    return {
      BeginDate: easternStamp(day.start),
      CreationDate: '2025-11-01T09:14:51.000-04:00',
      ReportType: 'Final',
      NyIsoSarAvail: 'Y',
      PeakLoadTodayHour: easternStamp(day.start + 18 * HOUR_MS),
      ...own.made,
      InterchangeDetail: listed(
        'TieName',
        ['Highgate', 'Phase 2'],
        {
          ScheduledMw: 'interchange_scheduled',
          ImportLimitInMw: 'import_limit',
          ExportLimitOutMw: 'export_limit',
        },
        'MW',
      ),
      TieDelivery: listed('TieName', ['Highgate'], { TieFlowMw: 'capacity_deliveries' }, 'MW'),
      CityForecastDetail: listed('CityName', ['Boston'], { HighTemperature: 'temperature_high' }, 'F'),
    };
  });
  return {
    dataset: 'morning_report',
    name: 'autumn-day',
    what: 'a day of 25 hours, with lists of ties and cities',
    sample: 'isone_morningreport_20251102.json',
    extension: 'json',
    payload: jsonOf({ MorningReports: { MorningReport: reports } }, 2),
    values,
  };
}

function capacityForecast(): GoldenCase {
  const values: Figure[] = [];
  const days = DAYS.map((day, i) => {
    const own = record(
      { CsoMw: 'capacity_obligation', PeakLoadMw: 'load_forecast_peak', OtherGenOutagesMw: 'outage' },
      day,
      'ISONE',
      'MW',
    );
    const city = record({ HighTempF: 'temperature_high', DewPointF: 'dew_point' }, day, 'Hartford', 'F');
    values.push(...own.values, ...city.values);
    return {
      '@Day': String(i + 2),
      MarketDate: easternStamp(day.start),
      PowerWatch: 'N',
      ...own.made,
      Weather: { CityWeather: [{ CityName: 'Hartford', ...city.made }] },
    };
  });
  const begin = '2025-11-01T00:00:00.000-04:00';
  const forecast = { BeginDate: begin, CreationDate: '2025-11-01T09:14:51.000-04:00', MarketDay: days };
  return {
    dataset: 'capacity_forecast',
    name: 'days',
    what: 'days of 25, 24 and 23 hours; a list of one is an object',
    sample: 'isone_sevendayforecast_20251101.json',
    extension: 'json',
    payload: jsonOf({ SevenDayForecasts: { SevenDayForecast: forecast } }),
    values,
  };
}

function capacityReport(): GoldenCase {
  const lines: [label: string, field: string][] = [
    ['Total Capacity Supply Obligation (CSO)', 'capacity_obligation'],
    ['Projected Peak Load', 'load_forecast_peak'],
    ['Projected Surplus/(Deficiency)', 'capacity_surplus'],
  ];
  const values: Figure[] = [];
  const data = lines.map(([label, field], i) => {
    const cells = DAYS.map(({ start, end }) => {
      const value = decimal(drawn(1_000, 30_000, start, field), 0);
      const published = '2026-03-07T18:07:54Z';
      values.push({ location: 'ISONE', start, end, field, value, unit: 'MW', published });
      return value;
    });
    return `"D","${i + 1}","${label}",${cells.join(',')}`;
  });
  const payload = [
    '"C","Seven-Day Capacity Forecast"',
    '"C","Filename: sdf.csv"',
    '"C","Report for: 11/01/2025"',
    '"C","Report generated: 03/07/2026 13:07:54 EST"',
    `"H","Line","Description",${DAYS.map(({ date }) => `"${date}"`).join(',')}`,
    ...data,
    `"T","${data.length} lines"`,
    '',
  ].join('\n');
  const about = { dataset: 'capacity_forecast', name: 'report', what: 'a line for each figure' };
  return { ...about, extension: 'csv', payload, values };
}

function workbookSheet(name: string, what: string, begins: readonly number[], padded: boolean): GoldenCase {
  const columns = [
    ['DA_Demand', 'load_day_ahead', 'MW'],
    ['RT_Demand', 'load', 'MW'],
    ['DA_LMP', 'lmp_day_ahead', 'USD/MWh'],
    ['DA_CC', 'congestion_day_ahead', 'USD/MWh'],
    ['RT_LMP', 'lmp', 'USD/MWh'],
    ['Dry_Bulb', 'temperature', 'F'],
    ['Reg_Service_Price', 'mcp_regulation_service', 'USD/MW'],
  ] as const;
  const values: Figure[] = [];
  const lines = begins.map((begin) => {
    const { date, hour } = hourEnding(begin);
    const cells = columns.map(([, field, unit]) => {
      const value = decimal(drawn(-500, 90_000, begin, field), 2);
      values.push({ location: 'ISONE', start: begin, end: begin + HOUR_MS, field, value, unit });
      return value;
    });
    return [`${date.slice(6)}-${date.slice(0, 2)}-${date.slice(3, 5)}`, hour, ...cells].join(',');
  });
  // The hour that spring skips, as some years print it.
  if (padded) lines.splice(2, 0, ['2026-03-08', '03', ...columns.map(() => '0')].join(','));
  const header = ['Date', 'Hr_End', ...columns.map(([column]) => column)].join(',');
  const about = { dataset: 'smd_hourly', name, what };
  return {
    ...about,
    ...(padded ? {} : { sample: 'isone_smd_hourly.csv' }),
    extension: 'csv',
    payload: `${[header, ...lines].join('\r\n')}\r\n`,
    values,
  };
}

function frameless(): GoldenCase {
  const { payload, values } = reportCase(
    { dataset: 'da_lmp', name: '', what: '' },
    { ...HOURLY_PRICES, places: ['.Z.MAINE'] },
    SPRING,
  );
  const [heading = '', , ...data] = payload.split('\n').filter((line) => /^"[HD]",/.test(line));
  const bare = (line: string): string => line.replace(/^"[HD]",/, '').replaceAll('"', '');
  return {
    dataset: 'da_lmp',
    name: 'spring-day-frameless',
    what: 'saved without its frame: a heading and data, 03 is absent',
    extension: 'csv',
    payload: `${[heading, ...data].map(bare).join('\n')}\n`,
    values: values.map(({ published: _, ...value }) => value),
  };
}

const CONSTRAINT = {
  figures: [{ key: 'MarginalValue', field: 'shadow_price', most: 9_000 }],
  unit: 'USD/MWh',
  places: ['NE-NY'],
  place: (name: string) => ({ ConstraintName: name }),
};

/** All cases of this file. */
export const ISONE_DAY_CASES: readonly GoldenCase[] = [
  morningReport(),
  capacityForecast(),
  capacityReport(),
  webCase(
    {
      dataset: 'da_constraints',
      name: 'spring-day',
      what: '23 hours',
      sample: 'isone_dayaheadconstraints_20260308.json',
    },
    ['DayAheadConstraints', 'DayAheadConstraint'],
    { ...CONSTRAINT, length: HOUR_MS, more: () => ({ InterfaceFlag: 'Y' }) },
    SPRING,
  ),
  webCase(
    {
      dataset: 'rt_constraints',
      name: 'autumn-night',
      what: 'quarters of hours over the repeated hour',
      sample: 'isone_fifteenminbc_20251102.json',
    },
    ['FifteenMinBcs', 'FifteenMinBc'],
    { ...CONSTRAINT, length: 15 * MINUTE_MS },
    beginsFrom('2025-11-02T05:00:00Z', 10, 15 * MINUTE_MS),
  ),
  laterCase(
    {
      dataset: 'da_strike_prices',
      name: 'spring-day',
      what: '23 hours; the begin stands in the market hour',
      sample: 'isone_daasstrikeprices_20260308.json',
    },
    ['isone_web_services', 'day_ahead_strike_prices', 'day_ahead_strike_price'],
    {
      figures: [
        { key: 'strike_price', field: 'strike_price', most: 9_000 },
        { key: 'expected_rt_hub_lmp', field: 'expected_lmp', most: 9_000 },
      ],
      unit: 'USD/MWh',
      length: HOUR_MS,
      stampKey: 'ignored_stamp',
      more: (begin) => ({
        ignored_stamp: undefined,
        market_hour: { local_day: easternStamp(begin) },
        spc_load_forecast_mw: 12_000,
      }),
    },
    SPRING,
  ),
  webCase(
    { dataset: 'rt_as_prices_hourly', name: 'regulation', what: 'an autumn day' },
    ['HourlyFinalRcps', 'HourlyFinalRcp'],
    {
      figures: [
        { key: 'HourlyRcp', field: 'mcp_regulation', most: 9_000 },
        { key: 'RegCapacityClearingPrice', field: 'mcp_regulation_capacity', most: 9_000 },
      ],
      unit: 'USD/MW',
      length: HOUR_MS,
    },
    AUTUMN,
  ),
  webCase(
    { dataset: 'wind_forecast', name: 'service', what: 'records of the web service' },
    ['HourlyWindForecasts', 'HourlyWindForecast'],
    {
      figures: [{ key: 'ForecastMw', field: 'wind_forecast', decimals: 0, most: 2_000 }],
      unit: 'MW',
      length: HOUR_MS,
      published: PUBLISHED,
    },
    AUTUMN,
  ),
  webCase(
    { dataset: 'rt_constraints', name: 'five-minutes', what: 'five minutes over the repeated hour' },
    ['RealTimeConstraints', 'RealTimeConstraint'],
    { ...CONSTRAINT, length: 5 * MINUTE_MS },
    NIGHT,
  ),
  workbookSheet('autumn-day', '25 hours of the market', AUTUMN, false),
  workbookSheet('spring-day', 'a row of zeros for the hour that is skipped', SPRING, true),
  frameless(),
];
