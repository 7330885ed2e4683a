/**
 * The rows of NYISO's price files, which share one header: `"Time Stamp","Name","PTID","LBMP ($/MWHr)",...`.
 *
 * The congestion column has the opposite sign of the other markets': lmp = energy + loss - congestion. It is kept as
 * published.
 */

import type { Decoded, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { headOf } from '../kit/payload.ts';
import { type ColumnIndex, normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { isPriceSelection, LBMP_COLUMNS, PRICE_IGNORED, PRICE_ZONE, recordsOf } from './layouts.ts';
import { ZONED_TIME } from './zoned-time.ts';

const UNIT = 'USD/MWh';

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

const VALUES = ['lmp', 'loss', 'congestion'] as const;

function rowOf(fields: readonly string[], at: ColumnIndex<string>, line: number): SourceRow {
  const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
  const values = VALUES.filter((field) => at[field] !== undefined).map((field) => ({
    field,
    value: cell(field),
    unit: UNIT,
  }));
  const timeHint = at['zone'] === undefined ? null : cell('zone').trim();
  return sourceRow(line, cell('location').trim(), cell('time'), values, { timeHint });
}

/**
 * Reads a zonal or generator price file, by its `Time Zone` where there is one, and a selection of its columns that has no
 * other ones. Throws as {@link readTable}.
 */
export function readPrices(payload: Payload, time: TimeConvention): Decoded {
  const names = (recordsOf(headOf(payload))[0] ?? []).map(normaliseHeader);
  const columns: Record<string, string> = isPriceSelection(names)
    ? Object.fromEntries(Object.entries(LBMP_COLUMNS).filter(([, name]) => names.includes(name)))
    : { ...LBMP_COLUMNS };
  const zoned = names.includes(PRICE_ZONE);
  if (zoned) columns['zone'] = PRICE_ZONE;
  const decoded = readTable<string>(payload, { columns, ignored: PRICE_IGNORED }, rowOf);
  return zoned ? { ...decoded, layout: { time: { ...time, repeated: ZONED_TIME.repeated } } } : decoded;
}
