/** Wiring of enrichment: reads the tick topic; writes the enriched topic, the taxonomy it used, and anomalies. */

import { encodeEnriched } from '../../core/codec/topics/enriched.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { recordsOf, reportsOf, type Wire } from '../../core/stage/wire.ts';
import { taxonomyBlocks } from '../../core/store/tables/taxonomy.ts';
import type { Enriched } from './enrich.stage.ts';

/** What is to be written for one batch. `enriched_ticks` is a view over silver and the taxonomy written here. */
export function enrichmentEmissions(result: StageResult<Enriched>, wire: Wire): Emission[] {
  // What the reference store answers may differ when a plan is run again.
  const emissions: Emission[] = taxonomyBlocks(result.output.learned).map((bytes) => ({
    kind: 'block',
    table: 'taxonomy',
    bytes,
    untokened: true,
  }));
  const topic = Topic.enrichedTicks;
  if (wire.feeds(topic)) {
    const { output } = result;
    const batches = encodeEnriched(output, wire.schemaId(topic), wire.partitions(topic), wire.producer);
    emissions.push(...recordsOf(topic, batches));
  }
  emissions.push(...reportsOf('enrichment', result, wire));
  return emissions;
}
