/** A period of which a part has been priced already: what the whole is worth, and what the rest. */

/**
 * Below this share of the whole the rest is not worked out from it: a cent of the whole would be ten cents and more of the
 * rest.
 */
export const LEAST_REMAINING = 0.1;

/** A part of a period: mean price and quantity (days of gas, hours of the block of power). */
export interface PricedPart {
  readonly price: number;
  readonly weight: number;
}

/** The mean of what was realised and of the balance over both quantities; null when nothing is delivered. */
export function fullPeriod(realised: PricedPart, balance: PricedPart): number | null {
  const weight = realised.weight + balance.weight;
  if (!(weight > 0)) return null;
  return (realised.price * realised.weight + balance.price * balance.weight) / weight;
}

/**
 * The price of the rest that the price of the whole implies. Null while less than a tenth of the quantity remains:
 * near the end the smallest step of the whole moves the rest by far more than any market would.
 */
export function balanceOfPeriod(full: number, realised: PricedPart, remaining: number): number | null {
  const weight = realised.weight + remaining;
  if (!(remaining > 0) || remaining < LEAST_REMAINING * weight) return null;
  return (full * weight - realised.price * realised.weight) / remaining;
}
