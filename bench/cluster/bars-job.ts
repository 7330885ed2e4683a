/**
 * The job that stream processors are measured by: JSON trades in Kafka → valid, named, deduplicated → bars of 1m, 5m, 1h
 * and 1d back to Kafka, and no store. Our stages, by our own client or by that of the library.
 *
 * `bars-job.ts BROKER RAW BARS ours|stock`: works through what the raw topic holds and closes all windows at its end.
 * Bars of open windows are shown once a second, as policy has it. Prints `begin`, then one JSON line.
 */

import { resolve } from 'node:path';
import { decodeRawInput } from '../../app/pipeline/decode-input.ts';
import { loadStageSettings, policyPaths } from '../../app/pipeline/settings.ts';
import { encodeBars } from '../../core/codec/topics/bars.ts';
import { Names } from '../../core/model/names.ts';
import { RawBatch } from '../../core/model/raw-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { StageRun } from '../../core/stage/stage-run.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import { EnrichStage } from '../../services/enrichment/enrich.stage.ts';
import { NormalizeStage } from '../../services/normalization/normalize.stage.ts';
import { askNobody, planOf } from '../empty-stores.ts';
import { type JobClient, OurClient, StockClient } from './job-clients.ts';

/** Known to come after every window's end and lateness: all are closed. UTC micros. */
const END_OF_TIME = 4_000_000_000_000_000;

const [broker, raw, bars, client] = process.argv.slice(2);
const settings = await loadStageSettings(policyPaths(resolve(import.meta.dirname, '../..'), {}), {});
const names = new Names();
const ask = askNobody(names);
const { intervals } = settings.aggregation;

/** The stages of one partition. */
class Lane {
  private readonly partition: number;
  private readonly normalize = new StageRun(new NormalizeStage(settings.normalization, names));
  private readonly enrich = new StageRun(new EnrichStage(settings.enrichment));
  private readonly aggregate = new StageRun(new AggregateStage(settings.aggregation, names));
  private readonly memory = new RawBatch(names, new Uint8Array(0), 0, 0);

  constructor(partition: number) {
    this.partition = partition;
  }

  /** Takes records in and sends the bars that they close or change; without any, at the end, those of all windows. */
  async work(io: JobClient, slices: readonly LogSlice[], from: number): Promise<number> {
    const to = slices.at(-1)?.to ?? from;
    const clock = from === to ? END_OF_TIME : Date.now() * 1000;
    const context = { names, plan: planOf(raw, this.partition, from, to, clock) };
    const { input } = decodeRawInput(slices, from, to, this.memory);
    const normalized = await this.normalize.process(input, context, ask);
    const enriched = await this.enrich.process(normalized.output.ticks, context, ask);
    const { output } = await this.aggregate.process(enriched.output, context, ask);
    const topic = { name: bars, schemaId: 1, partitions: io.partitions };
    for (const batch of [output.statements, output.provisional])
      for (const { batches } of encodeBars(batch, intervals, topic, [], '254carbon-bench'))
        for (const each of batches) io.send(each.partition, each.batch);
    return output.statements.length + output.provisional.length;
  }
}

const io = await (client === 'stock' ? StockClient : OurClient).open(broker, raw, bars);
console.log('begin');
const lanes = Array.from({ length: io.partitions }, (_, partition) => new Lane(partition));
const reached = lanes.map(() => 0);
let [records, sent] = [0, 0];
for (let piece = await io.next(); piece !== null; piece = await io.next()) {
  const { partition, slices } = piece;
  const to = slices.at(-1)?.to ?? 0;
  sent += await lanes[partition].work(io, slices, reached[partition]);
  records += to - reached[partition];
  reached[partition] = to;
  await io.done(partition, to);
}
for (const [partition, lane] of lanes.entries()) sent += await lane.work(io, [], reached[partition]);
await io.flush();
console.log(JSON.stringify({ records, bars: sent }));
await io.close();
// Whoever counts what this process used is still looking.
for await (const _ of process.stdin);
process.exit(0);
