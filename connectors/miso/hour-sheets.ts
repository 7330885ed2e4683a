/**
 * MISO's sheets of hours: a title, perhaps the market day, a header, and a line for each hour. A report says by the header
 * and what stands above it how a line becomes rows; one sheet may have several headers below each other.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { headSheets, readSheets, sheetWords } from '../kit/readers/sheets.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { PREAMBLE_RECORDS } from './layouts.ts';
import { MISO_ZONE } from './routes.ts';

export type SheetRow = Sheet['rows'][number];

/** What stands above a header. */
export interface Above {
  /** The name of the body and of the sheet on the first line, and the words of all cells above it. */
  words(): string;
  /** The row right above it, blank ones aside. */
  readonly row: SheetRow;
}

/**
 * Makes the rows of a line; `day` is the one that the sheet names above its lines, null for none. Null for a line that says
 * that there is nothing to tell.
 */
export type LineReader = (row: SheetRow, line: number, day: string | null) => readonly SourceRow[] | null;

/** One report. */
export interface HourReport {
  /** Null for a row that is not its header. */
  open(header: SheetRow, above: Above): LineReader | null;
  /** Words that an old workbook of this report has. */
  readonly words: RegExp;
  readonly named: RegExp;
  /** The header, for messages. */
  readonly expected: string;
}

/** Stamps are made of the day and the hour: `2025-03-09 HE 3` is 02:00 to 03:00 EST. */
export const SHEET_HOUR: TimeConvention = {
  name: 'est-hour-ending',
  zone: MISO_ZONE,
  pattern: 'YYYY-MM-DD HE h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};

const DATES = ['YYYY-MM-DD[ hh:mm:ss]', 'M/D/YYYY', 'M/D/YY'];
const DATE_WORDS = /\d{4}-\d{2}-\d{2}|\b\d{1,2}\/\d{1,2}\/(?:\d{4}|\d{2}(?!\d))/;

/** A day as `2018-06-05`, from either way it is printed; the words themselves for what is none. */
export function dayOf(words: string): string {
  const printed = DATE_WORDS.exec(words)?.[0] ?? words;
  const wall = DATES.map((pattern) => parseStamp(pattern, printed)).find((at) => at !== null);
  return wall === undefined || wall === null ? words : formatStamp('YYYY-MM-DD', wall);
}

/** The number of `7`, `07`, `HE 7` and `Hour 07`; null for other words. */
export function hourOf(words: string): number | null {
  const number = /^(?:Hour|HE)?\s*0*(\d{1,2})(?:\.0)?$/i.exec(words.trim())?.[1];
  return number === undefined ? null : Number(number);
}

/** A name as it is compared: letters and digits in lower case. */
export const compact = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The texts of a row. */
export const cellsOf = (row: SheetRow): string[] =>
  Array.from({ length: row?.length ?? 0 }, (_, at) => textAt(row, at));

const isFilled = (row: SheetRow): boolean => cellsOf(row).some((cell) => cell !== '');

/** The last rows above a header with one more; a blank one is none. */
const withRow = (above: readonly SheetRow[], row: SheetRow): SheetRow[] =>
  isFilled(row) ? [...above, row].slice(-PREAMBLE_RECORDS) : [...above];

const delimiterOf = (text: string): string => (/^[^\n|]+\|[^\n|]+\|/m.test(text.slice(0, 2_000)) ? '|' : ',');

/** How surely a head is a report: a text by its header, an old workbook by its words. */
export function recogniseHours(head: PayloadHead, report: HourReport): Recognition {
  const found = looksCompound(head.text)
    ? report.words.test(sheetWords(head))
    : headSheets(head, delimiterOf(head.text)).some((sheet) => opens(head, sheet, report));
  if (!found) return 0;
  return report.named.test(head.name) ? 3 : 2;
}

function opens(head: PayloadHead, { name, rows }: Sheet, report: HourReport): boolean {
  const above: SheetRow[] = [];
  for (const row of rows.slice(0, 2 * PREAMBLE_RECORDS)) {
    const known = above.slice();
    const words = (): string => wordsOf(sheetName(head, name), known);
    if (report.open(row, { words, row: above.at(-1) }) !== null) return true;
    if (isFilled(row)) above.push(row);
  }
  return false;
}

const wordsOf = (name: string, rows: readonly SheetRow[]): string =>
  [name, ...rows.map((row) => cellsOf(row).filter(Boolean).join(' '))].join('\n');

/**
 * Reads the sheets of a report. Throws SOURCE_COLUMN_MISSING for a body without its header, SOURCE_EMPTY for one without a
 * row below it, unless a line says that there is nothing to tell, and as `readSheets`.
 */
export function readHours(payload: Payload, report: HourReport): Decoded {
  const { sheets, damage } = readSheets(payload, delimiterOf(headOf(payload).text));
  const rows: SourceRow[] = [];
  let found = false;
  let isNone = false;
  for (const { name, rows: lines } of sheets) {
    let read: LineReader | null = null;
    let day: string | null = null;
    let above: SheetRow[] = [];
    for (const [index, row] of lines.entries()) {
      const known = above;
      const words = (): string => wordsOf(sheetName(payload, name), known);
      const opened = report.open(row, { words, row: above.at(-1) });
      if (opened !== null) [read, above, found] = [opened, [], true];
      else if (read === null) {
        if (day === null) day = dayIn(row);
        above = withRow(above, row);
      } else {
        const made = read(row, index + 1, day);
        isNone ||= made === null;
        for (const each of made ?? []) rows.push(each);
        // Words between two blocks stand above the header of the second.
        if (made === null || made.length === 0) above = withRow(above, row);
      }
    }
  }
  const { position } = placeOf(payload);
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no line is the header of the report', {
      position: { ...position, line: 1, expected: report.expected },
    });
  if (rows.length === 0 && !isNone)
    throw damage ?? new CarbonError('SOURCE_EMPTY', 'the report has a header and no row', { position });
  return { rows, rejected: [], drift: [], damage };
}

const sheetName = (payload: { readonly name: string }, name: string): string =>
  name === payload.name ? name : `${payload.name} ${name}`;

/** The market day that a row above the header names; what was published on a day is another. Null where it names none. */
export function dayIn(row: SheetRow): string | null {
  const cells = cellsOf(row);
  if (cells.some((cell) => /publish|created|generated/i.test(cell))) return null;
  const cell = cells.find((each) => DATE_WORDS.test(each));
  return cell === undefined ? null : dayOf(cell);
}

/** The dataset of a report; its stamps are days and hours unless it has others. Files that were kept are read; nothing is fetched. */
export function hourDataset(
  report: HourReport,
  about: Pick<Dataset, 'name' | 'title' | 'fields'> & Partial<Pick<Dataset, 'time' | 'rule'>>,
): Dataset {
  return {
    time: SHEET_HOUR,
    nullWords: NULL_WORDS,
    coverage: null,
    ...about,
    recognise: (head) => recogniseHours(head, report),
    plan: () => [],
    decode: (payload) => readHours(payload, report),
  };
}
