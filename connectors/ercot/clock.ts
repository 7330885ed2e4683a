/**
 * How ERCOT's tables tell the time. A date and an hour ending (`02:00` is 01:00 to 02:00 on the clock face, whatever the
 * season), quarters of an hour numbered inside it, and stamps of the dispatch; all Central, without offset.
 *
 * In autumn the label 02:00 comes twice. The flag (`DSTFlag`, `Repeated Hour Flag`; Y, true, a trailing ` DST`) marks the
 * second, standard-time pass; every other hour of the year, summer included, has N. In spring the label 03:00 is absent.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Clock } from '../kit/tables/layout.ts';
import type { TableRecord } from '../kit/tables/record-table.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import type { RepeatedRule, TimeConvention } from '../kit/time/convention.ts';
import { ERCOT_ZONE, unreadableHours } from './body.ts';

const BY_FLAG: RepeatedRule = { by: 'flag', first: ['n', 'false'], second: ['y', 'true', 'dst'] };
const DATES = ['deliverydate', 'operday', 'operatingday', 'operatingdate', 'date'];
const HOURS = ['hourending', 'deliveryhour'];
const FLAGS = ['dstflag', 'repeatedhourflag', 'repeathourflag', 'dst'];
const SCED_STAMPS = ['scedtimestamp'];

const CENTRAL = { zone: ERCOT_ZONE, repeated: BY_FLAG } as const;

/** Convention of hourly reports whose dates are `MM/DD/YYYY`: what a dataset declares. */
export const HOUR_ENDING: TimeConvention = {
  ...CENTRAL,
  name: 'central-hour-ending',
  pattern: 'M/D/YYYY h[:mm][:ss]',
  stamp: 'ending-label',
  length: HOUR,
  onGrid: true,
};

/** Convention of quarters numbered inside an hour. */
export const QUARTERS: TimeConvention = {
  ...CENTRAL,
  name: 'central-quarter-of-hour-ending',
  pattern: 'M/D/YYYY h q',
  stamp: 'ending-label',
  length: 15 * MINUTE,
  onGrid: true,
};

/** Convention of the dispatch, which runs about every five minutes, at no even time. */
export const DISPATCH: TimeConvention = {
  ...CENTRAL,
  name: 'central-instant',
  pattern: 'M/D/YYYY h:mm[:ss]',
  stamp: 'instant',
  length: 0,
  onGrid: false,
};

/** Convention of stamps that end five minutes. */
export const FIVE_MINUTES: TimeConvention = {
  ...DISPATCH,
  name: 'central-five-minutes-ending',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
};

const cellAt = (record: TableRecord, at: number): string => (at < 0 ? '' : (record.cells[at] ?? '').trim());

/** Dates as the public API prints them, midnight included, are dates. */
const dateOf = (cell: string): string => cell.replace(/T00:00:00(?:\.0+)?$/, '').replace(/ 00:00:00$/, '');

/** First cell of a column that is not blank. */
function sample(view: TableView, at: number): string {
  for (const record of view.records) {
    const cell = cellAt(record, at);
    if (cell !== '') return cell;
  }
  return '';
}

/**
 * A pattern whose date is that of the table: ISO, or American as all patterns here are written, of which spreadsheets save the
 * year in two digits.
 */
function dated(pattern: string, cell: string): string {
  if (/^\d{4}-/.test(cell)) return pattern.replace('M/D/YYYY', 'YYYY-MM-DD');
  return /^\d{1,2}\/\d{1,2}\/\d{2}(?!\d)/.test(cell) ? pattern.replace('YYYY', 'YY') : pattern;
}

/** Stamps in one cell: also as `2026-03-08T00:00:12`, with or without a fraction. */
function stamped(cell: string): string {
  if (!/^\d{4}-/.test(cell)) return dated(DISPATCH.pattern, cell);
  return cell.includes('T') ? 'YYYY-MM-DDThh:mm[:ss][.f]' : 'YYYY-MM-DD hh:mm[:ss][.f]';
}

/** Date and hour ending; null for a table without them. A table with an hour 25 is refused: its hours are another count. */
export function hourlyClock(view: TableView): Clock | null {
  const dateAt = view.columns.find(...DATES);
  const hourAt = view.columns.find(...HOURS);
  if (dateAt < 0 || hourAt < 0) return null;
  const flagAt = view.columns.find(...FLAGS);
  for (const record of view.records)
    if (/^25\b/.test(cellAt(record, hourAt)))
      throw unreadableHours(record.line, view.name, 'hours from 1 to 24', cellAt(record, hourAt));
  const compact = /^\d{3,4}\b/.test(sample(view, hourAt));
  const pattern = dated(compact ? 'M/D/YYYY hhmm' : HOUR_ENDING.pattern, sample(view, dateAt));
  return {
    time: { ...HOUR_ENDING, pattern },
    read: (record) => {
      const date = dateOf(cellAt(record, dateAt));
      const printed = cellAt(record, hourAt);
      if (date === '' && printed === '') return null;
      const { hour, mark } = hourOf(printed, compact);
      return { words: `${date} ${hour}`, hint: flagOf(record, flagAt, view, mark) };
    },
  };
}

/**
 * Date and hour in one cell: `11/05/2017 02:00 DST`, `01/01/2017 24:00`, or a moment of a workbook, which ends the hour; a
 * column of `HOUR_BEGINNING` begins it. Null for a table without. Where neither a mark nor a flag tells the passes of the
 * repeated hour apart, it is printed twice, in order.
 */
