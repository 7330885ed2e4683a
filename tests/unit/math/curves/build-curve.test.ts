/** Curves from hand-made quotes: targets, redundancy, conflicts, blocks, gaps, grids, and what is refused. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CarbonError } from '../../../../core/errors.ts';
import { buildCurve, priceOf } from '../../../../core/math/curves/build-curve.ts';
import type {
  CurveDefinition,
  CurveQuote,
  ForwardCurve,
} from '../../../../core/math/curves/forward-curve.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, day, quoteOf } from './quotes.ts';

/** `2026-01-01..2026-02-01 7x24 4.5 QUOTED`, prices to six digits. */
function linesOf(curve: ForwardCurve): string[] {
  return curve.points.map(
    ({ start, end, block, price, source }) =>
      `${formatDay(start)}..${formatDay(end)} ${block} ${Number(price.toFixed(6))} ${source}`,
  );
}

const HOURS = curveOf({ quantity: 'hours' });

test('a quarter over one of its months: the others have what is left of it', () => {
  const curve = buildCurve(curveOf({ quantity: 'months' }), [quoteOf('Q1-2026', 4), quoteOf('2026-01', 5)]);
  assert.deepEqual(linesOf(curve), [
    '2026-01-01..2026-02-01 7x24 5 QUOTED',
    '2026-02-01..2026-04-01 7x24 3.5 IMPLIED',
  ]);
  assert.deepEqual(curve.used, ['2026-01 7x24', 'Q1-2026 7x24']);
  assert.deepEqual(curve.dropped, []);
});

test('quantity rules weigh the same quotes differently', () => {
  const rest = (quantity: CurveDefinition['quantity']): string => {
    const curve = buildCurve(curveOf({ quantity }), [quoteOf('Q1-2026', 4), quoteOf('2026-03', 5)]);
    return curve.points[0].price.toFixed(6);
  };
  assert.equal(rest('months'), ((12 - 5) / 2).toFixed(6));
  assert.equal(rest('days'), ((90 * 4 - 31 * 5) / 59).toFixed(6));
  // 21, 20 and 22 business days; New Year is none.
  assert.equal(rest('business-days'), ((63 * 4 - 22 * 5) / 41).toFixed(6));
  // March has 743 hours.
  assert.equal(rest('hours'), ((2159 * 4 - 743 * 5) / 1416).toFixed(6));
});

test('of a month in months a part counts as the share of its days', () => {
  const curve = buildCurve(curveOf({ quantity: 'months' }), [
    quoteOf('2026-01-21..2026-01-31', 9),
    quoteOf('2026-01', 4),
    quoteOf('2026-02', 5),
    quoteOf('2026-01..2026-02', 4.5),
  ]);
  assert.deepEqual(linesOf(curve), [
    `2026-01-01..2026-01-21 7x24 ${Number(((31 * 4 - 11 * 9) / 20).toFixed(6))} IMPLIED`,
    '2026-01-21..2026-02-01 7x24 9 QUOTED',
    '2026-02-01..2026-03-01 7x24 5 QUOTED',
  ]);
});

/** Two stretches of ten days that share five. */
function straddle(first: Partial<CurveQuote>, second: Partial<CurveQuote>): string[] {
  const from = day('2026-06-01');
  const curve = buildCurve(curveOf(), [
    { ...quoteOf('2026-06', 10), contract: 'A', start: from, end: from + 10, ...first },
    { ...quoteOf('2026-06', 20), contract: 'B', start: from + 5, end: from + 15, ...second },
  ]);
  return curve.points.map(({ price }) => price.toFixed(4));
}

test('partial overlap: least change from the target, which of equal quantities is the fresher, then the first', () => {
  // Targets 10, 10, 20: shifts -10/3 and 20/3.
  assert.deepEqual(straddle({}, {}), ['6.6667', '13.3333', '26.6667']);
  // Targets 10, 20, 20: shifts -20/3 and 10/3.
  assert.deepEqual(straddle({}, { quotedAt: 1 }), ['3.3333', '16.6667', '23.3333']);
  assert.deepEqual(straddle({ contract: 'Z' }, {}), ['3.3333', '16.6667', '23.3333']);
  // The finer sets the target, however old: targets 10, 20, 20 of quantities 15 and 10.
  const finer = straddle({ start: day('2026-05-27'), quotedAt: 9 }, {});
  assert.deepEqual(finer, ['6.0000', '18.0000', '22.0000']);
});

