/** Reference cases of the bootstrap and of the methods, put to our functions. */

import assert from 'node:assert/strict';
import { buildCurve, priceOf } from '../../../../core/math/curves/build-curve.ts';
import type {
  CurveDefinition,
  CurvePoint,
  CurveQuote,
  DeliveryBlock,
  ForwardCurve,
} from '../../../../core/math/curves/forward-curve.ts';
import { valueOnLines } from '../../../../core/math/curves/linear.ts';
import { maxSmoothness } from '../../../../core/math/curves/max-smoothness.ts';
import { borderValues, monotoneConvex } from '../../../../core/math/curves/monotone-convex.ts';
import { formatDay } from '../../../../core/time/calendar-day.ts';
import { curveOf, day } from './quotes.ts';
import { deliveryOf, near, type ReferenceCase } from './reference-case.ts';

export function definitionOf({ kind, input }: ReferenceCase): CurveDefinition {
  const weight = String(input.weight ?? 'days');
  const quantity = weight.startsWith('hours')
    ? 'hours'
    : weight === 'business_days'
      ? 'business-days'
      : weight === 'equal' && input.grid === 'month'
        ? 'months'
        : 'days';
  const method = kind === 'max-smoothness' || kind === 'monotone-convex' ? kind : 'flat';
  return curveOf({ quantity, method, tick: input.tick ?? 0, grid: method === 'flat' ? 'section' : 'day' });
}

export function quotesOf({ input }: ReferenceCase): CurveQuote[] {
  const block = (/hours:(\dx\d+)/.exec(String(input.weight))?.[1] ?? '7x24') as DeliveryBlock;
  // Cases that count in periods of their own take days for them.
  const rows = input.contracts ?? input.contracts_by_index;
  return rows.map((row: Record<string, string | number>, i: number): CurveQuote => {
    const edge = (named: unknown, month: unknown, index: unknown): readonly [number, number] => {
      if (typeof index === 'number') return [index, index];
      if (typeof month === 'string') return deliveryOf(month);
      const text = String(named);
      const half =
        text.length > 10
          ? 48 * day(text.slice(0, 10)) + 2 * Number(text.slice(11, 13)) + Number(text.slice(14, 16)) / 30
          : day(text);
      return [half, half];
    };
    return {
      contract: String(row['instrument'] ?? `C${i}`),
      start: edge(row['start'], row['first_month'], row['from'])[0],
      end: edge(row['end'], row['last_month'], row['to'])[1] + (row['to'] === undefined ? 0 : 1),
      block: (row['block'] ?? block) as DeliveryBlock,
      price: Number(row['price']),
      kind: 'settlement',
      quotedAt: 0,
    };
  });
}

/** Prices by month, day, section or period, and the verdict on a redundant contract. */
export function readBootstrap(one: ReferenceCase): void {
  const { expected, tolerance } = one;
  const definition = definitionOf(one);
  const quotes = quotesOf(one);
  const curve = buildCurve(definition, quotes);
  const constant = expected.curve_constant;
  if (constant !== undefined) {
    assert.equal(
      curve.points.reduce((sum, { start, end }) => sum + end - start, 0),
      expected.days,
    );
    for (const { price } of curve.points) near(price, constant, tolerance);
    return;
  }
  const sections = expected.sections_inclusive as Record<string, number> | undefined;
  if (sections !== undefined) {
    assert.deepEqual(curve.points.map(inclusiveName), Object.keys(sections));
    for (const point of curve.points) near(point.price, sections[inclusiveName(point)], tolerance);
    return;
  }
  const values = expected.curve ?? expected.curve_computed;
  if (Array.isArray(values)) {
    const from = curve.points[0].start;
    values.forEach((value, i) => {
      near(priceOf(curve, definition, from + i, from + i + 1, '7x24'), value, tolerance);
    });
    return;
  }
  holdsPrices(curve, definition, quotes[0].block, values, tolerance);
  if (expected.verdict !== undefined) {
    assert.equal(curve.dropped[0].reason, expected.verdict);
    // The cases take implied less quoted.
    near(-(curve.dropped[0].residual ?? 9), expected.residual, tolerance);
  }
}

export function inclusiveName({ start, end }: CurvePoint): string {
  return `${formatDay(start)}..${formatDay(end - 1)}`;
}

/** Prices by month or day, or by month and block. */
export function holdsPrices(
  curve: ForwardCurve,
  definition: CurveDefinition,
  block: DeliveryBlock,
  values: Readonly<Record<string, number | Record<string, number>>>,
  tolerance?: number,
): void {
  for (const [name, value] of Object.entries(values)) {
    const blocks = typeof value === 'number' ? { [block]: value } : value;
    for (const [of, price] of Object.entries(blocks))
      near(
        priceOf(curve, definition, ...deliveryOf(name), of as DeliveryBlock),
        price,
        tolerance,
        `${name} ${of}`,
      );
  }
}

