/**
 * Raw events as JSON: the flat envelope of the Avro schema, the nested form of the older documents (`envelope` beside
 * `payload`, numbers in `payload.raw_data`), and the plain tick, one object without envelope or payload, as feeds and
 * tools that know nothing of us write it. Either envelope goes with either payload. Numbers keep the digits in which
 * they were written. `raw-json-scan.ts` reads the common spellings of the last two faster, and the same.
 */

import type { RawContext, RawRow, RawValue } from '../../model/raw-row.ts';
import { type Micros, parseInstant } from '../../time/instant.ts';
import { textOf } from '../bytes.ts';

/** A raw event that was read. `context.archivedAt` is its known time. */
export interface RawEvent {
  readonly row: RawRow;
  readonly context: RawContext;
}

/** Why a raw event was not read. */
export interface JsonFault {
  readonly field: string | null;
  readonly expected: string;
  readonly got: string | null;
}

/** A number as its digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Json = null | boolean | string | NumberText | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Thrown and caught in this file only: a fault ends the reading of one record. */
class Fault {
  readonly fault: JsonFault;

  constructor(field: string | null, expected: string, got: Json | undefined) {
    this.fault = { field, expected, got: got === undefined ? null : shown(got) };
  }
}

/** What the four numbers of the nested form are measured in. */
export const RAW_DATA_UNITS: readonly (readonly [field: string, unit: string])[] = [
  ['price', 'USD'],
  ['volume', ''],
  ['bid', 'USD'],
  ['ask', 'USD'],
];

/**
 * Reads the JSON in `bytes[from, to)`. Its known time is that of the envelope, or `logTime` (UTC micros) when the
 * envelope gives none. Never throws.
 */
export function readRawJson(
  bytes: Uint8Array,
  from: number,
  to: number,
  logTime: Micros,
): RawEvent | JsonFault {
  const text = textOf(bytes, from, to);
  if (text === null) return { field: null, expected: 'UTF-8 text', got: null };
  try {
    return readEvent(parse(text), logTime);
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    if (error instanceof SyntaxError || error instanceof RangeError)
      return { field: null, expected: 'a JSON object', got: text.slice(0, 40) };
    throw error;
  }
}

function parse(text: string): JsonObject {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
  return objectAt(JSON.parse(text, keepDigits) as Json, null);
}

function readEvent(record: JsonObject, logTime: Micros): RawEvent {
  if (record['payload'] === undefined && record['envelope'] === undefined) return readTick(record, logTime);
  const nested = record['envelope'] !== undefined;
  const envelope = nested ? objectAt(record['envelope'], 'envelope') : record;
  const at = nested ? 'envelope.' : '';
  const payload = objectAt(record['payload'], 'payload');
  const knownAt =
    instantAt(envelope['occurred_at'], `${at}occurred_at`) ??
    instantAt(envelope['timestamp'], `${at}timestamp`);
  const context: RawContext = {
    tenant: textAt(envelope['tenant_id'], `${at}tenant_id`) ?? 'default',
    source:
      textAt(payload['source'], 'payload.source') ?? textAt(envelope['source'], `${at}source`) ?? 'generic',
    traceId: textAt(envelope['trace_id'], `${at}trace_id`) ?? '',
    archiveSha256: textAt(payload['archive_sha256'], 'payload.archive_sha256'),
    archiveMember: textAt(payload['archive_member'], 'payload.archive_member'),
    archivedAt: knownAt ?? logTime,
  };
  const row = payload['raw_data'] === undefined ? readRow(payload) : readTrade(payload);
  return { row, context };
}

/** The payload of the Avro schema. */
function readRow(payload: JsonObject): RawRow {
  const intervalStart = required(
    instantAt(payload['interval_start'], 'payload.interval_start'),
    'payload.interval_start',
  );
  const list = payload['values'];
  if (!Array.isArray(list)) throw new Fault('payload.values', 'an array of values', list);
  return {
    ...marks(payload),
    market: required(textAt(payload['market'], 'payload.market'), 'payload.market'),
    dataset: required(textAt(payload['dataset'], 'payload.dataset'), 'payload.dataset'),
    location: textAt(payload['location'], 'payload.location'),
    series: textAt(payload['series'], 'payload.series'),
    sourceTime: textAt(payload['source_time'], 'payload.source_time') ?? '',
    intervalStart,
    intervalEnd: instantAt(payload['interval_end'], 'payload.interval_end') ?? intervalStart,
    timeRule: textAt(payload['time_rule'], 'payload.time_rule') ?? 'utc',
    values: list.map(readValue),
  };
}

function readValue(item: Json): RawValue {
  const value = objectAt(item, 'payload.values');
  return {
    field: required(textAt(value['field'], 'payload.values.field'), 'payload.values.field'),
    value: decimalAt(value['value'], 'payload.values.value'),
    unit: textAt(value['unit'], 'payload.values.unit') ?? '',
  };
}

