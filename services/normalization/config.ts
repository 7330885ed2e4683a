/** Settings of normalization: `configs/normalization_rules.yaml` (D2). One schema gives type, check and docs. */

import { z } from 'zod';
import { parseDuration } from '../../core/time/duration.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'must be a duration such as 90s, 15m, 2h or 3d' });

const decimal = z
  .string()
  .regex(/^-?\d{1,10}(\.\d{1,8})?$/, { error: 'must be a decimal in quotes, such as "-500"' });

const fieldRule = z.strictObject({
  min: decimal.optional().describe('Smallest value without OUT_OF_RANGE, in the unit of the field.'),
  max: decimal.optional().describe('Greatest value without OUT_OF_RANGE.'),
  price: z.boolean().default(false).describe('True for a price: values below zero carry PRICE_NEGATIVE.'),
});

const datasetRule = z.strictObject({
  market: z
    .string()
    .regex(/^[A-Z0-9_]+$/)
    .describe('Market as in the raw event, upper case; "ANY" matches every market.'),
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
  lateness: duration.describe('A value known later than this after its end carries LATE_ARRIVAL.'),
  horizon: duration.describe(
    'An event that starts later than this after it was known is refused (TIME_OUT_OF_RANGE).',
  ),
  negative_prices: z
    .boolean()
    .default(true)
    .describe('False: a negative price is an anomaly, not only a flag.'),
  fields: z
    .record(z.string(), fieldRule)
    .describe('Fields of the dataset with their bounds; others are refused.'),
});

export const normalizationSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  earliest: z.iso.date().default('1995-01-01').describe('Events before this date are refused as misread.'),
  datasets: z.array(datasetRule).min(1).describe('One rule for each market and dataset.'),
});

/** Settings as they are used: durations are still text, and resolved once by `rules.ts`. */
export type NormalizationSettings = z.infer<typeof normalizationSchema>;

/** The rule of one dataset once checked, with defaults filled in. */
export type DatasetRuleSettings = z.infer<typeof datasetRule>;
