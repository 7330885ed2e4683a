/**
 * The bootstrap: prices of cells that reprice each contract exactly and change as little as can be from a target.
 *
 * The target of a cell is the price of the contract that says most about it, the one of least quantity. Minimal is the
 * sum of quantity times the square of the change; the solution is the target plus one shift per contract, found from
 * a system of contracts by contracts. Prices may be zero or negative: nothing here takes a logarithm.
 */

import { GrowingCholesky } from './cholesky.ts';
import { type CurveCell, type CurveContract, cutCells, overlapsOf, type WeekLayout } from './curve-cells.ts';
import type { DeliveryWeights } from './delivery-weights.ts';
import type { DroppedQuote } from './forward-curve.ts';
import { byFineness, selectQuotes } from './quote-selection.ts';

/** A cell with its price, and whether one contract delivers exactly it. */
export interface PricedCell extends CurveCell {
  readonly price: number;
  readonly isQuoted: boolean;
}

/** Cells in order of (start, block), the contracts that they reprice, and those that were left out. */
export interface BootstrappedCurve {
  readonly cells: readonly PricedCell[];
  readonly used: readonly CurveContract[];
  readonly dropped: readonly DroppedQuote[];
}

/**
 * Solves for the cells of some contracts of positive quantity. The same contracts in any order give the same bits.
 * Only contracts that are used cut time or set a target: one that was left out leaves no trace in the cells.
 */
export function bootstrap(
  contracts: readonly CurveContract[],
  layout: WeekLayout,
  weights: DeliveryWeights,
  tick: number,
): BootstrappedCurve {
  const sorted = [...contracts].sort(byFineness);
  const { used: indices, dropped } = selectQuotes(sorted, cutCells(sorted, layout, weights), tick);
  const used = indices.map((c) => sorted[c]);
  const cells = cutCells(used, layout, weights);
  const prices = solve(used, cells);
  const priced = cells.map((cell, i): PricedCell => {
    const quoted = quoteOf(cell, used);
    return { ...cell, price: quoted ?? prices[i], isQuoted: quoted !== null };
  });
  return { cells: priced, used, dropped };
}

/**
 * The price of the contract that delivers exactly this: it covers the cell and delivers no more. The solution is the same
 * but for its last bits.
 */
function quoteOf(cell: CurveCell, used: readonly CurveContract[]): number | null {
  const exact = cell.covers.find((c) => used[c].weight === cell.weight);
  return exact === undefined ? null : used[exact].quote.price;
}

/** Prices of the cells; the contracts are independent of each other. */
function solve(contracts: readonly CurveContract[], cells: readonly CurveCell[]): Float64Array {
  const factor = factorOf(contracts.length, cells);
  const prices = Float64Array.from(cells, (cell) => targetOf(contracts, cell));
  const shifts = factor.solve(misses(contracts, cells, prices));
  cells.forEach(({ covers }, i) => {
    let shift = 0;
    for (const c of covers) shift += shifts[c];
    prices[i] += shift;
  });
  return prices;
}

/**
 * The price of the contract that delivers the least of those that cover a cell; of equal ones the fresher, then the one
 * that comes first by name.
 */
function targetOf(contracts: readonly CurveContract[], { covers }: CurveCell): number {
  const finest = covers
    .map((c) => contracts[c])
    .reduce((best, other) => {
      const order =
        other.weight - best.weight ||
        best.quote.quotedAt - other.quote.quotedAt ||
        (other.quote.contract < best.quote.contract ? -1 : 1);
      return order < 0 ? other : best;
    });
  return finest.quote.price;
}

function factorOf(count: number, cells: readonly CurveCell[]): GrowingCholesky {
  const factor = new GrowingCholesky();
  overlapsOf(count, cells).forEach((row, c) => {
    factor.add(row.subarray(0, c), row[c]);
  });
  return factor;
}

/** What each contract is worth beyond its cells: quantity times (price less mean of the cells). */
function misses(
  contracts: readonly CurveContract[],
  cells: readonly CurveCell[],
  prices: Float64Array,
): Float64Array {
  const right = new Float64Array(contracts.length);
  cells.forEach(({ covers, weight }, i) => {
    for (const c of covers) right[c] += weight * (contracts[c].quote.price - prices[i]);
  });
  return right;
}
