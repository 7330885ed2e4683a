/**
 * The tables of ISO Express: a line for each time and place. Columns are found by name. How a table tells the time is
 * what its columns are: a date and an hour ending (`02X` is the repeated hour), or a clock, Eastern without offset,
 * whose repeated hour is told by the order of the lines of a place.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Coverage, Decoded, Drift, Payload, SourceRow } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { HOUR_ENDING, ISONE_ZONE, labelledByClock } from './eastern.ts';
import { COLUMNS, compact, IGNORED_COLUMNS, PLACE_COLUMNS } from './express-columns.ts';
import { type ExpressReport, readExpress } from './express-report.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

const CLOCKS: readonly (readonly [form: RegExp, pattern: string])[] = [
  [/^\d{4}-/, 'YYYY-MM-DD[ ][T]hh:mm[:ss][.0]'],
  [/^/, 'M/D/YYYY h:mm[:ss]'],
];

/** A clock at the begin of five minutes. */
const FIVE_MINUTES: TimeConvention = {
  name: 'eastern-five-minutes-beginning',
  zone: ISONE_ZONE,
  pattern: 'M/D/YYYY h:mm[:ss]',
  stamp: 'beginning',
  length: 5 * MINUTE,
  onGrid: false,
  repeated: { by: 'order' },
};

/** A clock at the instant of a reading. */
const READING: TimeConvention = { ...FIVE_MINUTES, name: 'eastern-instant', stamp: 'instant', length: 0 };

/** A whole report has all hours at all places; where its trailer stands, lines were left out on purpose. */
const CUT: Coverage = { contiguous: true, sameSpan: true };
const CLOSED: Coverage = { contiguous: false, sameSpan: false, forward: true };

/** How a table tells the time: the words of a line, and the flag of the repeated hour. */
interface Clock {
  readonly time: TimeConvention;
  wordsOf(fields: readonly string[]): { readonly words: string; readonly hint: string | null };
}

/**
 * Reads a table. `units` replaces the units that its fields have as a rule. Throws SOURCE_EMPTY, SOURCE_NOT_DATA and
 * SOURCE_COLUMN_MISSING; damage further down is returned.
 */
export function readExpressTable(
  payload: Payload,
  fields: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): Decoded {
  const report = readExpress(payload);
  const names = report.header.map(compact);
  const clock = clockOf(report, names, fields.includes('generation'));
  const placeAt = PLACE_COLUMNS.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const seriesAt = names.indexOf('fuelcategory');
  const { values, drift } = valuesOf(report, names, fields, renamed);
  if (clock === null || values.length === 0) throw missing(payload, report, clock === null);
  const rows: SourceRow[] = [];
  for (const { fields: cells, line } of report.data) {
    const { words, hint } = clock.wordsOf(cells);
    const place = placeAt < 0 ? '' : (cells[placeAt] ?? '');
    const numbers = values.map(({ at, field, unit }) => ({ field, value: cells[at] ?? '', unit }));
    rows.push(
      sourceRow(line, place === '' ? ISONE_SYSTEM : place, words, numbers, {
        series: seriesAt < 0 ? null : (cells[seriesAt] ?? ''),
        timeHint: hint,
        publishedAt: report.publishedAt,
      }),
    );
  }
  const hourly = clock.time.length === HOUR;
  const coverage = hourly && !report.closed ? CUT : CLOSED;
  return { rows, rejected: [], drift, damage: report.damage, layout: { time: clock.time, coverage } };
}

interface ValueColumn {
  readonly at: number;
  readonly field: string;
  readonly unit: string;
}

function valuesOf(
  report: ExpressReport,
  names: readonly string[],
  fields: readonly string[],
  renamed: Readonly<Record<string, string>>,
): { values: ValueColumn[]; drift: Drift[] } {
  const values: ValueColumn[] = [];
  const drift: Drift[] = [];
  for (const [at, name] of names.entries()) {
    const column = ownEntry(COLUMNS, name);
    const field = column === undefined ? undefined : (renamed[column[0]] ?? column[0]);
    if (column !== undefined && field !== undefined && fields.includes(field)) {
      const printed = report.units[at] ?? '';
      values.push({
        at,
        field,
        unit: /^(?:MWh|MW)$/i.test(printed) ? printed.replace(/h$/i, 'h') : column[1],
      });
    } else if (name !== '' && !IGNORED_COLUMNS.has(name) && column === undefined)
      drift.push({ column: report.header[at] ?? '', at: at + 2 });
  }
  return { values, drift };
}

/** Finds the columns of time; null when there are none. */
function clockOf(report: ExpressReport, names: readonly string[], readings: boolean): Clock | null {
  const at = (...wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((found) => found >= 0) ?? -1;
  const date = at('date', 'localdate', 'marketdate');
  const hour = at('hourending', 'hourend', 'he', 'hour');
  const clock = at('datetime', 'localdatetime', 'localtime', 'time', 'begindate');
  const cell = (fields: readonly string[], column: number): string => fields[column] ?? '';
  const first = report.data[0]?.fields ?? [];
  // The report of the last hours calls its hour ending a local time.
  const hours = hour >= 0 ? hour : date >= 0 && /^\d{1,2}X?$/i.test(cell(first, clock)) ? clock : -1;
  if (date >= 0 && hours >= 0)
    return hourEnding(
      report,
      (fields) => cell(fields, date),
      (fields) => cell(fields, hours),
    );
  if (clock < 0) return null;
  const wordsOf = (fields: readonly string[]): string => {
    const words = cell(fields, clock);
    if (/\d[-/]\d/.test(words)) return words;
    return `${date >= 0 ? cell(fields, date) : (report.day ?? '')} ${words}`.trim();
  };
  const pattern = CLOCKS.find(([form]) => form.test(wordsOf(first)))?.[1] ?? FIVE_MINUTES.pattern;
  return {
    time: { ...(readings ? READING : FIVE_MINUTES), pattern },
    wordsOf: (fields) => ({ words: wordsOf(fields), hint: null }),
  };
}

/** Hours by their end. */
function hourEnding(
  report: ExpressReport,
  dateOf: (fields: readonly string[]) => string,
  hourOf: (fields: readonly string[]) => string,
): Clock {
  const labels = new Set(
    report.data.map(({ fields }) => `${dateOf(fields)} ${hourOf(fields).padStart(2, '0')}`),
  );
  const byClock = labelledByClock(labels);
  const iso = /^\d{4}-/.test(dateOf(report.data[0]?.fields ?? []));
  const pattern = iso ? 'YYYY-MM-DD h[X]' : HOUR_ENDING.pattern;
  return {
    time: { ...HOUR_ENDING, pattern, ...(byClock ? { stamp: 'ending-clock' } : {}) },
    wordsOf(fields) {
      const hour = hourOf(fields).toUpperCase();
      return { words: `${dateOf(fields)} ${hour}`, hint: hour.endsWith('X') ? 'X' : '' };
    },
  };
}

function missing(payload: Payload, report: ExpressReport, time: boolean): CarbonError {
  const expected = time ? 'Date and Hour Ending, or Local Time' : 'a column of numbers that is known';
  return new CarbonError('SOURCE_COLUMN_MISSING', `the heading lacks ${expected}`, {
    position: {
      ...(payload.name === '' ? {} : { file: payload.name }),
      line: report.headerLine,
      field: time ? 'time' : 'value',
      expected,
      got: report.header.join(', '),
    },
  });
}
