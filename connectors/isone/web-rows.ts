/**
 * Rows of the records of ISO New England's web services. The begin is printed with its offset, which decides; the end
 * follows from the length of the kind.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY, formatInstant, HOUR, type Micros } from '../../core/time/instant.ts';
import { marketDayOf } from '../../core/time/market-day.ts';
import type { Decoded, Drift, Payload, Rejection, SourceRow } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { placeOf } from '../kit/payload.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { dayBounds, ISONE_ZONE, instantOf } from './eastern.ts';
import type { WebKind } from './web-kind.ts';
import { noRecord, PUBLISHED, readWebRecords, STAMPS, textIn, type WebRecord } from './web-records.ts';

/** Location of a figure of the whole market. */
export const ISONE_SYSTEM = 'ISONE';

/** Keys of places, the first that is there names the record's. */
const PLACES: readonly string[] = [
  'Location',
  'ReserveZoneName',
  'ReliabilityRegion',
  'load_zone_name',
  'reserve_zone_name',
  'TieName',
  'ConstraintName',
  'CityName',
];
const IGNORED: ReadonlySet<string> = new Set([
  ...STAMPS,
  ...PLACES,
  PUBLISHED,
  'BeginDateMs',
  'HourEnd',
  'LocId',
]);

/** The convention of web records of some kinds. */
function conventionOf(kinds: readonly WebKind[]): TimeConvention {
  const [length = 0, ...others] = new Set(kinds.map((kind) => kind.length));
  const otherLengths = length === DAY ? [...others, 23 * HOUR, 25 * HOUR] : others;
  return {
    name: 'eastern-begin-with-offset',
    zone: 'UTC',
    pattern: 'YYYY-MM-DDThh:mm:ss[.000]Z',
    stamp: 'bounds',
    length,
    otherLengths,
    onGrid: false,
    repeated: { by: 'none' },
  };
}

/** Reads a body of the web services or of a chart. Throws SOURCE_EMPTY for one without a record, and as its readers. */
export function readWeb(payload: Payload, kinds: readonly WebKind[]): Decoded {
  const { records, damage } = readWebRecords(payload, kinds);
  if (records.length === 0 && damage === null) throw noRecord(payload, kinds);
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  const drift = new Map<string, Drift>();
  for (const found of records) {
    const told = instantOf(stampOf(found.record));
    if ('code' in told) rejected.push(rejection(found, told.code));
    else for (const row of rowsOf(found, told.at, drift)) rows.push(row);
  }
  if (rows.length === 0 && rejected.length === 0 && damage === null && drift.size > 0)
    throw noFigure(payload, kinds, [...drift.keys()]);
  return { rows, rejected, drift: [...drift.values()], damage, layout: { time: conventionOf(kinds) } };
}

/** Records of a known name none of whose keys is a figure that is read: their service has changed. */
const noFigure = (payload: Payload, kinds: readonly WebKind[], keys: readonly string[]): CarbonError =>
  new CarbonError('SOURCE_COLUMN_MISSING', 'no record has a figure that is read here', {
    position: {
      ...placeOf(payload).position,
      line: 1,
      field: 'value',
      expected: [...new Set(kinds.flatMap((kind) => Object.keys(kind.values)))].join(', '),
      got: keys.join(', '),
    },
  });

/** The begin as printed: under one of its keys, or in an object that also tells the hour's end. */
function stampOf(record: JsonObject): string {
  const stamp = STAMPS.map((key) => record[key]).find((value) => value !== undefined);
  const inner = isJsonObject(stamp) ? (stamp['local_day'] ?? stamp['$']) : stamp;
  return typeof inner === 'string' ? inner : '';
}

function rowsOf(
  { kind, record, row, under }: WebRecord,
  printed: Micros,
  drift: Map<string, Drift>,
): SourceRow[] {
  const at = beginOf(kind, printed);
  const start = wordsOf(at);
  const bounds = { start, end: wordsOf(endOf(kind, at)) };
  const published = instantOf(textIn(record[PUBLISHED]) ?? '');
  const more = { bounds, publishedAt: 'at' in published ? published.at : null };
  const place = placeIn(record, under);
  const words = stampOf(record);
  if (kind.key === 'fuels')
    return fuelsOf(record, kind).map(([fuel, value]) =>
      sourceRow(row, place, words, [{ field: 'generation', value, unit: kind.unit }], {
        ...more,
        series: fuel,
      }),
    );
  const values: SourceRow['values'] = [];
  for (const [key, value] of Object.entries(record)) {
    const field = ownEntry(kind.values, key);
    if (field !== undefined) values.push({ field, value: textIn(value), unit: kind.unit });
    else if (!isKnown(key, kind)) drift.set(key, { column: key, at: row });
  }
  if (values.length === 0) return [];
  const series = kind.series === undefined ? null : textIn(record[kind.series]);
  return [sourceRow(row, place, words, values, { ...more, series })];
}

/** The begin of the interval that a stamp lies at, or a moment behind. */
function beginOf({ length, lateBy = 0 }: WebKind, printed: Micros): Micros {
  const behind = length === 0 ? 0 : printed % length;
  return behind <= lateBy ? printed - behind : printed;
}

/** A kind by the day ends with the day of the market that its begin is in. */
const endOf = ({ length }: WebKind, at: Micros): Micros =>
  length === DAY ? dayBounds(marketDayOf(ISONE_ZONE, at)).end : at + length;

const isKnown = (key: string, kind: WebKind): boolean =>
  IGNORED.has(key) ||
  key === kind.series ||
  kind.ignored?.includes(key) === true ||
  kind.lists?.some((list) => list.key === key) === true;

/** Fuels of the chart that has a key for each. */
function fuelsOf(record: JsonObject, kind: WebKind): [fuel: string, value: string | null][] {
  return Object.entries(record)
    .filter(([key]) => !isKnown(key, kind))
    .map(([key, value]) => [key, textIn(value)]);
}

/** Digits beyond the second are beyond the pattern and never printed by the operator but as zeros. */
const wordsOf = (at: Micros): string => formatInstant(Math.floor(at / 1_000_000) * 1_000_000);

/** The place that a record names: `{"@LocId":"4001","$":".Z.MAINE"}` or a text; its id where there is no name. */
function placeIn(record: JsonObject, under: string = ISONE_SYSTEM): string {
  for (const key of PLACES) {
    const value: Json | undefined = record[key];
    const name = textIn(value) ?? (isJsonObject(value) ? textIn(value['@LocId']) : null);
    if (name !== null) return name;
  }
  return under;
}

function rejection({ record, row }: WebRecord, code: Rejection['code']): Rejection {
  const got = stampOf(record).slice(0, 80);
  return {
    row,
    code,
    message: `record ${row}: the begin "${got}" tells no instant`,
    field: 'time',
    expected: 'a begin as 2026-03-08T01:00:00.000-05:00',
    got,
    location: placeIn(record),
    series: null,
  };
}
