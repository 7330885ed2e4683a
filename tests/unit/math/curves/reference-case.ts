/** Cases with answers that others printed or computed, and how they name deliveries. */

import assert from 'node:assert/strict';
import { nextMonthStart } from '../../../../core/math/curves/delivery-calendar.ts';
import { day } from './quotes.ts';

/** One case; what it holds depends on its kind. */
export interface ReferenceCase {
  readonly id: string;
  readonly kind: string;
  readonly tolerance?: number;
  // biome-ignore lint/suspicious/noExplicitAny: one shape per kind, and as many as kinds
  readonly input: any;
  // biome-ignore lint/suspicious/noExplicitAny: one shape per kind, and as many as kinds
  readonly expected: any;
}

/** Within the tolerance of a case. */
export function near(value: number | null | undefined, wanted: number, tolerance = 1e-9, what = ''): void {
  assert.ok(
    value !== null && value !== undefined && Math.abs(value - wanted) <= tolerance,
    `${what} ${value} for ${wanted}`,
  );
}

/** `2026-01` is a month, `2026-01-15` a day. */
export function deliveryOf(name: string): readonly [number, number] {
  if (name.length === 10) return [day(name), day(name) + 1];
  return [day(`${name}-01`), nextMonthStart(day(`${name}-01`))];
}
