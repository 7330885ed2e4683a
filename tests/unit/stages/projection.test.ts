/** Projection: the greatest (event start, known time) that is not withdrawn, and what stands in for one that is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RowSpec } from './raw-input.ts';
import { StageWorld } from './stage-world.ts';

const tick = (minute: number, price: string, known: number, more: Partial<RowSpec> = {}): RowSpec => {
  const clock = (m: number): string => `2025-07-01T10:${String(m).padStart(2, '0')}Z`;
  return {
    dataset: 'trade',
    series: 'NG',
    start: clock(minute),
    known: clock(known),
    tradeId: `T${minute}`,
    values: [['price', price]],
    ...more,
  };
};
const cancel = (minute: number, known: number): RowSpec => tick(minute, '', known, { cancels: true });

test('the later event wins, then the later knowledge', async () => {
  const world = new StageWorld();
  const served = async (row: RowSpec): Promise<string> => {
    const { latest } = await world.run([row]);
    return `${world.served()[0].slice(-8)} ${JSON.stringify(latest.balance.dropped)}`;
  };
  assert.equal(await served(tick(5, '1', 6)), '05:00Z 1 {}');
  assert.equal(await served(tick(4, '2', 9)), '05:00Z 1 {"SUPERSEDED":1}');
  assert.equal(await served(tick(5, '3', 8)), '05:00Z 3 {}');
  assert.equal(await served(tick(5, '4', 7)), '05:00Z 3 {"SUPERSEDED":1}');
  assert.equal(await served(tick(6, '5', 7)), '06:00Z 5 {}');
});

test('a cancel falls back; gone when nothing is left; and back again', async () => {
  const world = new StageWorld();
  const steps: readonly (readonly [RowSpec, string])[] = [
    [tick(5, '1', 6), 'default NG 2025-07-01T10:05:00Z 1'],
    [tick(7, '2', 8), 'default NG 2025-07-01T10:07:00Z 2'],
    [cancel(7, 9), 'default NG 2025-07-01T10:05:00Z 1'],
    [cancel(5, 10), 'default NG gone'],
    [cancel(3, 11), 'default NG gone'],
    [tick(2, '9', 12), 'default NG 2025-07-01T10:02:00Z 9'],
    [tick(7, '8', 13), 'default NG 2025-07-01T10:07:00Z 8'],
    [cancel(2, 14), 'default NG 2025-07-01T10:07:00Z 8'],
  ];
  for (const [row, expected] of steps) {
    await world.run([row]);
    assert.deepEqual(world.served(), [expected]);
    world.restart();
  }
});

test('a cancel and what comes after it in one batch', async () => {
  const world = new StageWorld();
  const { latest } = await world.run([tick(5, '1', 6), tick(7, '2', 8), cancel(7, 9), tick(6, '3', 10)]);
  assert.deepEqual(world.served(), ['default NG 2025-07-01T10:06:00Z 3']);
  assert.equal(latest.output.ticks.length, 1);
  assert.deepEqual([latest.balance.in, latest.balance.out, latest.balance.held], [4, 4, 0]);
});

test('equal event start: sequence, then event id, decide when known times are equal', async () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((sequence) =>
    tick(5, `${sequence}`, 6, { sequence, tradeId: '' }),
  );
  for (const order of [rows, [...rows].reverse()]) {
    const world = new StageWorld();
    for (const row of order) await world.run([row]);
    assert.deepEqual(world.served(), ['default NG 2025-07-01T10:05:00Z 9']);
  }
});

test('MISSING_METADATA is no property of a served value', async () => {
  const world = new StageWorld();
  const { enriched, latest } = await world.run([tick(5, '1', 6)]);
  assert.equal(enriched.output.ticks.flags[0] & 16, 16);
  assert.equal(latest.output.ticks.flags[0] & 16, 0);
});

test('values, corrections and cancels in any order and any cut: what is served is what silver says', async () => {
  const step = fc.record({ minute: fc.nat(3), price: fc.nat(3), known: fc.nat(20), cancels: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.array(fc.boolean()),
      async (steps, cuts) => {
        const known = new Set<string>();
        const rows = steps
          .filter(({ minute, known: k }) => !known.has(`${minute},${k}`) && known.add(`${minute},${k}`))
          .map(({ minute, price, known: k, cancels }) =>
            cancels ? cancel(minute, 10 + k) : tick(minute, `${price}`, 10 + k),
          );
        const world = new StageWorld();
        let batch: RowSpec[] = [];
        for (const [k, row] of rows.entries()) {
          batch.push(row);
          if (cuts[k] !== true && k !== rows.length - 1) continue;
          await world.run(batch);
          batch = [];
        }
        const newest = new Map<string, RowSpec>();
        for (const row of [...rows].sort((a, b) => (a.known < b.known ? -1 : 1)))
          newest.set(String(row.start), row);
        const [best] = [...newest.values()]
          .filter((row) => row.cancels !== true)
          .sort((a, b) => (a.start > b.start ? -1 : 1));
        const expected =
          best === undefined
            ? 'default NG gone'
            : `default NG ${String(best.start).replace('Z', ':00Z')} ${best.values?.[0][1]}`;
        assert.deepEqual(world.served(), [expected]);
      },
    ),
    { numRuns: 400 },
  );
});
