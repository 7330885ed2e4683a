/** The memory of versions is a cache: with room for a few only, every value has the fate that it has with room for all. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUuid } from '../../../core/model/hash128.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import type { Question, TicksQuestion } from '../../../core/stage/question.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { NormalizeStage } from '../../../services/normalization/normalize.stage.ts';
import { MemoryStores } from '../../support/memory-world.ts';
import { planOf, type RowSpec, rawRows } from './raw-input.ts';
import { RULES } from './stage-world.ts';

/** Normalization with room for so many versions, over stores of its own: fates of a batch, and what is stored after it. */
function normalizationOf(memory: number, asked: Question[]): (rows: readonly RowSpec[]) => Promise<unknown> {
  const stores = new MemoryStores();
  const run = new StageRun(new NormalizeStage(RULES, stores.names, memory));
  const ask: MemoryStores['ask'] = (questions) => {
    asked.push(...questions);
    return stores.ask(questions);
  };
  let next = 0;
  return async (rows) => {
    const context = { names: stores.names, plan: planOf(next, next + rows.length) };
    const raw = rawRows(stores.names, rows, next);
    next += rows.length;
    const { output, balance } = await run.process({ raw, undecodable: [] }, context, ask);
    const { ticks, repeats } = output;
    stores.writeTicks(stores.silver, ticks);
    stores.writeTicks(stores.repeats, repeats);
    const told = Array.from(
      { length: ticks.length },
      (_, i) => `${formatUuid(ticks.id, i)} ${flagNames(ticks.flags[i])}`,
    );
    return { balance, told, silver: [...stores.silver.keys()], repeats: [...stores.repeats.keys()] };
  };
}

const row = fc
  .record({
    location: fc.constantFrom('WEST', 'EAST', 'NORTH'),
    hour: fc.nat(11),
    known: fc.nat(5),
    price: fc.constantFrom('10', '20'),
  })
  .map(
    ({ location, hour, known, price }): RowSpec => ({
      location,
      start: `2025-07-01T${String(hour).padStart(2, '0')}:00Z`,
      end: `2025-07-01T${String(hour + 1).padStart(2, '0')}:00Z`,
      known: `2025-06-30T1${known}:00Z`,
      values: [['lmp', price]],
    }),
  );

test('what is forgotten is asked of silver again, and no fate depends on it', async () => {
  const seen = { forgotten: 0, narrow: 0, reinstated: 0 };
  const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 12 }), async (list, memory) => {
      const [all, few]: Question[][] = [[], []];
      const [withAll, withFew] = [normalizationOf(Infinity, all), normalizationOf(memory, few)];
      let told = '';
      for (const rows of list) {
        const fate = await withFew(rows);
        assert.deepEqual(fate, await withAll(rows));
        told += JSON.stringify(fate);
      }
      const narrow = (questions: Question[]): number =>
        questions.filter(
          (q) => (q as TicksQuestion).table === 'silver_ticks' && (q as TicksQuestion).to < Infinity,
        ).length;
      if (few.length > all.length) seen.forgotten++;
      if (narrow(few) > 0) seen.narrow++;
      if (told.includes('REINSTATED')) seen.reinstated++;
    }),
    { numRuns: 300 },
  );
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 10, `${what}: ${times}`);
});
