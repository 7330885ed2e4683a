/**
 * Reads the tables of SPP's portal: one line of column names, stamps in GMT, one record for each interval and place, or
 * a column for each place or fuel. Columns are found by name, whatever their order, case, blanks and underscores.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Decoded, Drift, Payload, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { type OpenTable, readRecords } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { GMT_COLUMNS, isoOf, namesOf } from './glimpse.ts';

/** Location of a figure of the whole market, which was the only area until April 2026. */
export const SPP_SYSTEM = 'SPP';

/**
 * The area that the name of a body tells: the western one, or its imbalance service until April 2026 (WEIS); null for a
 * name that tells none.
 */
export function areaInName(name: string): string | null {
  return /(?:^|[^a-z])(SWPW|WEIS)(?:[^a-z]|$)/i.exec(name)?.[1]?.toUpperCase() ?? null;
}

/** What the numbers of a column are. */
export interface Meaning {
  readonly field: string;
  readonly unit: string;
  /** Place that the column itself stands for; absent where the record names it. */
  readonly place?: string;
  readonly series?: string;
}

/** How the columns of a report are read; names as {@link compact} writes them. */
export interface SppColumns {
  /** Columns that name the place of a record, the first that is there; none: the whole market. */
  readonly place: readonly string[];
  /** Columns that name its series. */
  readonly series: readonly string[];
  /** Columns that a body must have, beside one of stamps. */
  readonly required: readonly string[];
  /** Columns that are known and not read. */
  readonly ignored: readonly string[];
  /** The area that the columns tell, where no name does; null for none. Absent where they never do. */
  areaIn?(names: readonly string[]): string | null;
  /** What a column of a body of an area holds, by its compact name and as it is printed; null for one that is not known. */
  meaningOf(name: string, printed: string, area: string): Meaning | null;
}

/** Stamps: with and without seconds or time, padded or not, of two or four digits of the year, and ISO 8601. */
const FORMS: readonly (readonly [form: RegExp, pattern: string])[] = [
  [/^\d{4}-/, 'YYYY-MM-DD[T][ ]hh:mm[:ss][.000][.0][Z][+00:00][+0000][+00]'],
  [/^\d{1,2}\/\d{1,2}\/\d{2}(?!\d)/, 'M/D/YY[ h:mm[:ss]][ A]'],
  [/^/, 'M/D/YYYY[ h:mm[:ss]][ A]'],
];

/** The convention with the pattern of the stamps of this body; a file has one form, the first stamp shows it. */
export function withForm(time: TimeConvention, stamp: string): TimeConvention {
  const pattern = FORMS.find(([form]) => form.test(stamp.trim()))?.[1] ?? time.pattern;
  return { ...time, pattern };
}

/** Stamps in GMT, by what they stand for. */
export function gmtTime(
  name: string,
  stamp: TimeConvention['stamp'],
  length: Micros,
  onGrid: boolean,
): TimeConvention {
  const pattern = FORMS.at(-1)?.[1] ?? '';
  return { name, zone: 'UTC', pattern, stamp, length, onGrid, repeated: { by: 'none' } };
}

interface Group {
  readonly place: string | undefined;
  readonly series: string | undefined;
  readonly columns: { readonly at: number; readonly field: string; readonly unit: string }[];
}

/**
 * Reads a body. A record without any number says nothing (intervals to come are printed so) and is passed over.
 * Throws as {@link readRecords}, and SOURCE_COLUMN_MISSING.
 */
export function readSppTable(payload: Payload, columns: SppColumns, time: TimeConvention): Decoded {
  const open = opener(columns, payload.name);
  const decoded = readRecords(payload, open.table);
  return open.first() === null
    ? decoded
    : { ...decoded, layout: { time: withForm(time, open.first() ?? '') } };
}

/**
 * Reads an answer of the price contour map: features whose attributes are the columns, stamps in milliseconds since the
 * epoch. Throws as readers of JSON, SOURCE_EMPTY without a feature, and SOURCE_COLUMN_MISSING.
 */
