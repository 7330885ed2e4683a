/**
 * The table of prices that MISO's site served as CSV until 2017, `ria/Consolidated.aspx?format=csv`: the interval as
 * `RefId=19-Feb-2016 - Interval 10:30 EST` somewhere above the rows, lines of headings, then a record for each node with
 * four groups of columns. The first group is the price of the five minutes; the others are what the hourly reports say.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { placeOf, textOf } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { LMP_UNIT } from './lmp-table.ts';

// The table of the broker of data names the interval alone on its first line.
const REFERENCE =
  /(?:RefId[ \t]*[=,:]|^)[ \t]*(?:"[ \t]*)?(\d{2}-[A-Za-z]{3}-\d{4} - Interval \d{2}:\d{2} EST)/m;
const FIELDS: Readonly<Record<string, string>> = {
  lmp: 'lmp',
  mlc: 'loss',
  loss: 'loss',
  mcc: 'congestion',
  congestion: 'congestion',
  mec: 'energy',
};

/** True for the start of the table. */
export function isConsolidatedCsv(text: string): boolean {
  if (/^\s*[[{<]/.test(text) || !REFERENCE.test(text.slice(0, 2_000))) return false;
  // Prices of the dispatch (ex ante) have one group of columns, this table has four.
  return (text.slice(0, 8_000).match(/\bLMP\b(?=\s*(?:,|\r?$))/gm) ?? []).length > 1;
}

/** The columns of the first group of a record of headings; null for another record. */
function firstGroup(fields: readonly string[]): { at: number; field: string }[] | null {
  const names = fields.map(normaliseHeader);
  const from = names.indexOf('lmp');
  if (from < 1) return null;
  const next = names.indexOf('lmp', from + 1);
  return names.slice(0, next < 0 ? names.length : next).flatMap((name, at) => {
    const field = at < from ? undefined : FIELDS[name];
    return field === undefined ? [] : [{ at, field }];
  });
}

/** Reads the table. Throws SOURCE_COLUMN_MISSING without the line of headings or the interval, SOURCE_EMPTY without a node. */
export function readConsolidatedCsv(payload: Payload, reference: TimeConvention): Decoded {
  const text = textOf(payload);
  const { position } = placeOf(payload);
  const refId = REFERENCE.exec(text)?.[1] ?? '';
  const reader = new CsvReader(text, payload.name);
  const moment = momentOf(reference, refId);
  const publishedAt = moment.kind === 'unique' ? moment.first : null;
  const rows: SourceRow[] = [];
  let columns: { at: number; field: string }[] | null = null;
  let damage: CarbonError | null = null;
  try {
    while (reader.nextFilled()) {
      columns ??= firstGroup(reader.fields);
      const name = (reader.fields[0] ?? '').trim();
      if (columns === null || name === '' || !/\d/.test(reader.fields[columns[0]?.at ?? 0] ?? '')) continue;
      const values = columns.map(({ at, field }) => ({
        field,
        value: reader.fields[at] ?? null,
        unit: LMP_UNIT,
      }));
      rows.push(sourceRow(reader.line, name, refId, values, { publishedAt }));
    }
  } catch (error) {
    if (!(error instanceof CarbonError) || columns === null) throw error;
    damage = error;
  }
  if (columns === null || refId === '')
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the table names no interval, or no column LMP', {
      position: { ...position, line: 1, field: 'LMP', expected: 'RefId=…, a line of LMP, MLC, MCC' },
    });
  if (rows.length === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the table has no node', { position });
  return { rows, rejected: [], drift: [], damage };
}
