/** What a rebuild writes: nothing where all is well, and what silver says after any damage, whatever comes later. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LatestRows } from '../../../services/projection/project-latest.stage.ts';
import {
  type ServedDifferences,
  servedDifferences,
} from '../../../services/projection/served-differences.ts';
import type { RowSpec } from './raw-input.ts';
import { StageWorld } from './stage-world.ts';

const SERIES = ['NG', 'WTI'];

const clock = (minute: number): string => `2025-07-01T10:${String(minute).padStart(2, '0')}Z`;

/** A statement about one of the series. */
interface Step {
  readonly series: number;
  readonly minute: number;
  readonly price: number;
  readonly cancels: boolean;
}

/** Statements that are known one minute after the other, so that none is known twice. */
const rowsFrom = (steps: readonly Step[], known: number): RowSpec[] =>
  steps.map(({ series, minute, price, cancels }, k) => ({
    dataset: 'trade',
    series: SERIES[series],
    start: clock(minute),
    known: clock(known + k),
    tradeId: `T${minute}`,
    values: cancels ? [] : [['price', `${price}`]],
    cancels,
  }));

async function differences(world: StageWorld): Promise<{ found: ServedDifferences; served: LatestRows }> {
  const { stores } = world;
  const [served, newest] = await stores.ask([
    { kind: 'latest', tenant: 'default', instruments: SERIES },
    { kind: 'newest', tenant: 'default', instruments: SERIES, count: 1 },
  ]);
  assert.ok(served?.kind === 'latest' && newest?.kind === 'ticks');
  return { found: servedDifferences(stores.names, newest.ticks, served), served };
}

/** Damages served rows as a disk, a person or an older program might. */
function damage(world: StageWorld, kinds: readonly number[]): void {
  const { latest, silver } = world.stores;
  const stored = [...silver.values()];
  for (const [k, key] of [...latest.keys()].entries()) {
    const row = latest.get(key);
    if (row === undefined) continue;
    const of = stored.filter((tick) => tick.instrument[0] === row.tick.instrument[0]);
    const kind = kinds[k] % 4;
    if (kind === 1) latest.delete(key);
    else if (kind === 2) latest.set(key, { ...row, gone: !row.gone });
    else if (kind === 3) {
      const other = of[kinds[k] % of.length];
      other.srcOffset[0] = row.tick.srcOffset[0];
      latest.set(key, { tick: other, gone: false });
    }
  }
}

const STEP = fc.record({
  series: fc.nat(1),
  minute: fc.nat(4),
  price: fc.nat(3),
  cancels: fc.boolean(),
});

test('after any damage the rebuild serves what silver says, and what comes later is served as ever', async () => {
  const damaged = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(STEP, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(39), { minLength: 2, maxLength: 2 }),
      fc.array(STEP, { maxLength: 6 }),
      async (steps, kinds, later) => {
        const [world, whole] = [new StageWorld(), new StageWorld()];
        for (const each of [world, whole]) await each.run(rowsFrom(steps, 10));
        assert.deepEqual((await differences(world)).found.reasons, []);

        damage(world, kinds);
        const { found, served } = await differences(world);
        damaged.add(found.reasons.length);
        const { ticks, gone } = found.rows;
        for (let i = 0; i < ticks.length; i++) {
          const row = found.before[i];
          if (row >= 0) assert.ok(ticks.srcOffset[i] >= served.ticks.srcOffset[row]);
        }
        world.stores.writeLatest(ticks, gone);
        const shown = (rows: string[]): string[] => rows.filter((row) => !row.endsWith('gone'));
        assert.deepEqual(shown(world.served()), shown(whole.served()));
        assert.deepEqual((await differences(world)).found.reasons, []);

        // What a projection remembers is left when its table was written by another.
        world.restart();
        for (const each of [world, whole]) await each.run(rowsFrom(later, 40));
        assert.deepEqual(shown(world.served()), shown(whole.served()));
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(damaged.has(1) && damaged.has(2), 'no damage was seen');
});

test('each difference says why', async () => {
  const world = new StageWorld();
  await world.run(
    rowsFrom(
      [
        { series: 0, minute: 1, price: 5, cancels: false },
        { series: 1, minute: 1, price: 7, cancels: false },
      ],
      10,
    ),
  );
  const { latest } = world.stores;
  const [first, second] = [...latest.keys()];
  const row = latest.get(first);
  assert.ok(row !== undefined);
  row.tick.price[0] += 1;
  latest.delete(second);
  const { found } = await differences(world);
  assert.deepEqual([...found.reasons].sort(), ['missing', 'other']);

  world.stores.silver.clear();
  const { found: nothing } = await differences(world);
  assert.deepEqual(nothing.reasons, ['withdrawn']);
  assert.deepEqual([...nothing.rows.gone], [1]);
});
