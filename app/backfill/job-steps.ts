/**
 * The steps of a backfill, in their order: each works in chunks, and says after each where it stands. A step may be begun
 * again at any place it has named: what was done once is found right the second time.
 *
 * Enrichment is none: `enriched_ticks` is a view of silver and the taxonomy.
 */

import type { BarDifferences } from '../../services/aggregation/bar-differences.ts';
import { publishInvalidations } from '../projection/publish-invalidations.ts';
import { rebuildPages } from '../projection/rebuild.ts';
import { rebuildRollingOf } from '../projection/rebuild-rolling.ts';
import { markRebuilt } from '../projection/rebuilt-mark.ts';
import { compareBars, writeBars } from './bar-chunk.ts';
import { curves } from './curves-step.ts';
import { tellOfDifferences } from './difference-events.ts';
import { daysOf, instrumentsIn, pageOn } from './job-days.ts';
import type { JobStep } from './job-step.ts';

/** Bars, made anew from silver and held against what is stored, day by day. */
const bars: JobStep = {
  name: 'bars',
  async *work(stores, job, { from, again }) {
    const days = daysOf(job);
    const cause = { tenant: job.tenant, reason: 'backfill', requestedBy: job.id };
    let { after, touching } = from;
    let wrote = again;
    try {
      for (let day = from.day; day < days.length; day++) {
        for (;;) {
          const instruments = await pageOn(stores.warehouse, job, days[day], after);
          const last = instruments.at(-1);
          if (last === undefined) break;
          const found = await compareBars(stores, { tenant: job.tenant, instruments, day: days[day] });
          const changed = instrumentsOf(found);
          const counted = new Set(touching);
          let differences = changed.reduce((sum, [id, rows]) => sum + (counted.has(id) ? 0 : rows), 0);
          tellOfDifferences(stores.telemetry, job, found, stores.settings.aggregation.intervals);
          if (!job.dryRun && changed.length > 0) {
            touching = [...new Set([...touching, ...changed.map(([id]) => id)])];
            // Written down first: who is killed after the rows are there finds no difference, and tells all the same.
            yield { place: { day, after, touching }, done: 0, differences };
            differences = 0;
            wrote = true;
            await writeBars(stores, job.id, found);
          }
          await publishInvalidations(stores, touching, cause);
          touching = [];
          after = last;
          yield { place: { day, after, touching }, done: instruments.length, differences };
        }
        after = '';
      }
    } finally {
      if (wrote && !job.dryRun) await markRebuilt(stores.reference, 'aggregation/bars');
    }
  },
};

/**
 * Rolling metrics of the windows that hold bars of the job, as `carbon projection rebuild` makes them. They follow from bars
 * that are right: of a dry run, which writes none, they are not told.
 */
const rolling: JobStep = {
  name: 'rolling',
  async *work(stores, job, { from }) {
    const days = daysOf(job);
    const span = { start: days[0].starts.start, end: days[days.length - 1].starts.end };
    for (let { after } = from; !job.dryRun; ) {
      const instruments = await instrumentsIn(stores.warehouse, job, after);
      const last = instruments.at(-1);
      if (last === undefined) break;
      const differences = await rebuildRollingOf(stores, instruments, span);
      after = last;
      yield { place: { day: 0, after, touching: [] }, done: 0, differences };
    }
  },
};

/** Latest prices of the instruments of the job, as `carbon projection rebuild` makes them. */
const latest: JobStep = {
  name: 'latest',
  async *work(stores, job, { from, again }) {
    const cause = { tenant: job.tenant, reason: 'backfill', requestedBy: job.id };
    const pages = rebuildPages(stores, {
      since: null,
      dryRun: job.dryRun,
      onlyIfChanged: !again,
      reason: null,
      pageAfter: (after) => instrumentsIn(stores.warehouse, job, after === '' ? from.after : after),
    });
    for await (const { last, rows } of pages) {
      const changed = rows.map(({ now, row }) =>
        now.ticks.names.instruments.nameOf(now.ticks.instrument[row]),
      );
      if (!job.dryRun) await publishInvalidations(stores, changed, cause);
      yield { place: { day: 0, after: last, touching: [] }, done: 0, differences: rows.length };
    }
  },
};

/** All steps, in their order. */
export const STEPS: readonly JobStep[] = [bars, rolling, latest, curves];

/** Instruments that differ, with the number of their rows, in order. */
function instrumentsOf({ rows }: BarDifferences): [instrument: string, rows: number][] {
  const counts = new Map<string, number>();
  for (let j = 0; j < rows.length; j++) {
    const id = rows.names.instruments.nameOf(rows.instrument[j]);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
