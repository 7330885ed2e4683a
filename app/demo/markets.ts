/** The markets of the demo: what is asked of each, and the simulators that stand in for them. */

import type { Clock } from '../../core/ports/clock.ts';
import { type FaultName, type Simulator, startSimulator } from '../../simulators/catalog.ts';
import type { Patience } from '../ingest/run-report.ts';

/** One dataset of a market. */
export interface DemoDataset {
  readonly name: string;
  /** True for results that are published ahead of the day that they are about. */
  readonly isAhead: boolean;
  readonly options?: Readonly<Record<string, string>>;
  /** How often it is asked for while the demo goes on: seconds, minutes and so on, UTC. */
  readonly pace: string;
}

/** One market, its datasets in the order in which they are pulled. */
export interface DemoMarket {
  readonly connector: 'nyiso' | 'miso' | 'caiso';
  readonly datasets: readonly DemoDataset[];
}

const dayAhead: DemoDataset = { name: 'da_lmp', isAhead: true, pace: '0 3 * * * *' };
const realTime: DemoDataset = { name: 'rt_lmp', isAhead: false, pace: '*/15 * * * * *' };

/** Prices at hubs and zones, day-ahead and real-time. */
export const DEMO_MARKETS: readonly DemoMarket[] = [
  { connector: 'nyiso', datasets: [dayAhead, realTime] },
  // All intervals of today, in place of the last one only.
  { connector: 'miso', datasets: [dayAhead, { ...realTime, options: { today: 'rolling' } }] },
  // OASIS writes a new file for every query, the same values included: it is asked when there is something new.
  { connector: 'caiso', datasets: [dayAhead, { ...realTime, pace: '30 2-57/5 * * * *' }] },
];

/** A simulator is asked as fast as it answers; one mishap mends in a blink. */
export const SIMULATED_PATIENCE: Patience = { retries: 3, backoffSeconds: 0.05, minIntervalMs: 0 };

/** The markets themselves keep the pace of their manifests; who does not answer is not waited for. */
export const LIVE_PATIENCE: Patience = { retries: 1, backoffSeconds: 2 };

/** Each market has one mishap that a second attempt mends. */
const MISHAPS: Readonly<Record<DemoMarket['connector'], FaultName>> = {
  nyiso: 'unavailable',
  miso: 'cut-body',
  caiso: 'server-error',
};

/** The least that each simulator has: hubs, zones and load aggregation points. */
const NODES = 8;

/** The simulated markets while they run. */
export interface SimulatedMarkets {
  /** Address of each, by name of its connector. */
  readonly origins: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the simulators of all markets by one clock. */
export async function startMarkets(seed: number, clock: Clock): Promise<SimulatedMarkets> {
  const running: Simulator[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((simulator) => simulator.close()));
  };
  try {
    for (const { connector: name } of DEMO_MARKETS) {
      const faults = { once: [MISHAPS[name]] };
      running.push(await startSimulator(name, { seed, clock: clock.now, faults, nodes: NODES }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { origins: Object.fromEntries(running.map(({ name, origin }) => [name, origin])), close };
}
