/**
 * What is served against what silver says: the rows of `served_latest` that have to be written again (G4). Pure: the
 * rebuild of a projection asks the store, and writes what this says.
 */

import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { LatestRows } from './project-latest.stage.ts';

/**
 * Why a row is written again: `missing`, nothing was served of the instrument; `other`, another value was served than the
 * newest; `withdrawn`, a value was served though silver holds none that is not withdrawn.
 */
export type Reason = 'missing' | 'other' | 'withdrawn';

/** Rows to write, each with its reason and the row of `served` that it takes the place of (-1 for none). */
export interface ServedDifferences {
  readonly rows: LatestRows;
  readonly reasons: readonly Reason[];
  readonly before: readonly number[];
}

/**
 * Compares by tenant and instrument. `newest` holds the newest value of each instrument that has one, `served` the served
 * row of each, both of the same instruments. A row keeps the position of the one that it replaces where that is greater:
 * what a running projection writes later has to win, and what it wrote meanwhile must not be hidden for long.
 */
export function servedDifferences(names: Names, newest: TickBatch, served: LatestRows): ServedDifferences {
  const series = new PairIds();
  const rowOf: number[] = [];
  for (let j = 0; j < served.ticks.length; j++)
    rowOf[series.idOf(served.ticks.tenant[j], served.ticks.instrument[j])] = j;
  const ticks = new TickBatch(names);
  const gone: number[] = [];
  const reasons: Reason[] = [];
  const before: number[] = [];
  const write = (from: TickBatch, i: number, reason: Reason, row: number): void => {
    const at = ticks.append(from, i);
    ticks.flags[at] &= ~Flag.MISSING_METADATA;
    if (row >= 0) ticks.srcOffset[at] = Math.max(ticks.srcOffset[at], served.ticks.srcOffset[row]);
    gone.push(reason === 'withdrawn' ? 1 : 0);
    reasons.push(reason);
    before.push(row);
  };
  const hasValue = new Set<number>();
  for (let i = 0; i < newest.length; i++) {
    const row = rowOf[series.idOf(newest.tenant[i], newest.instrument[i])] ?? -1;
    if (row < 0) {
      write(newest, i, 'missing', row);
      continue;
    }
    hasValue.add(row);
    if (served.gone[row] === 1 || !isSame(newest, i, served.ticks, row)) write(newest, i, 'other', row);
  }
  for (let j = 0; j < served.ticks.length; j++)
    if (!hasValue.has(j) && served.gone[j] === 0) write(served.ticks, j, 'withdrawn', j);
  return { rows: { ticks, gone: Uint8Array.from(gone) }, reasons, before };
}

/** Equal in all that a reader sees of a value; position, trace and payload are not looked at. */
function isSame(a: TickBatch, i: number, b: TickBatch, j: number): boolean {
  const shown = ~Flag.MISSING_METADATA;
  if (
    a.eventStart[i] !== b.eventStart[j] ||
    a.eventEnd[i] !== b.eventEnd[j] ||
    a.knownAt[i] !== b.knownAt[j] ||
    a.present[i] !== b.present[j] ||
    (a.flags[i] & shown) !== (b.flags[j] & shown) ||
    a.sequence[i] !== b.sequence[j] ||
    a.tradeId[i] !== b.tradeId[j] ||
    a.source[i] !== b.source[j] ||
    a.dataset[i] !== b.dataset[j]
  )
    return false;
  for (let w = 0; w < 4; w++) if (a.id[4 * i + w] !== b.id[4 * j + w]) return false;
  for (let w = 0; w < 2; w++)
    for (const column of ['price', 'size', 'bid', 'ask'] as const)
      if (a[column][2 * i + w] !== b[column][2 * j + w]) return false;
  return true;
}