const MONTHS = [quoteOf('2026-01', 60), quoteOf('2026-02', 57), quoteOf('2026-03', 45)];
const MEAN = (31 * 60 + 28 * 57 + 31 * 45) / 90;

test('a quarter that its months imply is dropped as coarser, up to half a tick', () => {
  for (const off of [0, 0.0049, -0.005, 0.005]) {
    const curve = buildCurve(curveOf(), [quoteOf('Q1-2026', MEAN + off, { quotedAt: 5 }), ...MONTHS]);
    const [dropped] = curve.dropped;
    assert.equal(dropped.reason, 'CONSISTENT_DROP_COARSER', String(off));
    assert.ok(
      Math.abs((dropped.residual ?? 9) - off) < 1e-12 && Math.abs((dropped.implied ?? 0) - MEAN) < 1e-12,
    );
    assert.deepEqual(curve.points, buildCurve(curveOf(), MONTHS).points);
  }
});

test('beyond half a tick it is a conflict, and the coarser loses among equals', () => {
  const curve = buildCurve(curveOf(), [quoteOf('Q1-2026', MEAN + 0.0051), ...MONTHS]);
  assert.deepEqual(
    curve.dropped.map(({ contract, reason }) => [contract, reason]),
    [['Q1-2026 7x24', 'CURVE_CONFLICT']],
  );
  assert.deepEqual(curve.points, buildCurve(curveOf(), MONTHS).points);
});

/** Who loses when a quarter contradicts its months. */
function loser(
  quarter: Partial<CurveQuote>,
  first: Partial<CurveQuote>,
  third: Partial<CurveQuote> = {},
): string {
  const [jan, feb, mar] = MONTHS;
  const quotes = [quoteOf('Q1-2026', 60, quarter), { ...jan, ...first }, feb, { ...mar, ...third }];
  const curve = buildCurve(curveOf(), quotes);
  assert.equal(curve.dropped.length, 1);
  const [{ contract, reason, implied, residual }] = curve.dropped;
  assert.equal(reason, 'CURVE_CONFLICT');
  const quote = quotes.find((other) => other.contract === contract);
  assert.ok(quote !== undefined && implied !== null);
  assert.ok(Math.abs(quote.price - implied - (residual ?? 0)) < 1e-12);
  const said = priceOf(curve, curveOf(), quote.start, quote.end, '7x24');
  assert.ok(Math.abs((said ?? 0) - implied) < 1e-9, 'what is implied is what the curve says');
  return contract;
}

test('conflicts: the weaker kind loses, then the staler, then the coarser', () => {
  assert.equal(loser({}, {}), 'Q1-2026 7x24');
  assert.equal(loser({}, { kind: 'model' }), '2026-01 7x24');
  assert.equal(loser({}, { kind: 'model' }, { kind: 'assessed' }), '2026-01 7x24');
  assert.equal(loser({}, { kind: 'trade' }, { kind: 'assessed' }), '2026-03 7x24');
  assert.equal(loser({ kind: 'trade', quotedAt: 9 }, { quotedAt: 1 }), 'Q1-2026 7x24', 'kind before age');
  assert.equal(loser({}, { quotedAt: -1 }), '2026-01 7x24');
  assert.equal(loser({ quotedAt: -1 }, {}), 'Q1-2026 7x24');
  assert.equal(loser({ quotedAt: 1 }, { quotedAt: 1 }, { quotedAt: 1 }), '2026-02 7x24');
});

test('of two quotes of one delivery the stronger stays; a tie goes to the first name', () => {
  const twin = (words: Partial<CurveQuote>, price = 60): string[] => [
    ...buildCurve(curveOf(), [
      quoteOf('2026-01', 60, { contract: 'B' }),
      quoteOf('2026-01', price, { contract: 'A', ...words }),
    ]).used,
  ];
  assert.deepEqual(twin({}), ['A']);
  assert.deepEqual(twin({ kind: 'trade' }), ['B']);
  assert.deepEqual(twin({ quotedAt: -1 }), ['B']);
  assert.deepEqual(twin({}, 61), ['A']);
  assert.deepEqual(twin({ quotedAt: -1 }, 61), ['B']);
  assert.deepEqual(twin({ contract: 'C' }, 61), ['B']);
});

test('among equals the coarser loses though its name comes first; names of used contracts are sorted', () => {
  const named = [
    quoteOf('Q1-2026', 60, { contract: 'A' }),
    ...MONTHS.map((quote, i) => ({ ...quote, contract: `M${i}` })),
    quoteOf('Q2-2026', 50, { contract: 'B' }),
  ];
  const curve = buildCurve(curveOf(), named);
  assert.deepEqual(
    curve.dropped.map(({ contract }) => contract),
    ['A'],
  );
  assert.deepEqual(curve.used, ['B', 'M0', 'M1', 'M2']);
});

