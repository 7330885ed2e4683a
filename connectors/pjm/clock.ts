/**
 * How PJM's feeds tell the time: every row has its begin in UTC and in Eastern prevailing time (`_utc`, `_ept`), some have
 * the end, too. UTC decides. A selection of columns without UTC is read by Eastern time, whose repeated hour only the
 * order of rows can tell; where it does not, those rows are refused.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { Clock } from '../kit/tables/layout.ts';
import type { TableRecord } from '../kit/tables/record-table.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { PJM_ZONE, stampForm } from './body.ts';

const BEGIN = [
  'datetimebeginning',
  'forecastdatetimebeginning',
  'forecasthourbeginning',
  'projectedpeakdatetime',
  'biddatetimebeginning',
];
const END = ['datetimeending', 'forecastdatetimeending', 'forecasthourending'];

const UTC: TimeConvention = {
  name: 'utc-beginning',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm[:ss][.f]',
  stamp: 'beginning',
  length: HOUR,
  onGrid: true,
  repeated: { by: 'none' },
};

/** Convention of hourly feeds. */
export const HOURS: TimeConvention = UTC;
/** Convention of feeds of five minutes. */
export const FIVE_MINUTES: TimeConvention = { ...UTC, length: 5 * MINUTE };
/** Convention of readings, which are made at no even time. */
export const READINGS: TimeConvention = {
  ...UTC,
  name: 'utc-instant',
  stamp: 'instant',
  length: 0,
  onGrid: false,
};

const cellAt = (record: TableRecord, at: number): string => (record.cells[at] ?? '').trim();

/** First cell of a column that is not blank. */
export function sampleOf(view: TableView, at: number): string {
  for (const record of view.records) {
    const cell = cellAt(record, at);
    if (cell !== '') return cell;
  }
  return '';
}

/** Index of the column of a begin, in UTC where there is one; -1 for none. */
export function beginColumn(view: TableView): number {
  return view.columns.find(...BEGIN.map((name) => `${name}utc`), ...BEGIN.map((name) => `${name}ept`));
}

/** The clock of a convention; begin and end decide where both are printed and the interval has a length. */
export const clockOf =
  (convention: TimeConvention, otherLengths: readonly Micros[] = []) =>
  (view: TableView): Clock | null => {
    const { columns } = view;
    const beginAt = columns.find(...BEGIN.map((name) => `${name}utc`));
    const endAt = columns.find(...END.map((name) => `${name}utc`));
    const easternAt = columns.find(...BEGIN.map((name) => `${name}ept`));
    columns.ignore(...END.map((name) => `${name}ept`));
    if (beginAt < 0) return easternAt < 0 ? null : eastern(view, convention, easternAt);
    const pattern = stampForm(sampleOf(view, beginAt));
    const bounded = endAt >= 0 && convention.length > 0;
    const time: TimeConvention = bounded
      ? { ...convention, name: 'utc-begin-and-end', stamp: 'bounds', pattern, otherLengths }
      : { ...convention, pattern };
    return {
      time,
      read: (record) => {
        const words = cellAt(record, beginAt);
        if (words === '') return null;
        return bounded
          ? { words, hint: null, bounds: { start: words, end: cellAt(record, endAt) } }
          : { words, hint: null };
      },
    };
  };

function eastern(view: TableView, convention: TimeConvention, at: number): Clock {
  const pattern = stampForm(sampleOf(view, at));
  const name = convention.name.replace('utc', 'eastern');
  return {
    time: { ...convention, name, zone: PJM_ZONE, pattern, repeated: { by: 'order' } },
    read: (record) => {
      const words = cellAt(record, at);
      return words === '' ? null : { words, hint: null };
    },
  };
}

/** Convention of feeds by the day: dates of Eastern prevailing time, 23 to 25 hours long. */
export const DAYS: TimeConvention = {
  ...UTC,
  name: 'eastern-day',
  pattern: 'YYYY-MM-DDThh:mm:ss',
  stamp: 'bounds',
  length: DAY,
  otherLengths: [23 * HOUR, 25 * HOUR],
  onGrid: false,
};

/** The clock of a column of dates, printed with a midnight or without. Words that are no date are left to be refused. */
export const dayClock =
  (column: string) =>
  (view: TableView): Clock | null => {
    const at = view.columns.find(column);
    if (at < 0) return null;
    return {
      time: DAYS,
      read: (record) => {
        const words = cellAt(record, at);
        if (words === '') return null;
        const wall = parseStamp(words.includes(':') ? stampForm(words) : dateForm(words), words);
        if (wall === null || wall % DAY !== 0)
          return { words, hint: null, bounds: { start: words, end: words } };
        const { start, end } = marketDayBounds(PJM_ZONE, wall / DAY);
        const utc = (instant: Micros): string => formatStamp(DAYS.pattern, instant);
        return { words, hint: null, bounds: { start: utc(start), end: utc(end) } };
      },
    };
  };

const dateForm = (words: string): string =>
  /^\d{4}-/.test(words) ? 'YYYY-MM-DD' : /\/\d{2}$/.test(words) ? 'M/D/YY' : 'M/D/YYYY';

/** True when a stamp of the table lies between full hours, false when several stamps do not, null when one cannot tell. */
export function hasMinutes(view: TableView): boolean | null {
  const at = beginColumn(view);
  const stamps = new Set(view.records.map((record) => cellAt(record, at)).filter((cell) => cell !== ''));
  if ([...stamps].some((stamp) => (/[T ]\d{1,2}:(\d{2})/.exec(stamp)?.[1] ?? '00') !== '00')) return true;
  return stamps.size > 1 ? false : null;
}
