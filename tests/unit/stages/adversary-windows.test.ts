/** Inputs made by someone who wants a bar that is wrong, missing, or another one after a restart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../core/time/instant.ts';
import { hour, runEach, runWhole, trade } from './prices-and-trades.ts';
import type { RowSpec } from './raw-input.ts';
import { StageWorld } from './stage-world.ts';

test('a window complete within a batch has a row for what came after it in the same batch', async () => {
  // A second value of the same hour with its own sequence number: another natural key, no revision.
  const rows = [
    hour(1, '10', '2025-06-30T15:00Z', { sequence: 1 }),
    hour(1, '20', '2025-06-30T16:00Z', { sequence: 2 }),
  ];
  const whole = await runWhole(rows);
  assert.deepEqual(whole.bars('1h'), (await runEach(rows)).bars('1h'));
  assert.deepEqual(
    whole.bars('1h').map((bar) => bar.split(' | ').slice(5, 8)),
    [
      ['known 2025-06-30T15:00:00Z', 'final', '10/10/10/10'],
      ['known 2025-06-30T16:00:00Z', 'revised', '10/20/10/20'],
    ],
  );
});

test('a revision with a longer interval takes the value out of the finer bars', async () => {
  const rows = [
    hour(1, '10', '2025-06-30T15:00Z'),
    hour(1, '30', '2025-06-30T16:00Z', { end: '2025-07-01T05:00Z' }),
  ];
  for (const world of [await runWhole(rows), await runEach(rows)]) {
    await world.close('2025-07-09T00:00Z');
    const hours = world.bars('1h').map((bar) => bar.split(' | ').slice(5, 7));
    assert.deepEqual(hours, [
      ['known 2025-06-30T15:00:00Z', 'final'],
      ['known 2025-06-30T16:00:00Z', 'empty'],
    ]);
    assert.match(world.bars('1d').join(), /30\/30\/30\/30/);
  }
});

test('closed by the clock, restarted, then a late value: the same rows as without the restart', async () => {
  const rows = [
    trade('10:00:05', '1', '2025-07-01T10:00:06Z', { tradeId: 'A' }),
    trade('10:00:10', '5', '2025-07-01T10:03:00Z', { tradeId: 'B' }),
  ];
  const results = [];
  for (const restarts of [false, true]) {
    const world = new StageWorld();
    await world.run(rows.slice(0, 1), '2025-07-01T10:00:07Z');
    await world.close('2025-07-01T12:00Z');
    if (restarts) world.restart();
    await world.run(rows.slice(1), '2025-07-01T12:01Z');
    await world.close('2025-07-03T00:00Z');
    results.push(world.bars());
  }
  assert.deepEqual(results[1], results[0]);
  assert.match(results[0].join('\n'), /1m .* known 2025-07-01T10:03:00Z \| final \| 1\/5\/1\/5/);
});

test('after a restart a window that the clock has closed is not shown as provisional again', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:05', '1', '2025-07-01T10:00:06Z')], '2025-07-01T10:00:07Z');
  assert.equal(world.aggregate.current?.windows.provisional().length, 4);
  await world.close('2025-07-01T12:00Z');
  world.restart();
  await world.run([hour(20, '1', '2025-06-30T15:00Z')], '2025-07-01T12:01Z');
  const open = world.aggregate.current?.windows.provisional();
  // The hour is final as soon as it lands; of the trade only the day is still open.
  assert.deepEqual([...(open?.interval.subarray(0, open.length) ?? [])], [3, 3]);
  const stated = await world.close('2025-07-01T12:02Z');
  assert.equal(stated.length, 3);
});

test('two datasets with one instrument: a slow one never replaces the bar of the other', async () => {
  const first = [
    hour(1, '10', '2025-07-01T00:00Z', { end: '2025-07-01T01:30Z' }),
    hour(1, '11', '2025-07-01T00:10Z', { start: '2025-07-01T01:30Z' }),
  ];
  const passing = hour(9, '50', '2025-07-02T12:00Z', {
    start: '2025-07-02T09:00Z',
    end: '2025-07-02T10:00Z',
  });
  const slow = hour(1, '99', '2025-07-01T03:30Z', {
    dataset: 'da_lmp_final',
    end: '2025-07-01T01:15Z',
  });
  const results = [];
  for (const restarts of [false, true]) {
    const world = new StageWorld();
    await world.run(first);
    await world.run([passing]);
    if (restarts) world.restart();
    await world.run([slow]);
    results.push(world.bars('1h'));
    assert.match(world.bars('1h').join('\n'), /known 2025-07-01T03:30:00Z \| revised .* count 3/);
    assert.doesNotMatch(world.bars().join('\n'), /known 2025-07-01T03:30:00Z .* count 1 /);
  }
  assert.deepEqual(results[1], results[0]);
});

test('two datasets with one instrument: any cut and any restart give the same bars', async () => {
  const rows: RowSpec[] = [];
  for (let k = 0; k < 12; k++) {
    const minute = (m: number) => `2025-07-01T01:${String(m).padStart(2, '0')}Z`;
    const dataset = k % 3 === 0 ? 'da_lmp_final' : 'da_lmp';
    const known = Date.parse('2025-07-01T02:00Z') * 1000 + ((k * 7) % 12) * HOUR;
    rows.push(hour(1, `${k}`, '', { dataset, known, start: minute(k * 4), end: minute(k * 4 + 2) }));
  }
  const whole = await runWhole(rows);
  await whole.close('2025-07-09T00:00Z');
  assert.ok(whole.bars().length > 10, String(whole.bars().length));
  const each = new StageWorld();
  for (const row of rows) {
    await each.run([row]);
    each.restart();
  }
  await each.close('2025-07-09T00:00Z');
  assert.deepEqual(each.bars(), whole.bars());
});

test('a batch run again takes the same rows back as the first time', async () => {
  const rows = [
    trade('10:00:05', '1', '2025-07-01T10:00:06Z', { tradeId: 'A' }),
    trade('12:00:00', '1', '2025-07-01T12:00:00Z', { tradeId: 'X' }),
    trade('10:00:10', '5', '2025-07-01T10:03:00Z', { tradeId: 'B' }),
  ];
  const world = await runEach(rows.slice(0, 2));
  const { bars } = await world.run(rows.slice(2));
  const intervals = world.policy.intervals;
  const { barText } = await import('./stage-world.ts');
  const lines = (batch: typeof bars.output.statements): string[] =>
    Array.from({ length: batch.length }, (_, j) => barText(batch, j, intervals)).sort();
  assert.match(lines(bars.output.statements).join('\n'), /retracted/);
  // The plan again, over stores that have its rows already.
  world.restart();
  world.rewind(1);
  const again = await world.run(rows.slice(2));
  assert.deepEqual(lines(again.bars.output.statements), lines(bars.output.statements));
});

test('windows far apart are asked for on their own', async () => {
  const world = await runEach([hour(1, '1', '2025-07-01T00:00Z')]);
  await world.run([
    trade('10:00:00', '1', '2025-07-01T10:00:01Z', { tradeId: 'A' }),
    trade('', '2', '2025-07-01T11:00:00Z', { start: '2015-07-01T10:00:00Z', tradeId: 'B' }),
    trade('10:00:00', '', '2025-07-01T10:01:00Z', { tradeId: 'A', cancels: true }),
  ]);
  const ranges = world.asked.filter((q) => q.kind === 'bars');
  assert.equal(ranges.length, 2);
  for (const range of ranges) assert.ok(range.to - range.from <= 48 * HOUR);
});

test('a value that completes its window, known before one that came first', async () => {
  // Half an hour known later, and the whole hour known earlier: final with the hour, revised with the half.
  const half = hour(1, '20', '2025-06-30T16:00Z', { end: '2025-07-01T01:30Z', sequence: 2 });
  const whole = hour(1, '10', '2025-06-30T15:00Z', { sequence: 1 });
  for (const rows of [
    [half, whole],
    [whole, half],
  ])
    for (const world of [await runWhole(rows), await runEach(rows)])
      assert.deepEqual(
        world.bars('1h').map((bar) => bar.split(' | ').slice(5, 8).join(' ')),
        ['known 2025-06-30T15:00:00Z final 10/10/10/10', 'known 2025-06-30T16:00:00Z revised 10/20/10/20'],
      );
});

test('a window closed within a batch and made anew in it says only what its history says', async () => {
  const rows = [
    trade('10:00:05', '1', '2025-07-01T10:00:06Z', { tradeId: 'A' }),
    trade('12:00:00', '1', '2025-07-01T12:00:00Z', { tradeId: 'X' }),
    trade('10:00:10', '5', '2025-07-01T10:03:00Z', { tradeId: 'B' }),
  ];
  const [whole, each] = [await runWhole(rows), await runEach(rows)];
  assert.deepEqual(whole.bars(), each.bars());
  assert.equal(whole.bars('1m').length, 1);
});

test('two datasets with one instrument: a restart does not forget the older one', async () => {
  const results = [];
  for (const restarts of [false, true]) {
    const world = new StageWorld();
    const slow = { dataset: 'da_lmp_final', end: '2025-07-01T01:15Z' };
    await world.run([hour(1, '10', '2025-07-01T00:00Z', { end: '2025-07-01T01:30Z' })]);
    await world.run([hour(1, '50', '2025-07-01T03:30Z', slow)]);
    const later = { start: '2025-07-09T09:00Z', end: '2025-07-09T10:00Z' };
    await world.run([hour(9, '1', '2025-07-09T08:00Z', later)]);
    if (restarts) world.restart();
    await world.run([hour(1, '70', '2025-07-01T03:40Z', { ...slow, sequence: 2 })]);
    await world.close('2025-08-01T00:00Z');
    results.push(world.bars());
  }
  assert.deepEqual(results[1], results[0]);
  assert.match(results[0].join('\n'), /1h .* known 2025-07-01T03:40:00Z .* count 3/);
});
