/** The pipeline's work at the end of a command that published something: shown while it runs, told per stage after it. */

import type { RunTotals } from '../../core/stage/totals.ts';
import { workThrough } from '../pipeline/work-through.ts';
import type { Stores } from '../stores/open-stores.ts';
import { startProgress } from './progress.ts';
import { note } from './session.ts';

/** Works through what the topics hold, under a progress line. Null when another process does it. */
export async function workThroughShown(stores: Stores, topics: readonly string[]): Promise<RunTotals | null> {
  let text = 'working through the pipeline';
  const progress = startProgress(() => text);
  let waits = false;
  try {
    return await workThrough(stores, topics, (totals) => {
      if (totals === null && !waits) note('the pipeline runs in another process; waiting for it');
      waits ||= totals === null;
      text =
        totals === null
          ? 'waiting for the pipeline'
          : `working through the pipeline: ${totals.records} records, ${totals.plans} plans`;
    });
  } finally {
    progress.stop();
  }
}

/** One line per stage on standard error; returns how many values were rejected. */
export function tellStages(totals: RunTotals | null): number {
  let rejected = 0;
  for (const [stage, balance] of totals?.stages ?? []) {
    const drops = Object.entries(balance.dropped).map(([reason, n]) => `${n} ${reason}`);
    const parts = [`${balance.in} in`, `${balance.out} out`, ...drops];
    if (balance.rejected > 0) parts.push(`${balance.rejected} REJECTED`);
    if (balance.reinstated > 0) parts.push(`${balance.reinstated} reinstated`);
    note(`${stage}: ${parts.join(', ')}`);
    rejected += balance.rejected;
  }
  return rejected;
}
