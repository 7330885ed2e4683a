/**
 * The tables of CAISO's Outlook pages, one for each day: `fuelsource.csv` (and `renewables.csv`), `demand.csv` and
 * `netdemand.csv`, `storage.csv`; five minutes to a line. And the files that the page itself saved until 2021
 * (`CAISO-supply-20200708.csv`), which have the times across and the date in their first cell.
 *
 * The first column is a clock without a date: the name of the file has it, a line above, a column `Date` or the stamps of a
 * file that was saved anew; without one the body is refused. Pacific time; the repeated hour by its order. A line of 00:00 below others belongs to the next day. In spring the hour that does not
 * exist stays with empty cells and is passed over.
 */

import { CarbonError } from '../../core/errors.ts';
import { DAY, MINUTE } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { placeOf, requireText, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { CAISO_ZONE } from './routes.ts';

/** A clock begins five minutes, unless the table says otherwise. */
export const OUTLOOK_TIME: TimeConvention = {
  name: 'pacific-five-minutes-beginning',
  zone: CAISO_ZONE,
  pattern: 'YYYY-MM-DD hh:mm',
  stamp: 'beginning',
  length: 5 * MINUTE,
  onGrid: true,
  repeated: { by: 'order' },
};

/** What a table is read by. */
export interface OutlookTable {
  /** Field of a column, and whether its name is the series. */
  readonly columns: Readonly<Record<string, string>>;
  readonly bySeries: boolean;
  readonly unit: string;
  /** First word of the first cell in the files that the page saved. */
  readonly across: RegExp;
  /** Columns of which one at least tells this table from the others. */
  readonly marks: readonly (string | RegExp)[];
  /** True where the clocks show how long an interval is: five minutes, a quarter of an hour or an hour. */
  readonly byClock?: true;
}

const CLOCK = /^\d{1,2}:\d{2}$/;
/** A clock with its date, as files have that were saved anew. */
const STAMP = /^(\d{1,2}\/\d{1,2}\/\d{4}|\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(?::00)?$/;
const DATES = ['YYYY-MM-DD', 'M/D/YYYY'];
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
  const records = firstRecords(head, WORDS_ABOVE + 2);
  const at = records.findIndex(isHeader);
  const [header = [], first = []] = at < 0 ? records : records.slice(at);
  const names = header.map(normaliseHeader);
  // The outlook of the week has demand, too.
  if (names.includes('resource adequacy credits')) return 0;
  const title = ACROSS.exec((header[0] ?? '').trim());
  const found =
    title === null
      ? isTime((first[names.indexOf(TIME)] ?? '').trim()) &&
        names.some((each) => marks.some((mark) => isMark(mark, each)))
      : across.test(title[1] ?? '') && CLOCK.test((header[1] ?? '').trim());
  if (!found) return 0;
  return name.test(head.name) ? 3 : 2;
}

const isMark = (mark: string | RegExp, name: string): boolean =>
  typeof mark === 'string' ? mark === name : mark.test(name);

const TIME = 'time';
const DATE = 'date';
/** Lines of words above a table at most. */
const WORDS_ABOVE = 6;

const isHeader = (fields: readonly string[]): boolean =>
  fields.length > 1 && fields.some((field) => normaliseHeader(field) === TIME);
const isTime = (words: string): boolean => CLOCK.test(words) || STAMP.test(words);

/** A date as `2025-03-09`; null for what is none. */
function dateOf(words: string): string | null {
  const wall = DATES.map((pattern) => parseStamp(pattern, words)).find((at) => at !== null);
  return wall === undefined || wall === null ? null : formatStamp('YYYY-MM-DD', wall);
}

/** The date in words above a table; null where there is none. */
const dateAbove = (fields: readonly string[]): string | null =>
  dateOf(/\d{1,2}\/\d{1,2}\/\d{4}|\d{4}-\d{2}-\d{2}/.exec(fields.join(' '))?.[0] ?? '');

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
  let printed = dateInName(payload.name);
  for (let above = 0; above < WORDS_ABOVE && !isHeader(reader.fields); above++) {
    if (ACROSS.test((reader.fields[0] ?? '').trim()) && reader.fields.length > 2) break;
    printed = dateAbove(reader.fields) ?? printed;
    if (!reader.next()) break;
  }
  const header = reader.fields.map((field) => field.trim());
  const title = ACROSS.exec(header[0] ?? '');
  const figures: Figure[] = [];
  let damage: CarbonError | null = null;
  try {
    const read =
      title === null
        ? readDown(reader, header, printed, payload)
        : readAcross(reader, header, title[2] ?? '', file);
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
    title !== null ||
    [TIME, DATE].includes(normaliseHeader(column)) ||
    Object.hasOwn(table.columns, normaliseHeader(column))
      ? []
      : [{ column, at: at + 1 }],
  );
  return { rows, rejected: [], drift: table.bySeries ? [] : drift, damage, ...lengthOf(figures, table) };
}

