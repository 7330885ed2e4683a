/** Reads a CSV body with one header line into source rows: columns by normalised name, drift reported. */

import { CarbonError } from '../../../core/errors.ts';
import type { Decoded, Drift, Payload, SourceRow } from '../contract.ts';
import { requireText } from '../payload.ts';
import { type CsvReader, csvOf } from './csv.ts';

/** Columns of a layout: key of the dataset → normalised header, and headers that are known but not read. */
export interface TableLayout<K extends string> {
  readonly columns: Readonly<Record<K, string>>;
  readonly ignored: readonly string[];
}

/** Index of each column of a layout. */
export type ColumnIndex<K extends string> = Readonly<Record<K, number>>;

/**
 * A header as it is compared: lower case, single blanks, without a unit in parentheses, also where the parenthesis is
 * cut off (`Marginal Cost Congestion ($/MWH`).
 */
export function normaliseHeader(header: string): string {
  return header
    .replace(/\([^)]*(?:\)|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** What a table may have besides one header and its rows. */
export interface TableForm {
  /** Between fields; a comma when left out. */
  readonly delimiter?: string;
  /** Records that may stand before the header; none when left out. */
  readonly preamble?: number;
  /** First field of the records that are rows, where there are records of other kinds among them. */
  readonly rowMarker?: string | undefined;
}

interface RecordsForm extends TableForm {
  /** True for a record that may be the header; what stands before it is the preamble. */
  readonly isHeader?: (fields: readonly string[]) => boolean;
}

/**
 * Reads a whole table. `toRow` turns the fields of one record into a row; null skips it.
 * Throws as {@link readRecords}, and SOURCE_COLUMN_MISSING.
 */
export function readTable<K extends string>(
  payload: Payload,
  layout: TableLayout<K>,
  toRow: (fields: readonly string[], at: ColumnIndex<K>, line: number) => SourceRow | null,
  form: TableForm = {},
): Decoded {
  const isHeader = (fields: readonly string[]): boolean => {
    const names = new Set(fields.map(normaliseHeader));
    return Object.values<string>(layout.columns).every((column) => names.has(column));
  };
  const open = (header: readonly string[], position: { file?: string; line: number }): OpenTable => {
    const { index, drift } = columnsOf(header, layout, position);
    return {
      drift,
      rowsOf(fields, line) {
        const row = toRow(fields, index, line);
        return row === null ? [] : [row];
      },
    };
  };
  return readRecords(payload, open, { ...form, isHeader });
}

/** What a header has been found to mean. */
export interface OpenTable {
  readonly drift: readonly Drift[];
  /** The rows of one record, whose fields are as many as the header's. */
  rowsOf(fields: readonly string[], line: number): readonly SourceRow[];
}

/**
 * Reads the records under one header line; `open` reads the header.
 * Throws SOURCE_EMPTY (no bytes, or a header and no row), SOURCE_NOT_DATA, SOURCE_UNRECOGNISED (a container) and what
 * `open` throws. A record with another number of fields than the header, a broken quote or a cut last line is damage:
 * the rows before it are kept.
 */
export function readRecords(
  payload: Payload,
  open: (header: readonly string[], position: { file?: string; line: number }) => OpenTable,
  form: RecordsForm = {},
): Decoded {
  requireText(payload);
  const reader = csvOf(payload, form.delimiter);
  const file = payload.name === '' ? {} : { file: payload.name };
  const header = headerOf(reader, form);
  if (header === null) throw new CarbonError('SOURCE_EMPTY', 'the body is blank', { position: file });
  const width = header.fields.length;
  const table = open(header.fields, { ...file, line: header.line });
  const rows: SourceRow[] = [];
  let damage: CarbonError | null = null;
  let records = 0;
  try {
    while (reader.nextFilled()) {
      if (form.rowMarker !== undefined && reader.fields[0] !== form.rowMarker) continue;
      records++;
      if (reader.fields.length !== width) throw unequal(reader, width, file);
      for (const row of table.rowsOf(reader.fields, reader.line)) rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    damage = error;
  }
  if (records === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the body has a header and no row', {
      position: { ...file, line: header.line },
    });
  return { rows, rejected: [], drift: table.drift, damage };
}

interface Header {
  readonly fields: readonly string[];
  readonly line: number;
}

/** The first record within the preamble that may be a header; else the first one, whose lack is told. Null: none. */
function headerOf(reader: CsvReader, { preamble = 0, isHeader }: RecordsForm): Header | null {
  let first: Header | null = null;
  for (let i = 0; i <= preamble && reader.nextFilled(); i++) {
    const header = { fields: [...reader.fields], line: reader.line };
    first ??= header;
    if (isHeader === undefined || isHeader(header.fields)) return header;
  }
  return first;
}

function unequal(reader: CsvReader, width: number, file: { file?: string }): CarbonError {
  const got = reader.fields.length;
  const cut = reader.unterminated && got < width;
  const what = cut ? 'the last line is cut short' : `${got} fields under a header of ${width}`;
  return new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: ${what}`, {
    position: { ...file, line: reader.line, expected: `${width} fields`, got: `${got} fields` },
  });
}

/**
 * Finds the columns of a layout in a header. Throws SOURCE_COLUMN_MISSING, or SOURCE_MALFORMED for a column that is read
 * and stands there twice.
 */
export function columnsOf<K extends string>(
  header: readonly string[],
  layout: TableLayout<K>,
  position: { file?: string; line: number },
): { index: ColumnIndex<K>; drift: Drift[] } {
  const found = new Map<string, number>();
  const wanted = new Set(Object.values<string>(layout.columns));
  const known = new Set<string>([...wanted, ...layout.ignored]);
  const drift: Drift[] = [];
  for (const [at, raw] of header.entries()) {
    const name = normaliseHeader(raw);
    if (!known.has(name)) drift.push({ column: raw.trim(), at: at + 1 });
    else if (found.has(name) && wanted.has(name))
      throw new CarbonError('SOURCE_MALFORMED', `the header has the column "${raw.trim()}" twice`, {
        position: { ...position, field: raw.trim(), expected: 'one column of this name', got: 'two' },
      });
    else found.set(name, at);
  }
  const index = {} as Record<K, number>;
  const missing: string[] = [];
  for (const key of Object.keys(layout.columns) as K[]) {
    const at = found.get(layout.columns[key]);
    if (at === undefined) missing.push(layout.columns[key]);
    else index[key] = at;
  }
  if (missing.length > 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', `the header lacks: ${missing.join(', ')}`, {
      position: {
        ...position,
        field: missing[0] ?? '',
        expected: missing.join(', '),
        got: header.join(', '),
      },
    });
  return { index, drift };
}
