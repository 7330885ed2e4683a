/**
 * Answers of EIA's interface. Version 2: `{"response":{"total":…,"frequency":…,"data":[{…}]}}`, numbers as numbers or as
 * texts. Version 1, closed in 2022: `{"request":…,"series":[{"series_id":…,"data":[["20190102",2.66],…]}]}`.
 *
 * An answer can repeat the caller's key under `request`; nothing here reads that part.
 */

import type { Payload, PayloadHead } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
  readJson,
} from '../kit/readers/json.ts';
import { readCsvTable } from '../kit/tables/record-table.ts';

/** An answer of version 2, as JSON or as CSV. */
export interface ApiAnswer {
  readonly frequency: string;
  readonly records: readonly JsonObject[];
}

/** Reads an answer of version 2. Throws SOURCE_MALFORMED where it is none, or a record is no object. */
export function readAnswer(payload: Payload): ApiAnswer {
  if (isAnswerCsv(headOf(payload))) return answerOfCsv(payload);
  const body = readJson(payload);
  // A list of records that was taken out of its answer says nothing of its frequency.
  const response = isJsonArray(body)
    ? { data: body }
    : isJsonObject(body)
      ? (body['response'] ?? body)
      : null;
  const data = isJsonObject(response) ? response['data'] : undefined;
  if (!isJsonObject(response) || !isJsonArray(data))
    throw malformedRecord(payload, 1, 'an answer with "response" and "data"', body);
  const records = data.map((record, i) => {
    if (!isJsonObject(record)) throw malformedRecord(payload, i + 1, 'an object', record);
    return record;
  });
  return { frequency: wordOf(response['frequency']), records };
}

