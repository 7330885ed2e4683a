/**
 * What SIGKILL would leave of a process after each of its write points, taken from one process: it stops itself (SIGSTOP)
 * after each of them, and its data directory is copied before it goes on.
 *
 * A process that stands still has on disk what a killed one leaves there: what it had written is in the page cache, which
 * survives a kill, and a copy reads it from there; what it held in memory, locks included, is in neither. One thing differs: a
 * write of another thread that was under way is whole, where a kill may cut it short. Kills by the clock (`chaos.test.ts`)
 * have those.
 */

import { join } from 'node:path';
import type { Order } from './child.ts';
import { copyFolder, runChild } from './processes.ts';

/** Copies of a directory, each as it lay after a write point. */
export interface Stills {
  /** Names of the write points in their order. */
  readonly points: readonly string[];
  /** The copy that was made after a point, counted from 1. */
  after(point: number): string;
}

/**
 * Runs an order to its end and copies its directory into a folder after each write point. The process has ended when this
 * resolves: who opens a copy finds its owner dead, as after a kill.
 */
export async function takeStills(order: Order, folder: string): Promise<Stills> {
  const after = (point: number): string => join(folder, `after-${point}`);
  let taken = 0;
  const { answer } = await runChild({ ...order, fault: { kind: 'stand' } }, null, (point) => {
    taken++;
    copyFolder(order.dataDir, after(point));
  });
  if (answer?.points.length !== taken)
    throw new Error(`${taken} copies of ${answer?.points.length} write points`);
  return { points: answer.points, after };
}
