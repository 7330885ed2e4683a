/** What holds of every curve, over made-up markets: overlapping contracts of all blocks, of both signs, that contradict. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildCurve, priceOf } from '../../../../core/math/curves/build-curve.ts';
import {
  blocksOf,
  hoursOfBlockOnDay,
  onPeakRuleNamed,
} from '../../../../core/math/curves/delivery-blocks.ts';
import {
  CURVE_GRIDS,
  CURVE_METHODS,
  type CurveDefinition,
  type CurveQuote,
  type DeliveryBlock,
  QUANTITY_RULES,
  QUOTE_KINDS,
} from '../../../../core/math/curves/forward-curve.ts';
import { day, quoteOf } from './quotes.ts';

const DELIVERIES = [
  ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06', 'Q1-2026', 'Q2-2026', '2026-02..2026-06'],
  ['2026-W10', '2026-W11', '2026-W14', '2026-W18', '2026-03-07..2026-03-08', '2026-03-20..2026-04-10'],
  ['2026-03-09', '2026-05-29..2026-06-03', 'SUM-2026', 'CAL-2026', '2026-08'],
].flat();

const prices = fc.oneof(
  fc.integer({ min: -4000, max: 12_000 }).map((cents) => cents / 100),
  fc.constantFrom(0, 30, 30.005, 2500.01),
);

const definitions: fc.Arbitrary<CurveDefinition> = fc.record({
  quantity: fc.constantFrom(...QUANTITY_RULES),
  onPeak: fc.constantFrom('PJM', 'MISO', 'CAISO'),
  tick: fc.constantFrom(0, 0.01, 5),
  method: fc.constantFrom(...CURVE_METHODS),
  grid: fc.constantFrom(...CURVE_GRIDS),
});

interface Market {
  readonly definition: CurveDefinition;
  readonly quotes: readonly CurveQuote[];
}

const markets: fc.Arbitrary<Market> = definitions.chain((definition) => {
  const rule = onPeakRuleNamed(definition.onPeak);
  const blocks = rule !== null && definition.quantity === 'hours' ? blocksOf(rule) : (['7x24'] as const);
  const quote = fc.record({
    tenor: fc.constantFrom(...DELIVERIES),
    block: fc.oneof(fc.constant<DeliveryBlock>('7x24'), fc.constantFrom(...blocks)),
    price: prices,
    kind: fc.constantFrom(...QUOTE_KINDS),
    quotedAt: fc.integer({ min: 0, max: 2 }),
  });
  return fc
    .array(quote, { maxLength: 14 })
    .map((drawn) =>
      drawn.map(({ tenor, ...words }, i) => quoteOf(tenor, words.price, { ...words, contract: `C${i}` })),
    )
    .map((quotes) => ({ definition, quotes }));
});

const largestOf = (quotes: readonly CurveQuote[]): number =>
  quotes.reduce((most, { price }) => Math.max(most, Math.abs(price)), 1);

test('each quote has one fate: used and met again, or dropped with what the curve says instead', () => {
  fc.assert(
    fc.property(markets, ({ definition, quotes }) => {
      const curve = buildCurve(definition, quotes);
      const fates = [...curve.used, ...curve.dropped.map(({ contract }) => contract)];
      assert.deepEqual(fates.sort(), quotes.map(({ contract }) => contract).sort());
      const largest = largestOf(quotes);
      for (const { contract, start, end, block, price } of quotes) {
        const said = priceOf(curve, definition, start, end, block);
        const fate = curve.dropped.find((dropped) => dropped.contract === contract);
        if (fate === undefined) {
          assert.ok(
            said !== null && Math.abs(said - price) <= 1e-9 * largest,
            `${contract}: ${said} for ${price}`,
          );
          continue;
        }
        const { reason, implied, residual } = fate;
        assert.equal(implied === null, reason === 'ZERO_WEIGHT');
        if (implied === null || residual === null) continue;
        assert.equal(residual, price - implied);
        assert.ok(
          said !== null && Math.abs(said - implied) <= 1e-7 * largest,
          `${contract}: ${said}, ${implied}`,
        );
        if (reason === 'CURVE_CONFLICT') assert.ok(Math.abs(residual) > definition.tick / 2);
        else assert.ok(Math.abs(residual) <= definition.tick / 2 + 1e-9 * largest);
      }
    }),
    { numRuns: 300 },
  );
});

test('the same quotes in any order give the same bits', () => {
  const shuffled = markets.chain((market) =>
    fc.tuple(
      fc.constant(market),
      fc.shuffledSubarray([...market.quotes], { minLength: market.quotes.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([{ definition, quotes }, others]) => {
      assert.deepEqual(buildCurve(definition, others), buildCurve(definition, quotes));
    }),
    { numRuns: 150 },
  );
});

test('a constant added to all prices is added to all points', () => {
  fc.assert(
    fc.property(markets, fc.constantFrom(-250, -3.25, 1, 64), ({ definition, quotes }, more) => {
      const moved = quotes.map((quote) => ({ ...quote, price: quote.price + more }));
      const [before, after] = [buildCurve(definition, quotes), buildCurve(definition, moved)];
      assert.deepEqual(after.used, before.used);
      const largest = before.points.reduce(
        (most, { price }) => Math.max(most, Math.abs(price)),
        largestOf(moved),
      );
      before.points.forEach(({ price, ...place }, i) => {
        const { price: now, ...placeNow } = after.points[i];
        assert.deepEqual(placeNow, place);
        assert.ok(Math.abs(now - price - more) <= 1e-7 * largest, `${now} for ${price + more}`);
      });
    }),
    { numRuns: 150 },
  );
});

test('a parent that its children make up changes no bit', () => {
  const months = ['2026-04', '2026-05', '2026-06'];
  const children = fc.record({
    definition: definitions.map((definition) => ({ ...definition, quantity: 'hours' as const, tick: 0.01 })),
    base: fc.tuple(prices, prices, prices),
    peak: fc.option(prices, { nil: null }),
    more: prices,
  });
  fc.assert(
    fc.property(children, ({ definition, base, peak, more }) => {
      const block = definition.onPeak === 'CAISO' ? '6x16' : '5x16';
      const quotes = [
        ...months.map((month, i) => quoteOf(month, base[i])),
        quoteOf('2026-08', more),
        ...(peak === null ? [] : [quoteOf('2026-05', peak, { block })]),
      ];
      const curve = buildCurve(definition, quotes);
      const price = priceOf(curve, definition, day('2026-04-01'), day('2026-07-01'), '7x24');
      assert.ok(price !== null);
      const parent = quoteOf('Q2-2026', price, { kind: 'model' });
      const again = buildCurve(definition, [...quotes, parent]);
      assert.deepEqual(again.points, curve.points);
      assert.equal(again.dropped[0].reason, 'CONSISTENT_DROP_COARSER');
    }),
    { numRuns: 60 },
  );
});

test('methods and grids move prices within sections only: each section keeps its mean', () => {
  fc.assert(
    fc.property(markets, ({ definition, quotes }) => {
      const sections = buildCurve({ ...definition, method: 'flat', grid: 'section' }, quotes);
      for (const method of CURVE_METHODS) {
        const curve = buildCurve({ ...definition, method }, quotes);
        const largest = curve.points.reduce((most, { price }) => Math.max(most, Math.abs(price)), 1);
        for (const { start, end, block, price } of sections.points) {
          const mean = priceOf(curve, definition, start, end, block);
          assert.ok(
            mean !== null && Math.abs(mean - price) <= 1e-11 * largest,
            `${method}: ${mean}, ${price}`,
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('months of a curve by month are the means of its days', () => {
  fc.assert(
    fc.property(markets, ({ definition, quotes }) => {
      const days = buildCurve({ ...definition, grid: 'day' }, quotes);
      const months = buildCurve({ ...definition, grid: 'month' }, quotes);
      const largest = days.points.reduce((most, { price }) => Math.max(most, Math.abs(price)), 1);
      for (const { start, end, block, price } of months.points) {
        const mean = priceOf(days, definition, start, end, block);
        assert.ok(mean !== null && Math.abs(mean - price) <= 1e-11 * largest);
      }
    }),
    { numRuns: 60 },
  );
});

test('points of a block do not overlap, come in order, deliver something, and cover what used contracts deliver', () => {
  fc.assert(
    fc.property(markets, ({ definition, quotes }) => {
      const curve = buildCurve(definition, quotes);
      const ends = new Map<DeliveryBlock, number>();
      let last = Number.NEGATIVE_INFINITY;
      for (const { start, end, block, price } of curve.points) {
        assert.ok(start >= last && start < end && start >= (ends.get(block) ?? start));
        assert.ok(Number.isFinite(price));
        [last] = [start, ends.set(block, end)];
      }
      const used = quotes.filter(({ contract }) => curve.used.includes(contract));
      for (const point of curve.points) {
        assert.ok(used.some((quote) => quote.start <= point.start && quote.end >= point.end));
        if (point.source === 'QUOTED') assert.ok(used.some(({ price }) => price === point.price));
      }
    }),
    { numRuns: 100 },
  );
});

/** The same optimum by brute force: one unknown per day and block, the whole system of Lagrange in one elimination. */
function bruteForce(
  quotes: readonly CurveQuote[],
  from: number,
  to: number,
): (at: number, block: DeliveryBlock) => number {
  const rule = onPeakRuleNamed('PJM');
  assert.ok(rule !== null);
  const pieces: readonly DeliveryBlock[] = ['5x16', '2x16H', '7x8'];
  const inside: Record<string, readonly DeliveryBlock[]> = {
    '7x24': pieces,
    offpeak: ['2x16H', '7x8'],
    '5x16': ['5x16'],
    '2x16H': ['2x16H'],
    '7x8': ['7x8'],
  };
  const cells: { at: number; block: DeliveryBlock; hours: number; target: number }[] = [];
  const weightOf = (quote: CurveQuote): number => {
    let sum = 0;
    for (let at = quote.start; at < quote.end; at++) sum += hoursOfBlockOnDay(rule, quote.block, at);
    return sum;
  };
  const covers = (quote: CurveQuote, at: number, block: DeliveryBlock): boolean =>
    quote.start <= at && at < quote.end && inside[quote.block].includes(block);
  for (let at = from; at < to; at++)
    for (const block of pieces) {
      const hours = hoursOfBlockOnDay(rule, block, at);
      const covering = quotes.filter((quote) => covers(quote, at, block));
      if (hours === 0 || covering.length === 0) continue;
      covering.sort(
        (a, b) => weightOf(a) - weightOf(b) || b.quotedAt - a.quotedAt || (a.contract < b.contract ? -1 : 1),
      );
      cells.push({ at, block, hours, target: covering[0].price });
    }
  const n = cells.length;
  const rows = Array.from({ length: n + quotes.length }, () => new Float64Array(n + quotes.length + 1));
  cells.forEach(({ at, block, hours, target }, i) => {
    rows[i][i] = hours;
    rows[i][n + quotes.length] = hours * target;
    quotes.forEach((quote, c) => {
      if (covers(quote, at, block)) rows[i][n + c] = rows[n + c][i] = hours;
    });
  });
  quotes.forEach((quote, c) => {
    rows[n + c][n + quotes.length] = weightOf(quote) * quote.price;
  });
  const solution = eliminated(rows);
  return (at, block) =>
    solution[cells.findIndex((cell) => cell.at === at && inside[block].includes(cell.block))];
}

