/** What a process needs to be ready: its stores answer, its policies are read, its work goes on. */

import type { Pulse } from '../pipeline/work-at-hand.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { Check } from './health.ts';

/** A plan of two megabytes takes well under a second; what takes this long goes nowhere. */
const STUCK_MS = 60_000;

/** Checks of the stores, and of the worker when the process has one. */
export function processChecks(stores: Stores, pulse: (() => Pulse) | null): Check[] {
  const answers = (name: string, ask: () => Promise<unknown>): Check => ({
    name,
    run: async () => {
      await ask();
      return { ok: true, detail: 'answers' };
    },
  });
  const warehouse = stores.warehouse.openGuests();
  const checks: Check[] = [
    answers('warehouse', () => warehouse.queryRows('SELECT 1 AS one')),
    answers('event log', () => stores.log.listTopics()),
    answers('reference store', () => stores.reference.leaseOf('readiness')),
    {
      name: 'policies',
      run: async () => ({ ok: true, detail: `version ${stores.policies.version}` }),
    },
  ];
  if (pulse !== null) checks.push({ name: 'runners', run: async () => runnersAt(pulse()) });
  return checks;
}

function runnersAt({ busyMs, waitingFor }: Pulse): { ok: boolean; detail: string } {
  const seconds = Math.round(busyMs / 1000);
  if (waitingFor !== null) return { ok: false, detail: `waiting for a store: ${waitingFor}` };
  if (busyMs > STUCK_MS) return { ok: false, detail: `at the same batch for ${seconds} s` };
  return { ok: true, detail: 'at work' };
}
