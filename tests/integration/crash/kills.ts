/** Moments at which processes die, drawn from a seed, and the killing. */

import type { ServiceName } from '../../../app/pipeline/services.ts';
import { below, seeded } from '../../support/seeded.ts';
import type { Order } from './child.ts';
import { NO_FAULT, promisesNothingEarly } from './prepared.ts';
import { runChild, type Timer } from './processes.ts';
import type { When } from './write-points.ts';

/** How a process is killed: at a write point, at one of the first of a process that recovers, by the clock. */
export type Way = 'write point' | 'recovery' | 'clock';

/** One moment at which a process dies. */
export interface Moment {
  readonly way: Way;
  readonly point: number;
  readonly when: When;
  readonly timer: Timer | null;
}

/** The moments of a lane over a run of so many write points: short steps, so that one directory is killed ten times. */
export function momentsOf(seed: number, count: number, points: number): Moment[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, k): Moment => {
    const when = random() < 0.5 ? 'before' : 'after';
    const reach = 2 + below(random, Math.max(6, points / 6));
    const early = 1 + below(random, 5);
    const ms = below(random, 600);
    const timer: Timer = random() < 0.3 ? { ms: 200 + ms, since: 'start' } : { ms, since: 'open' };
    if (k % 3 === 2) return { way: 'clock', point: 0, when, timer };
    if (k % 4 === 1) return { way: 'recovery', point: early, when, timer: null };
    return { way: 'write point', point: reach, when, timer: null };
  });
}

/** Kills what works on a directory, moment after moment, and takes those away that struck; it ends where one comes too late. */
export async function killAll(
  order: Order,
  moments: Moment[],
  services: readonly ServiceName[],
  kills: Record<Way, number>,
): Promise<void> {
  for (let moment = moments[0]; moment !== undefined; moment = moments[0]) {
    const { way, point, when, timer } = moment;
    const fault = timer === null ? ({ kind: 'kill', at: point, when } as const) : NO_FAULT;
    const { killed } = await runChild({ ...order, fault }, timer);
    await promisesNothingEarly(order.dataDir, services);
    if (!killed) return;
    kills[way]++;
    moments.shift();
  }
}
