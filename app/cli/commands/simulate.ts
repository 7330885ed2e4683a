/** `carbon connector simulate NAME`: a simulated market on a local port until a signal, with a clock of its own. */

import { CarbonError } from '../../../core/errors.ts';
import { formatInstant, type Micros } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { SIMULATORS, startSimulator } from '../../../simulators/catalog.ts';
import {
  CONTENT_FAULTS,
  EXCHANGE_FAULTS,
  type FaultName,
  type FaultPlan,
  faultNames,
} from '../../../simulators/fault-menu.ts';
import type { RequestRecord } from '../../../simulators/server.ts';
import { numberOption, timeOption } from '../option-values.ts';
import { type GlobalOptions, note, show } from '../session.ts';
import { simulateStream } from './simulate-stream.ts';
import { simulateTrades, type TradeOptions } from './simulate-trades.ts';

/** Options as they stand on the command line. */
export interface SimulateOptions extends TradeOptions {
  readonly port?: string;
  readonly nodes?: string;
  readonly faults?: string;
  readonly speed?: string;
  readonly credentials?: boolean;
  readonly trades?: boolean;
}

/** Chance of each named fault per request, after it has struck once. */
const FAULT_RATE = 0.01;

/** Exit code 0 after a signal, or when all trades are told. */
export async function simulate(
  name: string,
  options: SimulateOptions,
  globals: GlobalOptions,
): Promise<number> {
  if (options.faults === 'list') {
    await show(faultRows(), globals);
    return 0;
  }
  if (options.trades === true) return simulateTrades(name, options, globals);
  if (name === 'sim') return simulateStream(options);
  if (name === 'generic')
    throw new CarbonError('USAGE_INVALID', 'generic has no server; its events are told with --trades', {
      position: { field: 'name', expected: `${SIMULATORS.join(', ')}, or --trades`, got: name },
    });
  const at = options.at === undefined ? systemClock.now() : timeOption('--at', options.at);
  const speed = numberOption('--speed', options.speed, 1, { least: 0, most: 1_000_000 });
  const simulator = await startSimulator(name, {
    port: numberOption('--port', options.port, 0, { least: 0, most: 65_535, whole: true }),
    seed: numberOption('--seed', options.seed, 1, { least: 0, most: 2 ** 31, whole: true }),
    nodes: numberOption('--nodes', options.nodes, 40, { least: 1, most: 20_000, whole: true }),
    clock: clockFrom(at, speed),
    faults: planOf(faultNames(options.faults ?? 'none')),
    // A clock that stands still would let nobody through twice.
    rateLimit: speed > 0,
    credentials: options.credentials === true,
    onRequest: (record) => note(lineOf(record, globals.json === true)),
  });
  const stopped = nextSignal();
  const rows = simulator.examples().map(({ dataset, path }) => ({ dataset, url: simulator.origin + path }));
  await show([{ dataset: '', url: simulator.origin }, ...rows], globals);
  note(`simulated ${simulator.market} from ${formatInstant(at)}, speed ${speed}; Ctrl-C stops it`);
  note(`try: carbon connector run ${name} --origin ${simulator.origin}`);
  const signal = await stopped;
  await simulator.close();
  note(`${signal}: ${simulator.requests().length} requests answered`);
  return 0;
}

function faultRows(): { fault: string; kind: string; what: string }[] {
  const rows = (kind: string, menu: Readonly<Record<string, string>>) =>
    Object.entries(menu).map(([fault, what]) => ({ fault, kind, what }));
  return [...rows('exchange', EXCHANGE_FAULTS), ...rows('content', CONTENT_FAULTS)];
}

function planOf(names: readonly FaultName[]): FaultPlan {
  return { once: names, rates: Object.fromEntries(names.map((name) => [name, FAULT_RATE])) };
}

function clockFrom(start: Micros, speed: number): () => Micros {
  const began = systemClock.now();
  return () => Math.floor(start + (systemClock.now() - began) * speed);
}

function lineOf({ path, at, status, fault, bytes }: RequestRecord, json: boolean): string {
  if (json) return JSON.stringify({ at: formatInstant(at), status, bytes, path, fault });
  return `${formatInstant(at)} ${status} ${bytes} B ${path}${fault === null ? '' : ` [${fault}]`}`;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
