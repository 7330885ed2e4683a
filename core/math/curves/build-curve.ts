/** Quotes to curve: checks, bootstrap, shaping, points, and the proof that each contract has its price again. */

import { CarbonError } from '../../errors.ts';
import { type BootstrappedCurve, bootstrap, type PricedCell } from './bootstrap.ts';
import { type CurveContract, inOrder, type WeekLayout } from './curve-cells.ts';
import { priceOf } from './curve-price.ts';
import { type CurveSection, meanAround } from './curve-section.ts';
import { ALL_HOURS, blocksOf, partsOfBlock } from './delivery-blocks.ts';
import { nextMonthStart } from './delivery-calendar.ts';
import { type DeliveryWeights, deliveryWeights, onPeakRuleOf, partsOfCurve } from './delivery-weights.ts';
import type {
  CurveDay,
  CurveDefinition,
  CurveGrid,
  CurvePoint,
  CurveQuote,
  DroppedQuote,
  ForwardCurve,
} from './forward-curve.ts';
import { shapeRun } from './interpolation.ts';

export { priceOf } from './curve-price.ts';

/** How far a price may be off when it is computed again, up to prices of a thousand; beyond, a share of the price. */
const MISSED = 1e-9;

/**
 * The curve of some quotes. Each quote is either used, and then the curve averaged over its delivery is its price, or
 * dropped with a reason. The same quotes in any order give the same bits; no quotes give no points.
 *
 * Throws CURVE_INVALID for a definition or a contract that cannot be meant, CURVE_UNSOLVED when a price that should be
 * met is missed (a defect).
 */
export function buildCurve(definition: CurveDefinition, quotes: readonly CurveQuote[]): ForwardCurve {
  const layout = layoutOf(definition);
  checkQuotes(definition, quotes, layout);
  if (quotes.length === 0) return { points: [], used: [], dropped: [] };
  const [start, end] = [
    quotes.reduce((first, quote) => Math.min(first, quote.start), Number.POSITIVE_INFINITY),
    quotes.reduce((last, quote) => Math.max(last, quote.end), Number.NEGATIVE_INFINITY),
  ];
  const weights = deliveryWeights(definition, start, end);
  const contracts = quotes.map((quote) => contractOf(definition, quote, weights));
  const solved = bootstrap(
    contracts.filter(({ weight }) => weight > 0),
    layout,
    weights,
    definition.tick,
  );
  const curve = {
    points: pointsOf(definition, solved.cells, weights),
    used: solved.used.map(({ quote }) => quote.contract).sort(),
    dropped: [...contracts.filter(({ weight }) => weight === 0).map(withoutWeight), ...solved.dropped].sort(
      (a, b) => (a.contract < b.contract ? -1 : 1),
    ),
  };
  checkPrices(definition, curve, solved);
  return curve;
}

function layoutOf(definition: CurveDefinition): WeekLayout {
  const parts = partsOfCurve(definition);
  if (definition.quantity !== 'hours') return { parts, blocks: new Map([[ALL_HOURS, '7x24']]) };
  const rule = onPeakRuleOf(definition);
  return { parts, blocks: new Map(blocksOf(rule).map((block) => [partsOfBlock(rule, block), block])) };
}

function contractOf(definition: CurveDefinition, quote: CurveQuote, weights: DeliveryWeights): CurveContract {
  const parts =
    definition.quantity === 'hours' ? partsOfBlock(onPeakRuleOf(definition), quote.block) : ALL_HOURS;
  return { quote, parts, weight: weights.of(parts, quote.start, quote.end) };
}

function withoutWeight({ quote }: CurveContract): DroppedQuote {
  return { contract: quote.contract, reason: 'ZERO_WEIGHT', implied: null, residual: null };
}

function checkQuotes(definition: CurveDefinition, quotes: readonly CurveQuote[], layout: WeekLayout): void {
  if (!(definition.tick >= 0) || definition.tick === Number.POSITIVE_INFINITY)
    throw refused('tick', 'a number, zero or more', String(definition.tick), 'the tick is not a price step');
  const names = new Set<string>();
  const blocks = [...layout.blocks.values()];
  for (const { contract, start, end, block, price, quotedAt } of quotes) {
    if (names.has(contract))
      throw refused('contract', 'each contract once', contract, `${contract} is quoted twice`);
    names.add(contract);
    if (!Number.isInteger(start) || !Number.isInteger(end) || end <= start)
      throw refused('end', 'whole days, end after start', `${start}..${end}`, `${contract} delivers nothing`);
    if (!blocks.includes(block))
      throw refused(
        'block',
        blocks.join(', '),
        block,
        `${contract} is of a block that this curve cannot have`,
      );
    if (!Number.isFinite(price))
      throw refused('price', 'a number', String(price), `${contract} has no price`);
    if (!Number.isFinite(quotedAt))
      throw refused('quotedAt', 'a time', String(quotedAt), `${contract} was quoted at no time`);
  }
}

