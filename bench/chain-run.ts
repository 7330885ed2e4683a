/** The fused chain step by step under a meter: decode, the four stages, and the encoders of blocks and records. */

import { decodeRawInput } from '../app/pipeline/decode-input.ts';
import { loadStageSettings, policyPaths } from '../app/pipeline/settings.ts';
import { barsTopic, Topic } from '../core/codec/topics/topic-names.ts';
import { Names } from '../core/model/names.ts';
import { RawBatch } from '../core/model/raw-batch.ts';
import type { Emission } from '../core/stage/emission.ts';
import { StageRun } from '../core/stage/stage-run.ts';
import type { Wire } from '../core/stage/wire.ts';
import { AggregateStage } from '../services/aggregation/aggregate.stage.ts';
import { RollingStage } from '../services/aggregation/rolling/rolling.stage.ts';
import { aggregationEmissions, rollingEmissions } from '../services/aggregation/service.ts';
import { EnrichStage } from '../services/enrichment/enrich.stage.ts';
import { enrichmentEmissions } from '../services/enrichment/service.ts';
import { NormalizeStage } from '../services/normalization/normalize.stage.ts';
import { normalizationEmissions } from '../services/normalization/service.ts';
import { ProjectLatestStage } from '../services/projection/project-latest.stage.ts';
import { projectionEmissions } from '../services/projection/service.ts';
import type { Load } from './chain-load.ts';
import { askNobody, planOf } from './empty-stores.ts';
import { HeapMeter, type SectionTotals } from './heap-meter.ts';

/** What a load took, and what came out of it. */
export interface ChainReport {
  readonly name: string;
  readonly plans: number;
  readonly values: number;
  readonly bars: number;
  readonly rejected: number;
  /** Collections that fell into the sections. */
  readonly collections: number;
  readonly sections: Readonly<Record<string, SectionTotals>>;
}

/** All topics are fed, so that every encoder works; of a topic with a successor the first version, as policy has it. */
const WIRE: Wire = {
  producer: '254carbon-bench',
  feeds: (topic) => topic !== Topic.latestPricesV2,
  schemaId: () => 1,
  partitions: () => 1,
};

/** Runs a load through the chain of the checkout's policies; the first `warmUp` plans are not counted. */
export async function runChain(root: string, load: Load, warmUp: number): Promise<ChainReport> {
  const settings = await loadStageSettings(policyPaths(root, {}), {});
  const names = new Names();
  const ask = askNobody(names);
  const normalize = new StageRun(new NormalizeStage(settings.normalization, names));
  const enrich = new StageRun(new EnrichStage(settings.enrichment));
  const aggregate = new StageRun(new AggregateStage(settings.aggregation, names));
  const rolling = new RollingStage(settings.aggregation, names);
  const roll = new StageRun(rolling);
  const project = new StageRun(new ProjectLatestStage(names));
  const memory = new RawBatch(names, new Uint8Array(0), 0, 0);
  let meter = new HeapMeter();
  let [values, bars, rejected] = [0, 0, 0];
  for (let k = 0; k < warmUp + load.plans; k++) {
    if (k === warmUp) {
      meter = new HeapMeter();
      [values, bars, rejected] = [0, 0, 0];
    }
    const slice = load.slice(k);
    const context = { names, plan: planOf(slice.topic, 0, slice.from, slice.to) };
    const measure = <T>(name: string, work: () => T | Promise<T>): Promise<T> => meter.measure(name, work);
    const { input } = await measure('decode', () => decodeRawInput([slice], slice.from, slice.to, memory));
    const normalized = await measure('normalize', () => normalize.process(input, context, ask));
    const written: Emission[] = [];
    written.push(...(await measure('encode ticks', () => normalizationEmissions(normalized, WIRE))));
    const enriched = await measure('enrich', () => enrich.process(normalized.output.ticks, context, ask));
    written.push(...(await measure('encode enriched', () => enrichmentEmissions(enriched, WIRE))));
    const made = await measure('aggregate', () => aggregate.process(enriched.output, context, ask));
    written.push(
      ...(await measure('encode bars', () =>
        aggregationEmissions(made, settings.aggregation, '{"settings":"bench"}', WIRE),
      )),
    );
    const rolled = await measure('roll', () => roll.process(made.output.statements, context, ask));
    written.push(
      ...(await measure('encode rolling', () =>
        rollingEmissions(
          rolled.output,
          settings.aggregation,
          rolling.windows.names,
          '{"settings":"bench"}',
          WIRE,
        ),
      )),
    );
    const latest = await measure('project', () => project.process(enriched.output, context, ask));
    written.push(...(await measure('encode latest', () => projectionEmissions(latest, WIRE))));
    values += normalized.output.ticks.length;
    bars += made.output.statements.length + made.output.provisional.length;
    rejected +=
      normalized.rejected.length + enriched.rejected.length + made.rejected.length + latest.rejected.length;
    checkWritten(written, settings.aggregation.intervals.map(barsTopic));
  }
  const { collections } = meter;
  const sections = Object.fromEntries(meter.sections);
  return { name: load.name, plans: load.plans, values, bars, rejected, collections, sections };
}

/** A benchmark of a chain that writes nothing would measure nothing. */
function checkWritten(written: readonly Emission[], topics: readonly string[]): void {
  const bytes = written.reduce((sum, emission) => {
    if (emission.kind === 'cache') return sum;
    return sum + (emission.kind === 'block' ? emission.bytes.length : emission.batch.length);
  }, 0);
  if (bytes === 0) throw new Error(`nothing was written for ${topics.join(', ')}`);
}
