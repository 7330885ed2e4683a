/**
 * The order of rows in blocks. It follows from the rows alone and never from dense ids, which differ between two
 * runs: a plan that is run again must cut the same blocks, since each has its own token (DESIGN 5b).
 */

import { identity } from '../../codec/native/native-bytes.ts';

/** Most partitions that one block may touch (`core/ports/warehouse.ts`). */
export const PARTITIONS_PER_BLOCK = 100;

/**
 * Places of dense ids in the order of their names: `rank[id]` for every id that occurs in `ids` at `rows`.
 * Ids that do not occur have no meaningful place.
 */
export function ranksOf(
  ids: Uint32Array,
  rows: Uint32Array,
  nameOf: (id: number) => string,
): { readonly rank: Uint32Array; readonly count: number } {
  let greatest = 0;
  for (let k = 0; k < rows.length; k++) greatest = Math.max(greatest, ids[rows[k]]);
  const rank = new Uint32Array(greatest + 1);
  const seen: number[] = [];
  for (let k = 0; k < rows.length; k++) {
    const id = ids[rows[k]];
    if (rank[id] === 0) {
      rank[id] = 1;
      seen.push(id);
    }
  }
  seen.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  seen.forEach((id, place) => {
    rank[id] = place;
  });
  return { rank, count: seen.length };
}

/** Order of two rows by a column: -1, 0 or 1. A difference would be a number on the heap for each comparison. */
export function orderAt(column: Float64Array | Uint32Array, a: number, b: number): number {
  return column[a] < column[b] ? -1 : column[a] > column[b] ? 1 : 0;
}

/**
 * Rows in order of `group` (small whole numbers below `groups`), then of `compare` within a group. Groups that come
 * in order already, which is the common case, cost one look per row.
 */
export function sortRows(
  rows: Uint32Array,
  group: (row: number) => number,
  groups: number,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const ends = new Uint32Array(groups + 1);
  const groupOf = new Uint32Array(rows.length);
  for (let k = 0; k < rows.length; k++) ends[(groupOf[k] = group(rows[k])) + 1]++;
  for (let g = 0; g < groups; g++) ends[g + 1] += ends[g];
  const next = ends.slice();
  const order = new Uint32Array(rows.length);
  for (let k = 0; k < rows.length; k++) order[next[groupOf[k]]++] = rows[k];
  for (let g = 0; g < groups; g++) {
    const part = order.subarray(ends[g], ends[g + 1]);
    if (!isSorted(part, compare)) part.sort(compare);
  }
  return order;
}

function isSorted(rows: Uint32Array, compare: (a: number, b: number) => number): boolean {
  for (let k = 1; k < rows.length; k++) if (compare(rows[k - 1], rows[k]) > 0) return false;
  return true;
}

/**
 * Cuts sorted rows into blocks of at most {@link PARTITIONS_PER_BLOCK} partitions, in order of the partition's
 * number; rows keep their order within a block. No rows give no block.
 */
export function cutByPartition(order: Uint32Array, partitionOf: (row: number) => number): Uint32Array[] {
  if (order.length === 0) return [];
  const distinct = new Set<number>();
  // Neighbours mostly share their partition.
  let last = Number.NaN;
  for (let k = 0; k < order.length; k++) {
    const partition = partitionOf(order[k]);
    if (partition === last) continue;
    last = partition;
    distinct.add(partition);
  }
  if (distinct.size <= PARTITIONS_PER_BLOCK) return [order];
  const blockOf = new Map<number, number>();
  for (const partition of [...distinct].sort((a, b) => a - b))
    blockOf.set(partition, Math.floor(blockOf.size / PARTITIONS_PER_BLOCK));
  const blocks = Array.from({ length: Math.ceil(distinct.size / PARTITIONS_PER_BLOCK) }, (): number[] => []);
  for (let k = 0; k < order.length; k++) blocks[blockOf.get(partitionOf(order[k])) ?? 0].push(order[k]);
  return blocks.map((block) => Uint32Array.from(block));
}

/** The rows asked for, or all of a batch. */
export function rowsOf(length: number, rows: Uint32Array | null): Uint32Array {
  return rows ?? identity(length);
}
