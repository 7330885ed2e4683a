/** Aggregation: exact windows, days of 23 and 25 hours, sums, late data through every interval, closing, draining. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregationSchema } from '../../../services/aggregation/config.ts';
import type { RowSpec } from './raw-input.ts';
import { POLICY, StageWorld } from './stage-world.ts';

const trade = (time: string, price: string, volume = '1', more: Partial<RowSpec> = {}): RowSpec => ({
  dataset: 'trade',
  series: 'NG',
  start: `2025-07-01T${time}Z`,
  known: `2025-07-01T${time}Z`,
  tradeId: `${time}/${price}`,
  values: [
    ['price', price],
    ['volume', volume],
  ],
  ...more,
});

/** Bars of one interval as start, status, prices, volume, count. */
function short(world: StageWorld, interval: string): string[] {
  return world.bars(interval).map((bar) => {
    const [, , , start, , , status, prices, volume, , , count] = bar.split(' | ');
    return [start.slice(11, 16), status, prices, volume.slice(7), count.slice(6)].join(' ');
  });
}

test('a window holds its start and not its end', async () => {
  const world = new StageWorld();
  await world.run([
    trade('10:00:00', '1'),
    trade('10:00:59.999999', '2'),
    trade('10:01:00', '3'),
    trade('10:04:59.999999', '4'),
    trade('10:05:00', '5'),
    trade('10:59:59.999999', '6'),
    trade('11:00:00', '7'),
  ]);
  await world.close('2025-07-03T00:00Z');
  assert.deepEqual(short(world, '1m'), [
    '10:00 final 1/2/1/2 2 2',
    '10:01 final 3/3/3/3 1 1',
    '10:04 final 4/4/4/4 1 1',
    '10:05 final 5/5/5/5 1 1',
    '10:59 final 6/6/6/6 1 1',
    '11:00 final 7/7/7/7 1 1',
  ]);
  assert.deepEqual(short(world, '5m'), [
    '10:00 final 1/4/1/4 4 4',
    '10:05 final 5/5/5/5 1 1',
    '10:55 final 6/6/6/6 1 1',
    '11:00 final 7/7/7/7 1 1',
  ]);
  assert.deepEqual(short(world, '1h'), ['10:00 final 1/6/1/6 6 6', '11:00 final 7/7/7/7 1 1']);
  assert.deepEqual(short(world, '1d'), ['04:00 final 1/7/1/7 7 7']);
});

/** Twenty-four or so hourly prices, known at once. */
function day(first: string, hours: number): RowSpec[] {
  const start = Date.parse(first) * 1000;
  return Array.from({ length: hours }, (_, k) => ({
    location: 'WEST',
    start: start + k * 3600e6,
    end: start + (k + 1) * 3600e6,
    known: start - 13 * 3600e6,
    values: [['lmp', String(k)]] as const,
  }));
}

test('market days of 23 and 25 hours, complete with their last hour', async () => {
  for (const [first, hours, end] of [
    ['2025-03-09T05:00Z', 23, '2025-03-10T04:00:00Z'],
    ['2025-11-02T04:00Z', 25, '2025-11-03T05:00:00Z'],
    ['2025-07-01T04:00Z', 24, '2025-07-02T04:00:00Z'],
  ] as const) {
    const world = new StageWorld();
    await world.run(day(first, hours).slice(0, -1));
    assert.deepEqual(world.bars('1d'), [], 'not all hours have landed');
    await world.run(day(first, hours).slice(-1));
    const [bar] = world.bars('1d');
    assert.match(
      bar,
      new RegExp(
        `${end} .* final \\| 0/${hours - 1}/0/${hours - 1} .* seconds ${hours * 3600} \\| count ${hours} `,
      ),
    );
    await world.close('2026-01-01T00:00Z');
    assert.equal(world.bars('1d').length, 1);
    assert.equal(world.bars('1h').length, hours);
  }
});

test('days by the UTC calendar when the policy says so', async () => {
  const world = new StageWorld({ policy: aggregationSchema.parse({ ...POLICY, day: 'utc' }) });
  await world.run(day('2025-11-02T00:00Z', 25));
  await world.close('2026-01-01T00:00Z');
  assert.deepEqual(
    world.bars('1d').map((bar) => bar.split(' | ').slice(3, 5).join()),
    ['2025-11-02T00:00:00Z,2025-11-03T00:00:00Z', '2025-11-03T00:00:00Z,2025-11-04T00:00:00Z'],
  );
});

