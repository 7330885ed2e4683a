/** Curves from hand-made quotes: targets, redundancy, conflicts, blocks, gaps, grids, and what is refused. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCurve } from '../../../../core/math/curves/build-curve.ts';
import type { CurvePoint, ForwardCurve } from '../../../../core/math/curves/forward-curve.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, quoteOf } from './quotes.ts';

/** `2026-01-01..2026-02-01 7x24 4.5 QUOTED`, prices to six digits. */
function linesOf(curve: ForwardCurve): string[] {
  return curve.points.map(
    ({ start, end, block, price, source }: CurvePoint) =>
      `${formatDay(start)}..${formatDay(end)} ${block} ${Number(price.toFixed(6))} ${source}`,
  );
}

test('a quarter over one of its months: the others have what is left of it', () => {
  const curve = buildCurve(curveOf({ quantity: 'months' }), [quoteOf('Q1-2026', 4), quoteOf('2026-01', 5)]);
  assert.deepEqual(linesOf(curve), [
    '2026-01-01..2026-02-01 7x24 5 QUOTED',
    '2026-02-01..2026-04-01 7x24 3.5 IMPLIED',
  ]);
  assert.deepEqual(curve.used, ['2026-01 7x24', 'Q1-2026 7x24']);
  assert.deepEqual(curve.dropped, []);
});
