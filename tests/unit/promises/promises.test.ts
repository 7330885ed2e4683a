/**
 * The promises of DESIGN 5b over generated days: (a) any cut, restart, fused or split: the latest row per key is
 * equal; (b) any permutation: the latest bar per window is equal; (c) permutations that keep the order of known times:
 * every as-of answer is equal. And all of it equals an independent recompute.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigSumAt } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch, BarStatus } from '../../../core/model/bar-batch.ts';
import { bigMantissaAt, formatDecimal } from '../../../core/model/decimal.ts';
import { formatUuid } from '../../../core/model/hash128.ts';
import { type RollingBatch, RollingStatus } from '../../../core/model/rolling-batch.ts';
import { TickBatch } from '../../../core/model/tick-batch.ts';
import { barAsKnown } from '../../../services/aggregation/bar-history.ts';
import { type OracleBar, oracleBars, oracleWindowEnd, oracleWindowStart } from '../../support/bar-oracle.ts';
import { generatedDay } from '../../support/generated-days.ts';
import { AGGREGATION, type CrashAt, type MemoryStores, MemoryWorld } from '../../support/memory-world.ts';
import type { RawEventSpec } from '../../support/raw-events.ts';

const RUNS = Number(process.env['CARBON_PROPERTY_RUNS'] ?? 150);
const intervals = AGGREGATION.intervals;

/** Cuts as offsets: sorted, unique, within the events. */
const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 6 });

async function runFused(
  events: readonly RawEventSpec[],
  at: readonly number[],
  restarts: readonly number[] = [],
  closing = false,
): Promise<MemoryStores> {
  const world = new MemoryWorld(events);
  const ends = [...at.filter((c) => c < events.length), events.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    if (to === from) continue;
    if (restarts.includes(to)) world.restart();
    await world.runFused(from, to);
    from = to;
  }
  if (closing) await closeAll(world, events);
  return world.stores;
}

/** Lets the clock close every window: it is then later than any known time and any end. */
async function closeAll(world: MemoryWorld, events: readonly RawEventSpec[]): Promise<void> {
  await world.closeByClock(Math.max(...events.map((e) => Math.max(e.knownAt, e.end))) + 3 * 86_400e6);
}

/** Every column of a bar but source position, ingest time and trace. */
function barText(stores: MemoryStores, bars: BarBatch, j: number): string {
  const words = (column: Int32Array): string => formatDecimal(column, j);
  return [
    stores.names.instruments.nameOf(bars.instrument[j]),
    intervals[bars.interval[j]],
    bars.start[j],
    bars.end[j],
    bars.knownAt[j],
    BAR_STATUS_NAMES[bars.status[j]],
    words(bars.open),
    words(bars.high),
    words(bars.low),
    words(bars.close),
    bars.openTime[j],
    bars.openSequence[j],
    formatUuid(bars.openId, j),
    bars.closeTime[j],
    bars.closeSequence[j],
    formatUuid(bars.closeId, j),
    bigSumAt(bars.volume, j),
    bigSumAt(bars.notional, j),
    bigSumAt(bars.priceSeconds, j),
    bars.seconds[j],
    bars.count[j],
    bars.flags[j],
  ].join(' ');
}

/** Every column of a row of rolling metrics but source position, ingest time and trace. */
function rollingText({ names }: MemoryStores, row: RollingBatch): string {
  return [
    'rolling',
    names.instruments.nameOf(row.instrument[0]),
    intervals[row.interval[0]],
    row.window[0],
    row.start[0],
    row.end[0],
    row.knownAt[0],
    BAR_STATUS_NAMES[row.status[0]],
    row.bars[0],
    row.expected[0],
    row.present[0],
    ...[row.mean, row.high, row.low].map((column) => formatDecimal(column, 0)),
    ...[row.vwap, row.deviation, row.score, row.rmsChange].map((column) => bigSumAt(column, 0)),
    row.flags[0],
  ].join(' ');
}

