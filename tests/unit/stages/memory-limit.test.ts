/** The memory of versions is a cache: emptied in the middle of a run, nothing is doubled and nothing is lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { NormalizeStage } from '../../../services/normalization/normalize.stage.ts';
import { MemoryStores } from '../../support/memory-world.ts';
import { planOf, type RowSpec, rawRows } from './raw-input.ts';
import { RULES } from './stage-world.ts';

test('a table over its limit is emptied between batches, and silver answers for it', async () => {
  const stores = new MemoryStores();
  const run = new StageRun(new NormalizeStage(RULES, stores.names));
  const ask = (questions: Parameters<MemoryStores['ask']>[0]) => stores.ask(questions);
  let next = 0;
  const process = async (known: string, price: string) => {
    const row: RowSpec = {
      location: 'WEST',
      start: '2025-07-01T01:00Z',
      end: '2025-07-01T02:00Z',
      known: `2025-06-30T${known}Z`,
      values: [['lmp', price]],
    };
    const context = { names: stores.names, plan: planOf(next, next + 1) };
    const raw = rawRows(stores.names, [row], next++);
    const { output, balance } = await run.process({ raw, undecodable: [] }, context, ask);
    stores.writeTicks(stores.silver, output.ticks);
    stores.writeTicks(stores.repeats, output.repeats);
    return { ...balance.dropped, out: balance.out, reinstated: balance.reinstated };
  };
  const fill = (): void => {
    const versions = run.current?.versions;
    assert.ok(versions !== undefined);
    Object.defineProperty(versions, 'size', { configurable: true, get: () => 2_000_001 });
    versions.clear = () => {
      Reflect.deleteProperty(versions, 'size');
      Reflect.deleteProperty(versions, 'clear');
      versions.clear();
      cleared++;
    };
  };
  let cleared = 0;
  assert.deepEqual(await process('10:00', '10'), { out: 1, reinstated: 0 });
  fill();
  assert.deepEqual(await process('10:00', '10'), { DUPLICATE: 1, out: 0, reinstated: 0 });
  fill();
  assert.deepEqual(await process('12:00', '10'), { UNCHANGED: 1, out: 0, reinstated: 0 });
  fill();
  assert.deepEqual(await process('11:00', '20'), { out: 2, reinstated: 1 });
  fill();
  assert.deepEqual(await process('12:00', '10'), { DUPLICATE: 1, out: 0, reinstated: 0 });
  assert.equal(cleared, 4);
  assert.equal(stores.silver.size, 3);
});
