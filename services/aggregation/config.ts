/** Settings of aggregation: `configs/aggregation_policies.yaml` (F1). One schema gives type, check and docs. */

import { z } from 'zod';
import { parseBarInterval } from '../../core/math/bar-interval.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DAY } from '../../core/time/instant.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'must be a duration such as 90s, 15m, 2h or 3d' });

const interval = z.string().refine((text) => parseBarInterval(text) !== null, {
  error: 'must be a whole divisor of a day such as 1m, 5m, 15m, 1h, or 1d',
});

/** Most bars of a rolling window: as many rows may be stated anew for one bar that is corrected. */
const LONGEST_WINDOW = 2000;
/** Most windows of one interval. */
const MOST_WINDOWS = 16;

/** Bars that a window has room for; NaN for what is no length of time. A day of 1d counts as one, however long it is. */
export function barsOfWindow(interval: string, window: string): number {
  const length = parseBarInterval(interval)?.length ?? Number.NaN;
  return (parseDuration(window) ?? Number.NaN) / (length === 0 ? DAY : length);
}

const rollingLine = z
  .strictObject({
    interval: interval.describe('Bars to roll over: one of the intervals above.'),
    windows: z
      .array(duration)
      .min(1)
      .max(MOST_WINDOWS)
      .describe('Lengths of time that end with a bar: 24h, 7d. Over 1d they are market days.'),
  })
  .superRefine(({ interval: name, windows }, context) => {
    windows.forEach((window, k) => {
      const bars = barsOfWindow(name, window);
      // What is no length of time at all is told as that.
      if (Number.isNaN(bars)) return;
      const path = ['windows', k];
      if (!Number.isInteger(bars) || bars < 2 || bars > LONGEST_WINDOW)
        context.addIssue({
          code: 'custom',
          path,
          message: `must be 2 to ${LONGEST_WINDOW} whole bars of ${name}`,
        });
      else if (windows.findIndex((other) => barsOfWindow(name, other) === bars) !== k)
        context.addIssue({ code: 'custom', path, message: 'is the same length as one before it' });
    });
  });

const aggregationShape = z.strictObject({
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
  rolling: z
    .array(rollingLine)
    .default([])
    .describe('Rolling metrics to make of closed bars; an empty list makes none.'),
});

export const aggregationSchema = aggregationShape.superRefine(({ intervals, rolling }, context) => {
  rolling.forEach((line, k) => {
    const path = ['rolling', k, 'interval'];
    if (!intervals.includes(line.interval))
      context.addIssue({ code: 'custom', path, message: `must be one of ${intervals.join(', ')}` });
    else if (rolling.findIndex((other) => other.interval === line.interval) !== k)
      context.addIssue({ code: 'custom', path, message: 'has a line of its own already' });
  });
});

/** The settings once checked, with defaults filled in. */
export type AggregationSettings = z.infer<typeof aggregationSchema>;
