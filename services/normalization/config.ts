/** Settings of normalization: `configs/normalization_rules.yaml` (D2, D5, D8). One schema gives type, check and docs. */

import { z } from 'zod';
import { parseDuration } from '../../core/time/duration.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'must be a duration such as 90s, 15m, 2h or 3d' });

const decimal = z
  .string()
  .regex(/^-?\d{1,10}(\.\d{1,8})?$/, { error: 'must be a decimal in quotes, such as "-500"' });

const share = z.number().min(0).max(1);

const bounds = {
  min: decimal.optional().describe('Smallest value without OUT_OF_RANGE, in the unit of the field.'),
  max: decimal.optional().describe('Greatest value without OUT_OF_RANGE.'),
  spike: decimal.optional().describe('Greatest quantity without VOLUME_SPIKE.'),
  refuse_below: decimal
    .optional()
    .describe('A value below this is no value: it is refused with QUALITY_ASSERTION_FAILED.'),
  refuse_above: decimal.optional().describe('A value above this is refused likewise.'),
};

interface Bounds {
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly refuse_below?: string | undefined;
  readonly refuse_above?: string | undefined;
}

/** The bounds of refusal lie outside those of the flag, so that the loop tests the inner ones alone. */
const isNested = ({ min, max, refuse_below, refuse_above }: Bounds): boolean =>
  !(Number(refuse_below ?? '-Infinity') > Number(min ?? 'Infinity')) &&
  !(Number(refuse_above ?? 'Infinity') < Number(max ?? '-Infinity')) &&
  !(Number(min ?? '-Infinity') > Number(max ?? 'Infinity'));

const NESTED = { error: 'bounds must be nested: refuse_below <= min <= max <= refuse_above' };

const fieldRule = z
  .strictObject({
    ...bounds,
    price: z.boolean().default(false).describe('True for a price: values below zero carry PRICE_NEGATIVE.'),
    required: z
      .boolean()
      .default(false)
      .describe('True for a field that every row must carry; what happens otherwise is said by "nulls".'),
  })
  .refine(isNested, NESTED);

const instrumentBounds = z.strictObject(bounds).refine(isNested, NESTED);

const identity = z.strictObject({
  total: z.string().min(1).describe('Field that is the sum, such as lmp.'),
  parts: z
    .record(z.string(), z.union([z.literal(1), z.literal(-1)]))
    .describe('Fields that add up to it with their signs, such as { energy: 1, congestion: -1, loss: 1 }.'),
  tolerance: decimal
    .default('0.02')
    .describe('Greatest difference that rounding explains: half a last digit for each number.'),
});

const assertions = z
  .strictObject({
    min_rows: z.number().int().min(0).optional().describe('Rows that a payload has at least.'),
    max_rejected_ratio: share.optional().describe('Share of rows that may be unreadable.'),
    max_null_ratio: share.optional().describe('Share of required values that may be absent.'),
    max_out_of_range_ratio: share.optional().describe('Share of numbers that may lie outside min and max.'),
  })
  .describe('Bounds past which nothing of a payload is promoted (docs/semantics.md, "Assertions").');

const date = z.iso.date();

const policy = {
  lateness: duration.optional().describe('A value known later than this after its end carries LATE_ARRIVAL.'),
  horizon: duration
    .optional()
    .describe('An event that starts later than this after it was known is refused (TIME_OUT_OF_RANGE).'),
  earliest: date.optional().describe('Events before this date are refused as misread (TIME_OUT_OF_RANGE).'),
  negative_prices: z
    .boolean()
    .optional()
    .describe('False: a negative price is out of range and an anomaly, not only a flag.'),
  nulls: z
    .enum(['reject', 'flag', 'skip'])
    .optional()
    .describe(
      'A required value that is absent is refused (VALUE_MISSING), reported as an anomaly, or passed over.',
    ),
  assertions: assertions.optional(),
};

const market = z
  .string()
  .regex(/^[A-Z0-9_]+$/)
  .describe('Market as in the raw event, upper case; "ANY" matches every market.');

const datasetRule = z.strictObject({
  market,
  dataset: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .describe('Dataset as in the raw event.'),
  kind: z
    .enum(['series', 'trade'])
    .describe(
      'series: each field is an instrument of its own. trade: price, volume, bid and ask are one tick.',
    ),
  product: z
    .string()
    .regex(/^[A-Z0-9_]+$/)
    .describe('Run or contract family, a part of the instrument: DA, RT, TRADE.'),
  ...policy,
  identity: identity.optional(),
  fields: z
    .record(z.string(), fieldRule)
    .describe('Fields of the dataset with their bounds; others are refused.'),
  instruments: z
    .record(z.string(), z.record(z.string(), instrumentBounds))
    .default({})
    .describe('Bounds of single instruments by id and field, in place of those of the dataset.'),
});

export const normalizationSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  earliest: date.default('1995-01-01').describe('Events before this date are refused as misread.'),
  defaults: z.strictObject(policy).default({}).describe('What holds where neither dataset nor market say.'),
  markets: z
    .array(z.strictObject({ market, ...policy }))
    .default([])
    .describe('What holds for all datasets of a market that do not say otherwise.'),
  datasets: z.array(datasetRule).min(1).describe('One rule for each market and dataset.'),
});

/** Settings as they are used: durations are still text, and resolved once by `rules.ts`. */
export type NormalizationSettings = z.infer<typeof normalizationSchema>;

/** The rule of one dataset once checked, with defaults filled in. */
export type DatasetRuleSettings = z.infer<typeof datasetRule>;

/** Bounds on what a payload may look like; what is left out is not asked. */
export type AssertionSettings = z.infer<typeof assertions>;
