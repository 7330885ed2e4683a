/** Inputs made by someone who wants to lose a value, double one, or have a wrong one served. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../core/time/instant.ts';
import { hour, runEach, runWhole, trade } from './prices-and-trades.ts';
import { StageWorld } from './stage-world.ts';

test('two tenants with the same instruments never meet', async () => {
  const rows = ['a', 'b'].flatMap((tenant, k) => [
    trade('10:00:01', `${k + 1}`, '2025-07-01T10:00:02Z', { tenant, tradeId: 'T-1' }),
    trade('10:00:30', `${k + 5}`, '2025-07-01T10:00:31Z', { tenant, tradeId: 'T-2' }),
    trade('10:00:30', '0', '2025-07-01T10:01:00Z', { tenant, tradeId: 'T-2', cancels: k === 0 }),
  ]);
  for (const world of [await runWhole(rows), await runEach(rows)]) {
    await world.close('2025-07-03T00:00Z');
    assert.equal(world.stores.silver.size, 6);
    assert.deepEqual(world.served(), ['a NG 2025-07-01T10:00:01Z 1', 'b NG 2025-07-01T10:00:30Z 0']);
    const minutes = world.bars('1m').map((bar) => bar.split(' | '));
    assert.deepEqual(
      minutes.map((bar) => [bar[0], bar[7], bar[11]]),
      [
        ['a', '1/1/1/1', 'count 1'],
        ['b', '2/2/0/0', 'count 2'],
      ],
    );
  }
});

test('anomalies of one batch are told apart by tenant', async () => {
  const world = new StageWorld();
  const { normalized, enriched } = await world.run([
    hour(1, '9999', '2025-06-30T15:00Z', { tenant: 'a' }),
    hour(1, '9999', '2025-06-30T15:00Z', { tenant: 'b' }),
    hour(2, '9999', '2025-06-30T15:00Z', { tenant: 'b' }),
    hour(3, 'x', '2025-06-30T15:00Z', { tenant: 'b' }),
  ]);
  const told = (list: typeof normalized.anomalies) => list.map((a) => [a.tenant, a.type, a.count]);
  assert.deepEqual(told(normalized.anomalies), [
    ['b', 'REJECTED_VALUES', 1],
    ['a', 'OUT_OF_RANGE', 1],
    ['b', 'OUT_OF_RANGE', 2],
  ]);
  assert.deepEqual(told(enriched.anomalies), [
    ['a', 'MISSING_METADATA', 1],
    ['b', 'MISSING_METADATA', 2],
  ]);
});

test('a value that arrives after its own cancel is not served', async () => {
  const older = trade('10:00:00', '1', '2025-07-01T10:00:01Z', { tradeId: 'A' });
  const cancel = trade('10:05:00', '', '2025-07-01T10:06:00Z', { tradeId: 'B', cancels: true });
  const late = trade('10:05:00', '7', '2025-07-01T10:05:01Z', { tradeId: 'B' });
  for (const rows of [
    [older, cancel, late],
    [cancel, late, older],
    [cancel, older, late],
    [older, late, cancel],
  ])
    for (const world of [await runWhole(rows), await runEach(rows)])
      assert.deepEqual(world.served(), ['default NG 2025-07-01T10:00:00Z 1']);
  assert.deepEqual((await runEach([cancel, late])).served(), ['default NG gone']);
});

test('a served row never falls behind another topic’s position', async () => {
  const world = new StageWorld();
  await world.run(Array.from({ length: 5 }, (_, k) => hour(k, `${k}`, '2025-06-30T15:00Z')));
  const [{ tick }] = [...world.stores.latest.values()];
  assert.equal(tick.srcOffset[0], 4);
  // The same instrument from another topic, at a lower offset there.
  const { ProjectLatestStage } = await import('../../../services/projection/project-latest.stage.ts');
  const { TickBatch } = await import('../../../core/model/tick-batch.ts');
  const { planOf } = await import('./raw-input.ts');
  const { names } = world.stores;
  const stage = new ProjectLatestStage(names);
  const { state } = stage.open();
  const context = { names, plan: planOf(0, 1) };
  const ticks = new TickBatch(names, 1);
  ticks.append(tick, 0);
  ticks.eventStart[0] += HOUR;
  ticks.srcTopic[0] = names.topics.idOf('ingestion.other.raw.v1');
  ticks.srcOffset[0] = 1;
  const input = { ticks, taxonomyOf: new Uint32Array(1), taxa: [] };
  stage.questions(input, state);
  const stored = { kind: 'latest' as const, ticks: tick, gone: new Uint8Array(1) };
  const { output } = stage.apply(input, state, [stored], context);
  assert.equal(output.ticks.eventStart[0], tick.eventStart[0] + HOUR);
  assert.ok(output.ticks.srcOffset[0] >= 4);
});

test('values longer than every interval have no bars and are counted', async () => {
  const world = new StageWorld();
  const month = hour(1, '10', '2025-06-30T15:00Z', { end: '2025-08-01T00:00Z' });
  const { bars } = await world.run([month]);
  assert.deepEqual(bars.balance.dropped, { NOT_AGGREGATED: 1 });
  await world.close('2026-01-01T00:00Z');
  assert.deepEqual(world.bars(), []);
});

test('a trade that names a field twice is set aside, and stops nothing', async () => {
  const world = new StageWorld();
  const values = [
    ['price', '1'],
    ['price', '2'],
  ] as const;
  const { normalized } = await world.run([trade('10:00:00', '', '2025-07-01T10:00:01Z', { values })]);
  assert.equal(normalized.balance.rejected, 2);
  assert.equal(normalized.rejected[0].code, 'EVENT_UNDECODABLE');
  assert.equal(normalized.rejected[0].field, 'price');
});

test('a cancel without any value is no silence', async () => {
  const bare = { values: [], cancels: true };
  const world = await runEach([
    trade('10:00:00', '1', '2025-07-01T10:00:01Z', { tradeId: 'A' }),
    trade('10:00:00', '', '2025-07-01T10:01:00Z', { tradeId: 'A', ...bare }),
  ]);
  assert.deepEqual(world.served(), ['default NG gone']);
  const { normalized } = await world.run([hour(1, '', '2025-06-30T15:00Z', bare)]);
  assert.deepEqual(
    normalized.rejected.map(({ code, values }) => [code, values]),
    [['EVENT_UNDECODABLE', 0]],
  );
});

test('a price below zero is out of range where the market has no negative prices', async () => {
  const world = new StageWorld();
  const { normalized } = await world.run([
    hour(1, '-0.01', '2025-07-01T01:30Z', { dataset: 'rt_lmp' }),
    hour(2, '0', '2025-07-01T02:30Z', { dataset: 'rt_lmp' }),
    hour(3, '-0.01', '2025-07-01T03:30Z'),
  ]);
  assert.deepEqual(
    [...world.silver()].map((line) => line.split(' | ')[13]),
    ['PRICE_NEGATIVE', 'PRICE_NEGATIVE+OUT_OF_RANGE', 'VALID'],
  );
  assert.deepEqual(
    normalized.anomalies.map((a) => a.type),
    ['OUT_OF_RANGE'],
  );
});

test('positions never fall within a batch of ticks, also with reinstated repeats', async () => {
  const world = new StageWorld();
  await world.run([hour(1, '10', '2025-06-30T10:00Z')]);
  await world.run([hour(1, '10', '2025-06-30T12:00Z')]);
  const { normalized } = await world.run([
    hour(1, '20', '2025-06-30T11:00Z'),
    hour(2, '30', '2025-06-30T12:00Z'),
  ]);
  const { ticks } = normalized.output;
  assert.equal(normalized.balance.reinstated, 1);
  assert.deepEqual([...ticks.srcOffset.subarray(0, ticks.length)], [2, 3, 3]);
  assert.equal(ticks.eventStart[2], ticks.eventStart[0]);
});

test('an interval that ends where no question reaches is refused, and the last moment before is not', async () => {
  const world = new StageWorld();
  const known = '2099-12-31T23:00Z';
  const { normalized } = await world.run([
    hour(1, '1', known, { start: '2100-01-01T00:00Z', end: '2100-01-01T01:00Z' }),
    hour(1, '1', known, { start: '2099-12-31T23:00Z', end: '2100-01-01T00:00:00.000001Z' }),
    hour(1, '1', known, { start: '2099-12-31T23:00Z', end: '2100-01-01T00:00Z' }),
    hour(1, '1', known, { start: '2099-12-31T23:00Z', end: '2099-12-31T22:00Z' }),
    hour(1, '1', known, { start: '1995-01-01T00:00Z', end: '1995-01-01T01:00Z' }),
    hour(1, '1', known, { start: '1994-12-31T23:59:59.999999Z', end: '1995-01-01T01:00Z' }),
  ]);
  assert.deepEqual(
    normalized.rejected.map(({ code, sourceOffset, field }) => [code, sourceOffset, field]),
    [
      ['TIME_OUT_OF_RANGE', 0, 'interval_start'],
      ['TIME_OUT_OF_RANGE', 1, 'interval_end'],
      ['TIME_OUT_OF_RANGE', 3, 'interval_end'],
      ['TIME_OUT_OF_RANGE', 5, 'interval_start'],
    ],
  );
  // What is kept is found again after a restart: the same again is a duplicate.
  world.restart();
  const again = await world.run([
    hour(1, '1', known, { start: '2099-12-31T23:00Z', end: '2100-01-01T00:00Z' }),
  ]);
  assert.deepEqual(again.normalized.balance.dropped, { DUPLICATE: 1 });
});

test('equal known times and other values: both orders give the same bar and the same served row', async () => {
  const one = hour(1, '10', '2025-06-30T15:00Z');
  const other = hour(1, '20', '2025-06-30T15:00Z');
  const results = [];
  for (const rows of [
    [one, other],
    [other, one],
  ])
    for (const world of [await runWhole(rows), await runEach(rows)]) {
      await world.close('2025-07-09T00:00Z');
      results.push([...world.bars(), ...world.served()].join('\n'));
    }
  assert.equal(new Set(results).size, 1);
  assert.match(results[0], /count 1/);
});

test('revision, original, cancel and its undoing in any order of one batch', async () => {
  const rows = [
    hour(1, '10', '2025-06-30T10:00Z'),
    hour(1, '20', '2025-06-30T11:00Z'),
    hour(1, '', '2025-06-30T12:00Z', { cancels: true }),
    hour(1, '10', '2025-06-30T13:00Z'),
  ];
  const results = new Set<string>();
  for (const order of permutations([0, 1, 2, 3])) {
    const world = await runWhole(order.map((k) => rows[k]));
    await world.close('2025-07-09T00:00Z');
    const asOf = world.bars('1h').map((bar) => bar.split(' | ').slice(5, 8).join(' '));
    results.add([...asOf, ...world.served()].join('\n'));
  }
  assert.deepEqual(
    [...results],
    [
      [
        'known 2025-06-30T10:00:00Z final 10/10/10/10',
        'known 2025-06-30T11:00:00Z revised 20/20/20/20',
        'known 2025-06-30T12:00:00Z empty 0/0/0/0',
        'known 2025-06-30T13:00:00Z revised 10/10/10/10',
        'default NYISO.DA.LMP.WEST 2025-07-01T01:00:00Z 10',
      ].join('\n'),
    ],
  );
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((first, k) =>
    permutations(list.filter((_, j) => j !== k)).map((rest) => [first, ...rest]),
  );
}

test('names of any length and script, and plans without a record', async () => {
  const world = new StageWorld();
  const names = ['Zürich', '東京', '🙂', 'x'.repeat(10_000), 'a|b:c.d'];
  await world.run(names.map((location, k) => hour(1, `${k}`, '2025-06-30T15:00Z', { location })));
  const { normalized } = await world.run([]);
  assert.deepEqual([normalized.balance.in, normalized.output.ticks.length], [0, 0]);
  assert.equal(world.stores.silver.size, names.length);
  world.restart();
  const again = await world.run(
    names.map((location, k) => hour(1, `${k}`, '2025-06-30T15:00Z', { location })),
  );
  assert.deepEqual(again.normalized.balance.dropped, { DUPLICATE: names.length });
});
