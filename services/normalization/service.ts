/** Wiring of normalization: reads raw topics; writes silver, its repeats, the tick topic, dead letters, anomalies. */

import { encodeTicks } from '../../core/codec/topics/ticks.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { blocksOf, recordsOf, reportsOf, type Wire } from '../../core/stage/wire.ts';
import { silverBlocks } from '../../core/store/tables/silver-ticks.ts';
import type { Normalized } from './normalize.stage.ts';

/** What is to be written for one batch. Silver comes first: who hears of a tick finds it in the store. */
export function normalizationEmissions(result: StageResult<Normalized>, wire: Wire): Emission[] {
  const { ticks, repeats } = result.output;
  const emissions: Emission[] = [
    ...blocksOf('silver_ticks', silverBlocks(ticks)),
    ...blocksOf('silver_repeats', silverBlocks(repeats)),
  ];
  const topic = Topic.normalizedTicks;
  if (wire.feeds(topic)) {
    const batches = encodeTicks(ticks, wire.schemaId(topic), wire.partitions(topic), wire.producer);
    emissions.push(...recordsOf(topic, batches));
  }
  emissions.push(...reportsOf('normalization', result, wire));
  return emissions;
}