function refused(field: string, expected: string, got: string, message: string): CarbonError {
  return new CarbonError('CURVE_INVALID', message, { position: { field, expected, got } });
}

/** Every used price again, from the points alone and with hours counted anew. */
function checkPrices(definition: CurveDefinition, curve: ForwardCurve, { used }: BootstrappedCurve): void {
  const largest = curve.points.reduce((most, { price }) => Math.max(most, Math.abs(price)), 0);
  const allowed = MISSED * Math.max(1, largest / 1000);
  for (const { quote } of used) {
    const price = priceOf(curve, definition, quote.start, quote.end, quote.block);
    if (price !== null && Math.abs(price - quote.price) <= allowed) continue;
    throw new CarbonError(
      'CURVE_UNSOLVED',
      `${quote.contract} is ${quote.price} and the curve says ${price}`,
      {
        position: { field: quote.contract, expected: String(quote.price), got: String(price) },
        context: { allowed },
      },
    );
  }
}

/** Points of each block's sections, in order. */
function pointsOf(
  definition: CurveDefinition,
  cells: readonly PricedCell[],
  weights: DeliveryWeights,
): CurvePoint[] {
  if (definition.grid === 'section' || definition.method === 'flat')
    return cells.flatMap((cell) => piecesOf(definition.grid, cell, weights, null)).sort(inOrder);
  const points: CurvePoint[] = [];
  for (const run of runsOf(cells, weights)) {
    const sections = run.map((cell, i) => sectionOf(cell, run[i + 1]?.start ?? cell.end, weights));
    shapeRun(definition.method, sections).forEach((days, i) => {
      const shape = { days, weights: sections[i].weights };
      points.push(...piecesOf(definition.grid, run[i], weights, shape));
    });
  }
  return points.sort(inOrder);
}

/** Cells of one block that follow each other with nothing undelivered between: what a method may look across. */
function runsOf(cells: readonly PricedCell[], weights: DeliveryWeights): PricedCell[][] {
  const runs = new Map<string, PricedCell[][]>();
  for (const cell of cells) {
    const ofBlock = runs.get(cell.block) ?? [];
    runs.set(cell.block, ofBlock);
    const run = ofBlock[ofBlock.length - 1];
    const before = run?.[run.length - 1];
    if (before !== undefined && weights.of(cell.parts, before.end, cell.start) === 0) run.push(cell);
    else ofBlock.push([cell]);
  }
  return [...runs.values()].flat();
}

/** Days without quantity up to the next section belong to this one. */
function sectionOf(cell: PricedCell, end: CurveDay, weights: DeliveryWeights): CurveSection {
  const { start, price, parts } = cell;
  const days = Float64Array.from({ length: end - start }, (_, day) =>
    weights.of(parts, start + day, start + day + 1),
  );
  return { start, end, price, weights: days };
}

interface ShapedDays {
  readonly days: Float64Array;
  readonly weights: Float64Array;
}

/** A cell cut by the grid; pieces without quantity are left out. Without a shape all have the price of the cell. */
function piecesOf(
  grid: CurveGrid,
  cell: PricedCell,
  weights: DeliveryWeights,
  shape: ShapedDays | null,
): CurvePoint[] {
  const points: CurvePoint[] = [];
  const { block, parts } = cell;
  for (let start = cell.start; start < cell.end; ) {
    const end = Math.min(cell.end, nextCut(grid, start, cell.end));
    const isWhole = start === cell.start && end === cell.end;
    const [from, to] = [start - cell.start, end - cell.start];
    if (weights.of(parts, start, end) > 0) {
      const price =
        shape === null || isWhole ? cell.price : meanAround(cell.price, shape.days, shape.weights, from, to);
      const source = isWhole ? (cell.isQuoted ? 'QUOTED' : 'IMPLIED') : 'SHAPED';
      points.push({ start, end, block, price, source });
    }
    start = end;
  }
  return points;
}

function nextCut(grid: CurveGrid, day: CurveDay, end: CurveDay): CurveDay {
  if (grid === 'section') return end;
  return grid === 'day' ? day + 1 : nextMonthStart(day);
}
