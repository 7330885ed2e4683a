/**
 * The wide tables of MISO's market reports: one line for each node and kind of number, 24 columns `HE 1` to `HE 24`,
 * hours ending in Eastern Standard Time all year.
 *
 * The lines of one node stand far apart (all LMP, then all MCC, then all MLC), and a subset may lack some. So each
 * number becomes a row of its own with its own line, and nothing is held back to be joined.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Decoded, Drift, Payload, Rejection, SourceRow } from '../kit/contract.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { columnsOf } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { hourlyHeader, PREAMBLE_RECORDS } from './layouts.ts';
import { MISO_ZONE } from './routes.ts';

/** Stamps are made of the date and the column: `07/14/2026 HE 3` is 02:00 to 03:00 EST. */
export const HOUR_ENDING: TimeConvention = {
  name: 'est-hour-ending',
  zone: MISO_ZONE,
  pattern: 'M/D/YYYY HE h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};

/** Columns of a table: who the price is for, what kind of number it is, and the date where each line has its own. */
export interface HourlyColumns {
  /** Null in a table of the whole market. */
  readonly place: string | null;
  readonly kind: string;
  readonly date: string | null;
  readonly ignored: readonly string[];
  /** The header with names where the report prints none. */
  readonly names: readonly string[];
}

/** What a table is read by. */
export interface HourlyTable {
  /** Finds out the columns from a normalised header; null for a record that is no header. */
  columnsIn(names: readonly string[]): HourlyColumns | null;
  /** Field of a kind of number; null for one that is not known. */
  fieldOf(kind: string): string | null;
  /** What kinds there are, for the message. */
  readonly kinds: string;
  readonly unit: string;
  /** Place of a line that names none; absent where each line must name one. */
  readonly system?: string;
}

const DATES = ['M/D/YYYY', 'M/D/YY', 'YYYY-MM-DD'];

/** A date as `3/9/2025`, from any way in which reports and what has saved them print it; null for other words. */
function dateOf(field: string): string | null {
  const text = field.trim().replace(/[ T]00:00(?::00)?$/, '');
  const wall = DATES.map((pattern) => parseStamp(pattern, text)).find((at) => at !== null);
  return wall === undefined || wall === null ? null : formatStamp('MM/DD/YYYY', wall);
}
const HOURS = Array.from({ length: 24 }, (_, i) => `he ${i + 1}`);

/** What holds for the lines under one header. */
interface Section {
  readonly place: number;
  readonly kind: number;
  readonly date: number | null;
  readonly hours: readonly number[];
  readonly width: number;
}

/**
 * Reads a report. Throws SOURCE_EMPTY, SOURCE_NOT_DATA, SOURCE_UNRECOGNISED (a container) and SOURCE_COLUMN_MISSING (no
 * header, no date, an hour that is absent). A line of another width, a blank place or a broken quote is damage; a line
 * of an unknown kind is rejected (FIELD_UNKNOWN). Words that end the report, on lines of their own, are passed over.
 */
export function readHourlyTable(payload: Payload, table: HourlyTable): Decoded {
  requireText(payload);
  const reader = new CsvReader(textOf(payload), payload.name);
  const { position: file } = placeOf(payload);
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  let drift: readonly Drift[] = [];
  let section: Section | null = null;
  let printed: string | null = null;
  let above = 0;
  let lines = 0;
  let damage: CarbonError | null = null;
  try {
    while (reader.nextFilled()) {
      const columns = reader.fields.some(isHourColumn) ? table.columnsIn(hourlyHeader(reader.fields)) : null;
      if (columns !== null) {
        const opened = open(columns, { ...file, line: reader.line });
        drift = opened.drift;
        section = opened.section;
        continue;
      }
      if (section === null) {
        printed ??= reader.fields.map(dateOf).find((date) => date !== null) ?? null;
        if (++above >= PREAMBLE_RECORDS) break;
        continue;
      }
      if (lines > 0 && isClosing(reader)) continue;
      lines++;
      if (section.date === null && printed === null) throw noDate(file);
      readLine(reader, section, printed, table, rows, rejected, file);
    }
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'SOURCE_MALFORMED') throw error;
    damage = error;
  }
  if (section === null) throw damage ?? noHeader(table, file);
  if (lines === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the report has a header and no row', {
      position: { ...file, line: reader.line },
    });
  const daily = section.date === null;
  return { rows, rejected, drift, damage, ...(daily ? {} : { layout: { coverage: null } }) };
}

