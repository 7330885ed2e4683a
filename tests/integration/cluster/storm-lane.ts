/**
 * A lane of rebalances in the cluster profile: first half of the processes stands still for longer than their sessions
 * and wakes up; then instances of all services join and leave at random while a log comes in. Then all is verified.
 */

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { below, oneOf, seeded } from '../../support/seeded.ts';
import { newFolder } from '../crash/processes.ts';
import type { ClusterEngines } from './engines.ts';
import { Instance } from './instances.ts';
import { ClusterWorld, STAGES } from './world.ts';

/** Instances of a service at most. */
const MOST = 2;
/** How long the thawed are watched, in milliseconds: their hearts beat every second. */
const WATCHED_MS = 5000;
/** Half a second each: longer than any request of a process waits. */
const HEARING_TRIES = 120;

/** What is asked for. */
export interface StormOrder {
  readonly seed: number;
  /** How long half of the processes stand still, in milliseconds: longer than a session. */
  readonly frozenMs: number;
  /** How long instances come and go. */
  readonly stormMs: number;
  readonly say: (text: string) => void;
}

/** What came of a lane. */
export interface StormLane {
  readonly seed: number;
  readonly frozenMs: number;
  readonly joined: number;
  readonly left: number;
  readonly killed: number;
  readonly values: number;
  readonly bars: number;
  readonly seconds: number;
}

/** Runs a lane on engines. Rejects with what does not hold, and where the logs are kept. */
export async function stormLane(engines: ClusterEngines, order: StormOrder): Promise<StormLane> {
  const began = Date.now();
  const folder = newFolder();
  const everybody: Instance[] = [];
  try {
    const data = join(folder, 'data');
    const log = {
      seed: 5000 + order.seed,
      pieces: 60 + Math.ceil(order.stormMs / 2000),
      disorder: 12,
      markets: ['NYISO', 'MISO', 'CAISO'],
    } as const;
    const world = await ClusterWorld.open(data, await engines.emptied(), log);
    const enlist = (service: (typeof STAGES)[number]): Instance => {
      const instance = new Instance(service, data, world.variables);
      everybody.push(instance);
      return instance;
    };
    try {
      const first = STAGES.map(enlist);
      const second = STAGES.map(enlist);
      await Promise.all([...first, ...second].map((each) => each.started()));
      await frozen(world, order, first, second);
      const counts = await storm(world, order, enlist, [...first, ...second]);
      await world.publishRest();
      const report = await world.verified();
      rmSync(folder, { recursive: true, force: true });
      return {
        seed: order.seed,
        frozenMs: order.frozenMs,
        ...counts,
        values: report.silver.length + report.repeats.length,
        bars: report.statements.length,
        seconds: (Date.now() - began) / 1000,
      };
    } catch (error) {
      everybody.forEach((each, i) => {
        writeFileSync(join(folder, `${i}-${each.service}.log`), each.told());
      });
      throw new Error(`storm lane ${order.seed}, logs kept in ${folder}`, { cause: error });
    } finally {
      await world.close();
    }
  } finally {
    for (const each of everybody) await each.kill().catch(() => {});
  }
}

/** One instance of each service stands still in the midst of its work, loses its partitions, and wakes up. */
async function frozen(
  world: ClusterWorld,
  { frozenMs, say }: StormOrder,
  half: readonly Instance[],
  others: readonly Instance[],
): Promise<void> {
  await world.publish(8);
  // Who stands still before it has a partition has nothing to lose.
  const hasTaken = (each: Instance): boolean => /"taken":"[^"]/.test(each.told());
  for (let tries = 0; tries < HEARING_TRIES && !half.every(hasTaken); tries++) await pause(250);
  const owners = half.filter(hasTaken);
  assert.ok(owners.length > 0, 'some of those that will stand still have work');
  for (const each of half) each.signal('SIGSTOP');
  const since = Date.now();
  await world.publish(8);
  const ms = await world.caughtUp();
  say(`half of the processes frozen: the others had done all after ${(ms / 1000).toFixed(1)} s`);
  await pause(Math.max(0, frozenMs - (Date.now() - since)));
  const before = await settled(world);
  const toldBefore = new Map([...half, ...others].map((each) => [each, each.told().length]));
  for (const each of half) each.signal('SIGCONT');
  await pause(WATCHED_MS);
  const sinceThen = (each: Instance): string => each.told().slice(toldBefore.get(each));
  await onlyRestated(world, before, () => {
    const restated = half.map((each) => barsOfNewOwner(sinceThen(each)));
    return sum([...restated, ...others.map((each) => barsTold(sinceThen(each)))]);
  });
  // It may take a heartbeat, and a request that hung while it stood still, until each has heard of it.
  const hasHeard = (each: Instance): boolean => /partition\.lost|"lost":"[^"]/.test(each.told());
  for (let tries = 0; tries < HEARING_TRIES && !owners.every(hasHeard); tries++) await pause(500);
  for (const each of owners)
    assert.ok(hasHeard(each), `${each.service} knows that it was shut out: ${each.told()}`);
}

