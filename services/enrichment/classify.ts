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

/** How much a known location says by itself that a rule fits. */
const LOCATION_EVIDENCE = 0.8;

const fits = (wanted: string, got: string): boolean => wanted === 'ANY' || wanted === got;

/**
 * Confidence of a rule: its own, and at a known location that of both together, 1 - (1 - rule) * (1 - 0.8): two
 * independent reasons to believe the same. Rounded to four digits.
 */
function confidenceOf(rule: number, isKnownLocation: boolean): number {
  const doubt = (1 - rule) * (isKnownLocation ? 1 - LOCATION_EVIDENCE : 1);
  return Math.round((1 - doubt) * 1e4) / 1e4;
}

/**
 * The first rule that fits, made precise by the location where that is known: its region, its kind as a tag, and a
 * higher confidence. Null when no rule fits.
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
    confidence: confidenceOf(rule.confidence, place !== undefined),
    version,
  };
}

/** The taxonomy with the tags of every tag rule that fits, sorted, each once. One that says nothing gets none. */
export function withTags(settings: EnrichmentSettings, parts: InstrumentParts, taxonomy: Taxonomy): Taxonomy {
  if (taxonomy.confidence === 0) return taxonomy;
  const tags = new Set(taxonomy.tags);
  for (const rule of settings.tag_rules)
    if (
      fits(rule.market, parts.market) &&
      fits(rule.product, parts.product) &&
      fits(rule.field, parts.field) &&
      fits(rule.commodity, taxonomy.commodity)
    )
      for (const tag of rule.tags) tags.add(tag);
  return tags.size === taxonomy.tags.length ? taxonomy : { ...taxonomy, tags: [...tags].sort() };
}

/** Whether commodity, region or product tier are not known: the tick is kept and flagged MISSING_METADATA. */
export function lacksMetadata(taxonomy: Taxonomy): boolean {
  const { confidence, commodity, region, productTier } = taxonomy;
  return confidence === 0 || commodity === '' || region === '' || productTier === '';
}
