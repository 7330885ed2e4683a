/** Made-up inputs and statements of curves, for codecs. */

import fc from 'fast-check';
import { DELIVERY_BLOCKS, QUOTE_KINDS } from '../../../core/math/curves/forward-curve.ts';
import type { CurveInput } from '../../../core/model/curve-input.ts';
import type { CurveUpdate } from '../../../core/model/curve-statement.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const micros = fc.integer({ min: 0, max: 2 ** 51 });
const day = fc.integer({ min: 0, max: 60_000 });
const block = fc.constantFrom(...DELIVERY_BLOCKS);
const price = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((n) => Int32Array.of(n, n < 0 ? -1 : 0));
const words = fc
  .array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 4, maxLength: 4 })
  .map((list) => Uint32Array.from(list));
const place = { srcTopic: text, srcPartition: fc.nat(), srcOffset: fc.integer({ min: 0, max: 2 ** 52 }) };
/** One input. */
export const curveInput: fc.Arbitrary<CurveInput> = fc
  .record(
    {
      tenant: text,
      traceId: text,
      knownAt: micros,
      curve: text,
      asOf: day,
      contract: text,
      start: day,
      end: day,
      block,
      kind: fc.constantFrom(...QUOTE_KINDS),
      price,
      unit: text,
      withdrawn: fc.boolean(),
      eventTime: micros,
      sequence: fc.option(fc.nat()),
      source: text,
      dataset: text,
      valueKey: words,
      valueId: words,
      ...place,
    },
    { noNullPrototype: true },
  )
  .map((made) => ({ ...made, end: made.start + 1 + (made.end % 5000) }))
  .map((made) => (made.withdrawn ? { ...made, price: new Int32Array(2) } : made));
/** One statement. */
export const curveUpdate: fc.Arbitrary<CurveUpdate> = fc.record(
  {
    tenant: text,
    traceId: text,
    knownAt: micros,
    curve: text,
    asOf: day,
    statement: fc.nat(),
    previousKnownAt: fc.option(micros),
    isDelta: fc.boolean(),
    unit: text,
    method: fc.constant('flat'),
    points: fc.array(
      fc.record(
        {
          start: day,
          end: day,
          block,
          price: fc.option(price),
          source: fc.constantFrom('QUOTED', 'IMPLIED', 'SHAPED', 'GONE'),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 5 },
    ),
    metadata: text,
    ...place,
  },
  { noNullPrototype: true },
);
