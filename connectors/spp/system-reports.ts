/**
 * SPP reports of the whole system: curtailment of wind and sun (`VER-Curtailments`), capacity on outage by fuel
 * (`Capacity-Gen-Outage`), what the day-ahead and the real-time market cleared (`DA-MC`, `RTBM-MC`, reserves: `RTBM-OR`),
 * and constraints that bind (`DA-BC`, `RTBM-BC`).
 */

import { DAY, HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, hasAll, sppDataset } from './dataset.ts';
import type { SppHead } from './glimpse.ts';
import { byAge, DAYS_OF_INTERVALS, dailyFiles, intervalFiles } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'MW';
type Fields = Readonly<Record<string, string>>;

const byField = (fields: Fields, place: string, ignored: readonly string[] = []): SppColumns => ({
  place: [place],
  series: [],
  required: [],
  ignored: ['interval', 'localintervalending', ...ignored],
  meaningOf(name) {
    const field = fields[name];
    return field === undefined ? null : { field, unit: UNIT };
  },
});

const published = (fields: Fields): PublishedField[] =>
  [...new Set(Object.values(fields))].map((field) => ({
    field,
    unit: UNIT,
    what: field.replaceAll('_', ' '),
  }));

const CURTAILMENTS: Fields = {
  windredispatchcurtailments: 'wind_curtailment_redispatch',
  windmanualcurtailments: 'wind_curtailment_manual',
  windcurtailedforenergy: 'wind_curtailment_energy',
  solarredispatchcurtailments: 'solar_curtailment_redispatch',
  solarmanualcurtailments: 'solar_curtailment_manual',
  solarcurtailedforenergy: 'solar_curtailment_energy',
};

/** The dataset `curtailment` of SPP. */
export const curtailment: Dataset = sppDataset({
  name: 'curtailment',
  title: 'Curtailment of wind and sun by five minutes',
  fields: published(CURTAILMENTS),
  time: FIVE_MINUTES_ENDING,
  columns: byField(CURTAILMENTS, 'baa'),
  matches: (head) => Object.keys(CURTAILMENTS).some((name) => head.names.has(name)),
  named: /VER.?Curtailments/i,
  files: dailyFiles({
    folder: 'ver-curtailments',
    path: '/{YYYY}/{MM}/VER-Curtailments-{YYYYMMDD}.csv',
    published: DAY + 6 * HOUR,
  }),
});

/** The dataset `outages` of SPP: the fuel is the series, all of them together have none. */
export const outages: Dataset = sppDataset({
  name: 'outages',
  title: 'Capacity of generation on outage by fuel and hour, for a week',
  fields: [{ field: 'outage', unit: UNIT, what: 'capacity on outage' }],
  time: HOUR_ENDING,
  columns: {
    place: ['baa'],
    series: [],
    required: ['markethour', 'outagedmw'],
    ignored: ['interval'],
    meaningOf(name, printed) {
      if (name === 'outagedmw' || name === 'totaloutagedmw') return { field: 'outage', unit: UNIT };
      const fuel = /^(.*?)\s*MW$/i.exec(printed)?.[1]?.trim();
      return fuel === undefined || fuel === '' ? null : { field: 'outage', unit: UNIT, series: fuel };
    },
  },
  matches: (head) => hasAll(head, 'markethour', 'outagedmw'),
  named: /Gen.?Outage/i,
  files: dailyFiles({
    folder: 'capacity-of-generation-on-outage',
    path: '/{YYYY}/{MM}/Capacity-Gen-Outage-{YYYYMMDD}.csv',
    published: 8 * HOUR,
  }),
});

const CLEARED: Fields = {
  generation: 'generation_cleared',
  cleareddemandbid: 'demand_bid_cleared',
  totaldemand: 'demand_cleared',
  regup: 'regup_cleared',
  regdn: 'regdn_cleared',
  rampup: 'rampup_cleared',
  rampdn: 'rampdn_cleared',
  spin: 'spin_cleared',
  supp: 'supp_cleared',
  uncup: 'uncup_cleared',
  regupclr: 'regup_cleared',
  regdnclr: 'regdn_cleared',
  rampupclr: 'rampup_cleared',
  rampdnclr: 'rampdn_cleared',
  spinclr: 'spin_cleared',
  suppclr: 'supp_cleared',
  uncupclr: 'uncup_cleared',
  stsuncupclr: 'stsuncup_cleared',
};

const isClearing = (head: SppHead): boolean =>
  head.form === 'table' &&
  !hasAll(head, 'reservezone') &&
  (hasAll(head, 'totaldemand') || hasAll(head, 'cleareddemandbid') || hasAll(head, 'regupclr'));

