/** The three columns of MISO's prices, and the world that its reports are made from. */

import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type PriceParts, type PriceProcess, totalOf } from '../price-process.ts';
import type { Fact } from '../table.ts';
import type { MisoFeeds } from './feeds.ts';
import type { MisoNode } from './nodes.ts';
import type { MisoSeries } from './publication.ts';

/** What all reports are made from. */
export interface MisoWorld {
  readonly process: PriceProcess;
  readonly series: MisoSeries;
  readonly feeds: MisoFeeds;
  /** Nodes of an operating day in order of name. */
  nodesOn(day: number): readonly MisoNode[];
}

/** `Value` of the daily files, the platform's field, and the number: LMP = energy + MCC + MLC. */
export const MISO_FIELDS: readonly {
  readonly word: string;
  readonly field: string;
  of(parts: PriceParts): number;
}[] = [
  { word: 'LMP', field: 'lmp', of: totalOf },
  { word: 'MCC', field: 'congestion', of: ({ congestion }) => congestion },
  { word: 'MLC', field: 'loss', of: ({ loss }) => loss },
];

/** A number of a report as a fact. */
export function misoFact(
  world: MisoWorld,
  dataset: string,
  location: string,
  field: string,
  mantissa: number,
  column: number,
  { start, end }: Interval,
): Fact {
  const value = plainText(mantissa, world.process.decimals);
  return { dataset, location, field, start, end, value, column };
}
