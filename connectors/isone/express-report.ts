/**
 * Reads the frame of the CSV reports of ISO Express: every line begins with its kind, `"C"` a comment (title, file, day,
 * publication), `"H"` a heading (column names, then units), `"D"` data, `"T"` a trailer with the number of lines.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Payload } from '../kit/contract.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { generatedAt } from './eastern.ts';
import { COLUMNS, compact, isDailyGeneration } from './express-columns.ts';

/** A line of data, without its kind. */
export interface ExpressLine {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A report taken out of its frame. */
export interface ExpressReport {
  /** First comment; empty for none. */
  readonly title: string;
  /** `MM/DD/YYYY` of `Report for …`, the first day where there are several; null when it is not said. */
  readonly day: string | null;
  readonly publishedAt: Micros | null;
  /** Column names; blank where the heading is blank. */
  readonly header: readonly string[];
  /** Units of the columns, from the second heading. */
  readonly units: readonly string[];
  readonly headerLine: number;
  readonly data: readonly ExpressLine[];
  /** True when the trailer was read: the body is not cut. */
  readonly closed: boolean;
  readonly damage: CarbonError | null;
}

const DAY = /report for:?\s+(\d{1,2}\/\d{1,2}\/\d{4})/i;

/**
 * True for a report that was saved without its frame, as programs do with a table that they have read: its first line
 * names columns, one of a time and one that is of these reports alone among them.
 */
export function isFrameless(text: string, name: string): boolean {
  // Blank lines above the heading are no part of the table.
  const from = /^\s*/.exec(text)?.[0].length ?? 0;
  const end = text.indexOf('\n', from);
  const reader = new CsvReader(text.slice(from, end < 0 ? text.length : end + 1), name);
  try {
    if (!reader.next()) return false;
  } catch {
    // A quote that does not close on the line of the heading.
    return false;
  }
  const names = reader.fields.map(compact);
  return (
    !/^[chdt]$/.test(names[0] ?? '') &&
    // The sheets of the hourly workbook have several of each.
    !names.includes('dalmp') &&
    names.some((each) => TIMES.has(each)) &&
    (isDailyGeneration(new Set(names)) ||
      names.some((each) => Object.hasOwn(COLUMNS, each) && !COMMON.has(each)))
  );
}

/** Columns that tables of other markets have too: without its frame a report is not told by them. */
const COMMON: ReadonlySet<string> = new Set([
  'load',
  'loadmw',
  'mw',
  'demand',
  'lmp',
  'netload',
  'systemload',
  'loadforecast',
  'demandforecast',
  'actual',
  'current',
  'purchase',
  'sale',
  'generationmw',
]);
const TIMES: ReadonlySet<string> = new Set([
  'date',
  'localdate',
  'marketdate',
  'datetime',
  'localdatetime',
  'localtime',
  'begindate',
  'day',
]);

/**
 * Reads the frame, or a table without one. Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_UNRECOGNISED as text readers do, SOURCE_COLUMN_MISSING
 * without a heading, and SOURCE_EMPTY without data. A line of another kind, of another width than the heading or below
 * the trailer is damage: the lines before it are kept.
 */
export function readExpress(payload: Payload): ExpressReport {
  requireText(payload);
  const reader = new CsvReader(textOf(payload), payload.name);
  const { position } = placeOf(payload);
  const comments: string[] = [];
  const headings: ExpressLine[] = [];
  const data: ExpressLine[] = [];
  let damage: CarbonError | null = null;
  let closed = false;
  try {
    const framed = !isFrameless(textOf(payload), payload.name);
    if (!framed && reader.next())
      headings.push({ fields: reader.fields.map((field) => field.trim()), line: reader.line });
    while (reader.next()) {
      if (!framed) {
        const line = { fields: reader.fields.map((field) => field.trim()), line: reader.line };
        data.push(checked(line, headings[0], reader, position));
        continue;
      }
      const kind = (reader.fields[0] ?? '').trim().toUpperCase();
      const line = { fields: reader.fields.slice(1).map((field) => field.trim()), line: reader.line };
      if (closed) throw odd(reader, position, 'a line stands below the trailer', 'the end of the body');
      if (kind === 'C') comments.push(line.fields.join(','));
      else if (kind === 'H') headings.push(line);
      else if (kind === 'D') data.push(checked(line, headings[0], reader, position));
      else if (kind === 'T') closed = true;
      else throw odd(reader, position, 'a line of no known kind', 'C, H, D or T');
    }
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    damage = error;
  }
  const [names, units] = headings;
  if (names === undefined && damage === null)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the report has no heading', {
      position: { ...position, line: 1, field: 'H', expected: 'a line of kind H' },
    });
  if (data.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the report has a heading and no line of data', {
      position: { ...position, line: names?.line ?? 1 },
    });
  return {
    title: comments[0] ?? '',
    day: comments.map((comment) => DAY.exec(comment)?.[1]).find((day) => day !== undefined) ?? null,
    publishedAt: comments.map(generatedAt).find((at) => at !== null) ?? null,
    header: names?.fields ?? [],
    units: units?.fields ?? [],
    headerLine: names?.line ?? 1,
    data,
    closed,
    damage,
  };
}

function checked(
  line: ExpressLine,
  heading: ExpressLine | undefined,
  reader: CsvReader,
  position: { file?: string },
): ExpressLine {
  if (heading === undefined || line.fields.length === heading.fields.length) return line;
  const cut = reader.unterminated && line.fields.length < heading.fields.length;
  const what = cut ? 'the last line is cut short' : `${line.fields.length} fields under another heading`;
  throw odd(reader, position, what, `${heading.fields.length} fields`);
}

function odd(reader: CsvReader, position: { file?: string }, what: string, expected: string): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: ${what}`, {
    position: {
      ...position,
      line: reader.line,
      expected,
      got: reader.fields.join(',').slice(0, 80),
    },
  });
}
