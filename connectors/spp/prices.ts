/**
 * SPP prices at settlement locations and at buses: day-ahead by the hour (`DA-LMP-SL`, `DA-LMP-B`), in real time by five
 * minutes (`RTBM-LMP-SL`, `RTBM-LMP-B`, the files of the days `RTBM-LMP-DAILY-SL`, and those of the western market until
 * April 2026). LMP = MEC + MLC + MCC.
 *
 * The files share their columns, and only the stamps tell them apart: a day-ahead file holds the hours of a day. One
 * stamp alone is a real-time interval, unless the name says otherwise.
 */

import { DAY, HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, sppDataset } from './dataset.ts';
import { isHourByArea, type SppHead } from './glimpse.ts';
import { byAge, chosen, DAYS_OF_INTERVALS, dailyFiles, intervalFiles, type PortalPlan } from './routes.ts';
import type { Meaning, SppColumns } from './table.ts';

const UNIT = 'USD/MWh';
const PARTS: Readonly<Record<string, string>> = {
  lmp: 'lmp',
  mlc: 'loss',
  mcc: 'congestion',
  mec: 'energy',
};

/** Fields of all prices of energy with their parts. */
export const PRICE_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'price at the location' },
  { field: 'energy', unit: UNIT, what: 'MEC, marginal energy component' },
  { field: 'congestion', unit: UNIT, what: 'MCC, marginal congestion component' },
  { field: 'loss', unit: UNIT, what: 'MLC, marginal loss component' },
];

const COLUMNS: SppColumns = {
  place: ['settlementlocation', 'settlementlocationname', 'pnode', 'pnodename', 'bus', 'node'],
  series: [],
  required: ['lmp', 'mlc', 'mcc', 'mec'],
  // Names of locations are unique over both balancing areas.
  // The map of prices has numbers and places of its own beside them.
  ignored: [
    'interval',
    'baa',
    'pnode',
    'pnodename',
    'settlementlocationtype',
    'objectid',
    'latitude',
    'longitude',
    'shape',
    'type',
    'hour',
    'priceunits',
  ],
  meaningOf(name): Meaning | null {
    const field = PARTS[name];
    return field === undefined ? null : { field, unit: UNIT };
  },
};

const DAY_AHEAD = /(?:^|[^a-z])DA.?LMP/i;
const REAL_TIME = /RTBM|RT.?LMP/i;

/** True for a head with the columns of prices; one of them may be absent, which is said when it is read. */
function isPrices(head: SppHead): boolean {
  const parts = Object.keys(PARTS).filter((part) => head.names.has(part)).length;
  return head.form === 'table' && parts >= 3 && COLUMNS.place.some((name) => head.names.has(name));
}

/** What one stamp on a full hour is: day-ahead by its name, else by its header, else real time. */
const isDayAhead = (head: SppHead, name: string): boolean =>
  DAY_AHEAD.test(name) || (!REAL_TIME.test(name) && isHourByArea(head));

const byDay = (folder: string, file: string, published: number): PortalPlan =>
  dailyFiles({ folder, path: `/{YYYY}/{MM}/By_Day/${file}.csv`, published });

/** The dataset `da_lmp` of SPP. */
export const dayAheadLmp: Dataset = sppDataset({
  name: 'da_lmp',
  title: 'Day-ahead hourly prices at settlement locations and buses',
  fields: PRICE_FIELDS,
  time: HOUR_ENDING,
  columns: COLUMNS,
  matches: (head, name) =>
    isPrices(head) &&
    (head.cadence === 'hourly' ||
      (head.cadence === 'single' && isDayAhead(head, name)) ||
      (head.cadence === 'none' && !REAL_TIME.test(name))),
  named: DAY_AHEAD,
  files: chosen(
    {
      'settlement-location': byDay('da-lmp-by-settlement-location', 'DA-LMP-SL-{YYYYMMDD}0100', -10 * HOUR),
      bus: byDay('da-lmp-by-bus', 'DA-LMP-B-{YYYYMMDD}0100', -10 * HOUR),
    },
    'settlement-location',
  ),
});

const realTimeFiles = (folder: string, file: string, daily: string): PortalPlan =>
  byAge(
    [
      DAYS_OF_INTERVALS,
      intervalFiles({
        folder,
        path: `/{start:YYYY}/{start:MM}/By_Interval/{start:DD}/${file}-{YYYYMMDDhhmm}{d}.csv`,
        published: 10 * MINUTE,
      }),
    ],
    [Number.POSITIVE_INFINITY, byDay(folder, `${daily}-{YYYYMMDD}`, 6 * DAY)],
  );

/** The dataset `rt_lmp` of SPP. */
export const realTimeLmp: Dataset = sppDataset({
  name: 'rt_lmp',
  title: 'Real-time five-minute prices at settlement locations and buses',
  fields: PRICE_FIELDS,
  time: FIVE_MINUTES_ENDING,
  columns: COLUMNS,
  matches: (head, name) =>
    isPrices(head) &&
    (head.cadence === 'five-minute' ||
      (head.cadence === 'single' && !isDayAhead(head, name)) ||
      (head.cadence === 'none' && REAL_TIME.test(name))),
  named: REAL_TIME,
  files: chosen(
    {
      'settlement-location': realTimeFiles('rtbm-lmp-by-location', 'RTBM-LMP-SL', 'RTBM-LMP-DAILY-SL'),
      bus: realTimeFiles('rtbm-lmp-by-bus', 'RTBM-LMP-B', 'RTBM-LMP-DAILY-B'),
    },
    'settlement-location',
  ),
});