test('who does not take part in a contradiction does not lose in it, however weak', () => {
  const curve = buildCurve(curveOf(), [
    quoteOf('Q1-2026', 60),
    ...MONTHS,
    quoteOf('2026-04', 40, { kind: 'model' }),
    quoteOf('Q2-2026', 41, { kind: 'model' }),
  ]);
  assert.deepEqual(
    curve.dropped.map(({ contract }) => contract),
    ['Q1-2026 7x24'],
  );
});

test('a quote that lost leaves no trace: no cut, no target', () => {
  const odd = quoteOf('2026-01-10..2026-03-20', 80, { kind: 'model' });
  const more = [quoteOf('2026-01-10..2026-01-31', 61), quoteOf('2026-03-21..2026-03-31', 40), ...MONTHS];
  const curve = buildCurve(curveOf(), [odd, ...more]);
  assert.deepEqual(
    curve.dropped.map(({ reason }) => reason),
    ['CURVE_CONFLICT'],
  );
  assert.deepEqual(curve.points, buildCurve(curveOf(), more).points);
});

test('base and peak of a month with a change of clocks: off-peak is what is left', () => {
  const curve = buildCurve(HOURS, [quoteOf('2026-03', 30), quoteOf('2026-03', 40, { block: '5x16' })]);
  assert.deepEqual(linesOf(curve), [
    '2026-03-01..2026-04-01 5x16 40 QUOTED',
    `2026-03-01..2026-04-01 offpeak ${Number(((743 * 30 - 352 * 40) / 391).toFixed(6))} IMPLIED`,
  ]);
});

test('peak and off-peak make the base; the base is dropped when they agree', () => {
  const parts = [quoteOf('2026-03', 40, { block: '5x16' }), quoteOf('2026-03', 20, { block: 'offpeak' })];
  const base = (352 * 40 + 391 * 20) / 743;
  const curve = buildCurve(HOURS, [quoteOf('2026-03', Number(base.toFixed(2))), ...parts]);
  assert.deepEqual(
    curve.dropped.map(({ contract, reason }) => `${contract} ${reason}`),
    ['2026-03 7x24 CONSISTENT_DROP_COARSER'],
  );
  const said = priceOf(curve, HOURS, day('2026-03-01'), day('2026-04-01'), '7x24');
  assert.ok(said !== null && Math.abs(said - base) < 1e-12);
});

test('blocks are told apart where contracts tell them apart, and nowhere else', () => {
  const curve = buildCurve(HOURS, [quoteOf('Q2-2026', 30), quoteOf('2026-05', 40, { block: '5x16' })]);
  assert.deepEqual(
    curve.points.map(({ start, block, source }) => `${formatDay(start)} ${block} ${source}`),
    [
      '2026-04-01 7x24 IMPLIED',
      '2026-05-01 5x16 QUOTED',
      '2026-05-01 offpeak IMPLIED',
      '2026-06-01 7x24 IMPLIED',
    ],
  );
  const ask = (from: string, to: string, block: CurveQuote['block']): number | null =>
    priceOf(curve, HOURS, day(from), day(to), block);
  assert.equal(ask('2026-05-01', '2026-06-01', '5x16'), 40);
  assert.equal(ask('2026-04-01', '2026-05-01', '5x16'), null, 'a base price says nothing of the peak');
  assert.equal(ask('2026-05-01', '2026-06-01', '7x8'), null, 'nor an off-peak price of the nights');
  assert.ok(Math.abs((ask('2026-04-01', '2026-07-01', '7x24') ?? 0) - 30) < 1e-9);
  // On a weekend all hours are off-peak hours.
  assert.equal(ask('2026-05-02', '2026-05-04', '7x24'), ask('2026-05-02', '2026-05-04', 'offpeak'));
  assert.equal(ask('2026-05-02', '2026-05-04', '5x16'), null, 'nothing is delivered');
});

