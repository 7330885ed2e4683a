/**
 * MISO wind and solar forecasts by the hour: the displays `getWindForecast` and `getSolarForecast`, JSON of `MktDay`,
 * `RefId` and `Forecast`; what came of them is `getWind`, `getSolar` with a list called `instance` or `Actual`. DateTimeEST
 * is the begin of the hour that HourEndingEST numbers; both are held together. The displays have one form, and no word in
 * the body says whether it is wind or sun: the name does, and without one the night, in which the sun gives nothing.
 */

import type { Micros } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { SHEET_HOUR } from './hour-sheets.ts';
import { REFERENCE_PATTERN } from './routes.ts';

const UNIT = 'MW';
type Kind = 'wind' | 'solar';
/** Names of the list, by what it holds. */
const LISTS: Readonly<Record<'forecast' | 'generation', readonly string[]>> = {
  forecast: ['Forecast'],
  generation: ['instance', 'Actual'],
};
type Stage = keyof typeof LISTS;

const REFERENCE: TimeConvention = {
  ...SHEET_HOUR,
  pattern: REFERENCE_PATTERN,
  stamp: 'instant',
  length: 0,
  onGrid: false,
};

function recognise(head: PayloadHead, kind: Kind, stage: Stage): Recognition {
  if (!/^\s*\{/.test(head.text) || !/"MktDay"\s*:/.test(head.text)) return 0;
  if (/"(?:Forecast|Actual)DateTimeEST"\s*:/.test(head.text)) return 0;
  if (!LISTS[stage].some((list) => new RegExp(`"${list}"\\s*:`).test(head.text))) return 0;
  const named = /solar/i.test(head.name) ? 'solar' : /wind/i.test(head.name) ? 'wind' : null;
  if (named !== null) return named === kind ? 3 : 0;
  const told = byNight(head.text);
  if (told === null) return 1;
  return told === kind ? 2 : 0;
}

/** Wind or sun by the hours around midnight; null where fewer than two of them are in sight. */
function byNight(text: string): Kind | null {
  const nights: number[] = [];
  for (const [record] of text.matchAll(/\{[^{}]*\}/g)) {
    const hour = Number(/"HourEndingEST"\s*:\s*"?(\d{1,2})/.exec(record)?.[1] ?? Number.NaN);
    const value = Number(/"Value"\s*:\s*"?(-?[\d.]+)/.exec(record)?.[1] ?? Number.NaN);
    if ((hour <= 3 || hour >= 23) && !Number.isNaN(value)) nights.push(value);
  }
  if (nights.length < 2) return null;
  return nights.every((value) => Math.abs(value) < 1) ? 'solar' : 'wind';
}

/** Hour of a 12-hour clock; NaN for what is none. */
function hourOf(clock: string): number {
  const parts = /^(\d{1,2}):00(?::00)? ([AP])M$/i.exec(clock.trim());
  if (parts === null) return Number.NaN;
  return (Number(parts[1]) % 12) + (parts[2]?.toUpperCase() === 'P' ? 12 : 0);
}

/** Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_MALFORMED; a record whose hour and clock differ is damage. */
function read(payload: Payload, field: string, stage: Stage): Decoded {
  const body = readJson(payload);
  const forecast = isJsonObject(body) ? LISTS[stage].map((list) => body[list]).find(isJsonArray) : undefined;
  if (!isJsonObject(body) || !isJsonArray(forecast))
    throw malformedRecord(payload, 1, `an object with "MktDay" and "${LISTS[stage].join('" or "')}"`, body);
  const published = momentOf(REFERENCE, textOf(body['RefId']));
  const publishedAt: Micros | null = published.kind === 'unique' ? published.first : null;
  const rows: SourceRow[] = [];
  for (const [i, record] of forecast.entries()) {
    const row = isJsonObject(record) ? rowOf(record, i + 1, field, publishedAt) : null;
    if (row === null) {
      const expected = 'an hour with DateTimeEST, HourEndingEST and Value that agree';
      return { rows, rejected: [], drift: [], damage: malformedRecord(payload, i + 1, expected, record) };
    }
    rows.push(row);
  }
  return { rows, rejected: [], drift: [], damage: null };
}

function rowOf(
  record: Readonly<Record<string, Json>>,
  row: number,
  field: string,
  publishedAt: Micros | null,
): SourceRow | null {
  const [date = '', ...clock] = textOf(record['DateTimeEST']).split(' ');
  const hour = Number(textOf(record['HourEndingEST']));
  const value = record['Value'];
  if (hourOf(clock.join(' ')) !== hour - 1 || !(value === null || typeof value === 'string')) return null;
  return sourceRow(row, 'MISO', `${date} HE ${hour}`, [{ field, value, unit: UNIT }], { publishedAt });
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function hourly(kind: Kind, stage: Stage): Dataset {
  const field = `${kind}_${stage}`;
  const what = stage === 'forecast' ? 'forecast output' : 'output';
  return {
    name: field,
    title:
      stage === 'forecast'
        ? `Forecast of ${kind} generation by the hour`
        : `Generation of ${kind} by the hour`,
    time: SHEET_HOUR,
    nullWords: NULL_WORDS,
    coverage: { contiguous: true, sameSpan: true },
    fields: [{ field, unit: UNIT, what: `${what} of ${kind} in the whole market` }],
    recognise: (head) => recognise(head, kind, stage),
    // The old host of these displays is gone; files that were kept are read, nothing is fetched.
    plan: () => [],
    decode: (payload) => read(payload, field, stage),
  };
}

/** The dataset `wind_forecast` of MISO. */
export const windForecast: Dataset = hourly('wind', 'forecast');

/** The dataset `solar_forecast` of MISO. */
export const solarForecast: Dataset = hourly('solar', 'forecast');

/** The dataset `wind_generation` of MISO. */
export const windGeneration: Dataset = hourly('wind', 'generation');

/** The dataset `solar_generation` of MISO. */
export const solarGeneration: Dataset = hourly('solar', 'generation');
