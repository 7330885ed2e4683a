/**
 * SPP prices of a month at settlement locations, `DA-LMP-MONTHLY-SL` and `RTBM-LMP-MONTHLY-SL`: a line for each date,
 * location and kind of price, with a column for each hour, `HE01` to `HE24`. Prices of real time are means of an hour.
 *
 * Date and hours are those of GMT, not of the market: hour 1 begins at midnight GMT, no day has 23 or 25 hours, and the hours
 * before and after the month, which is one of Central days, are blank on its first and its last date. Lines of one
 * location stand apart, so that each number becomes a row of its own.
 *
 * Both files have one header. A file is day-ahead unless its name says real time.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Payload, PayloadHead, Recognition, Rejection, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { headerLines } from '../kit/pieces.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { type OpenTable, readRecords } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { compact } from './glimpse.ts';
import { PRICE_FIELDS } from './prices.ts';

const UNIT = 'USD/MWh';

/** Kinds of prices → fields. */
const KINDS: Readonly<Record<string, string>> = {
  LMP: 'lmp',
  MLC: 'loss',
  MCC: 'congestion',
  MEC: 'energy',
};

/** Dates as `2024/01/01` in most files, and as the stamps of the other files. */
const FORMS: readonly (readonly [form: RegExp, pattern: string])[] = [
  [/^\d{4}\//, 'YYYY/MM/DD h'],
  [/^\d{4}-/, 'YYYY-MM-DD h'],
  [/^/, 'M/D/YYYY h'],
];

const HOURS_OF_DATES: TimeConvention = {
  name: 'gmt-hour-ending-label',
  zone: 'UTC',
  pattern: 'YYYY/MM/DD h',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};

const HOURS = 24;

const withForm = (day: string): TimeConvention => ({
  ...HOURS_OF_DATES,
  pattern: FORMS.find(([form]) => form.test(day))?.[1] ?? HOURS_OF_DATES.pattern,
});

/** Where the columns of a month stand. */
interface MonthHeader {
  readonly date: number;
  readonly place: number;
  readonly kind: number;
  /** Column and hour of each. */
  readonly hours: readonly { readonly at: number; readonly hour: string }[];
  readonly unknown: readonly number[];
}

/** The header of a month; null for another one. */
function monthHeader(header: readonly string[]): MonthHeader | null {
  const names = header.map(compact);
  const find = (...wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const date = find('date');
  const place = find('settlementlocationname', 'settlementlocation', 'pnodename', 'pnode');
  const kind = find('pricetype');
  const hours = names.flatMap((name, at) => {
    const hour = /^he(0?[1-9]|1\d|2[0-4])$/.exec(name)?.[1];
    return hour === undefined ? [] : [{ at, hour }];
  });
  const numbers = new Set(hours.map(({ hour }) => Number(hour)));
  if (date < 0 || place < 0 || kind < 0 || hours.length !== HOURS || numbers.size !== HOURS) return null;
  const known = new Set([date, place, kind, find('pnodename', 'pnode'), ...hours.map(({ at }) => at)]);
  const unknown = names.flatMap((name, at) => (known.has(at) || name === '' ? [] : [at]));
  return { date, place, kind, hours, unknown };
}

/** True for a head whose first record is the header of a month. */
function isMonth(head: PayloadHead): boolean {
  const text = head.text.trimStart();
  if (!/price_?\s?type/i.test(text.slice(0, 400))) return false;
  const reader = new CsvReader(text.slice(0, text.indexOf('\n') + 1), head.name);
  try {
    return reader.next() && monthHeader(reader.fields) !== null;
  } catch {
    // A broken quote in the first line: the body is no month that could be read.
    return false;
  }
}

function readMonth(payload: Payload): ReturnType<Dataset['decode']> {
  const rejected: Rejection[] = [];
  // A file has one form of dates, which the first shows.
  let time: TimeConvention | null = null;
  const open = (header: readonly string[], position: { file?: string; line: number }): OpenTable => {
    const found = monthHeader(header);
    if (found === null)
      throw new CarbonError('SOURCE_COLUMN_MISSING', 'the header is not that of a month of prices', {
        position: {
          ...position,
          expected: 'Date, Settlement Location Name, Price Type, HE01 to HE24',
          got: header.join(',').slice(0, 300),
        },
      });
    const { date, place, kind, hours, unknown } = found;
    return {
      drift: unknown.map((at) => ({ column: (header[at] ?? '').trim(), at: at + 1 })),
      rowsOf(fields, line): SourceRow[] {
        const printed = (fields[kind] ?? '').trim();
        const location = (fields[place] ?? '').trim();
        const field = ownEntry(KINDS, printed.toUpperCase());
        if (field === undefined) {
          rejected.push(unknownKind(line, location, printed));
          return [];
        }
        const day = (fields[date] ?? '').trim();
        time ??= withForm(day);
        return hours.map(({ at, hour }) =>
          sourceRow(line, location, `${day} ${hour}`, [{ field, value: fields[at] ?? '', unit: UNIT }]),
        );
      },
    };
  };
  const decoded = readRecords(payload, open);
  return { ...decoded, rejected, ...(time === null ? {} : { layout: { time } }) };
}

function unknownKind(line: number, location: string, printed: string): Rejection {
  return {
    row: line,
    code: 'FIELD_UNKNOWN',
    message: `line ${line}: the price type "${printed.slice(0, 40)}" is not known`,
    field: 'price type',
    expected: Object.keys(KINDS).join(', '),
    got: printed.slice(0, 80),
    location,
    series: null,
  };
}

const REAL_TIME = /RTBM|RT.?LMP/i;

const monthly = (about: Pick<Dataset, 'name' | 'title'>, wanted: (name: string) => boolean): Dataset => ({
  ...about,
  time: HOURS_OF_DATES,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: PRICE_FIELDS,
  recognise: (head): Recognition => (isMonth(head) && wanted(head.name) ? 2 : 0),
  // The files of days have the same prices, sooner.
  plan: () => [],
  pieces: headerLines,
  decode: readMonth,
});

/** The dataset `da_lmp_monthly` of SPP. */
export const dayAheadMonths: Dataset = monthly(
  { name: 'da_lmp_monthly', title: 'Day-ahead hourly prices at settlement locations, files of a month' },
  (name) => !REAL_TIME.test(name),
);

/** The dataset `rt_lmp_hourly_monthly` of SPP. */
export const realTimeMonths: Dataset = monthly(
  {
    name: 'rt_lmp_hourly_monthly',
    title: 'Real-time prices at settlement locations, means of the hour, files of a month',
  },
  (name) => REAL_TIME.test(name),
);
