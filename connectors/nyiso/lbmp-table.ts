/**
 * The rows of NYISO's price files, which share one header: `"Time Stamp","Name","PTID","LBMP ($/MWHr)",...`.
 *
 * The congestion column has the opposite sign of the other markets': lmp = energy + loss - congestion. It is kept as
 * published.
 */

import type { Decoded, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { type ColumnIndex, readTable, type TableLayout } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { LBMP_COLUMNS } from './layouts.ts';

const UNIT = 'USD/MWh';
const LAYOUT: TableLayout<keyof typeof LBMP_COLUMNS> = { columns: LBMP_COLUMNS, ignored: ['ptid'] };

/** What a price row publishes. */
export const LBMP_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'LBMP, the price at the location' },
  { field: 'loss', unit: UNIT, what: 'marginal cost of losses' },
  {
    field: 'congestion',
    unit: UNIT,
    what: 'marginal cost of congestion, sign as published: lmp = energy + loss - congestion',
  },
];

function rowOf(
  fields: readonly string[],
  at: ColumnIndex<keyof typeof LBMP_COLUMNS>,
  line: number,
): SourceRow {
  const cell = (column: keyof typeof LBMP_COLUMNS): string => fields[at[column]] ?? '';
  return sourceRow(line, cell('location').trim(), cell('time'), [
    { field: 'lmp', value: cell('lmp'), unit: UNIT },
    { field: 'loss', value: cell('loss'), unit: UNIT },
    { field: 'congestion', value: cell('congestion'), unit: UNIT },
  ]);
}

/** Reads a zonal or generator price file. Throws as {@link readTable}. */
export function readPrices(payload: Payload): Decoded {
  return readTable(payload, LAYOUT, rowOf);
}
