/**
 * The histories of EIA's gas prices: the workbook of a series (`RNGWHHDd.xls`: a cover, then sheets `Data 1` … with a line
 * of source keys above the names of the columns), and the table that its page saves as CSV (`Day, Henry Hub Natural Gas Spot
 * Price Dollars per Million Btu`). Dates stand in the first column; each further one is a series.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Drift, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { wholeSheets } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { unitOf } from './api-answer.ts';
import { dateOf } from './period.ts';

/** Names of the column of dates, and the digits of a date that its rows are about. */
const DATES: Readonly<Record<string, number>> = { date: 10, day: 10, 'week of': 10, month: 7, year: 4 };
const UNIT = /\(?((?:dollars per|\$\/)\s?[a-z ]+?)\)?\s*$/i;
const FORMS = [
  'YYYY-MM-DD[ hh:mm:ss]',
  'M/D/YYYY',
  'Mon D, YYYY',
  'Mon-YYYY',
  'Mon YYYY',
  'D-Mon-YYYY',
  'YYYY-MM',
  'YYYY',
];

/** Series whose names are known, where no source key is printed. */
const SERIES: readonly (readonly [name: RegExp, series: string])[] = [
  [/^henry hub natural gas spot price/i, 'RNGWHHD'],
  [/^(?:cushing, ok )?natural gas futures contract ([1-4])/i, 'RNGC'],
];

type Row = Sheet['rows'][number];

const isHeader = (row: Row): boolean =>
  Object.hasOwn(DATES, textAt(row, 0).toLowerCase()) &&
  (row ?? []).slice(1).some((cell) => isPrice(cell?.text ?? ''));
const isPrice = (title: string): boolean => /gas/i.test(title) && UNIT.test(title.trim());

/** True for the start of such a history. */
export function isGasHistory(head: PayloadHead): boolean {
  if (looksCompound(head.text)) {
    const text = head.text.replaceAll('\0', '');
    return /Sourcekey/.test(text) && /Natural Gas/i.test(text) && /(?:Dollars per|\$\/)/.test(text);
  }
  if (/^[\s\uFEFF]*[[{<]/.test(head.text)) return false;
  const lines = head.text.split('\n', 12).map((line) => line.replaceAll('"', '').replace(/^\uFEFF/, ''));
  return lines.some((line) => {
    const [first = '', ...titles] = line.split(',');
    return Object.hasOwn(DATES, first.trim().toLowerCase()) && isPrice(titles.join(','));
  });
}

/** The series of a column: its source key, else by its name, else the name itself. */
export function seriesOf(key: string, title: string): string {
  if (key !== '') return key;
  for (const [name, series] of SERIES) {
    const found = name.exec(title);
    if (found !== null) return `${series}${found[1] ?? ''}`;
  }
  return title.replace(UNIT, '').trim();
}

/**
 * Reads the columns of prices of every sheet. Throws SOURCE_COLUMN_MISSING without one, SOURCE_EMPTY without a row, and as
 * {@link wholeSheets}. Columns of other figures are reported and left alone.
 */
export function readGasHistory(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  let found = false;
  for (const { rows: lines } of wholeSheets(payload)) {
    const headerAt = lines.findIndex(isHeader);
    if (headerAt < 0) continue;
    found = true;
    const header = lines[headerAt];
    const keys = lines.slice(0, headerAt).find((row) => /^sourcekey$/i.test(textAt(row, 0)));
    const columns = Array.from({ length: header?.length ?? 0 }, (_, at) => at).flatMap((at) => {
      const title = textAt(header, at).replace(/\s+/g, ' ');
      if (at === 0 || title === '') return [];
      const unit = UNIT.exec(title)?.[1]?.trim();
      if (!isPrice(title) || unit === undefined) {
        drift.push({ column: title.slice(0, 80), at: at + 1 });
        return [];
      }
      return [{ at, unit: unitOf(unit), location: seriesOf(textAt(keys, at), title) }];
    });
    const digits = periodDigits(lines, headerAt);
    for (const [index, row] of lines.entries()) {
      const printed = textAt(row, 0);
      if (index <= headerAt || printed === '') continue;
      const { words, bounds } = dateOf(isoOf(printed).slice(0, digits));
      for (const { at, unit, location } of columns) {
        const value = textAt(row, at);
        if (value !== '')
          rows.push(sourceRow(index + 1, location, words, [{ field: 'gas_price', value, unit }], { bounds }));
      }
    }
  }
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no sheet has a column of dates and one of gas prices', {
      position: {
        ...placeOf(payload).position,
        field: 'Date',
        expected: 'Date, Henry Hub Natural Gas Spot Price (Dollars per Million Btu)',
      },
    });
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the history of gas prices has no row', placeOf(payload));
  return { rows, rejected: [], drift, damage: null };
}

/** How much of a date its rows are about: workbooks print the middle of a month or a year for them. */
function periodDigits(lines: Sheet['rows'], headerAt: number): number {
  const said = DATES[textAt(lines[headerAt], 0).toLowerCase()] ?? 10;
  if (said !== 10) return said;
  const days = new Set(
    lines
      .slice(headerAt + 1)
      .map((row) => isoOf(textAt(row, 0)))
      .filter((date) => /^\d{4}-\d\d-\d\d$/.test(date)),
  );
  if (days.size === 0) return 10;
  if ([...days].every((date) => /-0[67]-(?:30|01|15)$/.test(date)) && days.size > 1) return 4;
  return [...days].every((date) => date.endsWith('-15')) ? 7 : 10;
}

/** `Jan 07, 1997` → `1997-01-07`; words that are no date stay as they are. */
function isoOf(printed: string): string {
  for (const pattern of FORMS) {
    const at = parseStamp(pattern, printed);
    if (at !== null) return formatStamp('YYYY-MM-DD', at);
  }
  return printed;
}
