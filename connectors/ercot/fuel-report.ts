/**
 * ERCOT's report of generation by fuel, a workbook for each year (`IntGenbyFuel2024.xlsx`, and the years before): a sheet
 * for each month, a row for each day and fuel, a column for each quarter of an hour, named by its end (`0:15` to `0:00`, the
 * midnight that ends the day), in megawatt-hours. In autumn the second pass of the repeated hour has columns of its own,
 * `1:15 (DST)`; in spring the columns of the skipped hour are blank. Until 2016 one column held day and fuel, `01/01/10_Wind`.
 */

import type { PublishedField, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { cellText, labelOf } from '../kit/tables/layout.ts';
import type { TableRecord } from '../kit/tables/record-table.ts';
import { rejectedRecord, type TableShape, type TableView } from '../kit/tables/table-dataset.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { publishedByName } from './body.ts';
import { QUARTERS } from './clock.ts';

const UNIT = 'MWh';

/** Fields of `fuel_mix_15min`. */
export const FUEL_REPORT_FIELDS: readonly PublishedField[] = [
  {
    field: 'generation',
    unit: UNIT,
    what: 'generation of a fuel in the quarter of an hour, its name as series',
  },
];

/** Convention of the quarters, named by their ends; the mark of a column is the flag of its hour. */
export const QUARTER_ENDS: TimeConvention = {
  ...QUARTERS,
  name: 'central-quarter-ending',
  pattern: 'YYYY-MM-DD hh:mm',
};

const DATES = ['YYYY-MM-DD[ 00:00:00]', 'M/D/YYYY', 'M/D/YY'];
const BOTH = ['datefuel'];
const CLOCK = /^(?:.* )?(\d{1,2}):(\d{2})(?::00)?\s*(\(?DST\)?|\*)?$/i;

/** A column of quarters: the clock that names it, midnight as 24:00, and whether it is of the second pass. */
interface Quarter {
  readonly clock: string;
  readonly hint: string;
}

function quarterOf(printed: string): Quarter | null {
  const parts = CLOCK.exec(printed);
  if (parts === null) return null;
  const clock = `${(parts[1] ?? '').padStart(2, '0')}:${parts[2]}`;
  return { clock: clock === '00:00' ? '24:00' : clock, hint: parts[3] === undefined ? 'n' : 'y' };
}

function dayOf(printed: string): string | null {
  const wall = DATES.map((pattern) => parseStamp(pattern, printed)).find((at) => at !== null);
  return wall === undefined || wall === null ? null : formatStamp('YYYY-MM-DD', wall);
}

function bind(view: TableView): ReturnType<TableShape['bind']> {
  const { columns } = view;
  const bothAt = columns.find(...BOTH);
  const dateAt = columns.find('date');
  const fuelAt = columns.find('fuel');
  if (bothAt < 0 && (dateAt < 0 || fuelAt < 0)) return null;
  const quarters = columns.take((_name, printed) => quarterOf(printed));
  if (quarters.length < 2) return null;
  columns.ignore('settlementtype', 'total');
  const publishedAt = publishedByName(view.name);
  const rowsOf = (record: TableRecord): ReturnType<NonNullable<ReturnType<TableShape['bind']>>['rows']> => {
    const both = /^(.+?)[_-]([^\d].*)$/.exec(labelOf(record, bothAt) ?? '');
    const printed = bothAt < 0 ? labelOf(record, dateAt) : (both?.[1] ?? null);
    const fuel = bothAt < 0 ? labelOf(record, fuelAt) : (both?.[2] ?? null);
    // Blank lines and lines of sums below the table.
    if (printed === null && quarters.every(({ at }) => labelOf(record, at) === null)) return [];
    const day = printed === null ? null : dayOf(printed);
    if (day === null || fuel === null)
      return rejectedRecord(record, 'TIME_UNPARSEABLE', 'Date', DATES.join(', '), printed ?? '');
    return quarters.flatMap(({ at, of: { clock, hint } }): SourceRow[] => {
      const value = cellText(record, at);
      const words = `${day} ${clock}`;
      // The columns of an hour that this day does not have are blank.
      if ((value ?? '').trim() === '' && momentOf(QUARTER_ENDS, words).kind !== 'unique') return [];
      if (hint === 'y' && (value ?? '').trim() === '') return [];
      const values = [{ field: 'generation', value, unit: UNIT }];
      return [sourceRow(record.line, 'ERCOT', words, values, { series: fuel, timeHint: hint, publishedAt })];
    });
  };
  return { time: QUARTER_ENDS, coverage: null, rows: rowsOf };
}

/** Shapes of `fuel_mix_15min`. */
export const FUEL_REPORT: readonly TableShape[] = [
  { title: 'Date, Fuel, Settlement Type, Total, 0:15, …, 0:00', bind },
];
