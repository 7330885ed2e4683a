/** How many mutants each target reads. */

import type { FuzzTarget } from './target.ts';

/** Whether a count is that of a market, spread over its datasets, or of each decoder. */
export type Per = 'market' | 'decoder';

/**
 * Mutants by target name. A target of no market (containers, codecs) is a decoder of its own and reads as many as a market.
 */
export function shareOut(
  targets: readonly FuzzTarget[],
  runs: number,
  per: Per,
): ReadonlyMap<string, number> {
  const markets = Map.groupBy(targets, ({ market }) => market);
  return new Map(
    targets.map(({ name, market }) => {
      const datasets = market === null || per === 'decoder' ? 1 : (markets.get(market)?.length ?? 1);
      return [name, Math.ceil(runs / datasets)];
    }),
  );
}
