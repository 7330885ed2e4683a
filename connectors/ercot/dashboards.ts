/**
 * The dashboards that carry series: load with its forecasts of three days (system-wide-demand, which was supply-demand
 * before), generation by fuel (fuel-mix), batteries (energy-storage-resources), and wind with solar (combine-wind-solar).
 */

import type { Dataset, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { isJsonObject, type Json, malformedRecord } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  dayEntries,
  lastUpdated,
  NUMBERED_HOUR,
  OFFSET_INSTANT,
  splitOffset,
  textOf,
  valuesOf,
  withoutDoubles,
} from './dashboard.ts';
import { type Dashboard, dashboardDataset, PLACE } from './dashboard-dataset.ts';

const UNIT = 'MW';

const field = (name: string, what: string): PublishedField => ({ field: name, unit: UNIT, what });

/** Rows by the number of their hour. */
function hours(body: Json, payload: Payload, fields: Readonly<Record<string, string>>): SourceRow[] {
  const publishedAt = lastUpdated(body);
  return dayEntries(body, payload).map(({ entry, date, row }) => {
    const words = `${date} ${textOf(entry['hourEnding'])}`;
    const timeHint = textOf(entry['dstFlag']).toLowerCase();
    return sourceRow(row, PLACE, words, valuesOf(entry, fields, UNIT), { timeHint, publishedAt });
  });
}

/** Rows by their stamp. */
function instants(
  body: Json,
  payload: Payload,
  fields: Readonly<Record<string, string>>,
): ReturnType<typeof withoutDoubles> {
  const publishedAt = lastUpdated(body);
  const rows = dayEntries(body, payload).map(({ entry, row }) => {
    const { words, hint } = splitOffset(textOf(entry['timestamp']));
    return sourceRow(row, PLACE, words, valuesOf(entry, fields, UNIT), { timeHint: hint, publishedAt });
  });
  return withoutDoubles(rows);
}

/** `{"data":{"2025-10-08":{"2025-10-08 00:04:56-0500":{"Coal and Lignite":{"gen":8123.1},…}}}}`. */
function fuels(body: Json, payload: Payload): SourceRow[] {
  const days = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonObject(days)) throw malformedRecord(payload, 1, 'days of generation under "data"', body);
  const publishedAt = lastUpdated(body);
  const rows: SourceRow[] = [];
  let number = 0;
  for (const stamps of Object.values(days)) {
    if (!isJsonObject(stamps)) throw malformedRecord(payload, number + 1, 'a day of stamps', stamps);
    for (const [stamp, mix] of Object.entries(stamps)) {
      number++;
      if (!isJsonObject(mix)) throw malformedRecord(payload, number, 'a mix of fuels', mix);
      const { words, hint } = splitOffset(stamp);
      for (const [fuel, figures] of Object.entries(mix)) {
        const figure = isJsonObject(figures) ? figures : { gen: figures };
        const values = valuesOf(figure, { gen: 'generation' }, UNIT);
        if (values.length > 0)
          rows.push(sourceRow(number, PLACE, words, values, { series: fuel, timeHint: hint, publishedAt }));
      }
    }
  }
  return rows;
}

const LOAD = {
  systemLoad: 'load',
  currentLoadForecast: 'load_forecast',
  dayAheadForecast: 'load_forecast_day_ahead',
  currentDayHsl: 'capacity',
  dayAheadHsl: 'capacity_day_ahead',
};
const STORAGE = {
  totalCharging: 'storage_charging',
  totalDischarging: 'storage_discharging',
  netOutput: 'storage_net',
};
const WIND_AND_SOLAR = {
  actualWind: 'wind_generation',
  actualSolar: 'solar_generation',
  stwpf: 'wind_forecast',
  stppf: 'solar_forecast',
  wgrpp: 'wind_forecast_potential',
  pvgrpp: 'solar_forecast_potential',
  copHslWind: 'wind_capacity_scheduled',
  copHslSolar: 'solar_capacity_scheduled',
  dayAheadWind: 'wind_forecast_day_ahead',
  dayAheadSolar: 'solar_forecast_day_ahead',
  // Names since 2022.
  stwpfDayAhead: 'wind_forecast_day_ahead',
  stppfDayAhead: 'solar_forecast_day_ahead',
  wgrppDayAhead: 'wind_forecast_potential_day_ahead',
  pvgrppDayAhead: 'solar_forecast_potential_day_ahead',
  copHslWindDayAhead: 'wind_capacity_scheduled_day_ahead',
  copHslSolarDayAhead: 'solar_capacity_scheduled_day_ahead',
};

const DASHBOARDS: readonly Dashboard[] = [
  {
    dataset: 'load_outlook',
    title: 'Load by the hour and its forecasts, three days',
    file: 'system-wide-demand',
    time: NUMBERED_HOUR,
    fields: [
      field('load', 'load of the system, for hours past'),
      field('load_forecast', 'its forecast of now'),
      field('load_forecast_day_ahead', 'its forecast of the day before'),
      field('capacity', 'capacity in the operating plans'),
      field('capacity_day_ahead', 'capacity in the plans of the day before'),
    ],
    marks: [/"currentLoadForecast"|"dayAheadForecast"|"systemLoad"/],
    read: (body, payload) => ({ rows: hours(body, payload, LOAD) }),
  },
  {
    dataset: 'fuel_mix',
    title: 'Generation by fuel, readings about every five minutes',
    file: 'fuel-mix',
    time: OFFSET_INSTANT,
    fields: [field('generation', 'output of a fuel, its name as series')],
    marks: [/"gen"/, /"(?:Coal and Lignite|Natural Gas|Nuclear|Wind|Solar)"/],
    read: (body, payload) => ({ rows: fuels(body, payload) }),
  },
  {
    dataset: 'storage',
    title: 'Batteries, readings every five minutes',
    file: 'energy-storage-resources',
    time: OFFSET_INSTANT,
    fields: [
      field('storage_charging', 'charging, below zero'),
      field('storage_discharging', 'discharging'),
      field('storage_net', 'the sum of both'),
    ],
    marks: [/"totalCharging"|"totalDischarging"/],
    read: (body, payload) => instants(body, payload, STORAGE),
  },
  {
    dataset: 'renewable_forecast',
    title: 'Wind and solar by the hour with their forecasts, three days',
    file: 'combine-wind-solar',
    time: NUMBERED_HOUR,
    fields: [...new Set(Object.values(WIND_AND_SOLAR))].map((name) => field(name, name.replaceAll('_', ' '))),
    marks: [/"actualWind"|"actualSolar"/],
    read: (body, payload) => ({ rows: hours(body, payload, WIND_AND_SOLAR) }),
  },
];

/** The datasets of the dashboards. */
export const dashboards: readonly Dataset[] = DASHBOARDS.map(dashboardDataset);
