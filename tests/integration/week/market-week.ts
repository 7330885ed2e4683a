/**
 * A week of all markets, end to end, as spring.test.ts and autumn.test.ts run it: every dataset that the simulators serve is pulled day by day through runner, archive
 * and pipeline, in a week with a day of 23 and in one with a day of 25 hours. Corrections come when the markets make them.
 * At the end the ledgers are complete, every stage has let out what it took in, and what is served is what the markets
 * said, with anomalies where something happened and nowhere else.
 *
 * WEEK_PLACES is how many hubs, zones and nodes each market has; WEEK_ONLY a pattern for `market.dataset`; WEEK_DAYS=all
 * asks on every day for datasets with much in a day too.
 */

import { test } from 'node:test';
import { DAY, HOUR, MINUTE, type Micros } from '../../../core/time/instant.ts';
import type { PriceEvent } from '../../../simulators/catalog.ts';
import { checkServed } from '../../support/fault-verdict.ts';
import type { Week } from '../../support/week-pulls.ts';
import { truthOf } from '../../support/week-truth.ts';
import {
  type AllWithheld,
  checkAnomalies,
  checkBalances,
  checkIntervals,
  checkNothingUnasked,
  checkOutcomes,
  checkValues,
} from '../../support/week-verdict.ts';
import { WeekWorld } from '../../support/week-world.ts';

const PLACES = Number(process.env['WEEK_PLACES'] ?? 2);
const ONLY = new RegExp(process.env['WEEK_ONLY'] ?? '.');

/** So long after the begin of the week's first day, UTC. */
const after = (week: Week, days: number, hours: number): Micros => (week.first + days) * DAY + hours * HOUR;

/** What happens to prices: a spike past all bounds and a time below zero, in both markets of a day. */
function eventsOf(week: Week, market: string): PriceEvent[] {
  const event = (run: string, start: Micros, length: Micros, energy: number): PriceEvent => ({
    run,
    window: { start, end: start + length },
    energy,
  });
  return [
    event('da', after(week, 2, 18), HOUR, 6_000),
    event('da', after(week, 4, 12), 2 * HOUR, -45),
    // A file of SPP is one interval: past its bounds as a whole, it would be refused as one of another unit.
    event('rt', after(week, 1, 20), 10 * MINUTE, market === 'spp' ? 4_000 : 11_000),
    event('rt', after(week, 5, 12), 30 * MINUTE, -60),
  ];
}

/** What the operators never publish: half past two in the afternoon of a day, UTC, and on another one an hour of load. */
function withheldOf(week: Week): AllWithheld {
  const start = after(week, 2, 14.5);
  const realTime = [{ dataset: 'rt_lmp', start }];
  const load = [{ dataset: 'load_hourly', start: after(week, 4, 15) }];
  return {
    miso: realTime,
    caiso: realTime,
    nyiso: realTime,
    ercot: [...realTime, ...load],
    pjm: [...realTime, ...load],
    isone: [...realTime, ...load],
    spp: load,
    ieso: week.name === 'autumn' ? [...realTime, ...load] : load,
    eia: load,
  };
}

/** Declares the test of a week. */
export function testWeek(week: Week): void {
  test(`${week.name}: ledgers complete, balances zero, every value served, anomalies where they were made`, async (t) => {
    const began = Date.now();
    const withheld = withheldOf(week);
    const world = await WeekWorld.open(
      week,
      5,
      (market) => ({
        nodes: PLACES,
        traits: { places: PLACES, calm: { events: eventsOf(week, market) } },
        withheld: withheld[market] ?? [],
      }),
      ONLY,
    );
    // The signal comes at the end of any test; what does not end says where it stands.
    t.signal.addEventListener('abort', () => {
      if (world.isBusy) console.error(`the week ${week.name} does not end: ${world.standing()}`);
    });
    try {
      await world.live();
      const lived = Date.now();
      const requests = await world.doing('outcomes', () => checkOutcomes(world));
      const truth = await world.doing('truth', () => truthOf(world));
      await world.doing('balances', () => checkBalances(world, truth));
      const intervals = await world.doing('intervals', () => checkIntervals(world, truth, withheld));
      const values = await world.doing('values', () => checkValues(world, truth));
      checkNothingUnasked(world, truth);
      const anomalies = await world.doing('anomalies', () => checkAnomalies(world, truth, withheld));
      const bars = await world.doing('bars', () => checkServed(world, values));
      t.diagnostic(
        `${requests} requests, ${intervals} intervals, ${values.length} values, ${bars} bars; lived in ${lived - began} ms, checked in ${Date.now() - lived} ms`,
      );
      for (const [kind, count] of anomalies) t.diagnostic(`${kind}: ${count}`);
    } catch (error) {
      // Told at once: should the closing not end, the test would say no more than that its time was up.
      console.error(`the week ${week.name} failed:`, error);
      throw error;
    } finally {
      await world.close();
    }
  });
}