/** Sections, gaps and prices. */
export function readSections(one: ReferenceCase): void {
  const { expected, tolerance } = one;
  const definition = definitionOf(one);
  const curve = buildCurve(definition, quotesOf(one));
  assert.deepEqual(
    curve.points.map(({ start, end }) => [start, end]),
    expected.sections.map(([first, last]: [string, string]) => [deliveryOf(first)[0], deliveryOf(last)[1]]),
  );
  curve.points.forEach(({ price }, i) => {
    if (expected.sections[i][2] !== undefined) near(price, expected.sections[i][2], tolerance);
  });
  holdsPrices(curve, definition, '7x24', expected.curve_computed ?? {}, tolerance);
  for (const gap of expected.gaps ?? [])
    assert.equal(priceOf(curve, definition, ...deliveryOf(gap), '7x24'), null, gap);
}

/** What others refuse as a whole, ours settles by dropping the contract that it names. */
export function readContradiction(one: ReferenceCase): void {
  const { expected, tolerance } = one;
  const curve = buildCurve(definitionOf(one), quotesOf(one));
  const [dropped] = curve.dropped;
  assert.equal(curve.dropped.length, 1);
  if (expected.error === 'NON_POSITIVE_WEIGHT') assert.equal(dropped.reason, 'ZERO_WEIGHT');
  else assert.equal(dropped.reason, 'CURVE_CONFLICT');
  if (expected.implied_quarter === undefined) return;
  near(dropped.implied, expected.implied_quarter, tolerance);
  near(-(dropped.residual ?? 9), expected.residual, tolerance);
}

/** Days of the smoothest curve. */
export function readSmoothness(one: ReferenceCase): void {
  const { id, input, expected, tolerance } = one;
  const options = {
    tension: input.tension,
    ...(input.back_derivative === undefined ? {} : { endSlope: input.back_derivative }),
  };
  if (id === 'spline-003') {
    const sections = Array.from({ length: 14 }, (_, s) => ({
      start: 24 * s,
      end: 24 * s + 24,
      price: 45.7 + 0.8 * s,
      weights: new Float64Array(24).fill(1),
    }));
    const hours = maxSmoothness(sections).flatMap((section) => [...section]);
    near(hours[0], expected.first_value_computed, 1e-9);
    for (let i = 1; i < hours.length; i++)
      near(hours[i] - hours[i - 1], expected.hourly_difference, tolerance);
    return;
  }
  const quotes = quotesOf(one);
  const flat = buildCurve(curveOf({ tick: 0 }), quotes);
  const sections = flat.points.map(({ start, end, price }) => ({
    start,
    end,
    price,
    weights: new Float64Array(end - start).fill(1),
  }));
  const days = maxSmoothness(sections, options).flatMap((section) => [...section]);
  assert.equal(days.length, expected.length ?? days.length);
  if (expected.curve_constant !== undefined)
    for (const price of days) near(price, expected.curve_constant, tolerance);
  for (const [date, price] of Object.entries({ ...expected.curve, ...expected.curve_computed_more }))
    near(days[day(date) - sections[0].start], price as number, tolerance, date);
  // What a curve of this method gives is the same.
  if (options.tension !== 0 || options.endSlope !== undefined) return;
  const curve = buildCurve(curveOf({ tick: 0, method: 'max-smoothness', grid: 'day' }), quotes);
  assert.equal(curve.points.length, days.length);
  curve.points.forEach(({ price }, i) => {
    near(price, days[i], 1e-9);
  });
}

/** Days and borders. */
export function readMonotoneConvex(one: ReferenceCase): void {
  const { input, expected, tolerance } = one;
  if (input.contracts !== undefined) {
    const definition = definitionOf(one);
    holdsPrices(buildCurve(definition, quotesOf(one)), definition, '7x24', expected.curve, tolerance);
    return;
  }
  const borders: readonly number[] = input.boundaries_days;
  const sections = input.averages.map((price: number, s: number) => ({
    start: borders[s],
    end: borders[s + 1],
    price,
    weights: new Float64Array(borders[s + 1] - borders[s]).fill(1),
  }));
  borderValues(sections).forEach((value, i) => {
    near(value, expected.nodes[i], tolerance);
  });
  const days = monotoneConvex(sections).flatMap((section) => [...section]);
  for (const [at, price] of Object.entries(expected.values_day_index))
    near(days[Number(at)], price as number, tolerance);
}

/** Values between points. */
export function readPoints({ input, expected, tolerance }: ReferenceCase): void {
  input.at.forEach((x: number, i: number) => {
    near(valueOnLines(input.x, input.y, x), (expected.linear ?? expected.y)[i], tolerance);
  });
}
