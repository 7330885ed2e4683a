/** Repeats that come back: the same values as before, which matter again since another version lies between. */

import { Flag } from '../../core/model/quality-flags.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';

/** Adds a repeat to silver, at the raw position of the value that made it matter or of one after that. */
export function reinstate(
  ticks: TickBatch,
  from: TickBatch,
  i: number,
  srcTopic: number,
  srcPartition: number,
  srcOffset: number,
): void {
  const j = ticks.append(from, i);
  ticks.flags[j] |= Flag.REVISED | Flag.REINSTATED;
  ticks.srcTopic[j] = srcTopic;
  ticks.srcPartition[j] = srcPartition;
  ticks.srcOffset[j] = srcOffset;
}

/** The row with an event id of four words; -1 for none. */
export function findById(batch: TickBatch, id: Uint32Array): number {
  for (let i = 0; i < batch.length; i++) {
    let w = 0;
    while (w < 4 && batch.id[4 * i + w] === id[w]) w++;
    if (w === 4) return i;
  }
  return -1;
}
