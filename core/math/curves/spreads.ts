/**
 * Spreads between prices of the same delivery. Signs and units are part of the names and stand beside each function.
 * A leg that has no price (null) gives no spread, never a zero.
 */

/** A price, or null where there is none. */
export type LegPrice = number | null;

/** US gallons in a barrel. */
export const GALLONS_PER_BARREL = 42;

/** The place less its hub, in the unit of both. */
export function basis(place: LegPrice, hub: LegPrice): LegPrice {
  return place === null || hub === null ? null : place - hub;
}

/** The near delivery less the far one: above zero the curve falls with time (backwardation). */
export function calendarSpread(near: LegPrice, far: LegPrice): LegPrice {
  return near === null || far === null ? null : near - far;
}

/**
 * What an hour of power earns over its gas: power less heat rate times gas. USD/MWh of USD/MWh, USD/MMBtu and MMBtu/MWh
 * (7.0 is 7,000 Btu/kWh).
 */
export function sparkSpread(power: LegPrice, gas: LegPrice, heatRate: number): LegPrice {
  return power === null || gas === null ? null : power - heatRate * gas;
}

/** The spark spread less the price of what is emitted: t/MMBtu times heat rate times USD/t. Gas emits 0.0531. */
export function cleanSparkSpread(
  power: LegPrice,
  gas: LegPrice,
  heatRate: number,
  carbon: LegPrice,
  emissionFactor: number,
): LegPrice {
  const spark = sparkSpread(power, gas, heatRate);
  return spark === null || carbon === null ? null : spark - emissionFactor * heatRate * carbon;
}

/**
 * The heat rate at which power just pays for its gas, in MMBtu/MWh: power over gas. Null when either is zero or
 * less: there is none then.
 */
export function impliedHeatRate(power: LegPrice, gas: LegPrice): LegPrice {
  return power === null || gas === null || power <= 0 || gas <= 0 ? null : power / gas;
}

/**
 * Power less heat rate times coal by its heat: USD/MWh of USD/MWh, USD per short ton, MMBtu per short ton, MMBtu/MWh.
 * Null for coal without heat.
 */
export function darkSpread(power: LegPrice, coal: LegPrice, heatContent: number, heatRate: number): LegPrice {
  return power === null || coal === null || !(heatContent > 0)
    ? null
    : power - (heatRate * coal) / heatContent;
}

/** A product less crude: USD/bbl of USD/gal and USD/bbl. */
export function crackSpread(product: LegPrice, crude: LegPrice): LegPrice {
  return product === null || crude === null ? null : GALLONS_PER_BARREL * product - crude;
}

/** Two barrels of gasoline and one of distillate less three of crude, per barrel: USD/bbl of USD/gal, USD/gal, USD/bbl. */
export function crackSpread321(gasoline: LegPrice, distillate: LegPrice, crude: LegPrice): LegPrice {
  if (gasoline === null || distillate === null || crude === null) return null;
  return (GALLONS_PER_BARREL * (2 * gasoline + distillate) - 3 * crude) / 3;
}

/** Day-ahead less real-time of one delivery hour. */
export interface DartSpread {
  readonly realTime: LegPrice;
  readonly spread: LegPrice;
  /** True when intervals were missing and the mean of the others stands for the hour. */
  readonly isPartial: boolean;
}

/** Of the intervals of an hour this share has to be there: 10 of 12. */
const ENOUGH_INTERVALS = 10 / 12;

/**
 * Day-ahead less the mean of the real-time intervals of the same hour, one entry for each interval that the hour has (12 of
 * five minutes, 4 of fifteen), null where it is missing. Null when fewer than 10 of 12 are there.
 */
export function dartSpread(dayAhead: LegPrice, intervals: readonly LegPrice[]): DartSpread {
  let [sum, count] = [0, 0];
  for (const price of intervals) {
    if (price === null) continue;
    sum += price;
    count++;
  }
  const isEnough = count > 0 && count >= ENOUGH_INTERVALS * intervals.length;
  const realTime = isEnough ? sum / count : null;
  return { realTime, spread: basis(dayAhead, realTime), isPartial: isEnough && count < intervals.length };
}
