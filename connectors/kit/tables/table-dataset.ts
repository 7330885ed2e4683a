/**
 * Datasets whose bodies are tables: a dataset has one or more shapes, and a shape says by the header whether a body is
 * its report, and how a record of it becomes rows. The same shape serves every form that a table comes in.
 */

import { CarbonError } from '../../../core/errors.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  Recognition,
  Rejection,
  SourceRow,
} from '../contract.ts';
import { placeOf } from '../payload.ts';
import type { TimeConvention } from '../time/convention.ts';
import { Columns } from './columns.ts';
import type { RecordTable, TableRecord } from './record-table.ts';

/** A table as a shape looks at it. */
export interface TableView {
  readonly columns: Columns;
  /** All records of a body, or those of its head. */
  readonly records: readonly TableRecord[];
  readonly form: RecordTable['form'];
  /** Base name of the body. */
  readonly name: string;
  /** What the body says of itself beside its table, such as the name of its feed; null for nothing. */
  readonly source: string | null;
}

/** How the records of one body are read. */
export interface TableReading {
  readonly time: TimeConvention;
  readonly coverage: Dataset['coverage'];
  /** The rows of a record; none for a record that is passed over, as an empty margin is. */
  rows(record: TableRecord): readonly SourceRow[] | Rejection;
}

/** One layout of a report. */
export interface TableShape {
  /** Its columns, for messages. */
  readonly title: string;
  /** How to read a table; null when it is another report's. Throws for a table of its own that cannot be read. */
  bind(view: TableView): TableReading | null;
  /**
   * Asked only where a dataset is looked for: false for a table that its records show to be another dataset's of the same
   * columns. A table that is read, or a piece of one, is bound by its header alone. Absent where columns tell.
   */
  tells?(view: TableView): boolean;
}

/** A table together with what the body says beside it. */
export interface SourcedTable {
  readonly table: RecordTable;
  readonly source: string | null;
}

/** How a market's bodies become tables. */
export interface TableReader {
  /** Throws as `readRecordTable` does. */
  body(payload: Payload): SourcedTable;
  /** Null for a head that is no table. */
  head(head: PayloadHead): SourcedTable | null;
}

const viewOf = ({ table, source }: SourcedTable, name: string): TableView => ({
  columns: new Columns(table.header),
  records: table.records,
  form: table.form,
  name,
  source,
});

/** What a table dataset declares beside its shapes. */
export type TableDatasetParts = Pick<
  Dataset,
  'name' | 'title' | 'time' | 'nullWords' | 'coverage' | 'fields' | 'plan' | 'pieces'
> & {
  readonly shapes: readonly TableShape[];
  readonly reader: TableReader;
  /** Names of bodies of this dataset. */
  readonly named: RegExp;
};

/** A dataset of tables. The first shape that fits reads a body. */
export function tableDataset({ shapes, reader, named, ...parts }: TableDatasetParts): Dataset {
  return {
    ...parts,
    recognise: (head) => recogniseTable(head, shapes, reader, named),
    decode: (payload) => decodeTable(payload, parts.name, shapes, reader),
  };
}

/** The head of a body is read once for all datasets of a market. */
const lastHead = new WeakMap<
  TableReader,
  { readonly head: PayloadHead; readonly found: SourcedTable | null }
>();

function recogniseTable(
  head: PayloadHead,
  shapes: readonly TableShape[],
  reader: TableReader,
  named: RegExp,
): Recognition {
  let read = lastHead.get(reader);
  if (read?.head !== head) {
    read = { head, found: reader.head(head) };
    lastHead.set(reader, read);
  }
  const { found } = read;
  if (found === null || !shapes.some((shape) => binds(shape, viewOf(found, head.name)))) return 0;
  return named.test(head.name) ? 3 : 2;
}

function binds(shape: TableShape, view: TableView): boolean {
  try {
    return shape.bind(view) !== null && shape.tells?.(view) !== false;
  } catch (error) {
    // A table of this report that cannot be read says so when it is decoded.
    if (error instanceof CarbonError) return true;
    throw error;
  }
}

function decodeTable(
  payload: Payload,
  name: string,
  shapes: readonly TableShape[],
  reader: TableReader,
): Decoded {
  const sourced = reader.body(payload);
  const { table } = sourced;
  for (const shape of shapes) {
    const view = viewOf(sourced, payload.name);
    const reading = shape.bind(view);
    if (reading !== null) return decoded(payload, table, view, reading);
  }
  if (table.records.length === 0 && table.damage !== null) throw table.damage;
  const expected = shapes.map(({ title }) => title).join('; or ');
  const got = table.header.join(', ');
  if (got === '') throw new CarbonError('SOURCE_EMPTY', 'the body holds no record', placeOf(payload));
  throw new CarbonError('SOURCE_COLUMN_MISSING', `the header has not the columns of ${name}`, {
    position: { ...placeOf(payload).position, line: 1, expected, got: got.slice(0, 300) },
  });
}

function decoded(payload: Payload, table: RecordTable, view: TableView, reading: TableReading): Decoded {
  const rows: SourceRow[] = [];
  const rejected: Rejection[] = [];
  for (const record of table.records) {
    const found = reading.rows(record);
    if ('code' in found) rejected.push(found);
    else for (const row of found) rows.push(row);
  }
  if (rows.length === 0 && rejected.length === 0) {
    if (table.damage !== null) throw table.damage;
    throw new CarbonError('SOURCE_EMPTY', 'the body has a header and no row', placeOf(payload));
  }
  const { time, coverage } = reading;
  return { rows, rejected, drift: view.columns.drift(), damage: table.damage, layout: { time, coverage } };
}

/** A rejected record: its code, and what was expected of a field. */
export function rejectedRecord(
  record: TableRecord,
  code: Rejection['code'],
  field: string,
  expected: string,
  got: string,
): Rejection {
  return {
    row: record.line,
    code,
    message: `line ${record.line}: ${field} "${got.slice(0, 40)}" is not known`,
    field,
    expected,
    got: got.slice(0, 80),
    location: null,
    series: null,
  };
}