export function hourStampClock(view: TableView): Clock | null {
  const endAt = view.columns.find('hourend', ...HOURS);
  const at = endAt < 0 ? view.columns.find('hourbeginning') : endAt;
  const first = sample(view, at);
  if (at < 0 || !/[/-]/.test(first)) return null;
  const flagAt = view.columns.find(...FLAGS);
  const marked = flagAt >= 0 || view.records.some((record) => / DST$/i.test(cellAt(record, at)));
  return {
    time: {
      ...HOUR_ENDING,
      ...(endAt < 0 ? { name: 'central-hour-beginning', stamp: 'beginning' } : {}),
      pattern: /^\d{4}-/.test(first) ? 'YYYY-MM-DD hh:mm[:ss]' : dated('M/D/YYYY h:mm[:ss]', first),
      repeated: marked ? BY_FLAG : { by: 'order' },
    },
    read: (record) => {
      const cell = cellAt(record, at);
      if (cell === '') return null;
      const words = cell.replace(/ DST$/i, '');
      return { words, hint: flagAt < 0 ? (words === cell ? 'n' : 'y') : flagOf(record, flagAt, view, null) };
    },
  };
}

/** A number that a program has turned into `1.0` since a blank stood in its column. */
const WHOLE = /^(\d{1,2})\.0$/;

/** An hour cell without its mark: pages print `200*` for the repeated hour, files `02:00 DST`. */
function hourOf(cell: string, compact: boolean): { hour: string; mark: string | null } {
  const parts = /^(.*?)\s*(\*|DST)?$/i.exec(cell);
  const bare = (parts?.[1] ?? cell).replace(WHOLE, '$1');
  return { hour: compact ? bare.padStart(4, '0') : bare, mark: parts?.[2] === undefined ? null : 'y' };
}

function flagOf(record: TableRecord, at: number, view: TableView, mark: string | null): string | null {
  if (at >= 0) return cellAt(record, at).toLowerCase();
  // A page marks the second pass and nothing else; a table without marks or flags has no rule.
  return mark ?? (view.form === 'html' ? 'n' : null);
}

/** Date, hour and quarter; null for a table without them. */
export function quarterClock(view: TableView): Clock | null {
  const dateAt = view.columns.find(...DATES);
  const hourAt = view.columns.find('deliveryhour', 'hourending');
  const quarterAt = view.columns.find('deliveryinterval');
  if (dateAt < 0 || hourAt < 0 || quarterAt < 0) return null;
  const flagAt = view.columns.find(...FLAGS);
  return {
    time: { ...QUARTERS, pattern: dated(QUARTERS.pattern, sample(view, dateAt)) },
    read: (record) => {
      const hour = cellAt(record, hourAt).replace(WHOLE, '$1');
      const quarter = cellAt(record, quarterAt).replace(WHOLE, '$1');
      // The yearly workbooks hold a record without hour where spring skips one.
      if (hour === '' && quarter === '') return null;
      const words = `${dateOf(cellAt(record, dateAt))} ${hour} ${quarter}`;
      return { words, hint: flagOf(record, flagAt, view, null) };
    },
  };
}

/** Date and the end of a quarter of an hour, `00:15` or `0015` to `24:00`; null for a table without them. */
export function quarterEndClock(view: TableView): Clock | null {
  const dateAt = view.columns.find(...DATES);
  const endAt = view.columns.find('timeending', 'intervalending');
  if (dateAt < 0 || endAt < 0) return null;
  const flagAt = view.columns.find(...FLAGS);
  const compact = /^\d{3,4}\b/.test(sample(view, endAt));
  const pattern = dated(compact ? 'M/D/YYYY hhmm' : 'M/D/YYYY h:mm[:ss]', sample(view, dateAt));
  return {
    time: { ...QUARTERS, name: 'central-quarter-ending', pattern },
    read: (record) => {
      const { hour, mark } = hourOf(cellAt(record, endAt), compact);
      const words = `${dateOf(cellAt(record, dateAt))} ${hour}`;
      return words.trim() === '' ? null : { words, hint: flagOf(record, flagAt, view, mark) };
    },
  };
}

function stampClock(
  view: TableView,
  time: TimeConvention,
  stamps: readonly string[],
  flags: readonly string[],
): Clock | null {
  const at = view.columns.find(...stamps);
  if (at < 0) return null;
  const flagAt = view.columns.find(...flags);
  return {
    time: { ...time, pattern: stamped(sample(view, at)) },
    read: (record) => {
      const words = cellAt(record, at);
      return words === '' ? null : { words, hint: flagOf(record, flagAt, view, null) };
    },
  };
}

/** Stamps of the dispatch; null for a table without them. */
export const dispatchClock = (view: TableView): Clock | null =>
  stampClock(view, DISPATCH, SCED_STAMPS, FLAGS);

/** Ends of five minutes as stamps of date and time; null for a table without them. */
export const fiveMinuteClock = (view: TableView): Clock | null =>
  stampClock(
    view,
    FIVE_MINUTES,
    ['intervalending'],
    ['intervalrepeatedhourflag', 'intervalrepeathourflag', 'intervalendingrepeatedhourflag', ...FLAGS],
  );

/** Times of the state estimator and of its flows, which name the season: `s` standard, `d` daylight; null for a table without. */
export const estimatorClock = (view: TableView): Clock | null =>
  stampClock(
    view,
    { ...DISPATCH, repeated: { by: 'flag', first: ['d', 'n'], second: ['s', 'y'] } },
    ['seexetime', 'tagclasttime'],
    ['seexetimedst', 'tagclasttimedst'],
  );
