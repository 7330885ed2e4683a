/** Table `taxonomy` (migration 002): what `enriched_ticks` joins; the highest version of an instrument wins. */

import type { NativeColumns } from '../../codec/native/columns.ts';
import { identity } from '../../codec/native/native-bytes.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import type { LearnedTaxonomy } from '../../model/enriched-batch.ts';
import type { TaxonomyEntry } from '../../ports/reference-store.ts';

/** What {@link taxonomyFromColumns} reads: `SELECT ${TAXONOMY_COLUMNS} FROM taxonomy FINAL …`. */
export const TAXONOMY_COLUMNS =
  'tenant_id, instrument_id, commodity, region, product_tier, tags, confidence, version';

/** The block of a tenant's entries under one version of the reference data. */
export function taxonomyBlock(
  tenant: string,
  entries: readonly TaxonomyEntry[],
  version: number,
): Uint8Array {
  return writeTaxonomy(entries.map((entry) => ({ tenant, version, ...entry })));
}

/** The block of what has been learnt about instruments; an empty list for nothing. */
export function taxonomyBlocks(learned: readonly LearnedTaxonomy[]): Uint8Array[] {
  return learned.length === 0 ? [] : [writeTaxonomy([...learned])];
}

function writeTaxonomy(rows: LearnedTaxonomy[]): Uint8Array {
  rows.sort((a, b) =>
    a.tenant === b.tenant ? (a.instrumentId < b.instrumentId ? -1 : 1) : a.tenant < b.tenant ? -1 : 1,
  );
  const order = identity(rows.length);
  const column = <T>(of: (row: LearnedTaxonomy) => T): T[] => rows.map(of);
  return new NativeWriter(order)
    .lowCardinalityOf('tenant_id', order, (i) => rows[i].tenant)
    .lowCardinalityOf('instrument_id', order, (i) => rows[i].instrumentId)
    .lowCardinalityOf('commodity', order, (i) => rows[i].commodity)
    .lowCardinalityOf('region', order, (i) => rows[i].region)
    .lowCardinalityOf('product_tier', order, (i) => rows[i].productTier)
    .stringLists(
      'tags',
      column((row) => row.tags),
    )
    .float64(
      'confidence',
      column((row) => row.confidence),
    )
    .uint64(
      'version',
      column((row) => row.version),
    )
    .finish();
}

/** Entries of a query for {@link TAXONOMY_COLUMNS} of one tenant, with the version of each. */
export function taxonomyFromColumns(
  columns: NativeColumns,
): { readonly entry: TaxonomyEntry; readonly version: number }[] {
  if (columns.rows === 0) return [];
  const ids = columns.strings('instrument_id');
  const commodity = columns.strings('commodity');
  const region = columns.strings('region');
  const tier = columns.strings('product_tier');
  const tags = columns.stringLists('tags');
  const confidence = columns.numbers('confidence');
  const version = columns.numbers('version');
  return ids.map((instrumentId, i) => ({
    entry: {
      instrumentId,
      commodity: commodity[i],
      region: region[i],
      productTier: tier[i],
      tags: tags[i],
      confidence: confidence[i],
    },
    version: version[i],
  }));
}
