/**
 * MISO's display of the day's load, `RealTimeTotalLoad` (before December 2025 `gettotalload`): JSON of three lists, load
 * by five minutes, and cleared and forecast load by the hour; as CSV three tables under the names of the lists. Only RefId
 * names the day.
 *
 * Hours and five minutes stand in one body; both ends of an interval are made from the day and the clock.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  PrintedBounds,
  Recognition,
  SourceRow,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
  readJson,
} from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { exchangeHead, isExchange, readExchange } from './data-exchange.ts';
import { isLoadCsv, loadTables } from './load-tables.ts';
import { MISO_ZONE, REFERENCE_PATTERN, todayRequests } from './routes.ts';

const UNIT = 'MW';
const PATTERN = 'YYYY-MM-DD hh:mm';

const TIME: TimeConvention = {
  name: 'est-day-and-clock',
  zone: MISO_ZONE,
  pattern: PATTERN,
  stamp: 'bounds',
  length: 5 * MINUTE,
  otherLengths: [HOUR],
  onGrid: true,
  repeated: { by: 'none' },
};
const REFERENCE: TimeConvention = {
  ...TIME,
  pattern: REFERENCE_PATTERN,
  stamp: 'instant',
  length: 0,
  onGrid: false,
};

/** Lists of the display, and the field of their figures. */
const LISTS = [
  ['FiveMinTotalLoad', 'load'],
  ['MediumTermLoadForecast', 'load_forecast'],
  ['ClearedMW', 'load_cleared_day_ahead'],
] as const;
const VALUES: readonly string[] = ['Value', 'LoadForecast', 'MW', 'ClearedMW'];

function recognise(head: PayloadHead): Recognition {
  if (exchangeHead(head)?.kind === 'load') return 2;
  if (!/^\s*\{\s*"LoadInfo"\s*:/.test(head.text) && !isLoadCsv(head.text)) return 0;
  return /total.?load/i.test(head.name) ? 3 : 2;
}

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

/** Throws SOURCE_MALFORMED where there is no RefId that names a day. */
function decode(payload: Payload): Decoded {
  if (isExchange(payload)) return readExchange(payload, 'load');
  const body = isLoadCsv(headOf(payload).text) ? loadTables(payload) : readJson(payload);
  const info = isJsonObject(body) ? body['LoadInfo'] : undefined;
  const reference = momentOf(REFERENCE, isJsonObject(info) ? wordOf(info['RefId']) : '');
  if (!isJsonObject(info) || reference.kind !== 'unique')
    throw malformedRecord(
      payload,
      1,
      'LoadInfo with a RefId such as 25-Jan-2018 - Interval 04:30 EST',
      info ?? body,
    );
  const day = formatStamp('YYYY-MM-DD', reference.wall);
  const rows: SourceRow[] = [];
  let row = 0;
  for (const [list, field] of LISTS) {
    const records = info[list];
    if (!isJsonArray(records)) continue;
    for (const record of records) {
      row++;
      const figure = innermost(record);
      if (figure === null)
        return {
          rows,
          rejected: [],
          drift: [],
          damage: malformedRecord(payload, row, 'a time or an hour with its load', record),
        };
      const { words, bounds } = figure.time(day);
      const values = [{ field, value: figure.value, unit: UNIT }];
      rows.push(sourceRow(row, 'MISO', words, values, { bounds, publishedAt: reference.first }));
    }
  }
  return { rows, rejected: [], drift: [], damage: null };
}

interface Figure {
  readonly value: string | null;
  time(day: string): { words: string; bounds: PrintedBounds };
}

/** `{"Load":{"Time":"00:05","Value":"70000"}}`, `{"Forecast":{"HourEnding":"1","LoadForecast":"60411"}}`; null otherwise. */
function innermost(record: Json): Figure | null {
  const inside = isJsonObject(record) ? Object.values(record).find(isJsonObject) : undefined;
  const figure: JsonObject | undefined = inside ?? (isJsonObject(record) ? record : undefined);
  const name = VALUES.find((candidate) => figure !== undefined && Object.hasOwn(figure, candidate));
  const value = name === undefined ? undefined : figure?.[name];
  if (figure === undefined || !(value === null || typeof value === 'string')) return null;
  const clock = wordOf(figure['Time']);
  const hour = wordOf(figure['HourEnding'] ?? figure['Hour']);
  if (clock === '' && hour === '') return null;
  return {
    value,
    time: (day) => (clock === '' ? hourOf(day, hour) : fiveMinutes(day, clock)),
  };
}

function fiveMinutes(day: string, clock: string): { words: string; bounds: PrintedBounds } {
  const words = `${day} ${clock}`;
  const start = parseStamp(PATTERN, words);
  const end = start === null ? words : formatStamp(PATTERN, start + 5 * MINUTE);
  return { words, bounds: { start: words, end } };
}

function hourOf(day: string, hour: string): { words: string; bounds: PrintedBounds } {
  const words = `${day} HE ${hour}`;
  const n = /^\d{1,2}$/.test(hour) ? Number(hour) : 0;
  if (n < 1 || n > 24) return { words, bounds: { start: words, end: words } };
  const at = (h: number): string => `${day} ${String(h).padStart(2, '0')}:00`;
  return { words, bounds: { start: at(n - 1), end: at(n) } };
}

/** The dataset `load` of MISO. */
export const load: Dataset = {
  name: 'load',
  title: 'Load of the market by five minutes, with the cleared and forecast load of the hours',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'load', unit: UNIT, what: 'load of the five minutes' },
    { field: 'load_forecast', unit: UNIT, what: 'medium-term forecast of the hour' },
    { field: 'load_cleared_day_ahead', unit: UNIT, what: 'load cleared day-ahead for the hour' },
    { field: 'demand', unit: 'MWh', what: 'demand of the hour (Data Exchange)' },
    { field: 'demand_cleared_fixed', unit: 'MWh', what: 'fixed demand cleared day-ahead (Data Exchange)' },
    { field: 'demand_cleared_price_sensitive', unit: 'MWh', what: 'demand with a price cleared day-ahead' },
    { field: 'demand_cleared_virtual', unit: 'MWh', what: 'virtual demand cleared day-ahead' },
  ],
  recognise,
  // The display shows today only.
  plan: (window, { now }) => todayRequests(['RealTimeTotalLoad'], window, now),
  decode,
};
