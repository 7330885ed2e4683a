/** Entries and aliases of the taxonomy file, as they stand in the tables of the reference store. Harmless to repeat. */

import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { EnrichmentSettings } from '../../services/enrichment/config.ts';

/** Writes what the file says; what it says no longer stays. The version of the reference data grows with any change. */
export async function seedTaxonomy(
  reference: ReferenceStore,
  tenant: string,
  settings: EnrichmentSettings,
): Promise<void> {
  await reference.upsertInstruments(
    tenant,
    settings.instruments.map((entry) => ({
      instrumentId: entry.instrument,
      commodity: entry.commodity,
      region: entry.region,
      productTier: entry.product_tier,
      tags: [...entry.tags].sort(),
      confidence: entry.confidence,
    })),
  );
  for (const { alias, instrument } of settings.aliases)
    await reference.upsertAlias(tenant, alias, instrument);
}
