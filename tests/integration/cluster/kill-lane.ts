/**
 * A lane of kills in the cluster profile: `carbon up` runs five services on real engines, a log comes in piece by piece,
 * and one after another dies: services together, within seconds of each other; engines alone, to come back a moment
 * later. Then all is verified. Everything but the clock follows from the seed.
 */

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../../support/engine-server.ts';
import { below, seeded } from '../../support/seeded.ts';
import { type Running, servicesOf, start } from '../cli/carbon.ts';
import { newFolder } from '../crash/processes.ts';
import type { LogSpec, Market } from '../crash/world.ts';
import type { ClusterEngines } from './engines.ts';
import { ClusterWorld } from './world.ts';

export const SERVICES = [
  'connector-registry',
  'normalization',
  'enrichment',
  'aggregation',
  'projection',
] as const;
export const KILLED_ENGINES = ['kafka', 'postgres', 'redis', 'warehouse'] as const satisfies EngineName[];

/** Who dies. */
export type Target = (typeof SERVICES)[number] | (typeof KILLED_ENGINES)[number];

const MARKETS: readonly Market[] = ['NYISO', 'MISO', 'CAISO'];
/** Pieces that come in just before a strike, while the services die one by one, and when all are back. */
const BEFORE = 4;
const MEANWHILE = 1;
const AFTER = 1;
/** Pieces of the log for each round. */
const PIECES = (BEFORE + AFTER) * (1 + KILLED_ENGINES.length) + MEANWHILE * SERVICES.length;

/** What came of a lane. */
export interface ClusterLane {
  readonly seed: number;
  readonly kills: Readonly<Record<Target, number>>;
  /** Milliseconds from the last kill, or the engine's return, until all that was published was worked through. */
  readonly recoveries: Readonly<Record<'services' | (typeof KILLED_ENGINES)[number], number[]>>;
  /** Statuses of reads of the API while the engine was away. */
  readonly served: Readonly<Record<'redis' | 'postgres', number[]>>;
  /** Plans that were under way when a store went away, and failed. */
  readonly cutOff: number;
  readonly values: number;
  readonly bars: number;
  readonly seconds: number;
}

/** What is asked for. */
export interface LaneOrder {
  readonly seed: number;
  /** Each target dies once in a round. */
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** The log of a lane: every second one in order, so that the bars as of every known time can be compared too. */
const logOf = ({ seed, rounds }: LaneOrder): LogSpec => ({
  seed: 3000 + 3 * seed,
  pieces: rounds * PIECES + 2,
  disorder: seed % 2 === 0 ? 0 : 12,
  markets: MARKETS,
});

/** Runs a lane on engines. Rejects with what does not hold, and where the log is kept. */
export async function killLane(engines: ClusterEngines, order: LaneOrder): Promise<ClusterLane> {
  const began = Date.now();
  const folder = newFolder();
  const world = await ClusterWorld.open(join(folder, 'data'), await engines.emptied(), logOf(order));
  const fleet = start(['--data', join(folder, 'data'), 'up'], world.variables);
  try {
    const lane = await struck(order, engines, world, join(folder, 'data'), fleet);
    await world.publishRest();
    const report = await world.verified();
    fleet.child.kill('SIGTERM');
    const { exit, stderr } = await fleet.ended;
    assert.equal(exit, 0, stderr.slice(-4000));
    rmSync(folder, { recursive: true, force: true });
    return {
      ...lane,
      seed: order.seed,
      cutOff: stderr.match(/"event":"plan.failed"/g)?.length ?? 0,
      values: report.silver.length + report.repeats.length,
      bars: report.statements.length,
      seconds: (Date.now() - began) / 1000,
    };
  } catch (error) {
    fleet.child.kill('SIGKILL');
    await fleet.ended;
    const log = join(folder, 'services.log');
    writeFileSync(log, fleet.stderr());
    throw new Error(`cluster lane ${order.seed}, log kept in ${log}`, { cause: error });
  } finally {
    await world.close();
  }
}

async function struck(
  { seed, rounds, say }: LaneOrder,
  engines: ClusterEngines,
  world: ClusterWorld,
  data: string,
  fleet: Running,
): Promise<Pick<ClusterLane, 'kills' | 'recoveries' | 'served'>> {
  const random = seeded(seed);
  const kills = Object.fromEntries([...SERVICES, ...KILLED_ENGINES].map((name) => [name, 0])) as Record<
    Target,
    number
  >;
  const recoveries: ClusterLane['recoveries'] = {
    services: [],
    kafka: [],
    postgres: [],
    redis: [],
    warehouse: [],
  };
  const served: ClusterLane['served'] = { redis: [], postgres: [] };
  for (const name of SERVICES) await fleet.shown(`"service":"${name}","event":"service.started"`);
  await world.publish(2);
  for (let round = 0; round < rounds; round++)
    for (const target of shuffled(random, ['services', ...KILLED_ENGINES] as const)) {
      await world.publish(BEFORE);
      if (target === 'services') {
        for (const name of shuffled(random, SERVICES)) {
          await pause(below(random, 1200));
          await killService(data, name);
          kills[name]++;
          await world.publish(MEANWHILE);
        }
      } else {
        await pause(below(random, 800));
        await engines.servers[target].signal('SIGKILL');
        kills[target]++;
        if (target === 'redis' || target === 'postgres') served[target].push(await readStatus(fleet));
        await pause(below(random, 2000));
        await engines.servers[target].start();
        if (target === 'warehouse') await world.stopMerges();
      }
      await world.publish(AFTER);
      const ms = await world.caughtUp();
      recoveries[target].push(ms);
      say(`round ${round + 1}: ${target} killed, recovered in ${(ms / 1000).toFixed(1)} s`);
    }
  return { kills, recoveries, served };
}

/** Asks projection, wherever it listens now, for the newest values. */
async function readStatus(fleet: Running): Promise<number> {
  const listening = [
    ...fleet.stderr().matchAll(/"service":"projection","event":"http.listening","url":"([^"]+)"/g),
  ];
  const response = await fetch(`${listening.at(-1)?.[1]}/v1/latest?market=nyiso`);
  await response.arrayBuffer();
  return response.status;
}

/** A service that has just died is waited for: it is killed again once it is there. */
async function killService(data: string, name: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const pid = servicesOf(data).get(name);
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    await pause(100);
  }
  throw new Error(`${name} does not run`);
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** In an order drawn by chance. */
function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
