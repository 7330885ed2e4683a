/** Reports of ERCOT for samples that are made from its tables: zones, wind and solar, constraints, corrections, pages. */

import { fiveMinuteAverages, hourlyPrices, systemFigures, zoneLoads } from './ercot-sample-tables.ts';
import { CENTRAL, slotsOf } from './sample-days.ts';
import type { SampleTable } from './sample-table.ts';

const two = (n: number): string => String(n).padStart(2, '0');
const flag = (slot: { repeated: boolean }): string => (slot.repeated ? 'Y' : 'N');
const FORECAST_ZONES = ['North', 'South', 'West', 'Houston', 'SystemTotal'];
const WEATHER_ZONES = [
  'COAST',
  'EAST',
  'FAR_WEST',
  'NORTH',
  'NORTH_C',
  'SOUTHERN',
  'SOUTH_C',
  'WEST',
  'TOTAL',
];

export const forecast = (day: typeof CENTRAL.spring | typeof CENTRAL.autumn) =>
  zoneLoads(
    slotsOf(day, 60),
    'load_forecast',
    FORECAST_ZONES,
    ['DeliveryDate', 'HourEnding', ...FORECAST_ZONES, 'DSTFlag    '],
    (slot, values) => [slot.date, `${slot.hour}:00`, ...values, flag(slot)],
    { series: 'forecast zone' },
  );
export const weather = (day: typeof CENTRAL.spring | typeof CENTRAL.autumn) =>
  zoneLoads(
    slotsOf(day, 60),
    'load',
    WEATHER_ZONES,
    ['OperDay', 'HourEnding', ...WEATHER_ZONES, 'DSTFlag'],
    (slot, values) => [slot.date, `${two(slot.hour)}:00`, ...values, flag(slot)],
    { series: 'weather zone' },
  );
export const native = zoneLoads(
  slotsOf(CENTRAL.autumn, 60),
  'load',
  ['COAST', 'EAST', 'ERCOT'],
  ['Hour_End', 'COAST', 'EAST', 'ERCOT'],
  (slot, values) => [`${slot.date} ${two(slot.hour)}:00${slot.repeated ? ' DST' : ''}`, ...values],
  { series: 'weather zone' },
);
export const byModel = zoneLoads(
  slotsOf(CENTRAL.spring, 60),
  'load_forecast',
  ['Coast', 'FarWest', 'NorthCentral', 'SystemTotal'],
  [
    'DeliveryDate',
    'HourEnding',
    'Coast',
    'FarWest',
    'NorthCentral',
    'SystemTotal',
    'Model',
    'InUseFlag',
    'DSTFlag',
  ],
  (slot, values) => [slot.date, `${slot.hour}:00`, ...values, 'E3', 'Y', flag(slot)],
  { series: 'E3' },
);
export const pageLoads = zoneLoads(
  slotsOf(CENTRAL.autumn, 60, 0, 5),
  'load',
  ['NORTH', 'SOUTH', 'WEST', 'HOUSTON', 'TOTAL'],
  ['Oper Day', 'Hour Ending', 'NORTH', 'SOUTH', 'WEST', 'HOUSTON', 'TOTAL'],
  (slot, values) => [slot.date, `${slot.hour}00${slot.repeated ? '*' : ''}`, ...values],
  { series: 'forecast zone' },
);
export const demand = systemFigures(
  slotsOf(CENTRAL.autumn, 15, 0, 4),
  ['DeliveryDate', 'TimeEnding', 'Demand', 'DSTFlag'],
  { field: 'load', unit: 'MW' },
  (slot, value) => {
    const end = slot.quarter === 4 ? `${two(slot.hour)}:00` : `${two(slot.hour - 1)}:${slot.quarter * 15}`;
    return [slot.date, end, value, flag(slot)];
  },
);

export const WIND = [
  ['SYSTEM_WIDE', 'wind_generation'],
  ['SYSTEM_WIDE', 'wind_capacity_scheduled'],
  ['SYSTEM_WIDE', 'wind_forecast'],
  ['SYSTEM_WIDE', 'wind_forecast_potential'],
  ['LZ_WEST', 'wind_generation'],
  ['LZ_WEST', 'wind_forecast'],
] as const;
export const WIND_HEADER = [
  'DELIVERY_DATE',
  'HOUR_ENDING',
  'ACTUAL_SYSTEM_WIDE',
  'COP_HSL_SYSTEM_WIDE',
  'STWPF_SYSTEM_WIDE',
  'WGRPP_SYSTEM_WIDE',
  'ACTUAL_LZ_WEST',
  'STWPF_LZ_WEST',
  'DSTFlag',
];
export const SOLAR = [
  ['SYSTEM_WIDE', 'solar_generation'],
  ['SYSTEM_WIDE', 'solar_capacity'],
  ['SYSTEM_WIDE', 'solar_forecast'],
  ['CenterWest', 'solar_forecast'],
] as const;
export const SOLAR_HEADER = [
  'DELIVERY_DATE',
  'HOUR_ENDING',
  'SYSTEM_WIDE_GEN',
  'SYSTEM_WIDE_HSL',
  'STPPF_SYSTEM_WIDE',
  'STPPF_CenterWest',
  'DSTFlag',
];

export const LOAD_KEYS = [
  ['systemLoad', 'load'],
  ['currentLoadForecast', 'load_forecast'],
  ['dayAheadForecast', 'load_forecast_day_ahead'],
] as const;
export const RENEWABLE_KEYS = [
  ['actualWind', 'wind_generation'],
  ['actualSolar', 'solar_generation'],
  ['stwpf', 'wind_forecast'],
  ['stppf', 'solar_forecast'],
] as const;

