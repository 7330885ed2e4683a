/** Which quotes hold the curve: those that say what others say already are left out, and of two that contradict one. */

import { GrowingCholesky } from './cholesky.ts';
import { type CurveCell, type CurveContract, overlapsOf } from './curve-cells.ts';
import { type DroppedQuote, type DropReason, QUOTE_KINDS } from './forward-curve.ts';

/** What is left of the quotes, as ascending indices, and what became of the others. */
export interface QuoteSelection {
  readonly used: readonly number[];
  readonly dropped: readonly DroppedQuote[];
}

/** A factor above this says that a contract takes part in making up another; those that do not have rounding alone. */
const TAKES_PART = 1e-6;

/** Rounding allowed where a price is held against what others imply, per unit of the price or less. */
const ROUNDING = 1e-9;

/**
 * Goes from the finest contract to the coarsest ({@link byFineness}). One that finer ones imply is dropped when it agrees
 * with them within half a tick. When it does not, the weakest of all that take part is dropped; where that is a finer
 * one, the walk begins again without it. What is left implies each that was dropped, and that is what is told of it.
 *
 * @param contracts in the order of {@link byFineness}
 * @param cells cut from these contracts
 */
export function selectQuotes(
  contracts: readonly CurveContract[],
  cells: readonly CurveCell[],
  tick: number,
): QuoteSelection {
  const overlaps = overlapsOf(contracts.length, cells);
  const lost = new Set<number>();
  let basis: Basis | null = null;
  while (basis === null) basis = walk(contracts, overlaps, tick, lost);
  const used = basis.members;
  const dropped = [...contracts.keys()].filter((c) => !used.includes(c));
  return { used, dropped: dropped.map((c) => fateOf(contracts, basis, c, tick)) };
}

/** Finest first: by quantity, start, end, block; of the same delivery the stronger first; then by name. */
export function byFineness(a: CurveContract, b: CurveContract): number {
  return (
    a.weight - b.weight ||
    a.quote.start - b.quote.start ||
    a.quote.end - b.quote.end ||
    a.parts - b.parts ||
    byKindAndAge(a, b) ||
    byName(a, b)
  );
}

/** Strongest first: by kind, then the fresher, then the finer, then by name. */
function byStrength(a: CurveContract, b: CurveContract): number {
  return byKindAndAge(a, b) || a.weight - b.weight || byName(a, b);
}

function byKindAndAge(a: CurveContract, b: CurveContract): number {
  return (
    QUOTE_KINDS.indexOf(a.quote.kind) - QUOTE_KINDS.indexOf(b.quote.kind) ||
    b.quote.quotedAt - a.quote.quotedAt
  );
}

function byName(a: CurveContract, b: CurveContract): number {
  return a.quote.contract < b.quote.contract ? -1 : a.quote.contract > b.quote.contract ? 1 : 0;
}

/** Independent contracts, in the order in which they were taken. */
class Basis {
  /** Ascending, when they are taken in that order. */
  readonly members: number[] = [];
  readonly #factor = new GrowingCholesky();
  readonly #contracts: readonly CurveContract[];
  readonly #overlaps: readonly Float64Array[];

  constructor(contracts: readonly CurveContract[], overlaps: readonly Float64Array[]) {
    this.#contracts = contracts;
    this.#overlaps = overlaps;
  }

  /** Takes a contract in and gives null; of one that the members imply, what they make of its price and with which. */
  take(c: number): { readonly implied: number; readonly circuit: readonly number[] } | null {
    const own = this.#overlaps[c];
    const products = new Float64Array(this.members.length);
    for (let k = 0; k < products.length; k++) products[k] = own[this.members[k]];
    const shares = this.#factor.add(products, own[c]);
    if (shares === null) {
      this.members.push(c);
      return null;
    }
    let value = 0;
    for (let k = 0; k < shares.length; k++) {
      const { weight, quote } = this.#contracts[this.members[k]];
      value += shares[k] * weight * quote.price;
    }
    const circuit = this.members.filter((_, k) => Math.abs(shares[k]) > TAKES_PART);
    return { implied: value / this.#contracts[c].weight, circuit };
  }
}

/** One walk from fine to coarse. Adds to those that lost, and gives null when one of them had been taken in. */
function walk(
  contracts: readonly CurveContract[],
  overlaps: readonly Float64Array[],
  tick: number,
  lost: Set<number>,
): Basis | null {
  const basis = new Basis(contracts, overlaps);
  for (let c = 0; c < contracts.length; c++) {
    if (lost.has(c)) continue;
    const found = basis.take(c);
    if (found === null || agrees(contracts[c].quote.price, found.implied, tick)) continue;
    const loser = found.circuit.reduce(
      (weakest, other) => (byStrength(contracts[weakest], contracts[other]) < 0 ? other : weakest),
      c,
    );
    lost.add(loser);
    if (loser !== c) return null;
  }
  return basis;
}

function agrees(price: number, implied: number, tick: number): boolean {
  return Math.abs(price - implied) <= tick / 2 + ROUNDING * Math.max(1, Math.abs(price));
}

function fateOf(contracts: readonly CurveContract[], basis: Basis, c: number, tick: number): DroppedQuote {
  const { contract, price } = contracts[c].quote;
  const implied = basis.take(c)?.implied ?? price;
  const reason: DropReason = agrees(price, implied, tick) ? 'CONSISTENT_DROP_COARSER' : 'CURVE_CONFLICT';
  return { contract, reason, implied, residual: price - implied };
}