/** Rows that readers see, of bars and of rolling metrics, in order of key. */
function statements(stores: MemoryStores): string[] {
  const bars = [...stores.bars.values()]
    .filter((bar) => bar.status[0] !== BarStatus.retracted)
    .map((bar) => barText(stores, bar, 0));
  const rolling = [...stores.rolling.values()]
    .filter((row) => row.status[0] !== RollingStatus.retracted)
    .map((row) => rollingText(stores, row));
  return [...bars, ...rolling].sort();
}

/** The newest statement of each rolling window, up to a known time. */
function latestRolling(stores: MemoryStores, asOf = Infinity): string[] {
  const latest = new Map<string, RollingBatch>();
  for (const row of stores.rolling.values()) {
    if (row.status[0] === RollingStatus.retracted || row.knownAt[0] > asOf) continue;
    const name = stores.names.instruments.nameOf(row.instrument[0]);
    const key = `${name}|${row.interval[0]}|${row.window[0]}|${row.end[0]}`;
    if ((latest.get(key)?.knownAt[0] ?? -Infinity) < row.knownAt[0]) latest.set(key, row);
  }
  return [...latest.values()].map((row) => rollingText(stores, row)).sort();
}

/** The newest statement of each window. */
function latestBars(stores: MemoryStores): Map<string, BarBatch> {
  const latest = new Map<string, BarBatch>();
  for (const bar of stores.bars.values()) {
    if (bar.status[0] === BarStatus.retracted) continue;
    const key = `${stores.names.instruments.nameOf(bar.instrument[0])}|${intervals[bar.interval[0]]}|${bar.start[0]}`;
    const before = latest.get(key);
    if (before === undefined || before.knownAt[0] < bar.knownAt[0]) latest.set(key, bar);
  }
  return latest;
}

function latestTexts(stores: MemoryStores): string[] {
  return [...latestBars(stores).values()].map((bar) => barText(stores, bar, 0)).sort();
}

/** The answer for a moment, by window: from the newest statement up to it, else from silver. */
function asOfAnswers(stores: MemoryStores, asOf: number): Map<string, OracleBar> {
  const { names } = stores;
  const answers = new Map<string, OracleBar>();
  const windows = new Map<
    string,
    { row: BarBatch | null; ticks: TickBatch; interval: number; instrument: number; start: number }
  >();
  for (const tick of stores.silver.values())
    intervals.forEach((interval, k) => {
      const lengths: Record<string, number> = { '1m': 60e6, '5m': 300e6, '1h': 3600e6, '1d': Infinity };
      if (tick.eventEnd[0] - tick.eventStart[0] > lengths[interval]) return;
      const start = oracleWindowStart(interval, tick.eventStart[0]);
      const key = `${names.instruments.nameOf(tick.instrument[0])}|${interval}|${start}`;
      const window = windows.get(key) ?? {
        row: null,
        ticks: new TickBatch(names),
        interval: k,
        instrument: tick.instrument[0],
        start,
      };
      window.ticks.append(tick, 0);
      windows.set(key, window);
    });
  for (const bar of stores.bars.values()) {
    if (bar.status[0] === BarStatus.retracted || bar.knownAt[0] > asOf) continue;
    const window = windows.get(
      `${names.instruments.nameOf(bar.instrument[0])}|${intervals[bar.interval[0]]}|${bar.start[0]}`,
    );
    assert.ok(window !== undefined, 'a bar without ticks');
    if (window.row === null || window.row.knownAt[0] < bar.knownAt[0]) window.row = bar;
  }
  for (const [key, { row, ticks, interval, instrument, start }] of windows) {
    let bar = row;
    if (bar === null) {
      const out = new BarBatch(names);
      const window = {
        tenant: ticks.tenant[0],
        instrument,
        interval,
        start,
        end: oracleWindowEnd(intervals[interval], start),
        closesAt: 0,
      };
      const rows = Array.from({ length: ticks.length }, (_, i) => i);
      bar = barAsKnown(window, ticks, rows, asOf, out) ? out : null;
    }
    if (bar !== null && bar.status[0] !== BarStatus.empty && bar.count[0] > 0)
      answers.set(key, oracleFormOf(stores, bar));
  }
  return answers;
}

