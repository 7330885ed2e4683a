/**
 * What a backfill writes of bars: nothing where all is well, whatever came in which order and is still open; and after any
 * damage what the stream had said, whatever comes later.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BarBatch, BarStatus } from '../../../core/model/bar-batch.ts';
import { TickBatch } from '../../../core/model/tick-batch.ts';
import { DAY, type Micros } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { AggregateStage } from '../../../services/aggregation/aggregate.stage.ts';
import { type BarDifferences, barDifferences } from '../../../services/aggregation/bar-differences.ts';
import { generatedDay } from '../../support/generated-days.ts';
import { AGGREGATION, type MemoryStores, MemoryWorld } from '../../support/memory-world.ts';
import type { RawEventSpec } from '../../support/raw-events.ts';
import { barText } from './stage-world.ts';

const LONGEST = 25 * 3_600e6;
const RUNS = Number(process.env['CARBON_PROPERTY_RUNS'] ?? 100);

/** Differences of the windows that begin in an interval, from what the stores hold at most a day beyond. */
function differencesIn(stores: MemoryStores, starts: Interval, now: Micros): BarDifferences {
  const ticks = new TickBatch(stores.names);
  for (const tick of stores.silver.values())
    if (tick.eventStart[0] >= starts.start && tick.eventStart[0] < starts.end + LONGEST)
      ticks.append(tick, 0);
  const stored = new BarBatch(stores.names);
  for (const bar of stores.bars.values())
    if (bar.start[0] >= starts.start && bar.start[0] < starts.end) stored.append(bar, 0);
  const rules = new AggregateStage(AGGREGATION, stores.names);
  return barDifferences(ticks, stored, rules, { starts, endsAfter: starts.start }, now);
}

/** Looks at all days, one after the other, as a job does; writes what it finds. Returns how many rows that was. */
function mend(stores: MemoryStores, events: readonly RawEventSpec[], now: Micros): number {
  const first = Math.floor(Math.min(...events.map(({ start }) => start)) / DAY) * DAY - 2 * DAY;
  let found = 0;
  for (let day = 0; day < 6; day++) {
    const starts = { start: first + day * DAY, end: first + (day + 1) * DAY };
    const { rows, reasons } = differencesIn(stores, starts, now);
    assert.equal(rows.length, reasons.length);
    found += rows.length;
    stores.writeBars(rows);
  }
  return found;
}

/** What readers see of the bars. */
function shown(stores: MemoryStores): string[] {
  return [...stores.bars.values()]
    .filter((bar) => bar.status[0] !== BarStatus.retracted)
    .map((bar) => barText(bar, 0, AGGREGATION.intervals))
    .sort();
}

/** Damages rows as a disk, a person or an older program might: lost, changed, invented, taken back. */
function damage(stores: MemoryStores, kinds: readonly number[]): number {
  let count = 0;
  const keys = [...stores.bars.keys()];
  for (const [n, kind] of kinds.entries()) {
    const key = keys[(kind + n * 7919) % Math.max(1, keys.length)];
    const bar = key === undefined ? undefined : stores.bars.get(key);
    if (key === undefined || bar === undefined) continue;
    count++;
    const other = new BarBatch(stores.names, 1);
    other.append(bar, 0);
    switch (kind % 6) {
      case 0:
        stores.bars.delete(key);
        continue;
      case 1:
        other.close[0] += 1;
        break;
      case 2:
        other.volume[0] += 3;
        break;
      case 3:
        other.status[0] = bar.status[0] === BarStatus.retracted ? BarStatus.final : BarStatus.retracted;
        break;
      case 4:
        other.count[0] += 1;
        other.srcOffset[0] += 50;
        break;
      default:
        // Under a known time at which nothing became known.
        other.knownAt[0] += 1;
    }
    stores.bars.delete(key);
    if (kind % 6 === 5) stores.bars.set(key, bar);
    stores.writeBars(other);
  }
  return count;
}

/** A clock reading by which every window is closed. */
const afterAll = (events: readonly RawEventSpec[]): Micros =>
  Math.max(...events.map((event) => Math.max(event.knownAt, event.end))) + 3 * DAY;

const cut = fc.double({ min: 0, max: 1, noNaN: true });

test('what the stream said needs no mending, while windows are open and when the clock has closed them', async () => {
  await fc.assert(
    fc.asyncProperty(generatedDay, cut, cut, async (events, at, clockAt) => {
      const world = new MemoryWorld(events);
      const middle = Math.max(1, Math.floor(at * events.length));
      await world.runFused(0, middle);
      const known = Math.max(...events.slice(0, middle).map(({ knownAt }) => knownAt));
      assert.equal(mend(world.stores, events, 0), 0);
      // The clock goes on though nothing comes: both see the same windows as past.
      const clock = known + Math.floor(clockAt * 2 * DAY);
      await world.closeByClock(clock, middle);
      assert.equal(mend(world.stores, events, clock), 0);
      await world.runFused(middle, events.length);
      const end = afterAll(events);
      await world.closeByClock(end);
      assert.equal(mend(world.stores, events, end), 0);
    }),
    { numRuns: RUNS },
  );
});

test('after any damage the bars are what they were, a second look finds nothing, and later values count as ever', async () => {
  let damaged = 0;
  await fc.assert(
    fc.asyncProperty(
      generatedDay,
      cut,
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 }),
      async (events, at, kinds) => {
        const [world, whole] = [new MemoryWorld(events), new MemoryWorld(events)];
        const middle = Math.max(1, Math.floor(at * events.length));
        const known = Math.max(...events.slice(0, middle).map(({ knownAt }) => knownAt));
        for (const each of [world, whole]) {
          await each.runFused(0, middle);
          await each.closeByClock(known, middle);
        }
        const before = shown(world.stores);
        damaged += damage(world.stores, kinds);
        const found = mend(world.stores, events, known);
        assert.deepEqual(shown(world.stores), before);
        assert.equal(mend(world.stores, events, known), 0);
        // States are left when the table was written by another, as after a backfill.
        if (found > 0) world.restart();
        for (const each of [world, whole]) {
          await each.runFused(middle, events.length);
          await each.closeByClock(afterAll(events));
        }
        assert.deepEqual(shown(world.stores), shown(whole.stores));
      },
    ),
    { numRuns: RUNS },
  );
  assert.ok(damaged > RUNS, 'hardly any damage was done');
});
