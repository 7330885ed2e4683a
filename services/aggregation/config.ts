/** Settings of aggregation: `configs/aggregation_policies.yaml` (F1). One schema gives type, check and docs. */

import { z } from 'zod';
import { parseBarInterval } from '../../core/math/bar-interval.ts';
import { parseDuration } from '../../core/time/duration.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'must be a duration such as 90s, 15m, 2h or 3d' });

const interval = z.string().refine((text) => parseBarInterval(text) !== null, {
  error: 'must be a whole divisor of a day such as 1m, 5m, 15m, 1h, or 1d',
});

export const aggregationSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  intervals: z
    .array(interval)
    .min(1)
    .max(32)
    .describe('Bars to make. An interval finer than the delivery interval of a series has no bars.'),
  day: z
    .enum(['market', 'utc'])
    .default('market')
    .describe("What 1d means: the market's operating day, or the UTC day."),
  lateness: z
    .strictObject({
      default: duration.describe('A window closes at its end plus this, on the known time of its dataset.'),
      datasets: z.record(z.string(), duration).default({}).describe('Other values for datasets by name.'),
    })
    .describe('How long a window waits for late values.'),
  provisional: z
    .enum(['topic', 'table', 'off'])
    .default('topic')
    .describe('Where bars of open windows go at each flush: topic and cache, the table too, or nowhere.'),
  flush: duration
    .default('1s')
    .describe('Bars of open windows are shown at most once in this time, however many ticks they got.'),
  topics: z
    .strictObject({
      all: z.boolean().default(true).describe('Feed aggregation.ohlc.bars.v1 with every interval.'),
      per_interval: z.boolean().default(true).describe('Feed aggregated.market.bars.<interval>.v1.'),
    })
    .default({ all: true, per_interval: true })
    .describe('Which bar topics are fed.'),
});

/** The settings once checked, with defaults filled in. */
export type AggregationSettings = z.infer<typeof aggregationSchema>;
