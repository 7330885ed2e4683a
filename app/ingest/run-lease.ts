/**
 * One run at a time per dataset of a connector: a lease in the reference store, renewed while the run lives. What a
 * killed run on this machine left is taken over at once; on another machine it ends by itself.
 */

import { hostname } from 'node:os';
import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { formatInstant, type Micros, SECOND } from '../../core/time/instant.ts';

/** How long a lease holds without being renewed, and how often it is. */
const LEASE: Micros = 60 * SECOND;
const RENEW_MS = 15_000;

/** What leases are taken from. */
export interface LeaseKeeper {
  readonly reference: ReferenceStore;
  readonly clock: Clock;
}

/**
 * Takes all leases named, or none, and keeps them until the function returned is called. Throws PLAN_CONFLICT when
 * another run holds one.
 */
export async function holdLeases(
  keeper: LeaseKeeper,
  names: readonly string[],
  runId: string,
): Promise<() => Promise<void>> {
  const { reference, clock } = keeper;
  const holder = `${hostname()}/${process.pid}/${runId}`;
  const held: string[] = [];
  const stop = new AbortController();
  const release = async (): Promise<void> => {
    stop.abort();
    for (const name of held) await reference.releaseLease(name, holder);
  };
  for (const name of names) {
    const taken = await take(keeper, name, holder);
    if (taken !== null) {
      await release();
      throw taken;
    }
    held.push(name);
  }
  void renew(keeper, held, holder, stop.signal);
  return release;

  async function renew(
    from: LeaseKeeper,
    leases: readonly string[],
    by: string,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      await clock.sleep(RENEW_MS, signal);
      if (signal.aborted) return;
      const now = from.clock.now();
      // A store that fails for a moment is asked again in time; one that is gone fails the run by itself.
      for (const lease of leases)
        await from.reference.acquireLease(lease, by, now, now + LEASE).catch(() => false);
    }
  }
}

async function take(
  { reference, clock }: LeaseKeeper,
  name: string,
  holder: string,
): Promise<CarbonError | null> {
  const now = clock.now();
  const other = await reference.leaseOf(name);
  // The same process may run twice: its own earlier run counts as another's.
  const isOwn = other?.holder === holder;
  if (!isOwn && (await reference.acquireLease(name, holder, now, now + LEASE))) return null;
  if (other !== null && isDead(other.holder)) {
    const from = Math.max(now, other.until);
    if (await reference.acquireLease(name, holder, from, from + LEASE)) return null;
  }
  const until = other === null ? '' : `, until ${formatInstant(other.until)} unless it goes on`;
  return new CarbonError(
    'PLAN_CONFLICT',
    `another run works on ${name}: ${other?.holder ?? 'unknown'}${until}`,
    {
      context: { lease: name, holder: other?.holder ?? '' },
    },
  );
}

/** True when the holder was a process of this machine that is gone. */
export function isDead(holder: string): boolean {
  const [host, pid] = holder.split('/');
  if (host !== hostname() || pid === undefined || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
