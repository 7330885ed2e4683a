/** Curves from curves: a hub plus its basis, power less the gas that it burns. */

import { inOrder } from './curve-cells.ts';
import { type CurveDay, type CurvePoint, DELIVERY_BLOCKS, type DeliveryBlock } from './forward-curve.ts';

/** A curve that takes part, with the factor that its prices are multiplied by. */
export interface CurveLeg {
  /** Points of one block do not overlap. */
  readonly points: readonly Pick<CurvePoint, 'start' | 'end' | 'block' | 'price'>[];
  readonly factor: number;
  /** True when a price holds for each hour of its days, as that of gas: it then goes with any block of the others. */
  readonly isLevel?: boolean;
}

/** The combined price of one delivery. */
export interface CombinedPoint {
  readonly start: CurveDay;
  readonly end: CurveDay;
  readonly block: DeliveryBlock;
  readonly price: number;
}

/**
 * The sum of all legs, in order of (start, block). The coarser leg is expanded to the finer, never the reverse; where any leg
 * has no point of the block there is none. Legs are level within their points.
 */
export function combineCurves(legs: readonly CurveLeg[]): readonly CombinedPoint[] {
  const blocks = DELIVERY_BLOCKS.filter((block) => legs.some((leg) => !isOfDays(leg) && has(leg, block)));
  const shared = blocks.length === 0 ? ['7x24' as const] : blocks;
  return shared.flatMap((block) => combineBlock(legs, block)).sort(inOrder);
}

function combineBlock(legs: readonly CurveLeg[], block: DeliveryBlock): CombinedPoint[] {
  const columns = legs.map((leg) =>
    leg.points
      .filter((point) => point.block === (isOfDays(leg) ? '7x24' : block))
      .sort((a, b) => a.start - b.start),
  );
  const cuts = [...new Set(columns.flat().flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const at = columns.map(() => 0);
  const combined: CombinedPoint[] = [];
  for (let i = 1; i < cuts.length; i++) {
    const [start, end] = [cuts[i - 1], cuts[i]];
    let price: number | null = 0;
    columns.forEach((points, leg) => {
      while (at[leg] < points.length && points[at[leg]].end <= start) at[leg]++;
      const point = points[at[leg]];
      const covers = point !== undefined && point.start <= start;
      price = covers && price !== null ? price + legs[leg].factor * point.price : null;
    });
    if (price !== null) combined.push({ start, end, block, price });
  }
  return combined;
}

function isOfDays(leg: CurveLeg): boolean {
  return leg.isLevel === true;
}

function has(leg: CurveLeg, block: DeliveryBlock): boolean {
  return leg.points.some((point) => point.block === block);
}
