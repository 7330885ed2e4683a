/**
 * CAISO's figures in megawatts: forecasts of load (SLD_FCST) and of wind and sun (SLD_REN_FCST), actual load, schedules
 * of the whole system (ENE_SLRS) and losses (ENE_LOSS).
 *
 * One report carries several forecasts of one hour (a week, two days, a day, fifteen and five minutes ahead). The
 * day-ahead one has no series; each other one has its own, so that they never pass for revisions of each other.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { HOURLY, type OasisDataset, oasisDataset } from './dataset.ts';
import type { OasisRecord } from './oasis-record.ts';
import type { Meaning } from './oasis-report.ts';

const UNIT = 'MW';
/** Location of a figure of the whole system. */
const SYSTEM = 'CAISO';

const ANY_LENGTH: OasisDataset['lengths'] = [HOUR, 15 * MINUTE, 5 * MINUTE];

const dayAhead = (queryname: string, run: string, hours: number, more = {}): OasisDataset['query'] => ({
  queryname,
  version: 1,
  run,
  more,
  byNode: false,
  published: { when: 'day-ahead', hours },
});

/** The run, where it is not the day-ahead one. */
const otherRun = (run: string): string | null => (run === 'DAM' || run === '' ? null : run);

function loadMeaning({ item, place, run }: OasisRecord): Meaning | null {
  if (!/^SYS_FCST_\w+_MW$/.test(item) || place === '') return null;
  if (run === 'ACTUAL') return { field: 'load', unit: UNIT, location: place, series: null };
  const series = item === 'SYS_FCST_DA_MW' ? otherRun(run) : item;
  return { field: 'load_forecast', unit: UNIT, location: place, series };
}

/** The dataset `load_forecast`. */
export const loadForecast = oasisDataset({
  name: 'load_forecast',
  title: 'Load forecasts by area',
  query: dayAhead('SLD_FCST', 'DAM', 10),
  runs: ['DAM', '2DA', '7DA', 'RTM', 'RTPD', 'RTD'],
  lengths: ANY_LENGTH,
  fields: [{ field: 'load_forecast', unit: UNIT, what: 'forecast demand' }],
  reading: { placed: true, meaningOf: loadMeaning },
});

/** The dataset `load`: what the areas took, from the same report. */
export const actualLoad = oasisDataset({
  name: 'load',
  title: 'Actual hourly load by area',
  query: { ...dayAhead('SLD_FCST', 'ACTUAL', 0), published: { when: 'real-time', minutes: 90 } },
  runs: ['ACTUAL'],
  lengths: ANY_LENGTH,
  fields: [{ field: 'load', unit: UNIT, what: 'demand' }],
  reading: { placed: true, meaningOf: loadMeaning },
});

function renewableMeaning({ item, kind, place, run }: OasisRecord): Meaning | null {
  const fuel = kind.toLowerCase();
  if (!/^RENEW_\w+_MW$/.test(item) || (fuel !== 'wind' && fuel !== 'solar') || place === '') return null;
  const field = `${fuel}_${run === 'ACTUAL' ? 'generation' : 'forecast'}`;
  return { field, unit: UNIT, location: place, series: run === 'ACTUAL' ? null : otherRun(run) };
}

/** The dataset `renewable_forecast`. */
export const renewableForecast = oasisDataset({
  name: 'renewable_forecast',
  title: 'Forecasts of wind and sun by hub, and what came of them',
  query: dayAhead('SLD_REN_FCST', 'DAM', 13),
  runs: null,
  lengths: ANY_LENGTH,
  fields: [
    { field: 'wind_forecast', unit: UNIT, what: 'forecast output of wind' },
    { field: 'solar_forecast', unit: UNIT, what: 'forecast output of sun' },
    { field: 'wind_generation', unit: UNIT, what: 'output of wind, run ACTUAL' },
    { field: 'solar_generation', unit: UNIT, what: 'output of sun, run ACTUAL' },
  ],
  reading: { placed: true, meaningOf: renewableMeaning },
});

const DIRECTIONS: Readonly<Record<string, string>> = {
  EXP: 'export',
  IMP: 'import',
  GEN: 'generation',
  LOAD: 'load',
};

function scheduleMeaning({ item, kind, place, run }: OasisRecord): Meaning | null {
  // Items of another run may have names of their own; the column `SCHEDULE` says the direction in words.
  const direction =
    /_(EXP|IMP|GEN|LOAD)_MW$/.exec(item)?.[1] ??
    (/_MW$/.test(item) ? (/^(?:EXP|IMP|GEN|LOAD)/i.exec(kind)?.[0].toUpperCase() ?? '') : '');
  const field = DIRECTIONS[direction];
  if (field === undefined) return null;
  return { field, unit: UNIT, location: place === '' ? SYSTEM : place, series: otherRun(run) };
}

/** The dataset `schedule`. */
export const schedule = oasisDataset({
  name: 'schedule',
  title: 'Scheduled generation, load, import and export',
  query: dayAhead('ENE_SLRS', 'DAM', 13, { tac_zone_name: 'ALL', schedule: 'ALL' }),
  runs: null,
  lengths: ANY_LENGTH,
  fields: [
    { field: 'generation', unit: UNIT, what: 'scheduled generation' },
    { field: 'load', unit: UNIT, what: 'scheduled demand' },
    { field: 'import', unit: UNIT, what: 'scheduled import' },
    { field: 'export', unit: UNIT, what: 'scheduled export' },
  ],
  reading: { placed: false, meaningOf: scheduleMeaning },
});

function lossMeaning({ item, place, run }: OasisRecord): Meaning | null {
  if (!/^(?:\w+_)?LOSS_MW$/.test(item)) return null;
  return { field: 'losses', unit: UNIT, location: place === '' ? SYSTEM : place, series: otherRun(run) };
}

/** The dataset `losses`. */
export const losses = oasisDataset({
  name: 'losses',
  title: 'Day-ahead losses of the system',
  query: dayAhead('ENE_LOSS', 'DAM', 13),
  runs: null,
  lengths: HOURLY,
  fields: [{ field: 'losses', unit: UNIT, what: 'losses of the transmission system' }],
  reading: { placed: false, meaningOf: lossMeaning },
});
