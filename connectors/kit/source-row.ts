/** Making source rows: one shape for all datasets. */

import type { SourceRow } from './contract.ts';

/** A source row as `decode` makes it: values as printed, time still in the source's words. */
export function sourceRow(
  row: number,
  location: string | null,
  sourceTime: string,
  values: SourceRow['values'],
  more: Partial<
    Pick<SourceRow, 'series' | 'timeHint' | 'bounds' | 'sequence' | 'tradeId' | 'publishedAt' | 'version'>
  > = {},
): SourceRow {
  return {
    location,
    series: more.series ?? null,
    sourceTime,
    timeHint: more.timeHint ?? null,
    bounds: more.bounds ?? null,
    values,
    sequence: more.sequence ?? null,
    tradeId: more.tradeId ?? null,
    cancels: false,
    publishedAt: more.publishedAt ?? null,
    ...(more.version === undefined ? {} : { version: more.version }),
    row,
    intervalStart: Number.NaN,
    intervalEnd: Number.NaN,
    timeRule: '',
  };
}