export const lambda = (dataset: string, instants: boolean) =>
  systemFigures(
    slotsOf(CENTRAL.autumn, instants ? 15 : 60, 0, instants ? 4 : 25),
    instants
      ? ['SCEDTimeStamp', 'RepeatedHourFlag', 'SystemLambda']
      : ['DeliveryDate', 'HourEnding', 'SystemLambda', 'DSTFlag'],
    { field: dataset, unit: 'USD/MWh', instant: instants },
    (slot, value) =>
      instants
        ? [`${slot.date} ${slot.wall}`, flag(slot), value]
        : [slot.date, `${two(slot.hour)}:00`, value, flag(slot)],
  );

/** One constraint, by the hour or by the dispatch. */
export function constraints(instants: boolean): SampleTable {
  const table = lambda('shadow_price', instants);
  const records = table.records.map(({ cells, expected: [row] }) => {
    const value = row?.value ?? '';
    const named = { ...row, location: 'WESTEX', series: 'BASE CASE', unit: 'USD/MW' } as NonNullable<
      typeof row
    >;
    const time = instants ? cells.slice(0, 2) : cells.slice(0, 2);
    const last = instants ? [] : [cells[3] ?? 'N'];
    return { cells: [...time, '17', 'WESTEX', 'BASE CASE', value, ...last], expected: [named] };
  });
  const header = instants
    ? [
        'SCEDTimeStamp',
        'RepeatedHourFlag',
        'ConstraintID',
        'ConstraintName',
        'ContingencyName',
        'ShadowPrice',
      ]
    : [
        'DeliveryDate',
        'HourEnding',
        'ConstraintID',
        'ConstraintName',
        'ContingencyName',
        'ShadowPrice',
        'DSTFlag',
      ];
  return { header, records };
}

/** A table whose product or place stands in a further cell. */
export function withCell(
  table: SampleTable,
  header: readonly string[],
  cell: string,
  at: number,
  field: string,
): SampleTable {
  const records = table.records.map(({ cells, expected }) => ({
    cells: cells.toSpliced(at, 0, cell),
    expected: expected.map((row) => ({ ...row, field, unit: 'USD/MW' })),
  }));
  return { header, records };
}

export const quarterly = systemFigures(
  slotsOf(CENTRAL.autumn, 15, 0, 4),
  ['DeliveryDate', 'DeliveryHour', 'DeliveryInterval', 'RTRSVPOR', 'DSTFlag'],
  { field: 'adder_online', unit: 'USD/MWh' },
  (slot, value) => [slot.date, String(slot.hour), String(slot.quarter), value, flag(slot)],
);
export const dispatched = systemFigures(
  slotsOf(CENTRAL.autumn, 15, 0, 4),
  ['SCEDTimestamp', 'RepeatedHourFlag', 'RTORDPA'],
  { field: 'adder_reliability', unit: 'USD/MWh', instant: true },
  (slot, value) => [`${slot.date} ${slot.wall}`, flag(slot), value],
);

/** The look-ahead dispatch: each run gives intervals by their end, in a column of its own flag. */
export function lookAhead(): SampleTable {
  const averages = fiveMinuteAverages(['x'], 'lmp', ['HB_NORTH']);
  const records = averages.records.map(({ cells, expected }) => ({
    cells: ['03/08/2026 00:55:10', 'N', '1', String(cells[0]), 'N', 'HB_NORTH', 'HU', String(cells[1])],
    expected: expected.map((row) => ({ ...row, unit: 'USD/MWh', published: '2026-03-08T06:55:10Z' })),
  }));
  const header = [
    'RTDTimestamp',
    'RepeatedHourFlag',
    'IntervalId',
    'IntervalEnding',
    'IntervalRepeatedHourFlag',
    'SettlementPoint',
    'SettlementPointType',
    'LMP',
  ];
  return { header, records };
}

/** Corrections: the new price, the old one, and when it was corrected. */
export function corrections(): SampleTable {
  const table = hourlyPrices(CENTRAL.normal, ['HB_WEST'], { header: [] });
  const published = '2025-07-18T20:10:00Z';
  const records = table.records.slice(0, 6).map(({ cells, expected: [row] }) => ({
    cells: [
      cells[0] ?? '',
      String(cells[1]).slice(0, 2),
      cells[2] ?? '',
      '1.00',
      cells[3] ?? '',
      '07/18/2025 15:10:00',
      'N',
    ],
    expected:
      row === undefined
        ? []
        : [
            { ...row, published },
            { ...row, field: 'lmp_original', value: '1.00', published },
          ],
  }));
  return {
    header: [
      'DeliveryDate',
      'DeliveryHour',
      'SettlementPoint',
      'SPPOriginal',
      'SPPCorrected',
      'PriceCorrectionTime',
      'DSTFlag',
    ],
    records,
  };
}

/** A page with a price column per place. */
export function widePage(intervals: boolean): SampleTable {
  const slots = intervals ? slotsOf(CENTRAL.normal, 15, 0, 3) : slotsOf(CENTRAL.normal, 60);
  const table = zoneLoads(slots, 'lmp', ['HB_HUBAVG', 'LZ_WEST'], [], (slot, values) => {
    const quarter = slot.quarter === 4 ? `${two(slot.hour)}00` : `${two(slot.hour - 1)}${slot.quarter * 15}`;
    return [slot.date, intervals ? quarter : two(slot.hour), ...values];
  });
  const records = table.records.map(({ cells, expected }) => ({
    cells,
    expected: expected.map((row) => ({ ...row, unit: 'USD/MWh' })),
  }));
  return {
    header: ['Oper Day', intervals ? 'Interval Ending' : 'Hour Ending', 'HB_HUBAVG', 'LZ_WEST'],
    records,
  };
}
