/** Reference cases of hours, blocks, sums of curves and balances, put to our functions. */

import assert from 'node:assert/strict';
import { balanceOfPeriod, fullPeriod } from '../../../../core/math/curves/balance-of-period.ts';
import { buildCurve, priceOf } from '../../../../core/math/curves/build-curve.ts';
import { combineCurves } from '../../../../core/math/curves/curve-arithmetic.ts';
import {
  hoursOfBlock,
  hoursOfDay,
  type OnPeakRule,
  onPeakRuleNamed,
} from '../../../../core/math/curves/delivery-blocks.ts';
import { holidaysOf, weekdayOf } from '../../../../core/math/curves/delivery-calendar.ts';
import type {
  CurvePoint,
  CurveQuote,
  DeliveryBlock,
  ForwardCurve,
} from '../../../../core/math/curves/forward-curve.ts';
import { seasonByAddition, seasonByRatio } from '../../../../core/math/curves/seasonal-factors.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, day } from './quotes.ts';
import { deliveryOf, near, type ReferenceCase } from './reference-case.ts';

/** Rules by the words of the cases for a clock and its first on-peak hour. */
export function ruleOf(zone: string, from = zone === 'America/New_York' ? 7 : 6): OnPeakRule {
  const isWest = zone === 'America/Los_Angeles';
  const clock = zone === 'UTC-05:00 fixed' ? '-05:00' : zone;
  return { name: zone, zone: clock, from, to: from + 16, isSaturdayPeak: isWest };
}

/** Hours of blocks by month, year or range. */
export function readHours({ input, expected }: ReferenceCase): void {
  const holds = (
    zone: string,
    block: string,
    wanted: readonly number[],
    from?: number,
    year = input.year,
  ): void => {
    const blocks = block === '7x16' ? (['5x16', '2x16H'] as const) : [block as DeliveryBlock];
    const rule = ruleOf(zone, from);
    wanted.forEach((hours, m) => {
      const [start, end] = deliveryOf(`${year}-${String(m + 1).padStart(2, '0')}`);
      const counted = blocks.reduce((sum, one) => sum + hoursOfBlock(rule, one, start, end), 0);
      assert.equal(counted, hours, `${zone} ${block} ${year}-${m + 1}`);
    });
  };
  const first = input.first_peak_hour_beginning;
  if (expected.hours_by_month !== undefined) {
    holds(input.tz, input.block, expected.hours_by_month, first);
    return;
  }
  if (input.years !== undefined) {
    input.years.forEach((year: number, i: number) => {
      const [start, end] = [day(`${year}-01-01`), day(`${year + 1}-01-01`)];
      assert.equal(hoursOfBlock(ruleOf(input.tz), input.block, start, end), expected.hours[i]);
    });
    return;
  }
  if (input.month !== undefined) {
    const [start, end] = deliveryOf(input.month);
    const of = (block: DeliveryBlock): number => hoursOfBlock(ruleOf(input.tz), block, start, end);
    const counted = {
      '7x16': of('5x16') + of('2x16H'),
      '5x16': of('5x16'),
      '2x16H': of('2x16H'),
      '7x8': of('7x8'),
    };
    assert.deepEqual(counted, expected);
    return;
  }
  for (const [key, values] of Object.entries(expected)) {
    const [market, block] = key.split(' ');
    if (block === undefined) assert.deepEqual(holidaysOf('NERC', input.year).map(formatDay), values);
    else {
      holds(input.tz[market], block, values as number[], first[market]);
      const ours = onPeakRuleNamed({ EAST: 'PJM', MISO_TARIFF: 'MISO' }[market] ?? market);
      assert.deepEqual({ ...ours, name: '' }, { ...ruleOf(input.tz[market], first[market]), name: '' });
    }
  }
}

/** A curve of marks by month and block, or by month for a block of its own. */
export function marked(
  marks: Readonly<Record<string, number | Record<string, number>>>,
  block: string,
): ForwardCurve {
  const points = Object.entries(marks).flatMap(([name, value]) => {
    const [start, end] = deliveryOf(name);
    const blocks = typeof value === 'number' ? { [block]: value } : value;
    return Object.entries(blocks).map(
      ([of, price]): CurvePoint => ({ start, end, block: of as DeliveryBlock, price, source: 'QUOTED' }),
    );
  });
  return { points, used: [], dropped: [] };
}

/** The price of a block from marks of others. */
export function readBlockAverage({ input, expected, tolerance }: ReferenceCase): void {
  const curve = marked(input.marks ?? input.curve, input.block);
  const last = Math.max(...curve.points.map(({ end }) => end));
  const [start, end] = input.term === undefined ? [curve.points[0].start, last] : input.term.map(day);
  const price = priceOf(curve, curveOf({ quantity: 'hours' }), start, end, input.block);
  if (expected.price === null) assert.equal(price, null);
  else near(price, expected.price, tolerance);
}

