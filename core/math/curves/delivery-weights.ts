/** How much of a contract is delivered when: the weights of the one pricing equation. */

import { CarbonError } from '../../errors.ts';
import { civilFromDays, daysInMonth } from '../../time/instant.ts';
import {
  ALL_HOURS,
  hoursOfDay,
  NIGHT,
  ON_PEAK_RULES,
  type OnPeakRule,
  onPeakRuleNamed,
  peakPartOf,
  SATURDAY_PEAK,
  SUNDAY_PEAK,
  WEEKDAY_PEAK,
  type WeekParts,
} from './delivery-blocks.ts';
import { isBusinessDay, nextMonthStart } from './delivery-calendar.ts';
import type { CurveDay, CurveDefinition, QuantityRule } from './forward-curve.ts';

/** Quantities within a span of days. */
export interface DeliveryWeights {
  /** Of some parts of the week in `[start, end)`, which lies within the span. Only hours know parts. */
  of(parts: WeekParts, start: CurveDay, end: CurveDay): number;
}

/** The on-peak rule of a curve; CURVE_INVALID when no rule has that name. */
export function onPeakRuleOf(definition: CurveDefinition): OnPeakRule {
  const rule = onPeakRuleNamed(definition.onPeak);
  if (rule !== null) return rule;
  throw new CarbonError('CURVE_INVALID', `no on-peak rule is named ${definition.onPeak}`, {
    position: {
      field: 'onPeak',
      expected: ON_PEAK_RULES.map(({ name }) => name).join(', '),
      got: definition.onPeak,
    },
  });
}

/** Quantity tables of a curve for the days `[start, end)`. */
export function deliveryWeights(
  definition: CurveDefinition,
  start: CurveDay,
  end: CurveDay,
): DeliveryWeights {
  const { quantity } = definition;
  if (quantity === 'hours') return hourWeights(onPeakRuleOf(definition), start, end);
  return { of: (_parts, from, to) => quantityOfDays(quantity, from, to) };
}

const PARTS = [WEEKDAY_PEAK, SATURDAY_PEAK, SUNDAY_PEAK, NIGHT] as const;

/** Sums of hours up to each day, one row per part: whole numbers, so that differences are exact. */
function hourWeights(rule: OnPeakRule, start: CurveDay, end: CurveDay): DeliveryWeights {
  const width = end - start + 1;
  const sums = PARTS.map(() => new Float64Array(width));
  const peak = rule.to - rule.from;
  for (let day = start; day < end; day++) {
    const at = day - start;
    const peakPart = peakPartOf(day);
    for (let p = 0; p < PARTS.length; p++) {
      const hours = PARTS[p] === NIGHT ? hoursOfDay(rule, day) - peak : PARTS[p] === peakPart ? peak : 0;
      sums[p][at + 1] = sums[p][at] + hours;
    }
  }
  return {
    of(parts, from, to) {
      let hours = 0;
      for (let p = 0; p < PARTS.length; p++)
        if ((parts & PARTS[p]) !== 0) hours += sums[p][to - start] - sums[p][from - start];
      return hours;
    },
  };
}

/** Months, days or business days in `[start, end)`; of a month that is not whole, the share of its days. */
export function quantityOfDays(
  quantity: Exclude<QuantityRule, 'hours'>,
  start: CurveDay,
  end: CurveDay,
): number {
  if (quantity === 'days') return end - start;
  let sum = 0;
  if (quantity === 'business-days') {
    for (let day = start; day < end; day++) if (isBusinessDay('NERC', day)) sum++;
    return sum;
  }
  for (let day = start; day < end; ) {
    const next = Math.min(nextMonthStart(day), end);
    const [year, month] = civilFromDays(day);
    sum += (next - day) / daysInMonth(year, month);
    day = next;
  }
  return sum;
}

/** All of a day, and for curves by the hour the parts that their market tells apart. */
export function partsOfCurve(definition: CurveDefinition): readonly WeekParts[] {
  if (definition.quantity !== 'hours') return [ALL_HOURS];
  return onPeakRuleOf(definition).isSaturdayPeak
    ? [WEEKDAY_PEAK + SATURDAY_PEAK, SUNDAY_PEAK, NIGHT]
    : [WEEKDAY_PEAK, SATURDAY_PEAK + SUNDAY_PEAK, NIGHT];
}