test('15m by configuration alone', async () => {
  const world = new StageWorld({ policy: aggregationSchema.parse({ ...POLICY, intervals: ['15m'] }) });
  await world.run([trade('10:14:59.999999', '1'), trade('10:15:00', '2'), trade('10:29:00', '3')]);
  await world.close('2025-07-03T00:00Z');
  assert.deepEqual(short(world, '15m'), ['10:00 final 1/1/1/1 1 1', '10:15 final 2/3/2/3 2 2']);
});

test('zero volume counts and weighs nothing; negative prices are prices; sums are exact', async () => {
  const world = new StageWorld();
  await world.run([
    trade('10:00:01', '-5.5', '0.00000001'),
    trade('10:00:02', '0', '0'),
    trade('10:00:03', '-9999999999.99999999', '9999999999.99999999'),
    trade('10:00:04', '9999999999.99999999', '9999999999.99999999'),
    trade('10:00:05', '3', '', { values: [['price', '3']] }),
  ]);
  await world.close('2025-07-03T00:00Z');
  const [bar] = world.bars('1m');
  assert.match(bar, /-5\.5\/9999999999\.99999999\/-9999999999\.99999999\/3/);
  assert.match(
    bar,
    /volume 19999999999\.99999999 \| notional -0\.000000055 \| seconds 0 \| count 5 \| PRICE_NEGATIVE$/,
  );
});

test('ticks without a price have no bars and are counted', async () => {
  const world = new StageWorld();
  const { bars } = await world.run([
    trade('10:00:01', '', '', {
      values: [
        ['bid', '1'],
        ['ask', '2'],
      ],
    }),
  ]);
  assert.deepEqual(bars.balance.dropped, { NOT_AGGREGATED: 2 });
  await world.close('2025-07-03T00:00Z');
  assert.deepEqual(world.bars(), []);
});

test('open and close go by event time, sequence, then event id, in any order of arrival', async () => {
  const rows = [
    trade('10:00:01', '1', '1', { sequence: 2, tradeId: '', known: '2025-07-01T10:00:30Z' }),
    trade('10:00:01', '2', '1', { sequence: 1, tradeId: '', known: '2025-07-01T10:00:20Z' }),
    trade('10:00:09', '3', '1', { sequence: 1, tradeId: '', known: '2025-07-01T10:00:10Z' }),
    trade('10:00:09', '4', '1', { sequence: 9, tradeId: '', known: '2025-07-01T10:00:11Z' }),
  ];
  for (const order of [rows, [...rows].reverse()]) {
    const world = new StageWorld();
    for (const row of order) await world.run([row]);
    await world.close('2025-07-03T00:00Z');
    assert.deepEqual(short(world, '1m'), ['10:00 final 2/4/1/4 4 4']);
  }
});

test('closing: at its end plus lateness of the known time, not a moment earlier', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:30', '1')]);
  await world.run([trade('10:10:59.999999', '2')]);
  assert.deepEqual(short(world, '1m'), []);
  await world.run([trade('10:11:00', '3')]);
  assert.deepEqual(short(world, '1m'), ['10:00 final 1/1/1/1 1 1']);
  // The clock of the runner does the same when nothing comes.
  assert.equal(
    world.aggregate.current?.windows.clocks.nextDeadline(),
    Date.parse('2025-07-01T10:15Z') * 1000,
  );
  await world.close('2025-07-01T10:20:59.999999Z');
  assert.deepEqual(short(world, '1m'), ['10:00 final 1/1/1/1 1 1']);
  await world.close('2025-07-01T10:21:00Z');
  assert.deepEqual(short(world, '1m'), ['10:00 final 1/1/1/1 1 1', '10:10 final 2/2/2/2 1 1']);
});

test('a tick known at the very moment of closing is late', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:30', '1'), trade('10:00:40', '2', '1', { known: '2025-07-01T10:11:00Z' })]);
  assert.deepEqual(short(world, '1m'), ['10:00 final 1/1/1/1 1 1', '10:00 revised 1/2/1/2 2 2']);
});

