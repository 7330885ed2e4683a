/**
 * MISO wind and solar forecasts by the hour: the displays `getWindForecast` and `getSolarForecast`, JSON of `MktDay`,
 * `RefId` and `Forecast`. DateTimeEST is the begin of the hour that HourEndingEST numbers; both are held together. The
 * two displays have one form, and nothing in the body says which it is: the name decides.
 */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { MISO_NULL_WORDS } from './lmp-table.ts';
import { MISO_ZONE, REFERENCE_PATTERN } from './routes.ts';

const UNIT = 'MW';
type Kind = 'wind' | 'solar';

const HOUR_ENDING: TimeConvention = {
  name: 'est-hour-ending',
  zone: MISO_ZONE,
  pattern: 'YYYY-MM-DD HE h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};
const REFERENCE: TimeConvention = {
  ...HOUR_ENDING,
  pattern: REFERENCE_PATTERN,
  stamp: 'instant',
  length: 0,
  onGrid: false,
};

function recognise(head: PayloadHead, kind: Kind): Recognition {
  if (!/^\s*\{/.test(head.text) || !/"MktDay"\s*:/.test(head.text) || !/"Forecast"\s*:/.test(head.text))
    return 0;
  const named = /solar/i.test(head.name) ? 'solar' : /wind/i.test(head.name) ? 'wind' : null;
  if (named === null) return 1;
  return named === kind ? 3 : 0;
}

/** Hour of a 12-hour clock; NaN for what is none. */
function hourOf(clock: string): number {
  const parts = /^(\d{1,2}):00(?::00)? ([AP])M$/i.exec(clock.trim());
  if (parts === null) return Number.NaN;
  return (Number(parts[1]) % 12) + (parts[2]?.toUpperCase() === 'P' ? 12 : 0);
}

/** Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_MALFORMED; a record whose hour and clock differ is damage. */
function read(payload: Payload, field: string): Decoded {
  const body = readJson(payload);
  const forecast = isJsonObject(body) ? body['Forecast'] : undefined;
  if (!isJsonObject(body) || !isJsonArray(forecast))
    throw malformedRecord(payload, 1, 'an object with "MktDay" and "Forecast"', body);
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

function forecastOf(kind: Kind): Dataset {
  const field = `${kind}_forecast`;
  return {
    name: field,
    title: `Forecast of ${kind} generation by the hour`,
    time: HOUR_ENDING,
    nullWords: MISO_NULL_WORDS,
    coverage: { contiguous: true, sameSpan: true },
    fields: [{ field, unit: UNIT, what: `forecast ${kind} generation of the whole market` }],
    recognise: (head) => recognise(head, kind),
    // The old host of these displays is gone; files that were kept are read, nothing is fetched.
    plan: () => [],
    decode: (payload) => read(payload, field),
  };
}

/** The dataset `wind_forecast` of MISO. */
export const windForecast: Dataset = forecastOf('wind');

/** The dataset `solar_forecast` of MISO. */
export const solarForecast: Dataset = forecastOf('solar');
