/**
 * The displays of MISO's five-minute prices as CSV, `Reporter.asmx?messageType=currentinterval&returnType=csv` and likewise
 * `rollingmarketday` and `previousmarketday`: INTERVAL, CPNODE, LMP, MLC and MCC, without anything above.
 */

import type { Decoded, Payload } from '../kit/contract.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { LMP_UNIT } from './lmp-table.ts';

const COLUMNS = { time: 'interval', node: 'cpnode', lmp: 'lmp', loss: 'mlc', congestion: 'mcc' } as const;

/** True for the start of the display: its header is the first line. */
export function isDisplayCsv(text: string): boolean {
  const reader = new CsvReader(text.slice(0, 1_000), '');
  try {
    if (!reader.next()) return false;
  } catch {
    // A broken quote in the first line is no header.
    return false;
  }
  const names = new Set(reader.fields.map(normaliseHeader));
  return [COLUMNS.time, COLUMNS.node, COLUMNS.lmp].every((name) => names.has(name));
}

/** Reads the display. Throws as {@link readTable}. */
export function readFiveMinuteCsv(payload: Payload): Decoded {
  return readTable(payload, { columns: COLUMNS, ignored: [] }, (fields, at, line) =>
    sourceRow(
      line,
      (fields[at.node] ?? '').trim(),
      fields[at.time] ?? '',
      (['lmp', 'loss', 'congestion'] as const).map((field) => ({
        field,
        value: fields[at[field]] ?? '',
        unit: LMP_UNIT,
      })),
    ),
  );
}
