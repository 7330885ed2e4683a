/**
 * IESO's reports as CSV: some lines above the header that say when the report was made and for which day, then one
 * header, in yearly reports of two lines (a place above, a figure below).
 *
 * Real-time and day-ahead reports begin with `CREATED AT 2025/05/01 23:14:53 FOR 2025/05/02`, yearly ones with three
 * lines such as `\\Created at 2024-01-01 07:30:02`.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Decoded, Drift, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { headOf, placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';
import { createdAt, isoDate } from './est-time.ts';

/** Records above the header that are searched at most. */
const PREAMBLE_RECORDS = 8;

/** What the lines above the rows say. */
export interface ReportTop {
  /** UTC micros; null where they tell none. */
  readonly publishedAt: Micros | null;
  /** Day of the report as `2025-03-09`; empty where they name none. */
  readonly date: string;
  /** Names of the columns as {@link normaliseHeader} writes them. */
  readonly names: readonly string[];
  /** As printed. */
  readonly printed: readonly string[];
  /** Names of the line above the header, each as printed; empty where there is none. */
  readonly above: readonly string[];
}

const word = (name: string): string => normaliseHeader(name).replaceAll('_', ' ');

/** Finds the header among the first records: the first one that has the column `mark`; null for none. */
function readTop(reader: CsvReader, mark: string): ReportTop | null {
  let publishedAt: Micros | null = null;
  let date = '';
  let above: string[] = [];
  for (let i = 0; i <= PREAMBLE_RECORDS && reader.nextFilled(); i++) {
    const names = reader.fields.map(word);
    if (names.includes(mark)) return { publishedAt, date, names, printed: [...reader.fields], above };
    const line = reader.fields.join(',');
    publishedAt ??= createdAt(
      /created at:?\s*(\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d(?::\d\d)?)/i.exec(line)?.[1] ?? '',
    );
    const day = /\bfor:?\s+(\d{4}[-/]\d\d[-/]\d\d)\b/i.exec(line)?.[1];
    if (day !== undefined) date = isoDate(day);
    above = [...reader.fields];
  }
  return null;
}

/** Yearly reports whose rows have been kept without a header, by how many columns they have. */
const HEADERLESS: Readonly<Record<number, readonly string[]>> = {
  4: ['Date', 'Hour', 'Market Demand', 'Ontario Demand'],
  9: [
    'Date',
    'Hour',
    'HOEP',
    'Hour 1 Predispatch',
    'Hour 2 Predispatch',
    'Hour 3 Predispatch',
    'OR 10 Min Sync',
    'OR 10 Min non-sync',
    'OR 30 Min',
  ],
};

/** The names that a first record of a date, an hour and numbers stands for; null for any other. */
function headerlessNames(fields: readonly string[]): readonly string[] | null {
  const names = HEADERLESS[fields.length];
  if (names === undefined || !/^\d{4}-\d\d-\d\d$/.test(isoDate(fields[0] ?? ''))) return null;
  const [, hour = '', ...numbers] = fields.map((field) => field.trim());
  const isHour = /^\d{1,2}$/.test(hour) && Number(hour) >= 1 && Number(hour) <= 24;
  return isHour && numbers.every((each) => each === '' || /^-?\d[\d,]*(?:\.\d+)?$/.test(each)) ? names : null;
}

/** The text with a header above it where it begins with the rows of a report that has one; lines are one more then. */
function headed(text: string, name: string): { text: string; added: number } {
  const line = /^\s*[^\n]*\n?/.exec(text)?.[0] ?? '';
  // A quote that does not end on its line is none of these.
  const isWhole = line.split('"').length % 2 === 1;
  const first = new CsvReader(isWhole ? line : '', name);
  const names = first.next() ? headerlessNames(first.fields) : null;
  return names === null ? { text, added: 0 } : { text: `${names.join(',')}\n${text}`, added: 1 };
}

/** The lines above the rows of a head; null where no header with the column `mark` stands near its beginning. */
export function topOf(head: PayloadHead, mark: string): ReportTop | null {
  if (/^\s*[<{[]/.test(head.text)) return null;
  try {
    return readTop(new CsvReader(headed(head.text, head.name).text, head.name), mark);
  } catch {
    // A broken quote above the header: the decoder says where.
    return null;
  }
}

/** One record below the header. */
export interface ReportRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** The field of a column, trimmed; empty where the header lacks it. */
  cell(name: string): string;
}

/**
 * Reads every record below the header that has the column `mark`. `needed` are columns without which nothing can be read
 * (SOURCE_COLUMN_MISSING). Fields beyond the header must be blank. A record that is shorter is damage, and ends the rows.
 */
export function readReportCsv(
  payload: Payload,
  mark: string,
  needed: readonly string[],
  toRows: (record: ReportRecord, top: ReportTop) => SourceRow[],
  unread: (name: string) => boolean = () => false,
): Decoded {
  requireText(payload);
  const { position: file } = placeOf(payload);
  const top = topOf(headOf(payload), mark);
  const { text, added } = headed(textOf(payload), payload.name);
  const reader = new CsvReader(text, payload.name);
  const found = top === null ? null : readTop(reader, mark);
  const missing = needed.filter((name) => found === null || !found.names.includes(name));
  if (found === null || missing.length > 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', `no header has the columns: ${missing.join(', ')}`, {
      position: {
        ...file,
        line: Math.max(1, reader.line),
        field: missing[0] ?? mark,
        expected: needed.join(', '),
      },
    });
  const index = new Map(found.names.map((name, at) => [name, at]));
  const rows: SourceRow[] = [];
  let damage: CarbonError | null = null;
  let records = 0;
  try {
    while (reader.nextFilled()) {
      records++;
      const { fields } = reader;
      const line = reader.line - added;
      requireWidth(fields, found.names.length, line, file);
      const cell = (name: string): string => (fields[index.get(name) ?? -1] ?? '').trim();
      for (const row of toRows({ line, fields, cell }, found)) rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'SOURCE_MALFORMED') throw error;
    damage = error;
  }
  if (records === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the report has a header and no row', {
      position: { ...file, line: reader.line },
    });
  const drift: Drift[] = found.names.flatMap((name, at) =>
    unread(name) ? [{ column: (found.printed[at] ?? '').trim(), at: at + 1 }] : [],
  );
  return { rows, rejected: [], drift, damage };
}

function requireWidth(fields: readonly string[], width: number, line: number, file: { file?: string }): void {
  const beyond = fields.slice(width).some((field) => field.trim() !== '');
  if (fields.length >= width && !beyond) return;
  throw new CarbonError(
    'SOURCE_MALFORMED',
    `line ${line}: ${fields.length} fields under a header of ${width}`,
    {
      position: { ...file, line, expected: `${width} fields`, got: `${fields.length} fields` },
    },
  );
}
