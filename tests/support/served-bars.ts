/** Bars as they are served, held to bars that were made anew in plain objects. */

import assert from 'node:assert/strict';
import type { Queries } from '../../core/ports/warehouse.ts';
import { type PlainBar, scaled } from './plain-bars.ts';
import { tabRows } from './tab-rows.ts';

const COLUMNS = ['open', 'high', 'low', 'close', 'twap'] as const satisfies (keyof PlainBar)[];

/** Bars that are served by `instrument|interval|start`: the columns and the count, with tabs between. */
export async function servedBars(warehouse: Queries): Promise<Map<string, string>> {
  const served = new Map<string, string>();
  const rows = await tabRows(
    warehouse,
    `SELECT concat(instrument_id, '|', interval, '|', toString(toUnixTimestamp64Micro(interval_start))),
  open_price, high_price, low_price, close_price, ifNull(toString(b.twap), 'null'), trade_count
FROM bars_current AS b`,
  );
  for (const [key, ...columns] of rows) {
    assert.ok(key !== undefined && !served.has(key), `${key} is served twice`);
    served.set(key, columns.join('\t'));
  }
  return served;
}

/** True where a served bar is the one that was made anew, column by column. */
export function isBar(served: string, bar: PlainBar): boolean {
  const cells = served.split('\t');
  return (
    cells.length === COLUMNS.length + 1 &&
    COLUMNS.every((column, k) => bar[column] === (cells[k] === 'null' ? null : scaled(cells[k] ?? ''))) &&
    cells[COLUMNS.length] === String(bar.count)
  );
}

/** A bar for a message. */
export const textOf = (bar: PlainBar): string => [...COLUMNS.map((column) => bar[column]), bar.count].join();
