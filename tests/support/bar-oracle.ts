/**
 * An independent recompute of bars, in plain objects and BigInt: shares no code with the stages, so that agreement
 * means something. Slow and obvious on purpose.
 */

import type { RawEventSpec } from './raw-events.ts';

/** A bar as text, ready to be compared. */
export interface OracleBar {
  readonly instrument: string;
  readonly interval: string;
  readonly start: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly notional: string;
  readonly priceSeconds: string;
  readonly seconds: number;
  readonly count: number;
}

const MINUTES: Record<string, number> = { '1m': 1, '5m': 5, '1h': 60 };

const byValue = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

function scaled(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * 100_000_000n + BigInt(fraction.padEnd(8, '0'));
  return negative ? -value : value;
}

/** Start of the window in micros; days by New York's calendar. */
export function oracleWindowStart(interval: string, at: number): number {
  const ms = at / 1000;
  if (interval !== '1d')
    return Math.floor(ms / (MINUTES[interval] * 60_000)) * MINUTES[interval] * 60_000_000;
  return (
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('America/New_York').startOfDay()
      .epochMilliseconds * 1000
  );
}

/** End of the window in micros. */
export function oracleWindowEnd(interval: string, start: number): number {
  if (interval !== '1d') return start + MINUTES[interval] * 60_000_000;
  return (
    Temporal.Instant.fromEpochMilliseconds(start / 1000)
      .toZonedDateTimeISO('America/New_York')
      .add({ days: 1 }).epochMilliseconds * 1000
  );
}

/** All bars as known at a moment, by `instrument|interval|start`. Equal known times of one key must not occur. */
export function oracleBars(
  events: readonly RawEventSpec[],
  intervals: readonly string[],
  asOf: number,
): Map<string, OracleBar> {
  const versions = new Map<string, RawEventSpec>();
  for (const event of [...events].sort((a, b) => a.knownAt - b.knownAt)) {
    if (event.knownAt > asOf || (event.value === null && !event.cancels)) continue;
    versions.set(
      [event.location, event.series, event.start, event.tradeId || event.sequence].join('|'),
      event,
    );
  }
  const groups = new Map<
    string,
    { instrument: string; interval: string; start: number; ticks: RawEventSpec[] }
  >();
  for (const event of versions.values()) {
    if (event.cancels) continue;
    const instrument = event.dataset === 'trade' ? event.series : `NYISO.DA.LMP.${event.location}`;
    for (const interval of intervals) {
      const start = oracleWindowStart(interval, event.start);
      if (interval !== '1d' && event.end - event.start > MINUTES[interval] * 60_000_000) continue;
      const key = `${instrument}|${interval}|${start}`;
      const group = groups.get(key) ?? { instrument, interval, start, ticks: [] };
      group.ticks.push(event);
      groups.set(key, group);
    }
  }
  const bars = new Map<string, OracleBar>();
  for (const [key, { instrument, interval, start, ticks }] of groups) {
    ticks.sort((a, b) => a.start - b.start || (a.sequence ?? 0) - (b.sequence ?? 0));
    const prices = ticks.map((t) => scaled(t.value ?? '0'));
    let volume = 0n;
    let notional = 0n;
    let priceSeconds = 0n;
    let seconds = 0;
    ticks.forEach((t, i) => {
      if (t.dataset === 'trade' && t.volume !== null) {
        volume += scaled(t.volume);
        notional += prices[i] * scaled(t.volume);
      }
      priceSeconds += (prices[i] * BigInt(t.end - t.start)) / 1_000_000n;
      seconds += (t.end - t.start) / 1e6;
    });
    bars.set(key, {
      instrument,
      interval,
      start,
      open: String(prices[0]),
      high: String(prices.toSorted(byValue).at(-1)),
      low: String(prices.toSorted(byValue)[0]),
      close: String(prices[prices.length - 1]),
      volume: String(volume),
      notional: String(notional),
      priceSeconds: String(priceSeconds),
      seconds,
      count: ticks.length,
    });
  }
  return bars;
}
