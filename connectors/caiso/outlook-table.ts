/**
 * The tables of CAISO's Outlook pages, one for each day: `fuelsource.csv` (and `renewables.csv`), `demand.csv` and
 * `netdemand.csv`, `storage.csv`; five minutes to a line. And the files that the page itself saved until 2021
 * (`CAISO-supply-20200708.csv`), which have the times across and the date in their first cell.
 *
 * The first column is a clock without a date: the name of the file has it, and without one the body is refused. Pacific
 * time; the repeated hour by its order. A last line of 00:00 belongs to the next day. In spring the hour that does not
 * exist stays with empty cells and is passed over.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';

const UNIT = 'MW';
/** What a table is read by. */
export interface OutlookTable {
  /** Field of a column, and whether its name is the series. */
  readonly columns: Readonly<Record<string, string>>;
  readonly bySeries: boolean;
  /** First word of the first cell in the files that the page saved. */
  readonly across: RegExp;
  /** Columns of which one at least tells this table from the others. */
  readonly marks: readonly string[];
}

const CLOCK = /^\d{1,2}:\d{2}$/;
const ACROSS = /^(.+?)\s+(\d{1,2}\/\d{1,2}\/\d{4})$/;

function firstRecords(head: PayloadHead, most: number): string[][] {
  const reader = new CsvReader(head.text, head.name);
  const records: string[][] = [];
  try {
    while (records.length < most && reader.next()) records.push([...reader.fields]);
  } catch {
    // A broken quote: the decoder says where.
  }
  return records;
}

/** How surely a head is this table. `name` is how its files are called. */
export function recogniseOutlook(
  head: PayloadHead,
  { marks, across }: OutlookTable,
  name: RegExp,
): Recognition {
  if (/^\s*[<{[]/.test(head.text)) return 0;
  const [header = [], first = []] = firstRecords(head, 2);
  const title = ACROSS.exec((header[0] ?? '').trim());
  const found =
    title === null
      ? normaliseHeader(header[0] ?? '') === 'time' &&
        CLOCK.test((first[0] ?? '').trim()) &&
        header.some((column) => marks.includes(normaliseHeader(column)))
      : across.test(title[1] ?? '') && CLOCK.test((header[1] ?? '').trim());
  if (!found) return 0;
  return name.test(head.name) ? 3 : 2;
}

/** The date in the name of a file; null where there is none. */
function dateInName(name: string): string | null {
  const digits = /(20\d{2})-?(\d{2})-?(\d{2})/.exec(name);
  if (digits === null) return null;
  const text = digits.slice(1).join('-');
  return parseStamp('YYYY-MM-DD', text) === null ? null : text;
}

/** One figure before its row is made. */
interface Figure {
  readonly column: string;
  readonly date: string;
  readonly clock: string;
  readonly value: string;
  readonly line: number;
  /** Place of the clock among the clocks of the table. */
  readonly slot: number;
}

/**
 * Reads a table. Throws SOURCE_EMPTY, SOURCE_NOT_DATA and SOURCE_COLUMN_MISSING (no date); a line of another width is
 * damage.
 */
export function readOutlook(payload: Payload, table: OutlookTable): Decoded {
  requireText(payload);
  const reader = new CsvReader(textOf(payload), payload.name);
  const { position: file } = placeOf(payload);
  if (!reader.next()) throw new CarbonError('SOURCE_EMPTY', 'the body is blank', { position: file });
  const header = reader.fields.map((field) => field.trim());
  const title = ACROSS.exec(header[0] ?? '');
  const figures: Figure[] = [];
  let damage: CarbonError | null = null;
  try {
    const read =
      title === null ? readDown(reader, header, payload) : readAcross(reader, header, title[2] ?? '', file);
    for (const figure of read) figures.push(figure);
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'SOURCE_MALFORMED') throw error;
    damage = error;
  }
  const rows = rowsOf(figures, table);
  if (rows.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the table has no figure', {
      position: { ...file, line: reader.line },
    });
  const drift = header.flatMap((column, at) =>
    title !== null || at === 0 || Object.hasOwn(table.columns, normaliseHeader(column))
      ? []
      : [{ column, at: at + 1 }],
  );
  return { rows, rejected: [], drift: table.bySeries ? [] : drift, damage };
}

function* readDown(reader: CsvReader, header: readonly string[], payload: Payload): Iterable<Figure> {
  const { position: file } = placeOf(payload);
  const date = dateInName(payload.name);
  if (date === null)
    throw new CarbonError(
      'SOURCE_COLUMN_MISSING',
      'the table has clocks and no date, and its name tells none',
      {
        position: {
          ...file,
          line: 1,
          field: 'date',
          expected: 'a name such as 20250309_fuelsource.csv',
          got: payload.name,
        },
      },
    );
  let day = date;
  let before = '';
  while (reader.next()) {
    const { fields, line } = reader;
    const clock = (fields[0] ?? '').trim();
    if (clock === '') continue;
    if (fields.length !== header.length) throw unequal(line, header.length, fields.length, file);
    if (clock === '00:00' && before >= '23:55') day = dayAfter(day);
    before = clock;
    for (const [at, column] of header.entries())
      if (at > 0) yield { column, date: day, clock, value: (fields[at] ?? '').trim(), line, slot: line };
  }
}

function* readAcross(
  reader: CsvReader,
  header: readonly string[],
  printed: string,
  file: { file?: string },
): Iterable<Figure> {
  const wall = parseStamp('M/D/YYYY', printed);
  const date = wall === null ? printed : formatStamp('YYYY-MM-DD', wall);
  while (reader.next()) {
    const { fields, line } = reader;
    if (fields.length > header.length) throw unequal(line, header.length, fields.length, file);
    const column = (fields[0] ?? '').trim();
    for (const [at, clock] of header.entries())
      if (at > 0 && CLOCK.test(clock))
        yield { column, date, clock, value: (fields[at] ?? '').trim(), line, slot: at };
  }
}

function dayAfter(date: string): string {
  const wall = parseStamp('YYYY-MM-DD', date);
  return wall === null ? date : formatStamp('YYYY-MM-DD', wall + DAY);
}

/** The field of a column; null for one that is not read. */
function fieldOf(column: string, { columns, bySeries }: OutlookTable): string | null {
  const plain = normaliseHeader(column);
  if (Object.hasOwn(columns, plain)) return columns[plain] ?? null;
  return bySeries ? (columns[''] ?? null) : null;
}

/**
 * The rows of a table: one for each figure where its name is a series, else one for each clock, so that a repeated clock
 * shows in their order. A cell without a figure says nothing: hours to come, and the hour that the clock skips.
 */
function rowsOf(figures: readonly Figure[], table: OutlookTable): SourceRow[] {
  const rows: SourceRow[] = [];
  const ofClock = new Map<number, SourceRow>();
  for (const { column, date, clock, value, line, slot } of figures) {
    const field = fieldOf(column, table);
    if (field === null || value === '') continue;
    const time = `${date} ${clock.padStart(5, '0')}`;
    const values = [{ field, value, unit: UNIT }];
    const open = ofClock.get(slot);
    if (table.bySeries) rows.push(sourceRow(line, 'CAISO', time, values, { series: column }));
    else if (open !== undefined) open.values.push(...values);
    else ofClock.set(slot, sourceRow(line, 'CAISO', time, values));
  }
  return table.bySeries ? rows : [...ofClock].sort(([a], [b]) => a - b).map(([, row]) => row);
}

function unequal(line: number, width: number, got: number, file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${line}: ${got} fields under a header of ${width}`, {
    position: { ...file, line, expected: `${width} fields`, got: `${got} fields` },
  });
}
