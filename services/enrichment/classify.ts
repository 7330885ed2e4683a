/** Classification of an instrument without an entry in the reference tables: by location and by rule (E1). */

import type { Taxonomy } from '../../core/model/enriched-batch.ts';
import type { InstrumentParts } from '../../core/model/names.ts';
import type { EnrichmentSettings } from './config.ts';

/** What stands for an instrument of which nothing is known. */
export const UNKNOWN_TAXONOMY: Taxonomy = {
  commodity: '',
  region: '',
  productTier: '',
  tags: [],
  confidence: 0,
  version: 0,
};

/** Confidence of a rule whose location is a known one. */
const KNOWN_LOCATION = 0.9;

const fits = (wanted: string, got: string): boolean => wanted === 'ANY' || wanted === got;

/**
 * The first rule that fits, made precise by the location where that is known: its region, its kind as a tag, and a
 * confidence of 0.9. Null when no rule fits.
 */
export function classify(
  settings: EnrichmentSettings,
  parts: InstrumentParts,
  version: number,
): Taxonomy | null {
  const rule = settings.rules.find(
    (r) => fits(r.market, parts.market) && fits(r.product, parts.product) && fits(r.field, parts.field),
  );
  if (rule === undefined) return null;
  const place = settings.locations.find((l) => l.market === parts.market && l.location === parts.location);
  const tags = new Set(rule.tags);
  if (place !== undefined) tags.add(place.type);
  return {
    commodity: rule.commodity,
    region: place?.region ?? rule.region,
    productTier: rule.product_tier,
    tags: [...tags].sort(),
    confidence: place === undefined ? rule.confidence : KNOWN_LOCATION,
    version,
  };
}
