/** Settings of enrichment: `configs/enrichment_taxonomy.yaml` (E1). One schema gives type, check and docs. */

import { z } from 'zod';
import { parseDuration } from '../../core/time/duration.ts';
import { SECOND } from '../../core/time/instant.ts';

const words = z.array(z.string().min(1)).default([]);

const classification = {
  commodity: z.string().min(1).describe('power, gas, ancillary …'),
  region: z.string().min(1).describe('Region of the market or of the location.'),
  product_tier: z.string().min(1).describe('day-ahead, real-time, forward …'),
  tags: words.describe('Semantic tags; sorted when stored.'),
};

const rule = z.strictObject({
  market: z.string().min(1).describe('Market, or "ANY".'),
  product: z.string().min(1).describe('Run or contract family, or "ANY".'),
  field: z.string().min(1).default('ANY').describe('Field, or "ANY".'),
  ...classification,
  confidence: z.number().min(0).max(1).default(0.5).describe('How far the rule is to be trusted.'),
});

const location = z.strictObject({
  market: z.string().min(1).describe('Market of the location.'),
  location: z.string().min(1).describe('Location as published.'),
  region: z.string().min(1).describe('Region it belongs to.'),
  type: z.enum(['zone', 'hub', 'node', 'interface', 'area']).describe('What kind of settlement point it is.'),
});

const instrument = z.strictObject({
  instrument: z.string().min(1).describe('Instrument id as stored.'),
  ...classification,
  confidence: z.number().min(0).max(1).default(1).describe('How far the entry is to be trusted.'),
});

const alias = z
  .strictObject({
    alias: z.string().min(1).describe('Another name of an instrument, as it stands in ticks.'),
    instrument: z.string().min(1).describe('Instrument id whose entry it shares.'),
  })
  .refine(({ alias, instrument }) => alias !== instrument, {
    error: 'must name another instrument than itself',
    path: ['instrument'],
  });

const tagRule = z.strictObject({
  market: z.string().min(1).default('ANY').describe('Market, or "ANY".'),
  product: z.string().min(1).default('ANY').describe('Run or contract family, or "ANY".'),
  field: z.string().min(1).default('ANY').describe('Field, or "ANY".'),
  commodity: z.string().min(1).default('ANY').describe('Commodity that the classification gave, or "ANY".'),
  tags: z.array(z.string().min(1)).min(1).describe('Semantic tags to add.'),
});

const CACHE_TTL = 'must be a duration from 60s to 300s, such as 60s or 5m';

export const enrichmentSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  cache_ttl: z
    .string()
    .refine(
      (text) => {
        const ttl = parseDuration(text);
        return ttl !== null && ttl >= 60 * SECOND && ttl <= 300 * SECOND;
      },
      { error: CACHE_TTL },
    )
    .default('300s')
    .describe('How long an answer of the reference store is kept (60 to 300 s).'),
  instruments: z
    .array(instrument)
    .default([])
    .describe('Entries of the table taxonomy_instruments, seeded by carbon migrate.'),
  aliases: z.array(alias).default([]).describe('Other names of instruments, seeded by carbon migrate.'),
  locations: z
    .array(location)
    .default([])
    .describe('Known locations: they make a rule precise, and raise its confidence.'),
  rules: z
    .array(rule)
    .default([])
    .describe('Classification of instruments without an entry; the first match counts.'),
  tag_rules: z
    .array(tagRule)
    .default([])
    .describe('Semantic tags by what an instrument is, entry or not; every match adds its tags.'),
});

/** The settings once checked, with defaults filled in. */
export type EnrichmentSettings = z.infer<typeof enrichmentSchema>;