function oracleFormOf(stores: MemoryStores, bar: BarBatch): OracleBar {
  return {
    instrument: stores.names.instruments.nameOf(bar.instrument[0]),
    interval: intervals[bar.interval[0]],
    start: bar.start[0],
    open: String(bigMantissaAt(bar.open, 0)),
    high: String(bigMantissaAt(bar.high, 0)),
    low: String(bigMantissaAt(bar.low, 0)),
    close: String(bigMantissaAt(bar.close, 0)),
    volume: String(bigSumAt(bar.volume, 0)),
    notional: String(bigSumAt(bar.notional, 0)),
    priceSeconds: String(bigSumAt(bar.priceSeconds, 0)),
    seconds: bar.seconds[0],
    count: bar.count[0],
  };
}

const byKey = (map: Map<string, OracleBar>): [string, OracleBar][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test('every as-of answer equals the independent recompute', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(generatedDay, cuts, async (events, at) => {
      const stores = await runFused(events, at);
      const moments = new Set(events.map((e) => e.knownAt));
      for (const moment of [...moments].filter((_, i) => i % 3 === 0 || i === moments.size - 1)) {
        const expected = oracleBars(events, intervals, moment);
        assert.deepEqual(byKey(asOfAnswers(stores, moment)), byKey(expected));
        compared += expected.size;
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(compared > 1000, 'the property compared next to nothing');
});

test('(a) any cut and any restart: the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(generatedDay, cuts, cuts, async (events, at, other) => {
      const whole = await runFused(events, [], [], true);
      const parts = await runFused(events, at, at, true);
      const more = await runFused(events, other, [], true);
      assert.deepEqual(statements(parts), statements(whole));
      assert.deepEqual(statements(more), statements(whole));
    }),
    { numRuns: RUNS },
  );
});

test('(a) a crash at any write, then the same plan again: the same rows', async () => {
  const crash = fc.constantFrom<CrashAt>(
    'before-silver',
    'before-bars',
    'before-rolling',
    'before-latest',
    'before-commit',
  );
  await fc.assert(
    fc.asyncProperty(generatedDay, cuts, crash, async (events, at, where) => {
      const whole = await runFused(events, []);
      const world = new MemoryWorld(events);
      const ends = [...at.filter((c) => c < events.length), events.length].sort((a, b) => a - b);
      let from = 0;
      for (const to of ends) {
        await world.runFused(from, to, where);
        world.restart();
        await world.runFused(from, to);
        from = to;
      }
      assert.deepEqual(statements(world.stores), statements(whole));
      assert.deepEqual([...world.stores.silver.keys()].sort(), [...whole.silver.keys()].sort());
      assert.deepEqual(servedTexts(world.stores), servedTexts(whole));
    }),
    { numRuns: RUNS },
  );
});

