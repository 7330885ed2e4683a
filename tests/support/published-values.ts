/**
 * What must be served after a fault run: the values of every body that was published, as the simulator states them,
 * less what it says that a fault took from that body. Shares no code with decoders and stages.
 */

import assert from 'node:assert/strict';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf, marketZone } from '../../core/time/market-day.ts';
import type { Simulator, TrueValue } from '../../simulators/catalog.ts';
import type { Exchange } from './fault-world.ts';
import type { PlainPrice } from './plain-bars.ts';

/** The product under which the prices of a dataset are served. */
const PRODUCTS: Readonly<Record<string, string>> = {
  da_lmp: 'DA',
  da_lmp_ex_ante: 'DA_EXANTE',
  rt_lmp: 'RT',
  rt_lmp_hourly: 'RTH',
  rt_lmp_15min: 'RT15',
  hasp_lmp: 'HASP',
};

/** Values by `instrument|start`. */
export type Values = Map<string, PlainPrice>;

/** A value as it is served. */
export function servedAs(market: string, value: TrueValue): PlainPrice {
  const product = PRODUCTS[value.dataset];
  assert.ok(product !== undefined, value.dataset);
  const instrument = `${market}.${product}.${value.field.toUpperCase()}.${value.location}`;
  return { instrument, start: value.start, end: value.end, value: value.value };
}

/** Identifies a value among all. */
export const valueKey = ({ instrument, start }: Pick<PlainPrice, 'instrument' | 'start'>): string =>
  `${instrument}|${start}`;

/** Rows set aside of a body, per location: how many values went with them besides those that the fault took. */
export type RowsAside = ReadonlyMap<string, number>;

/** What a body brought. */
export interface Brought {
  readonly certain: Values;
  /** Values of locations of which a row was set aside: all but so many of them, by location. */
  readonly doubtful: ReadonlyMap<string, { readonly values: Values; readonly lost: number }>;
  /** Values that must not be trusted: stamped in the future. */
  readonly extra: readonly PlainPrice[];
}

/** What a published body brought. */
export function broughtBy(
  { row, told }: Exchange,
  simulator: Simulator,
  evening: Micros,
  aside: RowsAside,
): Brought {
  const { market } = simulator;
  const gone = new Set<string>();
  const extra: PlainPrice[] = [];
  for (const { kind, values } of told.effects)
    for (const value of values) {
      if (kind === 'extra') extra.push(servedAs(market, value));
      else if (!isForeign(told.fault)) gone.add(valueKey(servedAs(market, value)));
    }
  const certain: Values = new Map();
  const doubtful = new Map([...aside].map(([place, lost]) => [place, { values: new Map() as Values, lost }]));
  const window =
    isForeign(told.fault) && !row.request.endsWith('.zip') ? dayBefore(market, row.window) : row.window;
  for (const value of valuesOfBody(simulator, row.dataset, row.url, window, evening)) {
    const price = servedAs(market, value);
    if (gone.has(valueKey(price))) continue;
    (doubtful.get(value.location)?.values ?? certain).set(valueKey(price), price);
  }
  return { certain, doubtful, extra };
}

/** Its effects are about the body that did not come: another one came whole. */
const isForeign = (fault: string | null): boolean => fault === 'repeated-file';

/** All values that a whole body of an address has, as published by the evening. */
export function* valuesOfBody(
  simulator: Simulator,
  dataset: string,
  url: string,
  window: Interval,
  evening: Micros,
): Generator<TrueValue> {
  const asked = new URL(url).searchParams.get('node')?.split(',');
  for (const value of simulator.published(dataset, window, evening)) {
    // Zone files have no generators, and who asks for nodes gets those.
    const isThere =
      asked === undefined ? !/___|NYISO_LBMP_REFERENCE/.test(value.location) : asked.includes(value.location);
    if (isThere) yield value;
  }
}

function dayBefore(market: string, window: Interval): Interval {
  const zone = marketZone(market);
  return marketDayBounds(zone, marketDayOf(zone, window.start) - 1);
}
