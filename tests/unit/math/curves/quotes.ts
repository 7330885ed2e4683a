/** Quotes and definitions in few words, for tests. */

import type { CurveDay, CurveDefinition, CurveQuote } from '../../../../core/math/curves/forward-curve.ts';
import { parseTenor, US_GAS_SEASONS } from '../../../../core/math/curves/tenors.ts';
import { parseDay } from '../../../../core/time/calendar-day.ts';

/** The day of a date that is known to be one. */
export function day(text: string): CurveDay {
  const found = parseDay(text);
  if (found === null) throw new Error(`not a date: ${text}`);
  return found;
}

/** A curve of days, flat, on sections, with a tick of a cent, but for what is said. */
export function curveOf(words: Partial<CurveDefinition> = {}): CurveDefinition {
  return { quantity: 'days', onPeak: 'PJM', tick: 0.01, method: 'flat', grid: 'section', ...words };
}

/** A settlement of a tenor, named after it and its block, but for what is said. */
export function quoteOf(tenor: string, price: number, words: Partial<CurveQuote> = {}): CurveQuote {
  const delivery = parseTenor(tenor, day('2025-12-31'), US_GAS_SEASONS);
  if (delivery === null) throw new Error(`not a tenor: ${tenor}`);
  const { start, end } = delivery;
  const block = words.block ?? '7x24';
  return {
    contract: `${tenor} ${block}`,
    start,
    end,
    block,
    price,
    kind: 'settlement',
    quotedAt: 0,
    ...words,
  };
}
