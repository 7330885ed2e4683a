/** The gate before the warehouse: never more at work than allowed, first come first served, nobody waits for ever. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReadGate } from '../../../app/http/read-gate.ts';
import { CarbonError } from '../../../core/errors.ts';
import type { Queries } from '../../../core/ports/warehouse.ts';

/** A warehouse whose answers come when the test says so. */
class SlowWarehouse implements Queries {
  readonly asked: string[] = [];
  most = 0;
  private readonly open: (() => void)[] = [];

  queryRows(sql: string): Promise<never[]> {
    this.asked.push(sql);
    return new Promise((resolve) => {
      this.open.push(() => resolve([]));
      this.most = Math.max(this.most, this.open.length);
    });
  }

  queryColumns(): Promise<never> {
    return Promise.reject(new CarbonError('STORE_REFUSED', 'no'));
  }

  queryText(): Promise<never> {
    return Promise.reject(
      new CarbonError('STORE_UNREACHABLE', 'Timeout exceeded', { context: { store_code: 159 } }),
    );
  }

  answerOne(): void {
    this.open.shift()?.();
  }
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('the time left is the limit of the query, and time is up when it is up', async () => {
  let now = 0;
  const gate = new ReadGate({ maxQueries: 1, maxWaiting: 1, timeoutSeconds: 10 }, () => now);
  const store = new SlowWarehouse();
  const queries = gate.through(store);
  now = 4000;
  const answered = queries.queryRows('SELECT 1');
  await turn();
  store.answerOne();
  await answered;
  assert.deepEqual(store.asked, ['SELECT 1\nSETTINGS max_execution_time = 6']);
  now = 10_000;
  await assert.rejects(queries.queryRows('SELECT 2'), { code: 'READ_BUSY' });
  assert.deepEqual(gate.load, { atWork: 0, waiting: 0 });
});

test('who waits too long for an answer is sent away; the place is free when the store is', async () => {
  const gate = new ReadGate({ maxQueries: 1, maxWaiting: 1, timeoutSeconds: 0.03 });
  const store = new SlowWarehouse();
  await assert.rejects(gate.through(store).queryRows('slow'), { code: 'READ_BUSY', message: /longer/ });
  assert.deepEqual(gate.load, { atWork: 1, waiting: 0 });
  store.answerOne();
  await turn();
  assert.deepEqual(gate.load, { atWork: 0, waiting: 0 });
});

test('a refusal of the store passes through, its time-out is ours', async () => {
  const gate = new ReadGate({ maxQueries: 1, maxWaiting: 1, timeoutSeconds: 10 });
  const queries = gate.through(new SlowWarehouse());
  await assert.rejects(queries.queryColumns('SELECT 1'), { code: 'STORE_REFUSED' });
  await assert.rejects(queries.queryText('SELECT 1', 'CSV'), { code: 'READ_BUSY' });
  assert.deepEqual(gate.load, { atWork: 0, waiting: 0 });
});

test('too many waiting: the next is sent away at once; who waits too long is too', async () => {
  // The one at work has far more time than the one that waits, so that only that is sent away.
  let now = 60_000;
  const gate = new ReadGate({ maxQueries: 1, maxWaiting: 1, timeoutSeconds: 0.05 }, () => now);
  const store = new SlowWarehouse();
  const first = gate.through(store).queryRows('first');
  now = 0;
  const second = gate.through(store).queryRows('second');
  await assert.rejects(gate.through(store).queryRows('third'), { code: 'READ_BUSY', message: /waiting/ });
  await assert.rejects(second, { code: 'READ_BUSY', message: /longer/ });
  assert.deepEqual(gate.load, { atWork: 1, waiting: 0 });
  store.answerOne();
  await first;
  assert.deepEqual(store.asked.length, 1);
});

test('any order of asking and answering: never more at work than allowed, in order, and the gate ends empty', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, maxQueries) => {
        const gate = new ReadGate({ maxQueries, maxWaiting: 100, timeoutSeconds: 60 });
        const store = new SlowWarehouse();
        const all: Promise<unknown>[] = [];
        for (const asks of steps) {
          if (asks) all.push(gate.through(store).queryRows(String(all.length)));
          else store.answerOne();
          await turn();
        }
        while (gate.load.atWork > 0) {
          store.answerOne();
          await turn();
        }
        await Promise.all(all);
        assert.ok(store.most <= maxQueries);
        assert.deepEqual(
          store.asked.map((sql) => Number.parseInt(sql, 10)),
          all.map((_, i) => i),
        );
        assert.deepEqual(gate.load, { atWork: 0, waiting: 0 });
      },
    ),
    { numRuns: 50 },
  );
});