/** The length that the clocks of a table show, where it is not five minutes. */
function lengthOf(figures: readonly Figure[], { byClock }: OutlookTable): Pick<Decoded, 'layout'> {
  const minutes = new Set(figures.map(({ clock }) => Number(clock.slice(-2))));
  if (byClock !== true || minutes.size === 0) return {};
  const step = [60, 15].find((each) => [...minutes].every((minute) => minute % each === 0));
  return step === undefined ? {} : { layout: { time: { ...OUTLOOK_TIME, length: step * MINUTE } } };
}

function* readDown(
  reader: CsvReader,
  header: readonly string[],
  printed: string | null,
  payload: Payload,
): Iterable<Figure> {
  const { position: file } = placeOf(payload);
  const names = header.map(normaliseHeader);
  const [timeAt, dateAt] = [Math.max(0, names.indexOf(TIME)), names.indexOf(DATE)];
  let day = printed;
  let before = '';
  while (reader.next()) {
    const { fields, line } = reader;
    const words = (fields[timeAt] ?? '').trim();
    if (words === '') continue;
    if (fields.length !== header.length) throw unequal(line, header.length, fields.length, file);
    const [, dated, stamped] = STAMP.exec(words) ?? [];
    const clock = stamped ?? words;
    const own = dateOf(dated ?? (dateAt < 0 ? '' : (fields[dateAt] ?? '').trim()));
    if (own === null && day === null) throw undated(payload, file);
    if (own !== null) day = own;
    else if (clock === '00:00' && before > '00:00') day = dayAfter(day ?? '');
    before = clock;
    for (const [at, column] of header.entries())
      if (at !== timeAt && at !== dateAt)
        yield { column, date: day ?? '', clock, value: (fields[at] ?? '').trim(), line, slot: line };
  }
}

const undated = ({ name }: Payload, file: { file?: string }): CarbonError =>
  new CarbonError('SOURCE_COLUMN_MISSING', 'the table has clocks and no date, and its name tells none', {
    position: {
      ...file,
      line: 1,
      field: DATE,
      expected: 'a column Date, or a name such as 20250309_fuelsource.csv',
      got: name,
    },
  });

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
    const values = [{ field, value, unit: table.unit }];
    const open = ofClock.get(slot);
    if (table.bySeries) rows.push(sourceRow(line, 'CAISO', time, values, { series: column }));
    else if (open !== undefined) {
      // A figure under two names is the one of the first.
      if (!open.values.some((each) => each.field === field)) open.values.push(...values);
    } else ofClock.set(slot, sourceRow(line, 'CAISO', time, values));
  }
  return table.bySeries ? rows : [...ofClock].sort(([a], [b]) => a - b).map(([, row]) => row);
}

function unequal(line: number, width: number, got: number, file: { file?: string }): CarbonError {
  return new CarbonError('SOURCE_MALFORMED', `line ${line}: ${got} fields under a header of ${width}`, {
    position: { ...file, line, expected: `${width} fields`, got: `${got} fields` },
  });
}