export function readSppMap(payload: Payload, columns: SppColumns, time: TimeConvention): Decoded {
  const body = readJson(payload);
  const features = isJsonObject(body) && isJsonArray(body['features']) ? body['features'] : [];
  const records = features.map((feature) => (isJsonObject(feature) ? feature['attributes'] : undefined));
  const [record] = records;
  if (!isJsonObject(record))
    throw new CarbonError('SOURCE_EMPTY', 'the map has no feature with attributes', placeOf(payload));
  const header = Object.keys(record);
  const open = opener(columns, payload.name);
  const table = open.table(header, { ...placeOf(payload).position, line: 1 });
  const rows = records.flatMap((each, i) => {
    if (!isJsonObject(each)) throw malformedRecord(payload, i + 1, 'a feature with "attributes"', each);
    const cells = header.map((key) => {
      const value = each[key];
      return typeof value === 'string' ? isoOf(value) : '';
    });
    return table.rowsOf(cells, i + 1);
  });
  return {
    rows,
    rejected: [],
    drift: table.drift,
    damage: null,
    layout: { time: withForm(time, open.first() ?? '') },
  };
}

/** Reads a header, and then records; it notes the first stamp, whose form is that of all. */
function opener(columns: SppColumns, file: string) {
  let first: string | null = null;
  const table = (header: readonly string[], position: { file?: string; line: number }): OpenTable => {
    const names = namesOf(header);
    const area = areaInName(file) ?? columns.areaIn?.(names) ?? SPP_SYSTEM;
    requireColumns(names, columns, header, position);
    const timeAt = names.findIndex((name) => GMT_COLUMNS.includes(name));
    const place = columnIn(names, columns.place);
    const series = columnIn(names, columns.series);
    const { groups, drift } = groupsOf(header, names, columns, area, [timeAt, place, series]);
    return {
      drift,
      rowsOf(fields, line) {
        const rows: SourceRow[] = [];
        if (groups.every((group) => group.columns.every(({ at }) => (fields[at] ?? '').trim() === '')))
          return rows;
        const stamp = fields[timeAt] ?? '';
        first ??= stamp;
        for (const group of groups) {
          const values = group.columns.map(({ at, field, unit }) => ({
            field,
            value: fields[at] ?? '',
            unit,
          }));
          const label = group.series ?? cellOf(fields, series);
          const where = group.place ?? (place < 0 ? area : cellOf(fields, place));
          rows.push(sourceRow(line, where, stamp, values, { series: label }));
        }
        return rows;
      },
    };
  };
  return { table, first: () => first };
}

const columnIn = (names: readonly string[], wanted: readonly string[]): number =>
  wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;

/** The text of a cell; null for none and for a blank. */
function cellOf(fields: readonly string[], at: number): string | null {
  const text = at < 0 ? '' : (fields[at] ?? '').trim();
  return text === '' ? null : text;
}

function requireColumns(
  names: readonly string[],
  columns: SppColumns,
  header: readonly string[],
  position: { file?: string; line: number },
): void {
  const stamps = names.some((name) => GMT_COLUMNS.includes(name)) ? [] : [GMT_COLUMNS[0] as string];
  const missing = [...stamps, ...columns.required.filter((name) => !names.includes(name))];
  if (missing.length > 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', `the header lacks: ${missing.join(', ')}`, {
      position: { ...position, field: missing[0] ?? '', expected: missing.join(', '), got: header.join(',') },
    });
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new CarbonError('SOURCE_MALFORMED', `the header has the column "${twice}" twice`, {
      position: { ...position, field: twice, expected: 'one column of this name', got: 'two' },
    });
}

/** Columns of numbers, those of one place and series together: they become one row. */
function groupsOf(
  header: readonly string[],
  names: readonly string[],
  columns: SppColumns,
  area: string,
  taken: readonly number[],
): { groups: Group[]; drift: Drift[] } {
  const groups: Group[] = [];
  const drift: Drift[] = [];
  for (const [at, name] of names.entries()) {
    if (name === '' || taken.includes(at) || columns.ignored.includes(name)) continue;
    const printed = (header[at] ?? '').trim();
    const meaning = columns.meaningOf(name, printed, area);
    if (meaning === null) {
      drift.push({ column: printed, at: at + 1 });
      continue;
    }
    const { place, series, field, unit } = meaning;
    let group = groups.find((each) => each.place === place && each.series === series);
    if (group === undefined) groups.push((group = { place, series, columns: [] }));
    group.columns.push({ at, field, unit });
  }
  return { groups, drift };
}
