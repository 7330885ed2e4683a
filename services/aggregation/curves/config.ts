/** Settings of curves: `configs/curve_policies.yaml` (F3, F4). One schema gives type, check and docs. */

import { z } from 'zod';
import { blocksOf, ON_PEAK_RULES, onPeakRuleNamed } from '../../../core/math/curves/delivery-blocks.ts';
import {
  CURVE_GRIDS,
  CURVE_METHODS,
  DELIVERY_BLOCKS,
  QUANTITY_RULES,
  QUOTE_KINDS,
} from '../../../core/math/curves/forward-curve.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import { offsetAt } from '../../../core/time/zone.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const RULES = ON_PEAK_RULES.map(({ name }) => name);

const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, { error: 'must be a duration such as 1s, 15m or 1h' });

const zone = z.string().refine(isZone, { error: 'must be a zone such as America/New_York or -05:00' });

function isZone(text: string): boolean {
  try {
    return Number.isFinite(offsetAt(text, 0));
  } catch {
    return false;
  }
}

const contractSchema = z.strictObject({
  instrument: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => text.split('{tenor}').length === 2, { error: 'must hold {tenor} once' })
    .refine((text) => text.split('{block}').length <= 2, { error: 'may hold {block} once' })
    .refine((text) => !text.includes('}{'), {
      error: 'must have something between {tenor} and {block}, to tell them apart',
    })
    .refine((text) => !/[{}]/.test(text.replace(/\{(tenor|block)\}/g, '')), {
      error: 'may hold no other brace than those of {tenor} and {block}',
    })
    .describe('Instrument ids that are contracts of the curve: NG_HH_{tenor}, PWR_{block}_{tenor}.'),
  kind: z.enum(QUOTE_KINDS).default('trade').describe('Where the price of such an instrument comes from.'),
  block: z
    .enum(DELIVERY_BLOCKS)
    .default('7x24')
    .describe('Hours of the delivery, for instruments whose id has none.'),
});

const curveSchema = z
  .strictObject({
    curve_id: z
      .string()
      .regex(NAME, { error: 'must be 1 to 64 letters, digits, dots, underscores and hyphens' })
      .describe('Name of the curve.'),
    zone: zone.describe('Zone of as-of dates and delivery days: an IANA name or an offset.'),
    unit: z.string().min(1).describe('Unit of the prices, such as USD/MMBtu.'),
    quantity: z
      .enum(QUANTITY_RULES)
      .default('months')
      .describe('What a contract delivers: the same each month, day, business day, or hour of the block.'),
    on_peak: z
      .string()
      .default('PJM')
      .refine((name) => onPeakRuleNamed(name) !== null, { error: `must be one of ${RULES.join(', ')}` })
      .describe('Rule that says which hours are on-peak.'),
    seasons: z
      .enum(['us-gas', 'european'])
      .default('us-gas')
      .describe('Months of SUM and WIN: April to October and November to March, or April to September.'),
    tick: z
      .number()
      .positive()
      .describe('Smallest step of a price: quotes that differ from what others imply by half of it agree.'),
    method: z.enum(CURVE_METHODS).default('flat').describe('How points are made of the sections.'),
    grid: z
      .enum(CURVE_GRIDS)
      .default('month')
      .describe('How fine the points are: as the contracts cut time, by month, or by day.'),
    every: duration
      .default('1s')
      .describe(
        'Grid of known time: the curve is stated at most once in this time, from all that was known.',
      ),
    updates: z
      .enum(['full', 'delta'])
      .default('full')
      .describe(
        'What pricing.curve.updates.v1 is told: all points, or those that differ from the last ones.',
      ),
    blocks: z
      .record(z.string().min(1), z.enum(DELIVERY_BLOCKS))
      .default({})
      .describe(
        'What {block} in instrument ids stands for, such as PEAK: 5x16. Names of blocks need no entry.',
      ),
    contracts: z
      .array(contractSchema)
      .min(1)
      .max(100)
      .describe('Instruments that are contracts of the curve.'),
  })
  .superRefine((curve, issues) => {
    const rule = onPeakRuleNamed(curve.on_peak);
    if (rule === null) return;
    const isByHours = curve.quantity === 'hours';
    const known: readonly string[] = isByHours ? blocksOf(rule) : ['7x24'];
    const message = isByHours
      ? `must be a block of ${curve.on_peak}: ${known.join(', ')}`
      : 'must be 7x24: only what is delivered by hours (quantity: hours) has blocks';
    curve.contracts.forEach(({ block }, k) => {
      if (!known.includes(block))
        issues.addIssue({ code: 'custom', message, path: ['contracts', k, 'block'], input: block });
    });
    for (const [word, block] of Object.entries(curve.blocks))
      if (!known.includes(block))
        issues.addIssue({ code: 'custom', message, path: ['blocks', word], input: block });
  });

export const curvesSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  curves: z
    .array(curveSchema)
    .max(1000)
    .default([])
    .superRefine((curves, issues) => {
      const seen = new Set<string>();
      curves.forEach(({ curve_id }, k) => {
        if (seen.has(curve_id))
          issues.addIssue({
            code: 'custom',
            message: `${curve_id} stands here twice`,
            path: [k, 'curve_id'],
            input: curve_id,
          });
        seen.add(curve_id);
      });
    })
    .describe('The curves. None: no tick is looked at.'),
});

/** The settings once checked, with defaults filled in. */
export type CurvesSettings = z.infer<typeof curvesSchema>;
/** One curve of them. */
export type CurveSettings = CurvesSettings['curves'][number];

/** What holds where a plan was cut before there were curves. */
export const NO_CURVES: CurvesSettings = { version: 1, curves: [] };