/** Parts and whole of a month. */
export function readBlockIdentity({ input, expected, tolerance }: ReferenceCase): void {
  const definition = curveOf({ quantity: 'hours' });
  const [start, end] = deliveryOf(input.month);
  const curve = marked({ [input.month]: input.prices }, '');
  near(priceOf(curve, definition, start, end, 'offpeak'), expected.offpeak, tolerance);
  near(priceOf(curve, definition, start, end, '7x24'), expected['7x24'], tolerance);
  const quote = (contract: string, block: DeliveryBlock, price: number): CurveQuote => ({
    ...{ contract, block, price, start, end },
    kind: 'settlement',
    quotedAt: 0,
  });
  const split = buildCurve(definition, [
    quote('base', '7x24', 33),
    quote('peak', '5x16', input.prices['5x16']),
  ]);
  const offpeak = split.points.find(({ block }) => block === 'offpeak');
  near(offpeak?.price, expected['offpeak_from_atc_33.00_and_peak'], tolerance);
}

/** A mean weighted with business days. */
export function readAverage({ input, expected, tolerance }: ReferenceCase): void {
  const curve = marked(input.curve, '7x24');
  const [start, end] = input.period.map(day);
  near(priceOf(curve, curveOf({ quantity: 'business-days' }), start, end, '7x24'), expected.price, tolerance);
}

/** Days and hours counted. */
export function readCount({ input, expected }: ReferenceCase): void {
  if (input.tz !== undefined) {
    const hours = hoursOfDay(ruleOf(input.tz), day(input.day));
    assert.deepEqual([hours, 2 * hours], expected.values);
    return;
  }
  const [start, end] = deliveryOf(input.period);
  const days = Array.from({ length: end - start }, (_, i) => start + i);
  assert.equal(days.filter((at) => weekdayOf(at) < 5).length, expected.value);
}

/** One curve less another. */
export function readDifference({ input, expected, tolerance }: ReferenceCase): void {
  const points = combineCurves([
    { points: marked(input.a, '').points, factor: 1 },
    { points: marked(input.b, '').points, factor: -1 },
  ]);
  for (const [month, blocks] of Object.entries(expected as Record<string, Record<string, number>>))
    for (const [block, price] of Object.entries(blocks)) {
      const found = points.find((point) => point.block === block && point.start === deliveryOf(month)[0]);
      near(found?.price, price, tolerance);
    }
}

/** A fine curve plus a coarse one. */
export function readAlignment({ input, expected, tolerance }: ReferenceCase): void {
  const points = combineCurves([
    { points: marked(input.a, input.block).points, factor: 1 },
    { points: marked(input.b, input.block).points, factor: 1 },
  ]);
  assert.deepEqual(
    points.map(({ start, end }) => [start, end]),
    Object.keys(expected).map(deliveryOf),
  );
  points.forEach(({ price }, i) => {
    near(price, Object.values(expected as Record<string, number>)[i], tolerance);
  });
}

/** Months of a quarter by a season. */
export function readSeason({ input, expected, tolerance }: ReferenceCase): void {
  seasonByRatio(input.price, input.hours, input.multiplicative)?.forEach((price, i) => {
    near(price, expected.multiplicative[i], tolerance);
  });
  if (input.additive === undefined) return;
  seasonByAddition(input.price, input.hours, input.additive).forEach((price, i) => {
    near(price, expected.additive[i], tolerance);
  });
}

/** What a month is worth of which a part is priced. */
export function readBalance({ id, input, expected, tolerance }: ReferenceCase): void {
  const [start, end] = deliveryOf(input.month);
  const turn = day(input.as_of_last_priced_day) + 1;
  if (id === 'balmo-001') {
    const realised = { price: input.realised_average_days_1_20, weight: turn - start };
    const balance = { price: input.balmo_days_21_30, weight: end - turn };
    near(fullPeriod(realised, balance), expected.full_month, tolerance);
    near(balanceOfPeriod(3.93, realised, end - turn), expected['balmo_from_full_month_3.93'], tolerance);
    return;
  }
  const rule = ruleOf(input.tz);
  const [before, after] = [
    hoursOfBlock(rule, input.block, start, turn),
    hoursOfBlock(rule, input.block, turn, end),
  ];
  assert.deepEqual([before, after], [expected.hours_realised, expected.hours_remaining]);
  const full = fullPeriod(
    { price: input.realised_average, weight: before },
    { price: input.balmo, weight: after },
  );
  near(full, expected.full_month, tolerance);
}
