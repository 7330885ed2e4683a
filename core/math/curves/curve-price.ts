/** What a curve says of a delivery that is not one of its points. */

import { ALL_HOURS, hoursOfPartsOnDay, partsOfBlock } from './delivery-blocks.ts';
import { onPeakRuleOf, quantityOfDays } from './delivery-weights.ts';
import type { CurveDay, CurveDefinition, DeliveryBlock, ForwardCurve } from './forward-curve.ts';

/** Share of a quantity that may be missing by rounding; months in parts do not add up to the last bit. */
const ROUNDING = 1e-9;

/**
 * The price of a block over `[start, end)`: the mean of the points, weighted with what is delivered of it under each.
 *
 * Null when nothing is delivered, and when any part of what is delivered has no point. A point says nothing of a part
 * of its block: the price of all hours is not that of the on-peak hours. Curves that are not by the hour know `7x24`
 * alone. Within a point the price is level.
 */
export function priceOf(
  curve: ForwardCurve,
  definition: CurveDefinition,
  start: CurveDay,
  end: CurveDay,
  block: DeliveryBlock,
): number | null {
  const total = quantityOf(definition, start, end, block, block);
  let [sum, covered] = [0, 0];
  for (const point of curve.points) {
    const [from, to] = [Math.max(start, point.start), Math.min(end, point.end)];
    if (from >= to) continue;
    const inside = quantityOf(definition, from, to, block, point.block);
    if (inside === 0) continue;
    if (inside !== quantityOf(definition, from, to, point.block, point.block)) return null;
    sum += inside * point.price;
    covered += inside;
  }
  return total > 0 && Math.abs(covered - total) <= ROUNDING * total ? sum / covered : null;
}

/** Quantity in `[start, end)` of the hours that two blocks share. */
function quantityOf(
  definition: CurveDefinition,
  start: CurveDay,
  end: CurveDay,
  block: DeliveryBlock,
  other: DeliveryBlock,
): number {
  if (definition.quantity !== 'hours')
    return block === '7x24' ? quantityOfDays(definition.quantity, start, end) : 0;
  const rule = onPeakRuleOf(definition);
  const parts = partsOfBlock(rule, block) & partsOfBlock(rule, other) & ALL_HOURS;
  if (parts === 0) return 0;
  let hours = 0;
  for (let day = start; day < end; day++) hours += hoursOfPartsOnDay(rule, parts, day);
  return hours;
}
