/** Wiring of normalization: reads raw topics; writes silver, its repeats, the tick topic, dead letters, anomalies. */

import { encodeTicks } from '../../core/codec/topics/ticks.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
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
  if (wire.feeds(Topic.normalizedTicks)) emissions.push(...tickRecords(ticks, wire));
  emissions.push(...reportsOf('normalization', result, wire));
  return emissions;
}

/** Largest record batch of ticks, in bytes; below the limit that brokers set by default. */
const MAX_BATCH = 900_000;

/**
 * Ticks as records, in batches that never part the ticks of one raw event: a reader that stops between two batches has
 * then seen all of an event or nothing of it, and a raw offset tells how far it came.
 */
function tickRecords(ticks: TickBatch, wire: Wire): Emission[] {
  const topic = Topic.normalizedTicks;
  const batches = encodeTicks(ticks, wire.schemaId(topic), wire.partitions(topic), wire.producer, Infinity);
  const largest = batches.reduce((size, { batch }) => Math.max(size, batch.length), 0);
  if (largest <= MAX_BATCH) return recordsOf(topic, batches);
  const cuts = cutsOf(ticks, Math.ceil((largest * MARGIN) / MAX_BATCH));
  if (cuts.length === 0) return recordsOf(topic, batches);
  return [0, ...cuts].flatMap((from, k) => tickRecords(rowsOf(ticks, from, cuts[k] ?? ticks.length), wire));
}

/** Parts are made a little smaller than needed, because records differ in length. */
const MARGIN = 1.1;

/** Rows at which `parts` parts of about equal size begin, without the first; each begins with a raw event. */
function cutsOf(ticks: TickBatch, parts: number): number[] {
  const cuts: number[] = [];
  for (let part = 1; part < parts; part++) {
    let at = Math.max(Math.floor((part * ticks.length) / parts), (cuts[cuts.length - 1] ?? 0) + 1);
    while (at < ticks.length && ticks.srcOffset[at] === ticks.srcOffset[at - 1]) at++;
    if (at < ticks.length) cuts.push(at);
  }
  return cuts;
}

function rowsOf(ticks: TickBatch, from: number, to: number): TickBatch {
  const part = new TickBatch(ticks.names, to - from);
  for (let i = from; i < to; i++) part.append(ticks, i);
  return part;
}
