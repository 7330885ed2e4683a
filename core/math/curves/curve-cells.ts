/** Cells: the coarsest pieces of delivery that no contract divides. Within one the curve is flat until it is shaped. */

import type { WeekParts } from './delivery-blocks.ts';
import type { DeliveryWeights } from './delivery-weights.ts';
import { type CurveDay, type CurveQuote, DELIVERY_BLOCKS, type DeliveryBlock } from './forward-curve.ts';

/** A quote with what it delivers. */
export interface CurveContract {
  readonly quote: CurveQuote;
  readonly parts: WeekParts;
  /** Quantity delivered; more than zero. */
  readonly weight: number;
}

/** A piece of delivery: `[start, end)` of one block, covered by the same contracts throughout. */
export interface CurveCell {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  readonly parts: WeekParts;
  /** Quantity delivered; more than zero. */
  readonly weight: number;
  /** Indices of the contracts that deliver it, ascending. */
  readonly covers: readonly number[];
}

/** The parts of the week that a curve tells apart, and the blocks that sets of them are. */
export interface WeekLayout {
  readonly parts: readonly WeekParts[];
  readonly blocks: ReadonlyMap<WeekParts, DeliveryBlock>;
}

interface OpenCell {
  start: CurveDay;
  end: CurveDay;
  readonly parts: WeekParts;
  readonly covers: readonly number[];
}

/**
 * Cuts time at each start and end of a contract, and days into blocks where contracts of other blocks are about; what
 * the same contracts cover is then one cell again, also across days on which nothing of it is delivered. Cells come in
 * order of (start, block). What no contract covers, or has no quantity, has no cell.
 */
export function cutCells(
  contracts: readonly CurveContract[],
  layout: WeekLayout,
  weights: DeliveryWeights,
): CurveCell[] {
  const cuts = [...new Set(contracts.flatMap(({ quote }) => [quote.start, quote.end]))].sort((a, b) => a - b);
  const newest = new Map<string, OpenCell>();
  const cells: OpenCell[] = [];
  for (let i = 1; i < cuts.length; i++) {
    const [start, end] = [cuts[i - 1], cuts[i]];
    for (const [parts, covers] of piecesOf(contracts, layout, start, end)) {
      if (weights.of(parts, start, end) === 0) continue;
      const key = `${parts} ${covers.join()}`;
      const before = newest.get(key);
      if (before !== undefined && weights.of(parts, before.end, start) === 0) {
        before.end = end;
        continue;
      }
      const cell = { start, end, parts, covers };
      newest.set(key, cell);
      cells.push(cell);
    }
  }
  return cells.map((cell) => closed(cell, layout, weights));
}

/** Parts of a segment by the contracts that cover them; sets that are no block are taken apart again. */
function piecesOf(
  contracts: readonly CurveContract[],
  layout: WeekLayout,
  start: CurveDay,
  end: CurveDay,
): (readonly [WeekParts, readonly number[]])[] {
  const together = new Map<string, WeekParts>();
  const coversOf = layout.parts.map((part) =>
    [...contracts.keys()].filter((c) => {
      const { quote, parts } = contracts[c];
      return quote.start <= start && quote.end >= end && (parts & part) !== 0;
    }),
  );
  layout.parts.forEach((part, p) => {
    const key = coversOf[p].join();
    together.set(key, (together.get(key) ?? 0) + part);
  });
  return layout.parts.flatMap((part, p): (readonly [WeekParts, readonly number[]])[] => {
    const set = together.get(coversOf[p].join()) ?? part;
    if (coversOf[p].length === 0) return [];
    if (!layout.blocks.has(set)) return [[part, coversOf[p]]];
    const isFirst = layout.parts.findIndex((other) => (set & other) !== 0) === p;
    return isFirst ? [[set, coversOf[p]]] : [];
  });
}

function closed(cell: OpenCell, layout: WeekLayout, weights: DeliveryWeights): CurveCell {
  const block = layout.blocks.get(cell.parts) ?? '7x24';
  return { ...cell, block, weight: weights.of(cell.parts, cell.start, cell.end) };
}

/** Quantity that each two contracts both deliver, as a full matrix of rows. */
export function overlapsOf(count: number, cells: readonly CurveCell[]): Float64Array[] {
  const overlaps = Array.from({ length: count }, () => new Float64Array(count));
  for (const { covers, weight } of cells)
    for (const c of covers) for (const d of covers) overlaps[c][d] += weight;
  return overlaps;
}

/** The order of points: by start, then by block as {@link DELIVERY_BLOCKS} lists them. */
export function inOrder(
  a: { readonly start: CurveDay; readonly block: DeliveryBlock },
  b: { readonly start: CurveDay; readonly block: DeliveryBlock },
): number {
  return a.start - b.start || DELIVERY_BLOCKS.indexOf(a.block) - DELIVERY_BLOCKS.indexOf(b.block);
}
