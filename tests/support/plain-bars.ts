/**
 * Bars of prices that hold for intervals, made anew in plain objects and BigInt: slow and obvious on purpose, and of no
 * code of the stages.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';

/** One price of one instrument. */
export interface PlainPrice {
  readonly instrument: string;
  /** UTC micros, half-open. */
  readonly start: Micros;
  readonly end: Micros;
  /** A plain decimal. */
  readonly value: string;
}

/** A bar; prices at scale 8. */
export interface PlainBar {
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Time-weighted mean, half to even; null for readings, which hold for no time. */
  readonly twap: bigint | null;
  readonly count: number;
}

const LENGTHS: readonly (readonly [name: string, length: Micros])[] = [
  ['1m', MINUTE],
  ['5m', 5 * MINUTE],
  ['1h', HOUR],
  ['1d', DAY],
];

/** A decimal at scale 8. */
export function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(8, '0'));
  return text.startsWith('-') ? -size : size;
}

/** Begin of the window: days by the calendar of the zone, everything else by UTC. */
function windowStart(length: Micros, zone: string, at: Micros): Micros {
  if (length !== DAY) return Math.floor(at / length) * length;
  // No zone of a market begins a day within a quarter of an hour.
  const quarter = Math.floor(at / QUARTER);
  return days
    .getOrInsertComputed(zone, () => new Map<number, Micros>())
    .getOrInsertComputed(quarter, () => {
      const instant = Temporal.Instant.fromEpochMilliseconds((quarter * QUARTER) / 1000);
      return instant.toZonedDateTimeISO(zone).startOfDay().epochMilliseconds * 1000;
    });
}

const QUARTER = 15 * MINUTE;

/** Begins of days by zone and quarter of an hour. */
const days = new Map<string, Map<number, Micros>>();

/**
 * Bars of all windows that are not shorter than what their prices hold for, by `instrument|interval|start`: one length
 * after another, so that those of all are never there at once.
 */
export function* plainBars(
  prices: readonly PlainPrice[],
  zoneOf: (instrument: string) => string,
): Generator<[key: string, bar: PlainBar]> {
  for (const [name, length] of LENGTHS) {
    const windows = new Map<string, PlainPrice[]>();
    for (const price of prices) {
      if (price.end - price.start > length) continue;
      const start = windowStart(length, zoneOf(price.instrument), price.start);
      windows.getOrInsertComputed(`${price.instrument}|${name}|${start}`, () => []).push(price);
    }
    for (const [key, members] of windows) yield [key, barOf(members)];
  }
}

function barOf(prices: readonly PlainPrice[]): PlainBar {
  const inOrder = prices.toSorted((a, b) => a.start - b.start);
  const values = inOrder.map(({ value }) => scaled(value));
  const ascending = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  let weighted = 0n;
  let seconds = 0n;
  inOrder.forEach(({ start, end }, i) => {
    const held = BigInt((end - start) / 1_000_000);
    weighted += (values[i] as bigint) * held;
    seconds += held;
  });
  return {
    open: values[0] as bigint,
    high: ascending.at(-1) as bigint,
    low: ascending[0] as bigint,
    close: values.at(-1) as bigint,
    twap: seconds === 0n ? null : halfEven(weighted, seconds),
    count: values.length,
  };
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const twice = (size % denominator) * 2n;
  let quotient = size / denominator;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return numerator < 0n ? -quotient : quotient;
}
