/** Settings of projection: `configs/projection_policies.yaml` (G1). One schema gives type, check and docs. */

import { z } from 'zod';

export const projectionSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  latest_prices: z
    .strictObject({
      cache_ttl_seconds: z
        .int()
        .min(60)
        .max(300)
        .default(300)
        .describe('How long the cache keeps tenant:<tenant>:latest:<instrument>.'),
    })
    .default({ cache_ttl_seconds: 300 })
    .describe(
      'The projection latest_prices: table served_latest, topic served.market.latest_prices.v1, cache.',
    ),
});

/** The settings once checked, with defaults filled in. */
export type ProjectionSettings = z.infer<typeof projectionSchema>;
