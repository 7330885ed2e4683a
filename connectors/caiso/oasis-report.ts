/** Decoding an OASIS report: either form, one row per number, and the checks that hold for the whole body. */

import { CarbonError } from '../../core/errors.ts';
import { parseInstant } from '../../core/time/instant.ts';
import type { Decoded, Payload, Rejection, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { readOasisCsv } from './oasis-csv.ts';
import type { OasisRecord } from './oasis-record.ts';
import { readOasisXml } from './oasis-xml.ts';

/** What a record means in a dataset; null for an item that the dataset does not know. */
export interface Meaning {
  readonly field: string;
  readonly unit: string;
  readonly location: string | null;
  readonly series: string | null;
}

/** How a dataset reads records. */
export interface Reading {
  /** Market runs that belong to it; null for any. Another run in the body is damage. */
  readonly runs: readonly string[] | null;
  /** True where every number belongs to a place: a body without that column is refused. */
  readonly placed: boolean;
  /** False for a report that is its only item and may not name it; absent means that items are named. */
  readonly named?: boolean;
  /** True for a report of any kind, of which every further word may tell rows apart. */
  readonly open?: boolean;
  meaningOf(record: OasisRecord): Meaning | null;
  /** A check over the whole body, for what a lost line would leave behind; null when all is well. */
  incomplete?(rows: readonly SourceRow[], rejected: readonly Rejection[]): string | null;
}

/** Decodes a body of either form. Throws SOURCE_EMPTY, SOURCE_NOT_DATA, SOURCE_COLUMN_MISSING as the readers do. */
export function decodeOasis(payload: Payload, reading: Reading): Decoded {
  const rejected: Rejection[] = [];
  const take = (record: OasisRecord): SourceRow | null => {
    refuseOtherRun(record, reading, payload);
    const meaning = reading.meaningOf(record);
    if (meaning === null) {
      rejected.push(unknownItem(record));
      return null;
    }
    const { field, unit, location, series } = meaning;
    const values = [{ field, value: record.value, unit }];
    const bounds = { start: record.start, end: record.end };
    const publishedAt = parseInstant(record.published);
    return sourceRow(record.line, location, record.words, values, { series, bounds, publishedAt });
  };
  const isXml = /^\s*</.test(new TextDecoder().decode(payload.bytes.subarray(0, 512)));
  const read = isXml
    ? readOasisXml(payload, reading.open ?? false, take)
    : readOasisCsv(
        payload,
        { placed: reading.placed, named: reading.named ?? true, open: reading.open ?? false },
        take,
      );
  const decoded = { ...read, rejected: [...read.rejected, ...rejected] };
  const damage = decoded.damage ?? contradiction(decoded.rows, payload);
  return { ...decoded, damage, missing: damage === null ? incomplete(decoded, reading, payload) : null };
}

const placeOf = (payload: Payload): { file?: string } => (payload.name === '' ? {} : { file: payload.name });

function refuseOtherRun(record: OasisRecord, reading: Reading, payload: Payload): void {
  if (reading.runs === null || reading.runs.includes(record.run)) return;
  throw new CarbonError('SOURCE_MALFORMED', `line ${record.line}: a value of the market run ${record.run}`, {
    position: {
      ...placeOf(payload),
      line: record.line,
      field: 'MARKET_RUN_ID',
      expected: reading.runs.join(', '),
      got: record.run,
    },
  });
}

function unknownItem(record: OasisRecord): Rejection {
  const got = [record.item, record.kind].filter((word) => word !== '').join(' ');
  return {
    row: record.line,
    code: 'FIELD_UNKNOWN',
    message: `line ${record.line}: no dataset knows the item ${got} of ${record.place === '' ? 'CAISO' : record.place}`,
    field: 'XML_DATA_ITEM',
    expected: 'an item of the report',
    got: got.slice(0, 80),
    location: record.place === '' ? null : record.place,
    series: null,
  };
}

/** A number printed twice for one interval with two values: one of the two lines is wrong, and nothing says which. */
function contradiction(rows: readonly SourceRow[], payload: Payload): CarbonError | null {
  const seen = new Map<string, string>();
  for (const row of rows) {
    const [value] = row.values;
    const key = `${row.location}\u0000${row.series}\u0000${value?.field}\u0000${row.bounds?.start}\u0000${row.publishedAt}`;
    const printed = value?.value ?? '';
    const before = seen.get(key);
    if (before === undefined) seen.set(key, printed);
    else if (before !== printed)
      return new CarbonError(
        'SOURCE_MALFORMED',
        `line ${row.row}: ${value?.field} of ${row.location} at ${row.bounds?.start} is printed twice with two values`,
        {
          position: {
            ...placeOf(payload),
            line: row.row,
            field: value?.field ?? '',
            expected: before,
            got: printed,
          },
        },
      );
  }
  return null;
}

function incomplete(
  decoded: Pick<Decoded, 'rows' | 'rejected'>,
  reading: Reading,
  payload: Payload,
): CarbonError | null {
  const what = reading.incomplete?.(decoded.rows, decoded.rejected) ?? null;
  if (what === null) return null;
  const line = decoded.rows.reduce((last, row) => Math.max(last, row.row), 0) + 1;
  return new CarbonError('SOURCE_MALFORMED', `${what}: lines are missing`, {
    position: { ...placeOf(payload), line, expected: 'every component of every interval', got: what },
  });
}
