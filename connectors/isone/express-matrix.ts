/**
 * The forecasts of ISO Express that have a column for each day and a line for each hour ending: seven days of wind and
 * of sun, three of demand, also of each region. The days stand in a heading line of their own, the last that holds dates. Cells of hours that
 * are past, or beyond the forecast, are blank and say nothing.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { HOUR_ENDING } from './eastern.ts';
import { compact, PLACE_COLUMNS } from './express-columns.ts';
import { type ExpressLine, type ExpressReport, readExpress } from './express-report.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

const UNIT = 'MW';
const DATE = /^\d{1,2}\/\d{1,2}\/\d{4}$/;

/** True for a date as headings print it. */
export const isDate = (cell: string): boolean => DATE.test(cell);

/** A report whose columns are days: the heading that holds them, and the lines below it. */
export interface DatedLines {
  readonly heading: readonly string[];
  readonly lines: readonly ExpressLine[];
  readonly report: ExpressReport;
}

/**
 * Finds the days of a report. Throws as {@link readExpress}, and SOURCE_COLUMN_MISSING without a line of several dates that
 * `fits`.
 */
export function datedLines(payload: Payload, fits: (heading: readonly string[]) => boolean): DatedLines {
  const report = readExpress(payload);
  const lines = [{ fields: report.header, line: report.headerLine }, ...report.data];
  const headingAt = lines.findIndex(({ fields }) => fields.filter(isDate).length > 1);
  const heading = lines[headingAt]?.fields ?? [];
  if (headingAt < 0 || !fits(heading))
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no line of the report holds its days', {
      position: {
        ...(payload.name === '' ? {} : { file: payload.name }),
        line: report.headerLine,
        field: 'Date',
        expected: 'a line of Date, Hour Ending and days',
        got: report.header.join(', '),
      },
    });
  return { heading, lines: lines.slice(headingAt + 1), report };
}

const hourColumn = (heading: readonly string[]): number =>
  heading.findIndex((cell) => compact(cell) === 'hourending');

/** Reads a forecast by the hour. Throws as {@link datedLines}. */
export function readExpressMatrix(payload: Payload, field: string): Decoded {
  const { heading, lines, report } = datedLines(payload, (each) => hourColumn(each) >= 0);
  const hourAt = hourColumn(heading);
  const placeAt = heading.findIndex((cell) => PLACE_COLUMNS.includes(compact(cell)));
  const rows: SourceRow[] = [];
  for (const [at, day] of heading.entries()) {
    if (!isDate(day)) continue;
    for (const { fields, line } of lines) {
      const hour = (fields[hourAt] ?? '').toUpperCase();
      const value = fields[at] ?? '';
      if (value === '') continue;
      rows.push(
        sourceRow(line, fields[placeAt] || ISONE_SYSTEM, `${day} ${hour}`, [{ field, value, unit: UNIT }], {
          timeHint: hour.endsWith('X') ? 'X' : '',
          publishedAt: report.publishedAt,
        }),
      );
    }
  }
  return { rows, rejected: [], drift: [], damage: report.damage, layout: { time: HOUR_ENDING } };
}