/** Names of the columns of an answer as CSV; null for a head that is none. */
function csvNames(head: PayloadHead): readonly string[] | null {
  if (/^[\s\uFEFF]*[[{<]/.test(head.text)) return null;
  const names = firstRecords(head, 1)[0]?.map((name) => name.trim().toLowerCase()) ?? [];
  return names.includes('period') && names.includes('value') ? names : null;
}

/** True for an answer that was asked for, or saved, as CSV: the keys of its records are the columns. */
export const isAnswerCsv = (head: PayloadHead): boolean => csvNames(head) !== null;

function firstRecords(head: PayloadHead, count: number): string[][] {
  const records: string[][] = [];
  try {
    const reader = new CsvReader(head.text.replace(/^\uFEFF/, ''), head.name);
    while (records.length < count && reader.next()) records.push([...reader.fields]);
  } catch {
    // A quote that does not close: what stands before it is enough to look at.
  }
  return records;
}

/** Throws as {@link readCsvTable}, and its damage, as an answer is kept whole. */
function answerOfCsv(payload: Payload): ApiAnswer {
  const { header, records, damage } = readCsvTable(payload);
  if (damage !== null) throw damage;
  const names = header.map((name) => name.trim().toLowerCase());
  return {
    frequency: '',
    records: records.map(({ cells }) =>
      Object.fromEntries(
        names.map((name, at) => [name, cells[at]?.trim() === '' ? null : (cells[at] ?? null)]),
      ),
    ),
  };
}

/** A series of version 1. */
export interface ApiSeries {
  readonly id: string;
  readonly units: string;
  readonly frequency: string;
  readonly data: readonly (readonly [period: string, value: string | null])[];
}

/** True for an answer of version 1. */
export function isVersionOne(payload: Payload): boolean {
  return SERIES.test(new TextDecoder().decode(payload.bytes.subarray(0, 8_192)));
}

const SERIES = /"series"\s*:\s*\[\s*\{/;

/** Reads the series of an answer of version 1. Throws SOURCE_MALFORMED where a series or a pair is none. */
export function readSeries(payload: Payload): ApiSeries[] {
  const body = readJson(payload);
  const series = isJsonObject(body) ? body['series'] : undefined;
  if (!isJsonArray(series)) throw malformedRecord(payload, 1, 'an answer with "series"', body);
  return series.map((one, i) => {
    const read = seriesOf(one);
    if (read === null)
      throw malformedRecord(payload, i + 1, 'a series with "data", a period and a value each', one);
    return read;
  });
}

/** One series of version 1; null where the value is none, or an entry of its data no pair. */
export function seriesOf(one: Json): ApiSeries | null {
  const data = isJsonObject(one) ? one['data'] : undefined;
  if (!isJsonObject(one) || !isJsonArray(data)) return null;
  const pairs: (readonly [string, string | null])[] = [];
  for (const pair of data) {
    if (!isJsonArray(pair) || pair.length < 2) return null;
    pairs.push([wordOf(pair[0]), numberOf(pair[1])]);
  }
  return {
    id: wordOf(one['series_id']),
    units: wordOf(one['units'] ?? one['unitsshort']),
    frequency: wordOf(one['f']),
    data: pairs,
  };
}

/** A text of a record; empty where it has none. */
export function wordOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** A number of a record, as text; null where there is none. A truth value or an object is kept for the row to be refused. */
export function numberOf(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value).slice(0, 80);
}

/** `megawatthours` → `MWh`; units that have no other form here stay as they are printed. */
export function unitOf(printed: string): string {
  const units: Readonly<Record<string, string>> = {
    megawatthours: 'MWh',
    megawatts: 'MW',
    '$/mmbtu': 'USD/MMBtu',
    'dollars per million btu': 'USD/MMBtu',
    '$/mcf': 'USD/Mcf',
    'dollars per thousand cubic feet': 'USD/Mcf',
    bcf: 'Bcf',
    'billion cubic feet': 'Bcf',
  };
  const plain = printed.toLowerCase();
  return Object.hasOwn(units, plain) ? (units[plain] ?? printed) : printed;
}

/** What a head shows of an answer: its first record and series, and its words about itself. */
export interface AnswerHead {
  /** True when the first record has this key. */
  has(key: string): boolean;
  /** The text of a key of the first record; empty where it has none. */
  said(key: string): string;
  /** The first series of version 1; empty in version 2. */
  readonly series: string;
  readonly description: string;
  /** What was asked for, where the answer repeats it: `/v2/electricity/rto/region-data/data/`. */
  readonly route: string;
  readonly frequency: string;
  /** True for `"data": []`. */
  readonly empty: boolean;
}

function csvHead(head: PayloadHead, names: readonly string[]): AnswerHead {
  const record = firstRecords(head, 2)[1] ?? [];
  return {
    has: (key) => names.includes(key),
    said: (key) => (record[names.indexOf(key)] ?? '').trim(),
    series: '',
    description: '',
    route: '',
    frequency: '',
    empty: false,
  };
}

/** Looks at a head as an answer of either version; null when it is none. */
export function answerHead(head: PayloadHead): AnswerHead | null {
  const { text } = head;
  const names = csvNames(head);
  if (names !== null) return csvHead(head, names);
  if (!/^[\s\uFEFF]*[[{]/.test(text)) return null;
  const one = SERIES.test(text);
  const bare = /^[\s\uFEFF]*\[\s*\{/.test(text);
  const at = bare ? 0 : text.search(/"data"\s*:\s*\[/);
  if (at < 0 || (!one && !/"(?:response|frequency|total|period)"\s*:/.test(text))) return null;
  const record = /\{[^{}]*\}?/.exec(text.slice(at))?.[0] ?? '';
  const said = (key: string): string =>
    new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1] ?? '';
  return {
    has: (key) => record.includes(`"${key}"`),
    said: (key) => new RegExp(`"${key}"\\s*:\\s*"([^"]*)"`).exec(record)?.[1] ?? '',
    series: one ? said('series_id') : '',
    description: said('description'),
    route: said('command'),
    frequency: one ? said('f') : said('frequency'),
    empty: /^"data"\s*:\s*\[\s*\]/.test(text.slice(at)),
  };
}
