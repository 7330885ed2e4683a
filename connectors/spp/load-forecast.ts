/**
 * SPP load, forecast and actual: of the middle term by the hour for a week (`OP-MTLF`), of the short term by five minutes
 * (`OP-STLF`), and the chart of both with wind and sun (`chart-api/load-forecast`), in which the two forecasts have names
 * of their own. Since April 2026 both balancing areas have records; before, all is SPP.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PublishedField } from '../kit/contract.ts';
import { FIVE_MINUTES_ENDING, HOUR_ENDING, hasAll, sppDataset } from './dataset.ts';
import { hourlyFiles, intervalFiles } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'MW';

type Fields = Readonly<Record<string, readonly [field: string, what: string]>>;

const columnsOf = (fields: Fields, required: readonly string[]): SppColumns => ({
  place: ['baa'],
  series: [],
  required,
  ignored: ['interval'],
  meaningOf(name) {
    const found = fields[name];
    return found === undefined ? null : { field: found[0], unit: UNIT };
  },
});

const published = (fields: Fields): PublishedField[] =>
  [...new Map(Object.values(fields)).entries()].map(([field, what]) => ({ field, unit: UNIT, what }));

const MIDDLE_TERM: Fields = {
  mtlf: ['load_forecast', 'forecast load'],
  averagedactual: ['load', 'load of the hour'],
};

/** The dataset `load_forecast` of SPP. */
export const loadForecast: Dataset = sppDataset({
  name: 'load_forecast',
  title: 'Load forecast by the hour for a week, and the load of the last hours',
  fields: published(MIDDLE_TERM),
  time: HOUR_ENDING,
  columns: columnsOf(MIDDLE_TERM, ['mtlf']),
  matches: (head) => head.form === 'table' && hasAll(head, 'mtlf') && !hasAll(head, 'stlf'),
  named: /MTLF/i,
  files: hourlyFiles({
    folder: 'mtlf-vs-actual',
    path: '/{YYYY}/{MM}/{DD}/OP-MTLF-{YYYYMMDDhhmm}{d}.csv',
    published: 75 * MINUTE,
  }),
});

const SHORT_TERM: Fields = {
  stlf: ['load_forecast', 'forecast load'],
  actual: ['load', 'load of the five minutes'],
};

/** The dataset `load_forecast_5min` of SPP. */
export const shortTermLoadForecast: Dataset = sppDataset({
  name: 'load_forecast_5min',
  title: 'Load forecast by five minutes, and the load of the last minutes',
  fields: published(SHORT_TERM),
  time: FIVE_MINUTES_ENDING,
  columns: columnsOf(SHORT_TERM, ['stlf']),
  matches: (head) => head.form === 'table' && hasAll(head, 'stlf') && !hasAll(head, 'mtlf'),
  named: /STLF/i,
  files: intervalFiles({
    folder: 'stlf-vs-actual',
    path: '/{YYYY}/{MM}/{DD}/{next:hh}/OP-STLF-{YYYYMMDDhhmm}{d}.csv',
    published: 10 * MINUTE,
  }),
});

const TREND: Fields = {
  stlf: ['load_forecast_short_term', 'load forecast of the short term'],
  shorttermloadforecast: ['load_forecast_short_term', 'load forecast of the short term'],
  mtlf: ['load_forecast_mid_term', 'load forecast of the middle term'],
  midtermloadforecast: ['load_forecast_mid_term', 'load forecast of the middle term'],
  actualload: ['load', 'load'],
  actual: ['load', 'load'],
  averagedactual: ['load', 'load'],
  stwf: ['wind_forecast_short_term', 'wind forecast of the short term'],
  shorttermwindforecast: ['wind_forecast_short_term', 'wind forecast of the short term'],
  mtwf: ['wind_forecast_mid_term', 'wind forecast of the middle term'],
  midtermwindforecast: ['wind_forecast_mid_term', 'wind forecast of the middle term'],
  actualwind: ['wind_generation', 'output of wind'],
  stsf: ['solar_forecast_short_term', 'solar forecast of the short term'],
  shorttermsolarforecast: ['solar_forecast_short_term', 'solar forecast of the short term'],
  mtsf: ['solar_forecast_mid_term', 'solar forecast of the middle term'],
  midtermsolarforecast: ['solar_forecast_mid_term', 'solar forecast of the middle term'],
  actualsolar: ['solar_generation', 'output of sun'],
};

/** The dataset `load_forecast_trend` of SPP. */
export const loadForecastTrend: Dataset = sppDataset({
  name: 'load_forecast_trend',
  title: 'Chart of load, wind and sun: forecasts of the short and the middle term, and actual',
  fields: published(TREND),
  time: FIVE_MINUTES_ENDING,
  columns: columnsOf(TREND, []),
  matches: (head) =>
    head.form === 'chart'
      ? hasAll(head, 'actualload') || hasAll(head, 'midtermloadforecast') || hasAll(head, 'actualwind')
      : (hasAll(head, 'stlf', 'mtlf') || hasAll(head, 'mtlf', 'actualload')) &&
        head.names.has('gmtintervalend'),
  named: /load.?forecast|summaryForecast/i,
  files: null,
});
