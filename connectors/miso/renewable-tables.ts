/**
 * MISO's wind and sun in tables: the display `WindSolar/GetCombined` (before December 2025 `combinedwindsolar`, JSON or
 * CSV) and the CSV of `Wind` and `Solar`, with a forecast and an actual hour in each line; the sheets `WIND HOURLY` and
 * `SOLAR HOURLY` of `YYYYMMDD_mom.xlsx`, forecasts by region; and the history of wind, `YYYYMMDD_hwd_HIST.csv`.
 *
 * Where a table has one kind without its name, the name of the file or its title says which, and without both the night,
 * in which the sun gives nothing.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, placeOf, textOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { normaliseHeader, readRecords } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf } from '../kit/time/convention.ts';
import { displayTable, REFERENCE_TIME, tablePayload } from './display-table.ts';
import { readHours, recogniseHours, SHEET_HOUR } from './hour-sheets.ts';
import { type Kind, kindIn, RENEWABLE_SHEETS } from './renewable-sheets.ts';
import { todayRequests } from './routes.ts';

const UNIT = 'MW';
const DISPLAY = ['forecastdatetimeest', 'forecasthourendingest'];
const isJson = (text: string): boolean =>
  /^\s*\{/.test(text) && /"(?:Forecast|Actual)DateTimeEST"\s*:/.test(text);
const isCsv = (text: string): boolean => displayTable(text, DISPLAY) !== null;

/** `forecast` and `generation` in a record: names of its columns begin with `forecast` or `actual`. */
const STAGES = [
  ['forecast', 'forecast'],
  ['actual', 'generation'],
] as const;

function recognise(head: PayloadHead): Recognition {
  if (isJson(head.text) || isCsv(head.text)) return /wind|solar/i.test(head.name) ? 3 : 2;
  return recogniseHours(head, RENEWABLE_SHEETS);
}

type Fields = ReadonlyMap<string, string | null>;

/** What one display is read by. */
interface Context {
  readonly publishedAt: Micros | null;
  /** Kind of columns without its name. */
  readonly kind: Kind | null;
}

/** `2024-11-02 1:00:00 AM` and the hour 2; null where clock and number differ. */
function timeOf(stamp: string, hour: string): string | null {
  const parts = /^(\S+) (\d{1,2}):00(?::00)?(?: ([AP])M)?$/i.exec(stamp.trim());
  if (parts === null) return null;
  const [, day = '', clock, half] = parts;
  const begin = half === undefined ? Number(clock) : (Number(clock) % 12) + (/p/i.test(half) ? 12 : 0);
  return begin === Number(hour) - 1 ? `${day} HE ${Number(hour)}` : null;
}

/** The rows of a record: the hour of the forecast, and where it differs the one of the actual output; null for damage. */
function rowsOf(record: Fields, line: number, { publishedAt, kind }: Context): SourceRow[] | null {
  const byTime = new Map<string, SourceRow>();
  for (const [stage, suffix] of STAGES) {
    const stamp = record.get(`${stage}datetimeest`) ?? '';
    if (stamp.trim() === '') continue;
    const time = timeOf(stamp, record.get(`${stage}hourendingest`) ?? '');
    if (time === null) return null;
    const row = byTime.get(time) ?? sourceRow(line, 'MISO', time, [], { publishedAt });
    byTime.set(time, row);
    for (const source of ['wind', 'solar'] as const) {
      const name = [`${stage}${source}value`, kind === source ? `${stage}value` : ''].find((each) =>
        record.has(each),
      );
      if (name !== undefined)
        row.values.push({ field: `${source}_${suffix}`, value: record.get(name) ?? null, unit: UNIT });
    }
  }
  // A stage of which the table has no column says nothing.
  return [...byTime.values()].filter(({ values }) => values.length > 0);
}

