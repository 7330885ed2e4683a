/** Generated market days: hourly day-ahead prices and trades, with everything that makes real days hard. */

import fc from 'fast-check';
import { HOUR, instantFromCivil, MINUTE, SECOND } from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { RawEventSpec } from './raw-events.ts';

const DAYS = [
  instantFromCivil(2025, 3, 9), // 23 hours
  instantFromCivil(2025, 11, 2), // 25 hours
  instantFromCivil(2025, 7, 1),
];

const price = fc.integer({ min: -5000, max: 20_000 }).map((cents) => (cents / 100).toFixed(2));

interface Step {
  readonly hour: number;
  readonly location: number;
  readonly kind: 'value' | 'repeat' | 'cancel' | 'back';
  readonly price: string;
  readonly delay: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  hour: fc.nat(24),
  location: fc.nat(1),
  kind: fc.constantFrom('value', 'repeat', 'value', 'back', 'cancel') as fc.Arbitrary<Step['kind']>,
  price,
  delay: fc.integer({ min: 1, max: 600 }),
});

interface TradeStep {
  readonly minute: number;
  readonly price: string;
  readonly volume: string | null;
  readonly delay: number;
  readonly fate: 'plain' | 'corrected' | 'cancelled' | 'twice';
}

const trade: fc.Arbitrary<TradeStep> = fc.record({
  minute: fc.nat(40),
  price,
  volume: fc.option(fc.integer({ min: 0, max: 1000 }).map(String), { nil: null }),
  delay: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 20_000 })),
  fate: fc.constantFrom('plain', 'plain', 'corrected', 'cancelled', 'twice') as fc.Arbitrary<
    TradeStep['fate']
  >,
});

/**
 * Events of one day in the order in which they became known: a day-ahead file (whole or with holes), then corrections,
 * unchanged repeats, returns to an older value, cancels; beside it trades in and out of order, corrected, cancelled,
 * delivered twice, and late. No two different versions of a key share a known time.
 */
export const generatedDay: fc.Arbitrary<RawEventSpec[]> = fc
  .record({
    day: fc.constantFrom(...DAYS),
    first: fc.array(price, { minLength: 50, maxLength: 50 }),
    holes: fc.uniqueArray(fc.nat(49), { maxLength: 3 }),
    steps: fc.array(step, { maxLength: 12, size: 'max' }),
    trades: fc.array(trade, { maxLength: 15, size: 'max' }),
  })
  .map(({ day, first, holes, steps, trades }) => {
    const { start, end } = marketDayBounds('America/New_York', day / (24 * HOUR));
    const hours = (end - start) / HOUR;
    const events: RawEventSpec[] = [];
    const published = start - 13 * HOUR;
    const history = new Map<string, string[]>();
    const add = (
      hour: number,
      location: string,
      knownAt: number,
      value: string | null,
      cancels: boolean,
    ): void => {
      events.push(dayAhead(location, start + hour * HOUR, knownAt, value, cancels));
      const key = `${location}${hour}`;
      const values = history.get(key) ?? [];
      if (value !== null) values.push(value);
      history.set(key, values);
    };
    for (let k = 0; k < 2 * hours; k++)
      if (!holes.includes(k)) add(k % hours, k < hours ? 'WEST' : 'N.Y.C.', published, first[k], false);
    let knownAt = published;
    for (const { hour, location, kind, price: value, delay } of steps) {
      knownAt += delay * 5 * MINUTE + SECOND;
      const place = location === 0 ? 'WEST' : 'N.Y.C.';
      const at = hour % hours;
      const values = history.get(`${place}${at}`) ?? [];
      const last = values[values.length - 1];
      const chosen = kind === 'repeat' ? last : kind === 'back' ? values[values.length - 2] : value;
      add(at, place, knownAt, kind === 'cancel' ? null : (chosen ?? value), kind === 'cancel');
    }
    trades.forEach((spec, n) => {
      const at = start + 10 * HOUR + spec.minute * MINUTE + (n % 7) * SECOND;
      const seen = at + spec.delay * SECOND + n;
      events.push(tradeEvent(n, at, seen, spec.price, spec.volume, false));
      if (spec.fate === 'twice') events.push(tradeEvent(n, at, seen, spec.price, spec.volume, false));
      if (spec.fate === 'corrected')
        events.push(tradeEvent(n, at, seen + 900 * SECOND + n, '12.34', spec.volume, false));
      if (spec.fate === 'cancelled')
        events.push(tradeEvent(n, at, seen + 900 * SECOND + n, null, null, true));
    });
    return events.sort((a, b) => a.knownAt - b.knownAt);
  });

/** Trades of one instant that arrive in the reverse of their order: only the sequence number tells open from close. */
function sameInstant(at: number): RawEventSpec[] {
  return ['31.07', '-4.5', '12.25', '90.01', '0', '55.5'].map((price, k) =>
    tradeEvent(100 + k, at, at + (20 - k) * SECOND, price, String(k), false),
  );
}

function dayAhead(
  location: string,
  start: number,
  knownAt: number,
  value: string | null,
  cancels: boolean,
): RawEventSpec {
  return {
    market: 'NYISO',
    dataset: 'da_lmp',
    location,
    series: '',
    start,
    end: start + HOUR,
    knownAt,
    field: 'lmp',
    value,
    volume: null,
    sequence: null,
    tradeId: '',
    cancels,
  };
}

function tradeEvent(
  n: number,
  at: number,
  knownAt: number,
  value: string | null,
  volume: string | null,
  cancels: boolean,
): RawEventSpec {
  return {
    market: 'NYISO',
    dataset: 'trade',
    location: '',
    series: 'NG_HH_BALMO',
    start: at,
    end: at,
    knownAt,
    field: 'price',
    value,
    volume,
    sequence: n,
    tradeId: n % 2 === 0 ? `T-${n}` : '',
    cancels,
  };
}

/**
 * Generated days of one seed, the same in every process: one of 23, one of 25 and one of 24 hours, in the order in
 * which their events became known. Added to each are trades of one instant; to the whole one value that is no number and
 * one of a dataset without a rule, so that a log holds rejections too.
 */
export function seededDays(seed: number): RawEventSpec[] {
  const found = new Map<number, RawEventSpec[]>();
  for (const events of fc.sample(generatedDay, { seed, numRuns: 200 })) {
    const day = Math.floor(events[0].knownAt / (40 * 24 * HOUR));
    if (events.length > (found.get(day)?.length ?? 0)) found.set(day, events);
  }
  for (const events of found.values()) events.push(...sameInstant(events[0].start + 12 * HOUR));
  const events = [...found.values()].flat().sort((a, b) => a.knownAt - b.knownAt);
  const [first] = events;
  events.splice(3, 0, { ...first, value: 'n/a' });
  events.splice(40, 0, { ...first, dataset: 'unheard_of' });
  return events;
}
