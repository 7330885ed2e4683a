/**
 * PJM's hourly loads of a year as it kept them until Data Miner, `2014-hourly-loads.xls`: a sheet for each zone or region, a
 * line for each day, its hours in columns `HE01` to `HE24`, Eastern, hour ending. Beside them stand the greatest and the
 * least hour of the day, which are not read.
 *
 * The hour that spring skips is blank or zero, and says nothing. In autumn one column stands for both passes of an hour: it
 * cannot be told, and is refused.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { wholeSheets } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { PJM_ZONE } from './body.ts';

const TIME: TimeConvention = {
  name: 'eastern-hour-ending',
  zone: PJM_ZONE,
  pattern: 'YYYY-MM-DD HE h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};
const DATES = ['YYYY-MM-DD[ hh:mm:ss]', 'M/D/YYYY', 'D-Mon-YYYY', 'D-Mon-YY', 'M/D/YY', 'YYYYMMDD'];
const HOUR_COLUMN = /^HE\s?(\d{1,2})$/i;
const ENOUGH_HOURS = 24;

type Row = Sheet['rows'][number];
const width = (row: Row): number => row?.length ?? 0;

/** Columns of hours of a header, their day and their place; null for another line. */
function headerOf(
  row: Row,
): { dayAt: number; placeAt: number; hours: { at: number; hour: number }[] } | null {
  const names = Array.from({ length: width(row) }, (_, at) => textAt(row, at).toUpperCase());
  const hours = names.flatMap((name, at) => {
    const hour = HOUR_COLUMN.exec(name)?.[1];
    return hour === undefined ? [] : [{ at, hour: Number(hour) }];
  });
  const dayAt = names.indexOf('DATE');
  return dayAt < 0 || hours.length < ENOUGH_HOURS ? null : { dayAt, placeAt: names.indexOf('COMP'), hours };
}

function recognise(head: PayloadHead): 0 | 2 | 3 {
  const text = looksCompound(head.text)
    ? head.text.replaceAll('\0', '')
    : (head.text.trimStart().split('\n', 1)[0] ?? '');
  if (/^\s*[[{<]/.test(text)) return 0;
  if (!/\bDATE\b/i.test(text) || !/HE\s?0?1\b[\s\S]*HE\s?24/i.test(text)) return 0;
  // Months of SPP's prices have these columns too, and say which price a line holds.
  if (/\bPRICE_?\s?TYPE\b/i.test(text)) return 0;
  return /hourly.?loads?/i.test(head.name) ? 3 : 2;
}

/** Throws SOURCE_COLUMN_MISSING without a sheet of this kind, SOURCE_EMPTY without a row, and as {@link wholeSheets}. */
function decode(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  let found = false;
  for (const sheet of wholeSheets(payload)) {
    const headerAt = sheet.rows.findIndex((row) => headerOf(row) !== null);
    const header = headerOf(sheet.rows[headerAt]);
    if (header === null) continue;
    found = true;
    for (const [index, row] of sheet.rows.entries()) {
      const printed = textAt(row, header.dayAt);
      if (index <= headerAt || printed === '') continue;
      const wall = DATES.map((pattern) => parseStamp(pattern, printed)).find((at) => at !== null);
      const day = wall === undefined || wall === null ? printed : formatStamp('YYYY-MM-DD', wall);
      const place = textAt(row, header.placeAt) || sheet.name || 'PJM';
      for (const { at, hour } of header.hours) {
        const value = textAt(row, at);
        const words = `${day} HE ${hour}`;
        const skipped = (value === '' || Number(value) === 0) && momentOf(TIME, words).kind === 'skipped';
        if (!skipped) rows.push(sourceRow(index + 1, place, words, [{ field: 'load', value, unit: 'MW' }]));
      }
    }
  }
  const { position } = placeOf(payload);
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no sheet has a column for each hour of a day', {
      position: { ...position, field: 'HE01', expected: 'DATE, COMP, HE01, …, HE24' },
    });
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the loads of the year have no row', { position });
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `load_hourly_years`. */
export const loadYears: Dataset = {
  name: 'load_hourly_years',
  title: 'Load of zones by the hour in the workbooks of former years',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: 'load', unit: 'MW', what: 'load of a zone or region' }],
  recognise,
  // The file host is gone; files that were kept are read.
  plan: () => [],
  decode,
};