/** The kind of a display; null for one with both. Throws SOURCE_COLUMN_MISSING where nothing tells it. */
function kindOfDisplay(payload: Payload, records: readonly Fields[]): Kind | null {
  if (!records.some((record) => record.has('forecastvalue') || record.has('actualvalue'))) return null;
  const figures = records.map((record) => ({
    hour: Number(record.get('forecasthourendingest') ?? Number.NaN),
    value: record.get('forecastvalue') ?? '',
  }));
  const kind = kindIn(payload.name, figures);
  if (kind !== null) return kind;
  throw new CarbonError(
    'SOURCE_COLUMN_MISSING',
    'nothing says whether the values are of wind or of the sun',
    {
      position: {
        ...placeOf(payload).position,
        field: 'ForecastValue',
        expected: 'Wind or Solar in the name',
      },
    },
  );
}

function decode(payload: Payload): Decoded {
  const { text } = headOf(payload);
  if (isJson(text)) return readDisplay(payload);
  return isCsv(text) ? readCsv(payload) : readHours(payload, RENEWABLE_SHEETS);
}

function readDisplay(payload: Payload): Decoded {
  const body = readJson(payload);
  const list = isJsonObject(body) ? Object.values(body).find(isJsonArray) : undefined;
  if (!isJsonObject(body) || list === undefined)
    throw malformedRecord(payload, 1, 'an object with a list of hours', body);
  const moment = momentOf(REFERENCE_TIME, wordOf(body['RefId']));
  const records = list.map(fieldsOf);
  const context: Context = {
    publishedAt: moment.kind === 'unique' ? moment.first : null,
    kind: kindOfDisplay(payload, records),
  };
  const rows: SourceRow[] = [];
  for (const [i, record] of records.entries()) {
    const made = record.size === 0 ? null : rowsOf(record, i + 1, context);
    if (made === null || made.length === 0) {
      const expected = 'an hour whose DateTimeEST and HourEndingEST agree';
      return { rows, rejected: [], drift: [], damage: malformedRecord(payload, i + 1, expected, list[i]) };
    }
    rows.push(...made);
  }
  return { rows, rejected: [], drift: [], damage: null };
}

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function fieldsOf(record: Json): Fields {
  const fields = new Map<string, string | null>();
  if (!isJsonObject(record)) return fields;
  for (const [key, value] of Object.entries(record))
    if (value === null || typeof value === 'string') fields.set(key.toLowerCase(), value);
  return fields;
}

function readCsv(payload: Payload): Decoded {
  const table = displayTable(textOf(payload), DISPLAY);
  const records: { fields: Fields; line: number }[] = [];
  const decoded = readRecords(table === null ? payload : tablePayload(payload, table), (header) => {
    const names = header.map(normaliseHeader);
    return {
      drift: [],
      rowsOf(cells, line) {
        records.push({ fields: new Map(names.map((name, at) => [name, cells[at] ?? ''])), line });
        return [];
      },
    };
  });
  const kind = kindOfDisplay(
    payload,
    records.map(({ fields }) => fields),
  );
  const rows: SourceRow[] = [];
  for (const { fields, line } of records) {
    const made = rowsOf(fields, line, { publishedAt: table?.publishedAt ?? null, kind });
    if (made === null)
      return {
        ...decoded,
        rows,
        damage: malformedRecord(payload, line, 'an hour whose DateTimeEST and HourEndingEST agree', null),
      };
    rows.push(...made);
  }
  return { ...decoded, rows };
}

/** The dataset `renewable_forecast` of MISO. */
export const renewables: Dataset = {
  name: 'renewable_forecast',
  title: 'Forecast and output of wind and sun by the hour',
  time: SHEET_HOUR,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'wind_forecast', unit: UNIT, what: 'forecast output of wind, of the market or a region' },
    { field: 'solar_forecast', unit: UNIT, what: 'forecast output of the sun, of the market or a region' },
    { field: 'wind_generation', unit: UNIT, what: 'output of wind, absent for hours to come' },
    { field: 'solar_generation', unit: UNIT, what: 'output of the sun, absent for hours to come' },
    { field: 'wind_energy', unit: 'MWh', what: 'output of wind in the hour, of the history' },
  ],
  recognise,
  // The display shows today and the hours to come.
  plan: (window, { now }) => todayRequests(['WindSolar/GetCombined'], window, now),
  decode,
};
