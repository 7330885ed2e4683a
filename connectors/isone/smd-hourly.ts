/**
 * ISO New England's hourly workbooks of a year, `2022_smd_hourly.xlsx` (before `.xls`): a sheet for the whole market and one
 * for each of eight zones, with load, the parts of both prices, weather and, for the market, prices of regulation.
 *
 * A day is Eastern, an hour told by its end; `02X` is the repeated hour. A year's sheet may hold a row of zeros for the
 * hour that spring skips: such a row says nothing. The tab is the place.
 */

import { CarbonError } from '../../core/errors.ts';
import type {
  Dataset,
  Decoded,
  Drift,
  Payload,
  PayloadHead,
  PublishedField,
  SourceRow,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { placeOf } from '../kit/payload.ts';
import { looksCompound } from '../kit/readers/compound-file.ts';
import { type Sheet, textAt } from '../kit/readers/sheet.ts';
import { wholeSheets } from '../kit/readers/sheets.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { HOUR_ENDING, labelledByClock } from './eastern.ts';
import { compact } from './express-columns.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

const PRICE = 'USD/MWh';
const MEGAWATT = 'MW';
const REGULATION = 'USD/MW';
const FAHRENHEIT = 'F';

/** Columns of the years since 2003 → field, its unit, what it is. */
const COLUMNS: Readonly<Record<string, readonly [field: string, unit: string, what: string]>> = {
  dademand: ['load_day_ahead', MEGAWATT, 'demand that the day-ahead market cleared'],
  dademd: ['load_day_ahead', MEGAWATT, 'demand that the day-ahead market cleared'],
  rtdemand: ['load', MEGAWATT, 'demand'],
  rtdemd: ['load', MEGAWATT, 'demand'],
  demand: ['load', MEGAWATT, 'demand'],
  systemload: ['load_system', MEGAWATT, 'load of the system as operated'],
  sysload: ['load_system', MEGAWATT, 'load of the system as operated'],
  dalmp: ['lmp_day_ahead', PRICE, 'day-ahead price'],
  daec: ['energy_day_ahead', PRICE, 'its energy'],
  dacc: ['congestion_day_ahead', PRICE, 'its congestion'],
  damlc: ['loss_day_ahead', PRICE, 'its loss'],
  rtlmp: ['lmp', PRICE, 'real-time price'],
  rtec: ['energy', PRICE, 'its energy'],
  rtcc: ['congestion', PRICE, 'its congestion'],
  rtmlc: ['loss', PRICE, 'its loss'],
  drybulb: ['temperature', FAHRENHEIT, 'temperature'],
  dewpoint: ['dew_point', FAHRENHEIT, 'dew point'],
  dewpnt: ['dew_point', FAHRENHEIT, 'dew point'],
  regcp: ['mcp_regulation', REGULATION, 'price of regulation, one until 2015'],
  regserviceprice: ['mcp_regulation_service', REGULATION, 'price of regulation service'],
  regcapacityprice: ['mcp_regulation_capacity', REGULATION, 'price of regulation capacity'],
  min5minrsp: ['mcp_regulation_service_min', REGULATION, 'its least five minutes'],
  max5minrsp: ['mcp_regulation_service_max', REGULATION, 'its greatest five minutes'],
  min5minrcp: ['mcp_regulation_capacity_min', REGULATION, 'its least five minutes'],
  max5minrcp: ['mcp_regulation_capacity_max', REGULATION, 'its greatest five minutes'],
};
const HOURS: readonly string[] = ['hrend', 'hour', 'hourending', 'hr'];
const DATES = ['YYYY-MM-DD[ hh:mm:ss]', 'M/D/YYYY', 'D-Mon-YYYY', 'D-Mon-YY', 'M/D/YY'];

const FIELDS: readonly PublishedField[] = [
  ...new Map(Object.values(COLUMNS).map(([field, unit, what]) => [field, { field, unit, what }])).values(),
];

/** True for the names of the columns of such a sheet. */
export const isSmd = (names: readonly string[]): boolean =>
  names.includes('date') && names.includes('dalmp') && names.includes('rtlmp');

type Row = Sheet['rows'][number];
const namesOf = (row: Row): string[] =>
  Array.from({ length: row?.length ?? 0 }, (_, at) => compact(textAt(row, at)));

function recognise(head: PayloadHead): 0 | 2 | 3 {
  const found = looksCompound(head.text)
    ? /DA_LMP[\s\S]*RT_LMP/.test(head.text.replaceAll('\0', ''))
    : head.text.split('\n', 5).some((line) => isSmd(line.split(',').map(compact)));
  return found ? (/smd/i.test(head.name) ? 3 : 2) : 0;
}

/** `2022-01-01 02X` as the words of a row: the day in one form, whatever the sheet prints. */
function wordsOf(row: Row, dayAt: number, hourAt: number): { day: string; hour: string } {
  const printed = textAt(row, dayAt);
  const wall = DATES.map((pattern) => parseStamp(pattern, printed)).find((at) => at !== null);
  const day = wall === undefined || wall === null ? printed : formatStamp('YYYY-MM-DD', wall);
  return { day, hour: textAt(row, hourAt).replace(/\.0+$/, '').toUpperCase().padStart(2, '0') };
}

/** Throws SOURCE_COLUMN_MISSING without a sheet of this kind, SOURCE_EMPTY without a row, and as {@link wholeSheets}. */
function decode(payload: Payload): Decoded {
  const rows: SourceRow[] = [];
  const drift = new Map<string, Drift>();
  let byClock = false;
  let found = false;
  for (const sheet of wholeSheets(payload)) {
    const headerAt = sheet.rows.findIndex((row) => isSmd(namesOf(row)));
    if (headerAt < 0) continue;
    found = true;
    const names = namesOf(sheet.rows[headerAt]);
    const [dayAt, hourAt] = [names.indexOf('date'), names.findIndex((name) => HOURS.includes(name))];
    const figures = names.flatMap((name, at) => {
      const column = ownEntry(COLUMNS, name);
      if (column === undefined && name !== '' && at !== dayAt && at !== hourAt)
        drift.set(name, { column: textAt(sheet.rows[headerAt], at), at: at + 1 });
      return column === undefined ? [] : [{ at, field: column[0], unit: column[1] }];
    });
    const lines = sheet.rows
      .map((row, index) => ({ row, line: index + 1, ...wordsOf(row, dayAt, hourAt) }))
      .slice(headerAt + 1)
      .filter(({ row, hour }) => row !== undefined && hour !== '00');
    const labels = new Set(lines.map(({ day, hour }) => `${day} ${hour}`));
    byClock ||= labelledByClock(labels);
    const location = sheet.name === '' ? ISONE_SYSTEM : sheet.name;
    for (const { row, line, day, hour } of lines) {
      const values = figures.map(({ at, field, unit }) => ({ field, value: textAt(row, at), unit }));
      const padding = values.every(({ value }) => value === '' || Number(value) === 0);
      if (padding && hour === '03' && labels.has(`${day} 02`)) continue;
      rows.push(
        sourceRow(line, location, `${day} ${hour}`, values, { timeHint: hour.endsWith('X') ? 'X' : '' }),
      );
    }
  }
  const { position } = placeOf(payload);
  if (!found)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no sheet has the header of the hourly workbook', {
      position: { ...position, field: 'DA_LMP', expected: 'Date, Hr_End, … DA_LMP, … RT_LMP, …' },
    });
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the hourly workbook has no row', { position });
  const time = {
    ...HOUR_ENDING,
    pattern: 'YYYY-MM-DD h[X]',
    ...(byClock ? { stamp: 'ending-clock' as const } : {}),
  };
  return { rows, rejected: [], drift: [...drift.values()], damage: null, layout: { time } };
}

/** The dataset `smd_hourly` of ISO New England. */
export const smdHourly: Dataset = {
  name: 'smd_hourly',
  title: 'Workbook of a year: load, both prices and weather of the market and its zones, by the hour',
  time: { ...HOUR_ENDING, pattern: 'YYYY-MM-DD h' },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise,
  // Published by year, some months later: files that are kept are read.
  plan: () => [],
  decode,
};
