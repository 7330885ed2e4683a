/** Intervals that an operator never publishes: no body has them, however often it is asked. */

import type { Micros } from '../core/time/instant.ts';
import type { MarketSimulation } from './market.ts';
import { type TrueValue, withoutValues } from './table.ts';

/** An interval of a dataset, by its begin in UTC micros. */
export interface Withheld {
  readonly dataset: string;
  readonly start: Micros;
}

/** The market without these intervals, in its bodies as in what it states as published. */
export function withholding(market: MarketSimulation, withheld: readonly Withheld[]): MarketSimulation {
  if (withheld.length === 0) return market;
  const isGone = (value: Pick<TrueValue, 'dataset' | 'start'>): boolean =>
    withheld.some(({ dataset, start }) => dataset === value.dataset && start === value.start);
  return {
    ...market,
    respond(path, query, at, request) {
      const answer = market.respond(path, query, at, request);
      if (answer.kind === 'refusal' || !withheld.some(({ dataset }) => dataset === answer.dataset))
        return answer;
      const members = answer.members.map((member) => ({
        ...member,
        table: withoutValues(member.table, isGone).left,
      }));
      return { ...answer, members };
    },
    *published(dataset, window, at) {
      for (const value of market.published(dataset, window, at)) if (!isGone(value)) yield value;
    },
  };
}
