/** Golden cases of PJM's operation: outages by day, reserves, the peak of a day, the former day, readings. */

import { api, apiOf, csv, csvTable } from './pjm-case-forms.ts';
import { fives, hours, MARKET, placesOf } from './pjm-sample-tables.ts';
import { EASTERN, invented } from './sample-days.ts';
import type { GoldenCase } from './sample-files.ts';
import type { Expected, SampleTable } from './sample-table.ts';

const MW = 'MW';

/** Days of Eastern time as they are printed, with their first and last instant. */
const DAYS = [
  { date: '2025-11-01', american: '11/1/2025', start: '2025-11-01T04:00:00Z', end: '2025-11-02T04:00:00Z' },
  { date: '2025-11-02', american: '11/2/2025', start: '2025-11-02T04:00:00Z', end: '2025-11-03T05:00:00Z' },
  { date: '2026-03-08', american: '3/8/2026', start: '2026-03-08T05:00:00Z', end: '2026-03-09T04:00:00Z' },
];
const ISSUED = '2025-10-31T04:00:00Z';

const TYPES = [
  ['total_outages_mw', 'outage'],
  ['planned_outages_mw', 'outage_planned'],
  ['maintenance_outages_mw', 'outage_maintenance'],
  ['forced_outages_mw', 'outage_forced'],
] as const;

const byType: SampleTable = {
  header: ['forecast_execution_date_ept', 'forecast_date', 'region', ...TYPES.map(([column]) => column)],
  records: DAYS.flatMap(({ date, start, end }, i) =>
    ['PJM RTO', 'Western'].map((region, k) => {
      const values = TYPES.map((_, f) => String(1_000 * (i + 1) + 100 * k + f));
      return {
        cells: ['2025-10-31T00:00:00', `${date}T00:00:00`, region, ...values],
        expected: TYPES.map(
          ([, field], f): Expected => ({
            location: region,
            start,
            end,
            field,
            value: values[f] ?? '',
            unit: MW,
            published: ISSUED,
          }),
        ),
      };
    }),
  ),
};

const ninetyDays: SampleTable = {
  header: [
    'forecast_execution_date_ept',
    'forecast_date',
    'forecast_gen_outage_mw_rto',
    'forecast_gen_outage_mw_west',
    'forecast_gen_outage_mw_other',
  ],
  records: DAYS.map(({ american, start, end }, i) => {
    const values = [0, 1, 2].map((k) => invented(5, i, k));
    return {
      cells: ['10/31/2025 12:00:00 AM', `${american} 12:00:00 AM`, ...values],
      expected: ['RTO', 'WEST', 'OTHER'].map((location, k) => ({
        location,
        start,
        end,
        field: 'outage',
        value: values[k] ?? '',
        unit: MW,
        published: ISSUED,
      })),
    };
  }),
};

const PEAK = [
  ['load_forecast', 'load_forecast'],
  ['internal_scheduled_capacity', 'capacity_internal'],
  ['operating_reserve', 'operating_reserve'],
  ['scheduled_tie_flow_total', 'interchange_scheduled'],
] as const;

const peak: SampleTable = {
  header: [
    'projected_peak_datetime_utc',
    'projected_peak_datetime_ept',
    'generated_at_ept',
    'area',
    ...PEAK.map(([column]) => column),
  ],
  records: [
    {
      cells: [
        '2025-11-02T23:00:00',
        '2025-11-02T18:00:00',
        '2025-11-02T05:10:00',
        'PJM RTO',
        '90500',
        '101000',
        '12810',
        '-2310',
      ],
      expected: PEAK.map(([, field], i) => ({
        location: 'PJM RTO',
        start: '2025-11-02T23:00:00Z',
        end: '2025-11-02T23:00:00Z',
        field,
        value: ['90500', '101000', '12810', '-2310'][i] ?? '',
        unit: MW,
        published: '2025-11-02T10:10:00Z',
      })),
    },
  ],
};

