/** The simulated markets by name, and how one is started. */

import { CarbonError } from '../core/errors.ts';
import { simulateCaiso } from './caiso/market.ts';
import { simulateEia } from './eia/market.ts';
import { simulateErcot } from './ercot/market.ts';
import { simulateIeso } from './ieso/market.ts';
import { simulateIsone } from './isone/market.ts';
import type { MarketSimulation } from './market.ts';
import { simulateMiso } from './miso/market.ts';
import { simulateNyiso } from './nyiso/market.ts';
import { simulatePjm } from './pjm/market.ts';
import type { MarketTraits } from './price-process.ts';
import { type Simulator, type SimulatorOptions, serveMarket } from './server.ts';
import { simulateSpp } from './spp/market.ts';
import { withholding } from './withheld.ts';

export type { Effect } from './content-faults.ts';
export { FAULT_NAMES, type FaultName, type FaultPlan } from './fault-menu.ts';
export type { MarketTraits, PriceEvent } from './price-process.ts';
export type { RequestRecord, Simulator, SimulatorOptions, TruthQuestion } from './server.ts';
export type { TrueValue } from './table.ts';
export type { Withheld } from './withheld.ts';

/** Names of the simulators, as those of their connectors. */
export const SIMULATORS = ['caiso', 'eia', 'ercot', 'ieso', 'isone', 'miso', 'nyiso', 'pjm', 'spp'] as const;

/** A name of {@link SIMULATORS}. */
export type SimulatorName = (typeof SIMULATORS)[number];

/** Beside the eight hubs of MISO, the six aggregates of CAISO, the fifteen zones of NYISO. */
const DEFAULT_NODES = 40;

const MARKETS: Readonly<
  Record<SimulatorName, (seed: number, nodes: number, traits?: MarketTraits) => MarketSimulation>
> = {
  caiso: simulateCaiso,
  eia: simulateEia,
  ercot: simulateErcot,
  ieso: simulateIeso,
  isone: simulateIsone,
  miso: simulateMiso,
  nyiso: simulateNyiso,
  pjm: simulatePjm,
  spp: simulateSpp,
};

/** The market without a server: a pure function from requests to answers. Throws CONNECTOR_UNKNOWN for another name. */
export function simulateMarket(
  name: string,
  seed: number,
  nodes = DEFAULT_NODES,
  traits?: MarketTraits,
): MarketSimulation {
  const found = SIMULATORS.find((each) => each === name);
  if (found !== undefined) return MARKETS[found](seed, nodes, traits);
  throw new CarbonError('CONNECTOR_UNKNOWN', `no simulator ${name}; there are ${SIMULATORS.join(', ')}`, {
    position: { field: 'name', expected: SIMULATORS.join(', '), got: name },
  });
}

/**
 * Starts the simulator of a market on a local port. The same seed, clock and requests give the same bytes.
 * Throws CONNECTOR_UNKNOWN for another name and USAGE_INVALID for a port that is taken.
 */
export function startSimulator(name: string, options: SimulatorOptions): Promise<Simulator> {
  const market = simulateMarket(name, options.seed, options.nodes, options.traits);
  return serveMarket(withholding(market, options.withheld ?? []), options);
}
