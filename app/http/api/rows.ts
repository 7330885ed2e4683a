/** The rows that the read API answers with, as schemas: the OpenAPI document is made from them, and a test holds answers to them. */

import { z } from 'zod';
import { CURVE_METHODS, DELIVERY_BLOCKS, QUOTE_KINDS } from '../../../core/math/curves/forward-curve.ts';
import { BAR_STATUS_NAMES } from '../../../core/model/bar-batch.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import { ROLLING_STATUS_NAMES } from '../../../core/model/rolling-batch.ts';

/** ISO 8601 in UTC, to the microsecond where there is a fraction. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z$/)
  .describe('ISO 8601 in UTC.');
/** An exact decimal number as text. */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d{1,8})?$/)
  .describe('An exact decimal number.');
const count = z.string().regex(/^\d+$/).describe('A whole number as text.');
const flags = z
  .array(z.enum(['VALID', ...(Object.keys(Flag) as (keyof typeof Flag)[])]))
  .min(1)
  .describe('VALID alone, or what is to be known about the value.');
const id = z.string().min(1).describe('Instrument id: an opaque name.');

/** One latest value. */
export const latestRow = z.strictObject({
  instrument_id: id,
  price: decimal.nullable(),
  unit: z.string(),
  ts: instant.describe('Start of the time the value is about, UTC.'),
  ts_end: instant.describe('End of it, exclusive; the same as ts for a reading at one instant.'),
  known_at: instant.describe('When the value became known.'),
  volume: decimal.nullable(),
  bid: decimal.nullable(),
  ask: decimal.nullable(),
  quality_flags: flags,
});

/** One bar. */
export const barRow = z.strictObject({
  instrument_id: id,
  interval: z.string(),
  interval_start: instant,
  interval_end: instant.describe('Exclusive.'),
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  twap: decimal.nullable().describe('Mean price by time; null for trades.'),
  vwap: decimal.nullable().describe('Mean price by volume; null without volume.'),
  volume: decimal,
  trade_count: count.describe('Ticks in the bar.'),
  revision: count
    .nullable()
    .describe('Counted from 1 by known time; null as of a time at which the window was open.'),
  status: z.enum(BAR_STATUS_NAMES),
  known_at: instant.describe('Greatest known time of its inputs.'),
  quality_flags: flags,
});

/** Rolling metrics of one window. */
export const rollingRow = z.strictObject({
  instrument_id: id,
  interval: z.string().describe('Of the bars.'),
  window: z.string().describe('Length of the window: 24h, 7d.'),
  window_start: instant.describe('Start of the first bar that the window has room for.'),
  window_end: instant.describe('End of its last bar, exclusive.'),
  bars: z.int().min(0).describe('Closed bars in the window.'),
  bars_expected: z.int().min(2).describe('Bars that it has room for.'),
  is_full: z.boolean().describe('Whether all of them are there.'),
  sma: decimal.describe('Mean of the closes.'),
  vwap: decimal.nullable().describe('Mean price by volume; null without volume.'),
  high: decimal,
  low: decimal,
  stddev: decimal.nullable().describe('Sample standard deviation of the closes; null below two bars.'),
  zscore: decimal
    .nullable()
    .describe(
      'The last close against those before it; null below two of those, or where they are all alike.',
    ),
  rms_change: decimal
    .nullable()
    .describe('Root mean square of the changes from close to close; null below two bars.'),
  revision: count.describe('Counted from 1 by known time.'),
  status: z.enum(ROLLING_STATUS_NAMES),
  known_at: instant.describe('Greatest known time of the bars.'),
  quality_flags: flags,
});

/** One tick. */
export const tickRow = z.strictObject({
  instrument_id: id,
  ts: instant,
  ts_end: instant,
  known_at: instant,
  price: decimal.nullable(),
  volume: decimal.nullable(),
  bid: decimal.nullable(),
  ask: decimal.nullable(),
  unit: z.string(),
  quality_flags: flags,
  source: z.string().describe('Connector that the value came by.'),
  dataset: z.string(),
  sequence: count.nullable().describe('Number that the source gave.'),
  trade_id: z.string().nullable(),
  event_id: z.uuid(),
  payload_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe('Archived payload; null for streams.'),
  payload_row: z.int().min(0).describe('Row in the payload, counted from 1; 0 for streams.'),
});

