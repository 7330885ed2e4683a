/** The months of one contract by a season, so that their mean stays the price of the contract. */

/**
 * Prices that lie apart as the additions do: price plus addition less the weighted mean of the additions. The one to use
 * where prices may come near zero.
 */
export function seasonByAddition(
  price: number,
  weights: readonly number[],
  additions: readonly number[],
): number[] {
  const mean = weightedMean(weights, additions);
  return additions.map((addition) => price + addition - mean);
}

/**
 * Prices in the ratio of the factors: price times factor over the weighted mean of the factors, which has to be above zero
 * (else null). A price below zero turns the season over: the month of the greatest factor becomes the cheapest.
 */
export function seasonByRatio(
  price: number,
  weights: readonly number[],
  factors: readonly number[],
): number[] | null {
  const mean = weightedMean(weights, factors);
  return mean > 0 ? factors.map((factor) => (price * factor) / mean) : null;
}

function weightedMean(weights: readonly number[], values: readonly number[]): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    weight += weights[i];
  }
  return sum / weight;
}
