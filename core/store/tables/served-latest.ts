/** Table `served_latest` (migration 005): one row per instrument, the one from the last source position wins. */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import type { Names } from '../../model/names.ts';
import type { TickBatch } from '../../model/tick-batch.ts';
import { rowsOf } from './row-order.ts';
import { SILVER_COLUMNS, tickOrder, ticksFromColumns, writeTicks } from './silver-ticks.ts';

/** What {@link latestFromColumns} reads: `SELECT ${LATEST_COLUMNS} FROM served_latest FINAL …`. */
export const LATEST_COLUMNS = `${SILVER_COLUMNS}, is_gone`;

/** Served values, and which of them say that their instrument has no value any more. */
export interface LatestRows {
  readonly ticks: TickBatch;
  /** 1 where the instrument's value was withdrawn and nothing is left. */
  readonly gone: Uint8Array;
}

/** The block of all rows (the table has no partitions): an empty list for no rows. */
export function latestBlocks(batch: TickBatch, gone: Uint8Array): Uint8Array[] {
  if (batch.length === 0) return [];
  const order = tickOrder(batch, rowsOf(batch.length, null));
  return [writeTicks(new NativeWriter(order), batch).uint8('is_gone', gone).finish()];
}

/** Served values of a query for {@link LATEST_COLUMNS}, in the order of its rows. */
export function latestFromColumns(columns: NativeColumns, names: Names): LatestRows {
  const ticks = ticksFromColumns(columns, names);
  const gone = columns.rows === 0 ? new Uint8Array(0) : Uint8Array.from(columns.numbers('is_gone'));
  return { ticks, gone };
}