/** One instrument. */
export const instrumentRow = z.strictObject({
  instrument_id: id,
  market: z.string(),
  product: z.string(),
  location: z.string(),
  field: z.string(),
  unit: z.string(),
  source: z.string(),
  dataset: z.string(),
  commodity: z.string().nullable(),
  region: z.string().nullable(),
  product_tier: z.string().nullable(),
  tags: z.array(z.string()),
  confidence: z.number().min(0).max(1).describe('How sure the classification is; 0 for none.'),
});

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const block = z.enum(DELIVERY_BLOCKS).describe('Hours of the delivery.');
const delivery = {
  delivery_start: day.describe('First day of the delivery, in the zone of the curve.'),
  delivery_end: day.describe('Day after the last one.'),
};
const curveId = z.string().min(1).describe('Name of the curve in configs/curve_policies.yaml.');
const method = z.enum(CURVE_METHODS).describe('How points are made of the sections that the quotes fix.');

/** One curve that is served. */
export const curveRow = z.strictObject({
  curve_id: curveId,
  as_of_date: day.describe('Newest day of the market that has points.'),
  known_at: instant.describe('From when on it is known as it is now.'),
  unit: z.string(),
  method,
  points: count.describe('How many points it has.'),
  ...delivery,
});

/** One point of a curve. */
export const curvePointRow = z.strictObject({
  curve_id: curveId,
  as_of_date: day.describe('Day of the market that the curve is of.'),
  ...delivery,
  block,
  price: decimal,
  unit: z.string(),
  source: z
    .enum(['QUOTED', 'IMPLIED', 'SHAPED'])
    .describe('One contract says it, several do, or it is finer than any.'),
  method,
  known_at: instant.describe('From when on the curve is known as stated.'),
  statement: count.describe('Number of the statement: all points of a curve have one.'),
});

/** One quote of a curve. */
export const curveQuoteRow = z.strictObject({
  contract: id,
  ...delivery,
  block,
  price: decimal,
  kind: z.enum(QUOTE_KINDS),
  quoted_at: instant.describe('When the price was said.'),
  known_at: instant.describe('When it became known.'),
  fate: z
    .enum(['USED', 'CONSISTENT_DROP_COARSER', 'CURVE_CONFLICT', 'ZERO_WEIGHT', 'UNUSED'])
    .describe('USED, or why it does not hold the curve; UNUSED where no curve could be made.'),
  implied: z.number().nullable().describe('What the other quotes say of the delivery.'),
  residual: z.number().nullable().describe('The price less that.'),
  event_id: z.uuid().describe('Event id of the tick.'),
});

/** The chain from a number to the bytes it came from. */
export const explanation = z.strictObject({
  instrument_id: id,
  bar: barRow.nullable().describe('The bar explained; null when a latest value is.'),
  taxonomy: z.looseObject({ commodity: z.string(), region: z.string() }).nullable(),
  inputs: z.array(
    z.looseObject({
      event_id: z.uuid(),
      ts: instant,
      ts_end: instant,
      price: decimal.nullable(),
      known_at: instant,
      quality_flags: flags,
      raw_event: z.looseObject({ topic: z.string(), partition: z.int(), offset: z.int() }),
      time_rule: z.string().nullable().describe('Rule by which the source’s words for the time became UTC.'),
      payload: z.looseObject({ sha256: z.string(), row: z.int(), line: z.string().nullable() }),
      trace_id: z.string(),
    }),
  ),
});

/** The body of every error. */
export const problem = z.strictObject({
  error: z.strictObject({
    code: z.string().describe('One of docs/errors.md, or UNEXPECTED.'),
    message: z.string(),
    remedy: z.string().describe('What to do.'),
    field: z.string().optional().describe('The parameter, header or path at fault.'),
    expected: z.string().optional(),
    got: z.string().optional(),
  }),
});
