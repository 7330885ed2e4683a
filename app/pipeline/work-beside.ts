/** What runs in a service beside its worker: jobs with aggregation, invalidations with projection. */

import { CarbonError } from '../../core/errors.ts';
import { hostJobs } from '../backfill/job-runner.ts';
import { hostInvalidations } from '../projection/host-invalidations.ts';
import type { Stores } from '../stores/open-stores.ts';
import { SERVICE_NAMES, WORK } from './services.ts';
import { WorkAtHand } from './work-at-hand.ts';

/** Works until the signal aborts and the chunk at hand is done; for as long as a worker, where a store does not answer. */
export async function workBeside(service: string, stores: Stores, signal: AbortSignal): Promise<void> {
  const name = SERVICE_NAMES.find((known) => known === service);
  if (name === undefined) return;
  const { stages } = WORK[name];
  const hosted = [
    ...(stages.includes('aggregation') ? [hostJobs(stores, signal)] : []),
    ...(stages.includes('projection') ? [hostInvalidations(stores, signal)] : []),
  ];
  try {
    await new WorkAtHand(stores).untilLeft(
      Promise.all(hosted).then(() => {}),
      signal,
    );
  } catch (error) {
    if (!signal.aborted || !(error instanceof CarbonError)) throw error;
    const facts = { service, code: error.code, error: error.message };
    stores.telemetry.emit({ name: 'drain.left', level: 'warning', facts });
  }
}
