/** Made-up inputs of a curve: prices of a few contracts, corrected and withdrawn, as ticks of one day would give them. */

import fc from 'fast-check';
import type { CurveInput, PlacedInput } from '../../core/model/curve-input.ts';
import { setMantissa } from '../../core/model/decimal.ts';
import { daysFromCivil, instantFromCivil, type Micros, SECOND } from '../../core/time/instant.ts';
import { type CurveSettings, curvesSchema } from '../../services/aggregation/curves/config.ts';

/** 10 November 2026. */
export const AS_OF = daysFromCivil(2026, 11, 10);
export const NOON: Micros = instantFromCivil(2026, 11, 10, 17);

/** A gas curve; `changes` over what a policy file would say. */
export function gasCurve(changes: Record<string, unknown> = {}): CurveSettings {
  const { curves } = curvesSchema.parse({
    version: 1,
    curves: [
      {
        curve_id: 'NG',
        zone: 'America/New_York',
        unit: 'USD/MMBtu',
        tick: 0.001,
        every: '5s',
        contracts: [{ instrument: 'NG_{tenor}' }],
        ...changes,
      },
    ],
  });
  return curves[0];
}

const month = (year: number, n: number): number =>
  daysFromCivil(year + Math.floor((n - 1) / 12), ((n - 1) % 12) + 1, 1);

/** Deliveries of the contracts: two months, the quarter they belong to with one more, a year. */
export const CONTRACTS = [
  { contract: 'NG_2026-12', start: month(2026, 12), end: month(2026, 13) },
  { contract: 'NG_2027-01', start: month(2027, 1), end: month(2027, 2) },
  { contract: 'NG_Q1-2027', start: month(2027, 1), end: month(2027, 4) },
  { contract: 'NG_CAL-2027', start: month(2027, 1), end: month(2028, 1) },
  { contract: 'NG_2026-12..2027-01', start: month(2026, 12), end: month(2027, 2) },
] as const;

/** What tells one input from another. */
export interface InputWords {
  /** Index in {@link CONTRACTS}. */
  readonly contract: number;
  /** Natural key: versions of one value share it, with their event time. */
  readonly key: number;
  /** Seconds after noon. */
  readonly said: number;
  readonly known: number;
  /** Thousandths; null takes the value back. */
  readonly price: number | null;
}

/** The input of some words. The same words give the same event id. */
export function inputOf(words: InputWords): CurveInput {
  const { contract, key, said, known, price } = words;
  const mantissa = new Int32Array(2);
  if (price !== null) setMantissa(mantissa, 0, price * 100_000);
  return {
    tenant: 'default',
    traceId: '',
    knownAt: NOON + known * SECOND,
    curve: 'NG',
    asOf: AS_OF,
    ...CONTRACTS[contract],
    block: '7x24',
    kind: 'trade',
    price: mantissa,
    unit: 'USD/MMBtu',
    withdrawn: price === null,
    eventTime: NOON + said * SECOND,
    sequence: null,
    source: 'generic',
    dataset: 'trade',
    valueKey: Uint32Array.of(contract, key, said, 0),
    valueId: Uint32Array.of(contract * 1000 + key, said, known, (price ?? -1) >>> 0),
    srcTopic: 'ingestion.miso.raw.v1',
    srcPartition: 0,
    srcOffset: 0,
  };
}

/** Inputs as they arrive, at offsets from `first` on. */
export function placed(inputs: readonly CurveInput[], first = 0): PlacedInput[] {
  return inputs.map((input, k) => ({ input, offset: first + k }));
}

/** Some inputs of one day, no two of them the same. */
export const someInputs: fc.Arbitrary<CurveInput[]> = fc
  .uniqueArray(
    fc.record({
      contract: fc.nat({ max: CONTRACTS.length - 1 }),
      key: fc.constant(0),
      said: fc.nat({ max: 2 }).map((n) => 4 * n),
      known: fc.nat({ max: 90 }),
      price: fc.option(fc.integer({ min: -500, max: 5000 }), { freq: 5 }),
    }),
    { selector: (words) => inputOf(words).valueId.join(), minLength: 1, maxLength: 40 },
  )
  .map((list) => list.map(inputOf));
