/** Forward curves as a step of a job: those of its instruments, on the days of the market that its window touches. */

import type { Job } from '../../core/model/job.ts';
import { marketDayOf } from '../../core/time/market-day.ts';
import type { CurveSettings } from '../../services/aggregation/curves/config.ts';
import { ContractTemplates } from '../../services/aggregation/curves/contract-template.ts';
import { buildCurves } from '../curves/build-curves.ts';
import type { Stores } from '../stores/open-stores.ts';
import { instrumentsIn } from './job-days.ts';
import type { JobStep } from './job-step.ts';

/**
 * Curves of the policy in force, made anew from their stored quotes, as `carbon curve build` makes them. A place is a curve
 * and how many of its days are done.
 */
export const curves: JobStep = {
  name: 'curves',
  async *work(stores, job, { from }) {
    for (const { curve_id: curve, zone } of await curvesOf(stores, job)) {
      if (curve < from.after) continue;
      const first = marketDayOf(zone, job.window.start);
      const last = marketDayOf(zone, job.window.end - 1);
      for (let day = curve === from.after ? from.day : 0; first + day <= last; day++) {
        const days = { first: first + day, last: first + day };
        const { rows } = await buildCurves(stores, { curves: [curve], days, dryRun: job.dryRun });
        const place = { day: day + 1, after: curve, touching: [] };
        yield { place, done: 0, differences: rows.length };
      }
    }
  },
};

/** Curves that an instrument of the job is a contract of, in order; all of them for a job about all instruments. */
async function curvesOf(stores: Stores, job: Job): Promise<CurveSettings[]> {
  const policies = stores.settings.curves.curves.toSorted((a, b) => (a.curve_id < b.curve_id ? -1 : 1));
  if (job.instruments.length === 0 && job.market === null) return policies;
  const found = new Set<CurveSettings>();
  const templates = policies.map((curve) => ({ curve, contracts: new ContractTemplates(curve) }));
  for (let after = ''; found.size < policies.length; ) {
    const instruments = await instrumentsIn(stores.warehouse, job, after);
    const last = instruments.at(-1);
    if (last === undefined) break;
    after = last;
    for (const { curve, contracts } of templates)
      if (instruments.some((id) => contracts.contractOf(id) !== null)) found.add(curve);
  }
  return policies.filter((curve) => found.has(curve));
}