test('three blocks, and a set of hours that is no block is taken apart', () => {
  const three = buildCurve(HOURS, [
    quoteOf('2026-05', 30),
    quoteOf('2026-05', 40, { block: '5x16' }),
    quoteOf('2026-05', 22, { block: '7x8' }),
  ]);
  assert.deepEqual(
    three.points.map(({ block, source }) => `${block} ${source}`),
    ['5x16 QUOTED', '2x16H IMPLIED', '7x8 QUOTED'],
  );
  const days = buildCurve(HOURS, [quoteOf('2026-05', 30), quoteOf('2026-05', 22, { block: '7x8' })]);
  assert.deepEqual(
    days.points.map(({ block, source }) => `${block} ${source}`),
    ['5x16 IMPLIED', '2x16H IMPLIED', '7x8 QUOTED'],
  );
  assert.equal(days.points[0].price, days.points[1].price);
});

test('in the West Saturday is a peak day', () => {
  const west = curveOf({ quantity: 'hours', onPeak: 'CAISO' });
  const curve = buildCurve(west, [quoteOf('2026-05', 30), quoteOf('2026-05', 36, { block: '6x16' })]);
  // 400 on-peak hours of 744: 25 May is Memorial Day.
  assert.deepEqual(linesOf(curve), [
    '2026-05-01..2026-06-01 6x16 36 QUOTED',
    `2026-05-01..2026-06-01 offpeak ${Number(((744 * 30 - 400 * 36) / 344).toFixed(6))} IMPLIED`,
  ]);
  const sundays = priceOf(curve, west, day('2026-05-03'), day('2026-05-04'), '1x16H');
  assert.equal(sundays, null, 'off-peak is more than the Sunday hours');
});

test('a weekend between does not part what the same contracts deliver', () => {
  const curve = buildCurve(HOURS, [
    quoteOf('2026-05', 30),
    quoteOf('2026-05', 40, { block: '5x16' }),
    quoteOf('2026-05-09..2026-05-10', 18),
    quoteOf('2026-05-30..2026-05-31', 19),
  ]);
  const peak = curve.points.filter(({ block }) => block === '5x16');
  assert.deepEqual(
    peak.map(({ price, source }) => `${price} ${source}`),
    ['40 QUOTED'],
  );
  assert.deepEqual(
    curve.points
      .filter(({ source }) => source === 'QUOTED')
      .map(({ start, block }) => `${formatDay(start)} ${block}`),
    ['2026-05-01 5x16', '2026-05-09 offpeak', '2026-05-30 offpeak'],
  );
});

test('gaps stay gaps, and no price reaches across one', () => {
  const curve = buildCurve(curveOf({ grid: 'month' }), [quoteOf('Q1-2026', 4), quoteOf('2026-06', 0)]);
  assert.deepEqual(linesOf(curve), [
    '2026-01-01..2026-02-01 7x24 4 SHAPED',
    '2026-02-01..2026-03-01 7x24 4 SHAPED',
    '2026-03-01..2026-04-01 7x24 4 SHAPED',
    '2026-06-01..2026-07-01 7x24 0 QUOTED',
  ]);
  assert.equal(priceOf(curve, curveOf(), day('2026-03-31'), day('2026-04-02'), '7x24'), null);
  assert.equal(priceOf(curve, curveOf(), day('2026-06-03'), day('2026-06-05'), '7x24'), 0);
  assert.equal(priceOf(curve, curveOf(), day('2026-06-03'), day('2026-06-03'), '7x24'), null);
  assert.equal(priceOf(curve, curveOf(), day('2026-06-03'), day('2026-06-05'), '5x16'), null);
});

test('grids cut besides where contracts do; a day without a delivery has no point', () => {
  const quotes = [quoteOf('2026-W18', 40, { block: '5x16' }), quoteOf('2026-W19', 44, { block: '5x16' })];
  const of = (grid: CurveDefinition['grid']): string[] => linesOf(buildCurve({ ...HOURS, grid }, quotes));
  assert.deepEqual(of('section'), [
    '2026-04-27..2026-05-04 5x16 40 QUOTED',
    '2026-05-04..2026-05-11 5x16 44 QUOTED',
  ]);
  assert.deepEqual(of('month'), [
    '2026-04-27..2026-05-01 5x16 40 SHAPED',
    '2026-05-01..2026-05-04 5x16 40 SHAPED',
    '2026-05-04..2026-05-11 5x16 44 QUOTED',
  ]);
  const days = of('day');
  assert.equal(days.length, 10);
  assert.equal(days[4], '2026-05-01..2026-05-02 5x16 40 SHAPED');
  assert.equal(days[5], '2026-05-04..2026-05-05 5x16 44 SHAPED');
});