/** The operation of PJM: `dataset/case`. */
export const OPERATION_CASES: Readonly<Record<string, GoldenCase>> = {
  'outages/by-type': apiOf('days of 24, 25 and 23 hours', 'outages', 'gen_outages_by_type', byType),
  'outages/ninety-days': csvTable('a region in each column', 'outages', ninetyDays),
  'reserves/autumn-night': api('as dispatched', 'reserves', 'rt_dispatch_reserves', {
    slots: fives(),
    places: [{ cells: { area: 'RTO', reserve_type: 'SR' }, location: 'RTO', series: 'SR' }],
    figures: [
      ['total_reserve_mw', 'reserve', MW],
      ['reserve_reqmt_mw', 'reserve_requirement', MW],
      ['reliability_reqmt_mw', 'reserve_requirement_reliability', MW],
      ['extended_reqmt_mw', 'reserve_requirement_extended', MW],
      ['additional_extended_reqmt_mw', 'reserve_requirement_additional', MW],
      ['deficit_mw', 'reserve_deficit', MW],
    ],
  }),
  'reserves/readings': csv('readings, the kind as series', 'reserves', {
    slots: fives(),
    places: [
      {
        cells: { reserve_name: 'RTO Synchronized Reserve' },
        location: 'PJM',
        series: 'RTO Synchronized Reserve',
      },
    ],
    figures: [['reserve_mw', 'reserve', MW]],
    instant: true,
  }),
  'reserves/regulation': regulationCase(),
  'peak_forecast/autumn-day': apiOf(
    'the instant of the peak',
    'peak_forecast',
    'ops_sum_frcst_peak_rto',
    peak,
  ),
  'operations_hourly/autumn-day': csv('25 hours of an area', 'operations_hourly', {
    slots: hours(EASTERN.autumn),
    places: placesOf('area', ['AEP']),
    figures: [
      ['actual_load', 'load', MW],
      ['area_load_forecast', 'load_forecast', MW],
      ['dispatch_rate', 'dispatch_rate', 'USD/MWh'],
    ],
    ending: true,
  }),
  'dispatch_now/error': api('the control error', 'dispatch_now', 'area_control_error', {
    slots: fives(),
    places: MARKET,
    figures: [['ace_mw', 'area_control_error', MW]],
    instant: true,
  }),
  'dispatch_now/rates': csv('the rate of a zone', 'dispatch_now', {
    slots: fives(),
    places: placesOf('zone', ['PSEG', 'COMED']),
    figures: [['dispatch_rate', 'dispatch_rate', 'USD/MWh']],
    instant: true,
  }),
  'load_hourly_years/spring-day': loadYears(),
  'rt_shadow_prices/transmission-limits': api(
    'limits of transmission',
    'rt_shadow_prices',
    'transmission_limits',
    {
      slots: fives(),
      places: [
        {
          cells: { constraint_name: 'CLOVER', constraint_type: 'Thermal', contingency: 'L230.X' },
          location: 'CLOVER',
          series: 'L230.X',
        },
      ],
      figures: [['shadow_price', 'shadow_price', 'USD/MW']],
    },
  ),
};

/** Loads of a year: days by line, hours by column; the hour that spring skips is zero. */
function loadYears(): GoldenCase {
  const days = [EASTERN.normal, EASTERN.spring];
  const columns = Array.from({ length: 24 }, (_, i) => `HE${String(i + 1).padStart(2, '0')}`);
  const table: SampleTable = {
    header: ['DATE', 'COMP', ...columns, 'MAX', 'HOUR'],
    records: days.map((day, d) => {
      const slots = hours(day);
      const loadOf = (hour: number): string => String(80_000 + d * 5_000 + hour * 13);
      const printed = columns.map((_, i) => (slots.some(({ hour }) => hour === i + 1) ? loadOf(i + 1) : '0'));
      const [month, date, year] = day.date.split('/').map(Number);
      return {
        cells: [`${month}/${date}/${year}`, 'RTO', ...printed, '99999', '17'],
        expected: slots.map(({ start, end, hour }) => ({
          location: 'RTO',
          start: new Date(start).toISOString().replace('.000Z', 'Z'),
          end: new Date(end).toISOString().replace('.000Z', 'Z'),
          field: 'load',
          value: loadOf(hour),
          unit: MW,
        })),
      };
    }),
  };
  return csvTable('days by line; the skipped hour is zero', 'load_hourly_years', table);
}

/** The regulation of the hour: both signals in one record. */
function regulationCase(): GoldenCase {
  const columns = [
    ['requirement', 'PJM', 'reserve_requirement', MW],
    ['rto_perfscore', 'PJM', 'regulation_performance', '1'],
    ['rega_procure', 'RegA', 'regulation_procured', MW],
    ['regd_procure', 'RegD', 'regulation_procured', MW],
    ['regd_mileage', 'RegD', 'regulation_mileage', '1'],
  ] as const;
  const table: SampleTable = {
    header: ['datetime_beginning_utc', ...columns.map(([column]) => column), 'is_approved'],
    records: hours(EASTERN.autumn).map((slot, i) => {
      const [start, end] = [slot.start, slot.end].map((at) =>
        new Date(at).toISOString().replace('.000Z', 'Z'),
      );
      const values = columns.map((_, f) => invented(7 + f, i));
      return {
        cells: [(start ?? '').slice(0, 19), ...values, '1'],
        expected: columns.map(([, location, field, unit], f) => ({
          location,
          start: start ?? '',
          end: end ?? '',
          field,
          value: values[f] ?? '',
          unit,
        })),
      };
    }),
  };
  return csvTable('25 hours, both signals in a record', 'reserves', table);
}
