/** The CSV of MISO's final five-minute prices of a week: lines above the header, and a line or two below the rows. */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Drift, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { placeOf, requireText } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { type CsvReader, csvOf } from '../kit/readers/csv.ts';
import { type ColumnIndex, columnsOf, normaliseHeader } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { PREAMBLE_RECORDS } from './layouts.ts';
import { LMP_UNIT } from './lmp-table.ts';

const COLUMNS = {
  time: 'mkthour_est',
  node: 'pnodename',
  lmp: 'lmp',
  congestion: 'con_lmp',
  loss: 'loss_lmp',
} as const;

/** Most lines below the rows. */
const FOOTER_RECORDS = 3;

/**
 * Reads the file. A record below the rows is one whose first field cannot be the begin of a stamp: it is blank, holds
 * letters or is a rule of dashes. Anything else that is not as wide as the header is damage, and so are rows below such
 * a record. Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_COLUMN_MISSING.
 */
export function readWeeklyFile(payload: Payload): Decoded {
  requireText(payload);
  const reader = csvOf(payload);
  const { position: file } = placeOf(payload);
  const { index, drift, width } = headerOf(reader, file);
  const rows: SourceRow[] = [];
  let damage: CarbonError | null = null;
  let below = payload.piece?.closed ?? 0;
  try {
    while (reader.nextFilled()) {
      if (isFooter(reader.fields[0] ?? '')) {
        if (++below > FOOTER_RECORDS) throw odd(reader, `${below} lines below the rows`, width, file);
        continue;
      }
      if (below > 0) throw odd(reader, 'a row stands below the lines that end the file', width, file);
      if (reader.fields.length !== width)
        throw odd(reader, `${reader.fields.length} fields under a header of ${width}`, width, file);
      rows.push(rowOf(reader, index));
    }
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    damage = error;
  }
  const first = (payload.piece?.passed ?? 0) === 0;
  if (rows.length === 0 && damage === null && first)
    throw new CarbonError('SOURCE_EMPTY', 'the file has a header and no row', {
      position: { ...file, line: reader.line },
    });
  return { rows, rejected: [], drift, damage, closed: below };
}

/** How many lines of a head are the header of the weekly file and what stands above it; null for another head. */
export function weeklyHeaderLines(head: PayloadHead): number | null {
  return headerLines(head, (fields) => fields.some((field) => normaliseHeader(field) === COLUMNS.time));
}

function headerOf(
  reader: CsvReader,
  file: { file?: string },
): { index: ColumnIndex<keyof typeof COLUMNS>; drift: readonly Drift[]; width: number } {
  for (let above = 0; above < PREAMBLE_RECORDS && reader.nextFilled(); above++) {
    if (!reader.fields.some((field) => normaliseHeader(field) === COLUMNS.time)) continue;
    const found = columnsOf(reader.fields, { columns: COLUMNS, ignored: [] }, { ...file, line: reader.line });
    return { ...found, width: reader.fields.length };
  }
  throw new CarbonError('SOURCE_COLUMN_MISSING', 'no line is the header of the five-minute prices', {
    position: { ...file, line: 1, field: COLUMNS.time, expected: Object.values(COLUMNS).join(', ') },
  });
}

const isFooter = (first: string): boolean => {
  const word = first.trim();
  return word === '' || /[A-Za-z*]|^[-=]/.test(word);
};

function rowOf(reader: CsvReader, at: ColumnIndex<keyof typeof COLUMNS>): SourceRow {
  const cell = (column: keyof typeof COLUMNS): string => reader.fields[at[column]] ?? '';
  return sourceRow(reader.line, cell('node').trim(), cell('time'), [
    { field: 'lmp', value: cell('lmp'), unit: LMP_UNIT },
    { field: 'loss', value: cell('loss'), unit: LMP_UNIT },
    { field: 'congestion', value: cell('congestion'), unit: LMP_UNIT },
  ]);
}

function odd(reader: CsvReader, what: string, width: number, file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${reader.line}: ${what}`, {
    position: {
      ...file,
      line: reader.line,
      expected: `${width} fields`,
      got: `${reader.fields.length} fields`,
    },
  });
}