test('methods look across a weekend, not across a gap', () => {
  const week = (days: string, price: number): CurveQuote => quoteOf(days, price, { block: '5x16' });
  const words = { ...HOURS, method: 'monotone-convex', grid: 'day' } as const;
  const steps = (curve: ForwardCurve): number =>
    curve.points.filter(({ price }, i) => i > 0 && price !== curve.points[i - 1].price).length;
  const first = week('2026-04-27..2026-05-01', 40);
  const joined = buildCurve(words, [first, week('2026-05-04..2026-05-08', 44)]);
  assert.equal(joined.points.length, 10);
  assert.equal(steps(joined), 9);
  const apart = buildCurve(words, [first, week('2026-05-05..2026-05-08', 44)]);
  assert.equal(steps(apart), 1, 'each alone is flat');
});

test('nothing delivered: dropped as ZERO_WEIGHT, and the others go on', () => {
  const weekend = quoteOf('2026-05-02..2026-05-03', 50, { block: '5x16' });
  const curve = buildCurve(HOURS, [weekend, quoteOf('2026-06', 40, { block: '5x16' })]);
  assert.deepEqual(curve.dropped, [
    { contract: weekend.contract, reason: 'ZERO_WEIGHT', implied: null, residual: null },
  ]);
  assert.equal(curve.points.length, 1);
  assert.deepEqual(buildCurve(HOURS, [weekend]).points, []);
  assert.deepEqual(buildCurve(HOURS, []), { points: [], used: [], dropped: [] });
});

test('prices of thousands, of a millionth, and of either sign are met', () => {
  for (const scale of [1e-6, 1, 1e5, 1e9]) {
    const quotes = [
      quoteOf('2026-03-23..2026-03-31', 41 * scale),
      quoteOf('2026-W14', -33.5 * scale),
      quoteOf('2026-04', 29.25 * scale),
      quoteOf('2026-04-30', 9000 * scale),
      quoteOf('Q2-2026', -7 * scale),
    ];
    assert.equal(buildCurve(curveOf(), quotes).used.length, 5);
  }
});

test('what cannot be meant is refused with its place', () => {
  const refused = (definition: CurveDefinition, quotes: readonly CurveQuote[]): string => {
    try {
      buildCurve(definition, quotes);
    } catch (error) {
      assert.ok(error instanceof CarbonError && error.code === 'CURVE_INVALID');
      return `${error.position.field}: ${error.position.expected}; got ${error.position.got}`;
    }
    return 'accepted';
  };
  const may = quoteOf('2026-05', 30);
  assert.equal(
    refused({ ...HOURS, onPeak: 'AESO' }, [may]),
    'onPeak: PJM, NYISO, ISONE, MISO, MISO_EXCHANGE, ERCOT, SPP, CAISO, IESO; got AESO',
  );
  assert.equal(refused(curveOf({ onPeak: 'none' }), [may]), 'accepted', 'only hours have an on-peak rule');
  assert.equal(refused(curveOf({ tick: -0.01 }), [may]), 'tick: a number, zero or more; got -0.01');
  assert.equal(refused(curveOf({ tick: Number.NaN }), [may]), 'tick: a number, zero or more; got NaN');
  assert.equal(refused(HOURS, [may, may]), 'contract: each contract once; got 2026-05 7x24');
  const ended = { ...may, end: may.start };
  assert.equal(refused(HOURS, [ended]), `end: whole days, end after start; got ${may.start}..${may.start}`);
  assert.match(refused(HOURS, [{ ...may, start: may.start + 0.5 }]), /^end: whole days/);
  assert.equal(
    refused(HOURS, [{ ...may, block: '6x16' }]),
    'block: 7x24, 5x16, 2x16H, 7x8, offpeak; got 6x16',
  );
  assert.equal(
    refused({ ...HOURS, onPeak: 'CAISO' }, [{ ...may, block: '5x16' }]),
    'block: 7x24, 6x16, 1x16H, 7x8, offpeak; got 5x16',
  );
  assert.equal(refused(curveOf(), [{ ...may, block: '5x16' }]), 'block: 7x24; got 5x16');
  assert.equal(refused(HOURS, [{ ...may, price: Number.NaN }]), 'price: a number; got NaN');
  assert.equal(refused(HOURS, [{ ...may, quotedAt: Number.NaN }]), 'quotedAt: a time; got NaN');
});

test('a price that cannot be met again is told, and no curve is given', () => {
  // Sums of these go beyond what a number holds.
  const quotes = [quoteOf('2026-05', 1e306), quoteOf('Q2-2026', -1e306)];
  assert.throws(
    () => buildCurve(HOURS, quotes),
    (error) => error instanceof CarbonError && error.code === 'CURVE_UNSOLVED',
  );
});