function eliminated(rows: Float64Array[]): number[] {
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(rows[r][i]) > Math.abs(rows[best][i])) best = r;
    [rows[i], rows[best]] = [rows[best], rows[i]];
    for (let r = i + 1; r < n; r++) {
      const factor = rows[r][i] / rows[i][i];
      if (factor !== 0) for (let k = i; k <= n; k++) rows[r][k] -= factor * rows[i][k];
    }
  }
  const out: number[] = new Array(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i][n];
    for (let k = i + 1; k < n; k++) sum -= rows[i][k] * out[k];
    out[i] = sum / rows[i][i];
  }
  return out;
}

test('the curve is the one that a brute-force solution over all days and blocks finds', () => {
  const deliveries = [
    '2026-W10',
    '2026-W11',
    '2026-W12',
    '2026-03',
    '2026-03-01..2026-03-12',
    '2026-03-09..2026-03-20',
  ];
  const quote = fc.record({
    tenor: fc.constantFrom(...deliveries),
    block: fc.constantFrom<DeliveryBlock>('7x24', '7x24', '5x16', 'offpeak', '7x8'),
    price: prices,
    quotedAt: fc.integer({ min: 0, max: 2 }),
  });
  const definition = { quantity: 'hours', onPeak: 'PJM', tick: 0, method: 'flat', grid: 'section' } as const;
  let partial = 0;
  fc.assert(
    fc.property(fc.array(quote, { minLength: 2, maxLength: 7 }), (drawn) => {
      const quotes = drawn.map(({ tenor, ...words }, i) =>
        quoteOf(tenor, words.price, { ...words, contract: `C${i}` }),
      );
      const curve = buildCurve(definition, quotes);
      const used = quotes.filter(({ contract }) => curve.used.includes(contract));
      const expected = bruteForce(used, day('2026-03-01'), day('2026-04-01'));
      for (const { start, end, block, price, source } of curve.points) {
        if (source === 'IMPLIED') partial++;
        for (const at of [start, end - 1]) {
          const value = expected(at, block);
          // Days on which nothing of the block is delivered are no unknowns.
          if (value !== undefined)
            assert.ok(Math.abs(value - price) <= 1e-7 * largestOf(used), `${value} for ${price}`);
        }
      }
    }),
    { numRuns: 60 },
  );
  assert.ok(partial > 30, 'the draw has cells that several contracts imply');
});