/** The dataset `totals` of SPP. */
export const dayAheadTotals: Dataset = sppDataset({
  name: 'totals',
  title: 'What the day-ahead market cleared, by the hour',
  fields: published(CLEARED),
  time: HOUR_ENDING,
  columns: byField(CLEARED, 'baa'),
  matches: (head, name) =>
    isClearing(head) &&
    (head.cadence === 'hourly' || (head.cadence !== 'five-minute' && /DA.?MC/i.test(name))),
  named: /DA.?MC-/i,
  files: dailyFiles({
    folder: 'market-clearing',
    path: '/{YYYY}/{MM}/DA-MC-{YYYYMMDD}0100.csv',
    published: -10 * HOUR,
  }),
});

/** The dataset `totals_5min` of SPP. */
export const realTimeTotals: Dataset = sppDataset({
  name: 'totals_5min',
  title: 'What the real-time market cleared, by five minutes',
  fields: published(CLEARED),
  time: FIVE_MINUTES_ENDING,
  columns: byField(CLEARED, 'baa'),
  matches: (head, name) => isClearing(head) && head.cadence !== 'hourly' && !/DA.?MC/i.test(name),
  named: /RTBM.?(?:MC|OR)-/i,
  files: dailyFiles({
    folder: 'market-clearing-rtbm',
    path: '/{YYYY}/{MM}/RTBM-MC-{YYYYMMDD}.csv',
    published: DAY + HOUR,
  }),
});

const CONSTRAINTS: SppColumns = {
  place: ['constraintname'],
  series: ['contingentfacility'],
  required: ['constraintname', 'shadowprice'],
  ignored: [
    'interval',
    'baa',
    'constrainttype',
    'nercid',
    'tlrlevel',
    'state',
    'monitoredfacility',
    'contingencyname',
  ],
  meaningOf: (name) => (name === 'shadowprice' ? { field: 'shadow_price', unit: 'USD/MWh' } : null),
};

const SHADOW: readonly PublishedField[] = [
  { field: 'shadow_price', unit: 'USD/MWh', what: 'shadow price of the constraint' },
];

const isBinding = (head: SppHead): boolean => hasAll(head, 'constraintname', 'shadowprice');

/** Where stamps do not tell: by the name, else files of real time have a level of relief, day-ahead ones a contingency. */
const isDayAheadBinding = (head: SppHead, name: string): boolean =>
  /(?:^|[^a-z])DA.?BC/i.test(name) ||
  (!/RTBM/i.test(name) && head.names.has('contingencyname') && !head.names.has('tlrlevel'));

/** The dataset `da_constraints` of SPP. */
export const dayAheadConstraints: Dataset = sppDataset({
  name: 'da_constraints',
  title: 'Constraints that bind in the day-ahead market, by the hour',
  fields: SHADOW,
  time: HOUR_ENDING,
  columns: CONSTRAINTS,
  matches: (head, name) =>
    isBinding(head) &&
    (head.cadence === 'hourly' || (head.cadence !== 'five-minute' && isDayAheadBinding(head, name))),
  named: /DA.?BC/i,
  files: dailyFiles({
    folder: 'da-binding-constraints',
    path: '/{YYYY}/{MM}/By_Day/DA-BC-{YYYYMMDD}0100.csv',
    published: -10 * HOUR,
  }),
});

/** The dataset `rt_constraints` of SPP. */
export const realTimeConstraints: Dataset = sppDataset({
  name: 'rt_constraints',
  title: 'Constraints that bind in real time, by five minutes',
  fields: SHADOW,
  time: FIVE_MINUTES_ENDING,
  columns: CONSTRAINTS,
  matches: (head, name) =>
    isBinding(head) &&
    (head.cadence === 'five-minute' || (head.cadence !== 'hourly' && !isDayAheadBinding(head, name))),
  named: /RTBM.*BC/i,
  files: byAge(
    [
      DAYS_OF_INTERVALS,
      intervalFiles({
        folder: 'rtbm-binding-constraints',
        path: '/{start:YYYY}/{start:MM}/By_Interval/{start:DD}/RTBM-BC-{YYYYMMDDhhmm}{d}.csv',
        published: 10 * MINUTE,
      }),
    ],
    [
      Number.POSITIVE_INFINITY,
      dailyFiles({
        folder: 'rtbm-binding-constraints',
        path: '/{YYYY}/{MM}/By_Day/RTBM-DAILY-BC-{YYYYMMDD}.csv',
        published: 6 * DAY,
      }),
    ],
  ),
});