/** The payload of the nested form: one trade or quote at one instant. */
function readTrade(payload: JsonObject): RawRow {
  const data = objectAt(payload['raw_data'], 'payload.raw_data');
  const path = 'payload.raw_data.timestamp';
  const at = required(instantAt(data['timestamp'], path), path);
  const values: RawValue[] = [];
  for (const [field, unit] of RAW_DATA_UNITS)
    if (data[field] !== undefined)
      values.push({ field, value: decimalAt(data[field], `payload.raw_data.${field}`), unit });
  if (values.length === 0) throw new Fault('payload.raw_data', 'a price, volume, bid or ask', data);
  return {
    ...marks({ ...payload, ...data }),
    market: required(textAt(payload['market'], 'payload.market'), 'payload.market'),
    dataset: 'trade',
    location: textAt(payload['location'], 'payload.location'),
    series: required(textAt(payload['instrument_id'], 'payload.instrument_id'), 'payload.instrument_id'),
    sourceTime: shown(data['timestamp']),
    intervalStart: at,
    intervalEnd: at,
    timeRule: 'utc',
    values,
  };
}

/** The plain tick: one trade or quote at one instant, with the names of the silver table. */
function readTick(record: JsonObject, logTime: Micros): RawEvent {
  const at = required(instantAt(record['ts'], 'ts'), 'ts');
  const unit = textAt(record['unit'], 'unit');
  const values: RawValue[] = [];
  for (const [field, usual] of RAW_DATA_UNITS)
    if (record[field] !== undefined)
      values.push({
        field,
        value: decimalAt(record[field], field),
        unit: field === 'volume' ? usual : (unit ?? usual),
      });
  if (values.length === 0) throw new Fault(null, 'a price, volume, bid or ask', null);
  const row: RawRow = {
    ...marks(record),
    market: required(textAt(record['market'], 'market'), 'market'),
    dataset: 'trade',
    location: textAt(record['location'], 'location'),
    series: required(textAt(record['instrument_id'], 'instrument_id'), 'instrument_id'),
    sourceTime: shown(record['ts']),
    intervalStart: at,
    intervalEnd: at,
    timeRule: 'utc',
    values,
  };
  const context: RawContext = {
    tenant: textAt(record['tenant_id'], 'tenant_id') ?? 'default',
    source: textAt(record['source'], 'source') ?? 'generic',
    traceId: textAt(record['trace_id'], 'trace_id') ?? '',
    archiveSha256: textAt(record['archive_sha256'], 'archive_sha256'),
    archiveMember: textAt(record['archive_member'], 'archive_member'),
    archivedAt: instantAt(record['occurred_at'], 'occurred_at') ?? logTime,
  };
  return { row, context };
}

type Marks = Pick<RawRow, 'sequence' | 'tradeId' | 'cancels' | 'publishedAt' | 'row'>;

/** What both payloads may say of a row beside its values. The known time is the context's: none is published. */
function marks(payload: JsonObject): Marks {
  const cancels = plain(payload['cancels']) ?? false;
  if (typeof cancels !== 'boolean') throw new Fault('payload.cancels', 'true or false', cancels);
  return {
    sequence: integerAt(payload['sequence'], 'payload.sequence'),
    tradeId: textAt(payload['trade_id'], 'payload.trade_id'),
    cancels,
    publishedAt: null,
    row: integerAt(payload['archive_row'], 'payload.archive_row') ?? 0,
  };
}

/** A value without the wrapper that Avro's JSON encoding puts around a branch of a union; null when absent. */
function plain(value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof NumberText) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'string' || keys[0] === 'long') ? value[keys[0]] : value;
}

function objectAt(value: Json | undefined, field: string | null): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText))
    return value;
  throw new Fault(field, 'a JSON object', value);
}

function textAt(value: Json | undefined, field: string): string | null {
  const text = plain(value);
  if (text === null || typeof text === 'string') return text;
  if (text instanceof NumberText) return text.text;
  throw new Fault(field, 'a string', text);
}

function decimalAt(value: Json | undefined, field: string): string | null {
  const number = plain(value);
  if (number === null || typeof number === 'string') return number;
  if (number instanceof NumberText) return number.text;
  throw new Fault(field, 'a number or its text', number);
}

function integerAt(value: Json | undefined, field: string): number | null {
  const plainValue = plain(value);
  if (plainValue === null) return null;
  const text = plainValue instanceof NumberText ? plainValue.text : plainValue;
  const number = typeof text === 'string' && /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  // No minus before a zero.
  if (Number.isSafeInteger(number)) return number + 0;
  throw new Fault(field, 'an integer', plainValue);
}

/** ISO 8601 text, or micros since the epoch as the Avro schema has them. */
function instantAt(value: Json | undefined, field: string): Micros | null {
  const time = plain(value);
  if (time === null) return null;
  const at =
    time instanceof NumberText
      ? integerAt(time, field)
      : typeof time === 'string'
        ? parseInstant(time)
        : null;
  if (at === null) throw new Fault(field, 'an ISO 8601 time or UTC micros', time);
  return at;
}

function required<T>(value: T | null, field: string): T {
  if (value === null || value === '') throw new Fault(field, 'a value', null);
  return value;
}

/** A value as an error message shows it. */
function shown(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof NumberText) return value.text;
  return (JSON.stringify(value, (_k, v) => (v instanceof NumberText ? v.text : v)) ?? '').slice(0, 80);
}