/** What is written once nothing more comes and no plan is open: who has read all may still close windows by the clock. */
async function settled(world: ClusterWorld): Promise<Readonly<Record<string, string>>> {
  for (let last = await world.written(), tries = 0; ; tries++) {
    await pause(2000);
    const now = await world.written();
    if (isDeepStrictEqual(now, last) && (await world.undone()).length === 0) return now;
    assert.ok(tries < HEARING_TRIES, 'the others come to an end');
    last = now;
  }
}

/**
 * Who woke up, heard that its partitions are lost, joined again and was given one may state again what the clock closed
 * there: as many bars as it tells of after it took the partition. So may the others, who were slow to close something.
 * Anything else that was written is an error.
 */
async function onlyRestated(
  world: ClusterWorld,
  before: Readonly<Record<string, string>>,
  stated: () => number,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const bars = stated();
    const after = await world.written();
    const grown = (of: RegExp): number => {
      const keys = Object.keys(after).filter((key) => of.test(key));
      return sum(keys.map((key) => Number(after[key]) - Number(before[key])));
    };
    const growth = {
      bars: grown(/^bars$/),
      'topics of bars': grown(/^aggregat/),
      'all else': grown(/^(?!bars$|aggregat)/),
    };
    const allowed = { bars, 'topics of bars': 2 * bars, 'all else': 0 };
    // A plan may have been written that is not told of yet.
    if (!isDeepStrictEqual(growth, allowed) && tries < 5) await pause(1000);
    else {
      const grew = Object.keys(after).filter((key) => after[key] !== before[key]);
      const where = grew.map((key) => `${key} ${before[key]} to ${after[key]}`).join(', ');
      return assert.deepEqual(growth, allowed, `written after those that stood still woke up: ${where}`);
    }
  }
}

/** Bars that an instance tells of after it took a partition. */
function barsOfNewOwner(text: string): number {
  const [, taken = ''] = /"taken":"[^"]([\s\S]*)$/.exec(text) ?? [];
  return barsTold(taken);
}

const barsTold = (text: string): number =>
  sum([...text.matchAll(/"event":"bars.built".*?"batch_size":(\d+)/g)].map(([, count]) => Number(count)));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Until the time is over somebody joins or leaves every second or two, and a piece of the log comes in. */
async function storm(
  world: ClusterWorld,
  { seed, stormMs, say }: StormOrder,
  enlist: (service: (typeof STAGES)[number]) => Instance,
  there: Instance[],
): Promise<{ joined: number; left: number; killed: number }> {
  const random = seeded(seed);
  const counts = { joined: 0, left: 0, killed: 0 };
  const leaving: Promise<void>[] = [];
  for (const until = Date.now() + stormMs; Date.now() < until; await pause(700 + below(random, 1300))) {
    await world.publish(1);
    const service = oneOf(random, STAGES);
    const own = there.filter((each) => each.service === service);
    if (own.length === 0 || (own.length < MOST && random() < 0.6)) {
      there.push(enlist(service));
      counts.joined++;
      continue;
    }
    const leaver = oneOf(random, own);
    there.splice(there.indexOf(leaver), 1);
    if (random() < 0.4) {
      leaving.push(leaver.kill());
      counts.killed++;
    } else {
      // Who is asked while it starts ends as well, if not always in order.
      await leaver.started();
      leaving.push(leaver.leave());
      counts.left++;
    }
  }
  await Promise.all(leaving);
  for (const service of STAGES)
    if (!there.some((each) => each.service === service)) there.push(enlist(service));
  say(`${counts.joined} joined, ${counts.left} left, ${counts.killed} were killed`);
  return counts;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