test('late data revise every interval that they fall into, and no other', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:30', '1'), trade('10:07:00', '2'), trade('11:30:00', '3')]);
  await world.run([trade('10:06:00', '9', '1', { known: '2025-07-01T11:31:00Z' })]);
  await world.close('2025-07-03T00:00Z');
  assert.deepEqual(short(world, '1m'), [
    '10:00 final 1/1/1/1 1 1',
    '10:06 final 9/9/9/9 1 1',
    '10:07 final 2/2/2/2 1 1',
    '11:30 final 3/3/3/3 1 1',
  ]);
  assert.deepEqual(short(world, '5m'), [
    '10:00 final 1/1/1/1 1 1',
    '10:05 final 2/2/2/2 1 1',
    '10:05 revised 9/9/2/2 2 2',
    '11:30 final 3/3/3/3 1 1',
  ]);
  assert.deepEqual(short(world, '1h').slice(0, 2), ['10:00 final 1/2/1/2 2 2', '10:00 revised 1/9/1/2 3 3']);
  assert.deepEqual(short(world, '1d'), ['04:00 final 1/9/1/3 4 4']);
});

test('provisional bars stand for what is open, and are gone once it is closed', async () => {
  const world = new StageWorld();
  const { bars } = await world.run([trade('10:00:30', '1'), trade('10:00:40', '2'), trade('10:01:00', '3')]);
  const { provisional } = bars.output;
  assert.deepEqual([...provisional.interval.subarray(0, provisional.length)].sort(), [0, 0, 1, 2, 3]);
  assert.deepEqual([...provisional.count.subarray(0, provisional.length)].sort(), [1, 2, 3, 3, 3]);
  assert.equal(bars.output.statements.length, 0);
  const drained = () => world.aggregate.current?.windows.provisional().length;
  assert.equal(drained(), 5);
  await world.close('2025-07-01T10:11:00Z');
  assert.equal(drained(), 4);
  await world.close('2025-07-03T00:00Z');
  assert.equal(drained(), 0);
  assert.equal(world.bars().length, 5);
});

test('values known before the state’s positions are not counted twice', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:30', '1')]);
  world.rewind(1);
  // The state has come further than the plan says: the same position again is a redelivery.
  const { bars } = await world.run([trade('10:00:31', '5')]);
  assert.deepEqual(bars.balance.dropped, { REDELIVERED: 2 });
});

test('a window that closes within a batch is no provisional bar of that batch', async () => {
  const world = new StageWorld();
  const { bars } = await world.run([trade('10:00:30', '1'), trade('10:30:00', '2')]);
  const { provisional, statements } = bars.output;
  const starts = [...provisional.start.subarray(0, provisional.length)].map((at) => (at / 60e6) % 60);
  assert.equal(statements.length, 2);
  // The minute and the five minutes of the second trade, the hour, and the day.
  assert.deepEqual(starts.sort(), [0, 0, 30, 30]);
});

test('a revised hour covers its window once', async () => {
  const world = new StageWorld();
  const hours = day('2025-07-01T04:00Z', 24);
  const revised = { ...hours[0], known: '2025-06-30T18:00Z', values: [['lmp', '77']] as const };
  await world.run([...hours.slice(0, 23), revised]);
  assert.deepEqual(world.bars('1d'), []);
  await world.run([{ ...hours[23], known: '2025-06-30T19:00Z' }]);
  assert.match(world.bars('1d').join(), /final \| 77\/77\/1\/23 .* count 24/);
});

test('a row made anew stands at the position of the last tick that was looked at', async () => {
  const world = new StageWorld();
  const rows = [trade('10:00:10', '1'), trade('10:00:20', '2'), trade('11:00:00', '3')];
  await world.run(rows);
  await world.run([{ ...rows[1], known: '2025-07-01T11:01:00Z', cancels: true }]);
  const minute = [...world.stores.bars.values()].filter((bar) => bar.interval[0] === 0 && bar.count[0] === 1);
  assert.deepEqual(
    minute.map((bar) => [bar.status[0], bar.srcOffset[0]]),
    [[2, 3]],
  );
});

test('a bar of a window that was made anew while open stands at the position of the cancel', async () => {
  const world = new StageWorld();
  const rows = [trade('10:00:10', '1'), trade('10:00:20', '2')];
  await world.run(rows);
  await world.run([{ ...rows[1], known: '2025-07-01T10:01:00Z', cancels: true }]);
  const stated = await world.close('2025-07-03T00:00Z');
  assert.deepEqual([...stated.srcOffset.subarray(0, stated.length)], [2, 2, 2, 2]);
});

test('a cancel of a value never seen makes no bar, also when it repeats the numbers', async () => {
  const world = new StageWorld();
  await world.run([trade('10:00:10', '1', '5', { cancels: true })]);
  await world.close('2025-07-03T00:00Z');
  assert.deepEqual(world.bars(), []);
});