test('(a) the clock closes windows between plans that crash after their block of bars: the same rows', async () => {
  const fates = fc.array(
    fc.constantFrom<CrashAt | 'restart'>('none', 'restart', 'before-rolling', 'before-latest'),
    {
      minLength: 8,
      maxLength: 8,
    },
  );
  const rests = fc.array(fc.constantFrom(true, true, false), { minLength: 8, maxLength: 8 });
  // Among the trades, which come behind the day-ahead prices: many small plans.
  const late = fc.uniqueArray(fc.integer({ min: 46, max: 90 }), { minLength: 5, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(generatedDay, late, fates, rests, async (events, at, how, rested) => {
      const whole = await runFused(events, at, [], true);
      const world = new MemoryWorld(events);
      const ends = [...at.filter((c) => c < events.length), events.length].sort((a, b) => a - b);
      // Values of the past: the clock is later than all of them.
      let clock = Math.max(...events.map((e) => Math.max(e.knownAt, e.end))) + 3 * 86_400e6;
      let from = 0;
      for (const [k, to] of ends.entries()) {
        clock += 1e6;
        const fate = how[k % 8];
        if (fate === 'restart') world.restart();
        if (fate === 'before-latest' || fate === 'before-rolling') {
          await world.runFused(from, to, fate, clock);
          world.restart();
        }
        await world.runFused(from, to, 'none', clock);
        if (rested[k % 8]) await world.closeByClock(++clock, to);
        from = to;
      }
      await closeAll(world, events);
      assert.deepEqual(statements(world.stores), statements(whole));
    }),
    { numRuns: RUNS },
  );
});

test('(a) split equals fused, with redelivered batches and restarts downstream', async () => {
  await fc.assert(
    fc.asyncProperty(
      generatedDay,
      cuts,
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      async (events, at, repeats) => {
        const whole = await runFused(events, [], [], true);
        const world = new MemoryWorld(events);
        const ends = [...at.filter((c) => c < events.length), events.length].sort((a, b) => a - b);
        const batches: { ticks: TickBatch; since: number }[] = [];
        let from = 0;
        for (const to of ends) {
          if (to === from) continue;
          batches.push({ ticks: await world.runNormalization(from, to), since: from });
          from = to;
        }
        // Silver is complete and ahead of the stages downstream, as it is when they run as processes of their own.
        let since = 0;
        for (const [k, batch] of batches.entries()) {
          await world.runDownstream(batch.ticks, since);
          for (let i = 0; i < batch.ticks.length; i++) since = Math.max(since, batch.ticks.srcOffset[i] + 1);
          if (repeats[k % 8]) await world.runDownstream(batch.ticks, since);
          if (repeats[(k + 3) % 8]) world.restart();
        }
        await closeAll(world, events);
        assert.deepEqual(statements(world.stores), statements(whole));
        assert.deepEqual(servedTexts(world.stores), servedTexts(whole));
      },
    ),
    { numRuns: RUNS },
  );
});

test('(b) any permutation of the input: the same latest bar of each window', async () => {
  await fc.assert(
    fc.asyncProperty(
      generatedDay.chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
        ),
      ),
      cuts,
      async ([events, shuffled], at) => {
        // A dropped repeat does not move the known time of its dataset, and which one is the repeat depends on the
        // order; the clock of the runner, which is never behind any known time, closes what is left open.
        const one = await runFused(events, [], [], true);
        const other = await runFused(shuffled, at, at, true);
        assert.deepEqual(latestTexts(other), latestTexts(one));
        assert.deepEqual(latestRolling(other), latestRolling(one));
      },
    ),
    { numRuns: RUNS },
  );
});

test('(c) permutations that keep the order of known times: the same as-of answers', async () => {
  await fc.assert(
    fc.asyncProperty(
      generatedDay,
      fc.array(fc.nat(1_000_000), { minLength: 200, maxLength: 200 }),
      cuts,
      async (events, weights, at) => {
        const reordered = events
          .map((event, i) => ({ event, weight: weights[i % weights.length] }))
          .sort((a, b) => a.event.knownAt - b.event.knownAt || a.weight - b.weight)
          .map(({ event }) => event);
        const one = await runFused(events, []);
        const other = await runFused(reordered, at);
        for (const moment of new Set(events.map((e) => e.knownAt).filter((_, i) => i % 5 === 0))) {
          assert.deepEqual(byKey(asOfAnswers(other, moment)), byKey(asOfAnswers(one, moment)));
          assert.deepEqual(latestRolling(other, moment), latestRolling(one, moment));
        }
      },
    ),
    { numRuns: RUNS },
  );
});

function servedTexts(stores: MemoryStores): string[] {
  return [...stores.latest.values()]
    .map(({ tick, gone }) =>
      [
        stores.names.instruments.nameOf(tick.instrument[0]),
        gone,
        gone ? '' : formatUuid(tick.id, 0),
        gone ? '' : tick.eventStart[0],
      ].join(' '),
    )
    .sort();
}
