/**
 * SPP forecasts of wind and sun: of the middle term by the hour for a week (`OP-MTRF`, before that `OP-DAWF` for wind
 * alone), of the short term by five minutes with what came of them (`OP-STRF`), and by reserve zone (`RF_RESERVE_ZONE`).
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, hasAll, sppDataset } from './dataset.ts';
import type { SppHead } from './glimpse.ts';
import { hourlyFiles, intervalFiles } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'MW';

const FIELD_OF: Readonly<Record<string, string>> = {
  windforecastmw: 'wind_forecast',
  forecastmw: 'wind_forecast',
  solarforecastmw: 'solar_forecast',
  actualwindmw: 'wind_generation',
  windactualmw: 'wind_generation',
  actualsolarmw: 'solar_generation',
  solaractualmw: 'solar_generation',
};

const FORECASTS: readonly PublishedField[] = [
  { field: 'wind_forecast', unit: UNIT, what: 'forecast output of wind' },
  { field: 'solar_forecast', unit: UNIT, what: 'forecast output of sun' },
];
const ALL: readonly PublishedField[] = [
  ...FORECASTS,
  { field: 'wind_generation', unit: UNIT, what: 'output of wind' },
  { field: 'solar_generation', unit: UNIT, what: 'output of sun' },
];

const columnsAt = (place: string, required: readonly string[]): SppColumns => ({
  place: [place],
  series: [],
  required,
  ignored: ['interval', 'intervalend', 'baa'],
  meaningOf(name) {
    const field = FIELD_OF[name];
    return field === undefined ? null : { field, unit: UNIT };
  },
});

const isForecast = (head: SppHead): boolean =>
  head.form === 'table' && (hasAll(head, 'windforecastmw') || hasAll(head, 'forecastmw'));
const isZonal = (head: SppHead): boolean => hasAll(head, 'reservezone');
const hasActual = (head: SppHead): boolean =>
  ['actualwindmw', 'windactualmw', 'actualsolarmw'].some((name) => head.names.has(name));

/** The dataset `renewable_forecast` of SPP. */
export const renewableForecast: Dataset = sppDataset({
  name: 'renewable_forecast',
  title: 'Forecast of wind and sun by the hour for a week',
  fields: FORECASTS,
  time: HOUR_ENDING,
  columns: columnsAt('baa', []),
  matches: (head) => isForecast(head) && !isZonal(head) && !hasActual(head) && head.cadence !== 'five-minute',
  named: /MTRF|DAWF/i,
  files: hourlyFiles({
    folder: 'midterm-resource-forecast',
    path: '/{YYYY}/{MM}/{DD}/OP-MTRF-{YYYYMMDDhhmm}{d}.csv',
    published: 75 * MINUTE,
  }),
});

/** The dataset `renewable_forecast_5min` of SPP. */
export const shortTermRenewableForecast: Dataset = sppDataset({
  name: 'renewable_forecast_5min',
  title: 'Forecast of wind and sun by five minutes, and what came of it',
  fields: ALL,
  time: FIVE_MINUTES_ENDING,
  columns: columnsAt('baa', ['windforecastmw']),
  matches: (head) =>
    isForecast(head) && !isZonal(head) && (hasActual(head) || head.cadence === 'five-minute'),
  named: /STRF/i,
  files: intervalFiles({
    folder: 'shortterm-resource-forecast',
    path: '/{YYYY}/{MM}/{DD}/{next:hh}/OP-STRF-{YYYYMMDDhhmm}{d}.csv',
    published: 10 * MINUTE,
  }),
});

/** The dataset `renewable_forecast_zone` of SPP. */
export const zonalRenewableForecast: Dataset = sppDataset({
  name: 'renewable_forecast_zone',
  title: 'Forecast of wind and sun by reserve zone and hour, and what came of it',
  fields: ALL,
  time: HOUR_ENDING,
  columns: columnsAt('reservezone', ['reservezone', 'windforecastmw']),
  matches: (head) => isForecast(head) && isZonal(head),
  named: /RF_RESERVE_ZONE/i,
  files: hourlyFiles({
    folder: 'resource-forecast-by-reserve-zone',
    path: '/{YYYY}/{MM}/{DD}/RF_RESERVE_ZONE-{YYYYMMDDhhmm}{d}.csv',
    published: 75 * MINUTE,
  }),
});
