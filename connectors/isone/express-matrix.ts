/**
 * The forecasts of ISO Express that have a column for each day and a line for each hour ending: seven days of wind and
 * of sun, days of demand. The days stand in a heading line of their own, the last that holds dates. Cells of hours that
 * are past, or beyond the forecast, are blank and say nothing.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { HOUR_ENDING } from './eastern.ts';
import { compact } from './express-columns.ts';
import { readExpress } from './express-report.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

const UNIT = 'MW';
const DATE = /^\d{1,2}\/\d{1,2}\/\d{4}$/;

/** Reads a forecast. Throws as {@link readExpress}, and SOURCE_COLUMN_MISSING without a line of dates. */
export function readExpressMatrix(payload: Payload, field: string): Decoded {
  const report = readExpress(payload);
  const lines = [{ fields: report.header, line: report.headerLine }, ...report.data];
  const headingAt = lines.findIndex(({ fields }) => fields.filter((cell) => DATE.test(cell)).length > 1);
  const heading = lines[headingAt]?.fields ?? [];
  const hourAt = heading.findIndex((cell) => compact(cell) === 'hourending');
  if (headingAt < 0 || hourAt < 0)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'no line of the report holds its days', {
      position: {
        ...(payload.name === '' ? {} : { file: payload.name }),
        line: report.headerLine,
        field: 'Date',
        expected: 'a line of Date, Hour Ending and days',
        got: report.header.join(', '),
      },
    });
  const rows: SourceRow[] = [];
  for (const [at, day] of heading.entries()) {
    if (!DATE.test(day)) continue;
    for (const { fields, line } of lines.slice(headingAt + 1)) {
      const hour = (fields[hourAt] ?? '').toUpperCase();
      const value = fields[at] ?? '';
      if (value === '') continue;
      rows.push(
        sourceRow(line, ISONE_SYSTEM, `${day} ${hour}`, [{ field, value, unit: UNIT }], {
          timeHint: hour.endsWith('X') ? 'X' : '',
          publishedAt: report.publishedAt,
        }),
      );
    }
  }
  return { rows, rejected: [], drift: [], damage: report.damage, layout: { time: HOUR_ENDING } };
}