/** Words below the rows: a line with nothing but a sentence, which no name of a node is. */
const isClosing = ({ fields }: CsvReader): boolean =>
  /^\S+(?:\s+\S+){2,}$/.test((fields[0] ?? '').trim()) &&
  fields.slice(1).every((field) => field.trim() === '');

const isHourColumn = (field: string): boolean => field.length < 10 && /^\s*HE ?\d+\s*$/i.test(field);

function open(
  columns: HourlyColumns,
  position: { file?: string; line: number },
): { section: Section; drift: readonly Drift[] } {
  const wanted: Record<string, string> = { kind: columns.kind };
  if (columns.place !== null) wanted['place'] = columns.place;
  if (columns.date !== null) wanted['date'] = columns.date;
  for (const hour of HOURS) wanted[hour] = hour;
  const { index, drift } = columnsOf(columns.names, { columns: wanted, ignored: columns.ignored }, position);
  return {
    section: {
      place: index['place'] ?? -1,
      kind: index['kind'] ?? 0,
      date: columns.date === null ? null : (index['date'] ?? 0),
      hours: HOURS.map((hour) => index[hour] ?? 0),
      width: columns.names.length,
    },
    drift,
  };
}

function readLine(
  reader: CsvReader,
  section: Section,
  printed: string | null,
  table: HourlyTable,
  rows: SourceRow[],
  rejected: Rejection[],
  file: { file?: string },
): void {
  const { fields, line } = reader;
  if (fields.length !== section.width) throw unequal(reader, section.width, file);
  const unlabelled = fields.slice(0, section.kind).every((field) => field.trim() === '');
  const place = unlabelled ? (table.system ?? '') : (fields[section.place] ?? '').trim();
  const kind = (fields[section.kind] ?? '').trim();
  if (place === '')
    throw new CarbonError('SOURCE_MALFORMED', `line ${line}: the node is blank`, {
      position: { ...file, line, field: 'location', expected: 'the name of a node', got: '' },
    });
  const field = table.fieldOf(kind);
  if (field === null) {
    rejected.push({
      row: line,
      code: 'FIELD_UNKNOWN',
      message: `line ${line}: a number of unknown kind "${kind}" (${place})`,
      field: 'value',
      expected: table.kinds,
      got: kind.slice(0, 80),
      location: place,
      series: null,
    });
    return;
  }
  const own = section.date === null ? '' : (fields[section.date] ?? '').trim();
  const date = section.date === null ? printed : (dateOf(own) ?? own);
  for (const [i, at] of section.hours.entries())
    rows.push(
      sourceRow(line, place, `${date} HE ${i + 1}`, [{ field, value: fields[at] ?? '', unit: table.unit }]),
    );
}

function unequal(reader: CsvReader, width: number, file: { file?: string }): CarbonError {
  const got = reader.fields.length;
  const what =
    reader.unterminated && got < width
      ? 'the last line is cut short'
      : `${got} fields under a header of ${width}`;
  return new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: ${what}`, {
    position: { ...file, line: reader.line, expected: `${width} fields`, got: `${got} fields` },
  });
}

function noHeader(table: HourlyTable, file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_COLUMN_MISSING', 'no line is the header of an hourly table', {
    position: { ...file, line: 1, field: 'header', expected: `a node, ${table.kinds}, HE 1 to HE 24` },
  });
}

function noDate(file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_COLUMN_MISSING', 'the lines above the header name no date', {
    position: { ...file, line: 1, field: 'date', expected: 'a line such as 07/14/2026' },
  });
}
