/** The chain of all four stages in one pass: the same stages and emissions as in `stage-chains.ts`, without topics between. */

import type { StageName } from '../../core/model/dead-letter.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Plan } from '../../core/stage/plan.ts';
import type { Chain, ChainOutcome, Decoded } from '../../core/stage/runner-contract.ts';
import type { StageContext } from '../../core/stage/stage.ts';
import { StageRun } from '../../core/stage/stage-run.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import { nextWorkOf } from '../../services/aggregation/aggregation-state.ts';
import { CurvePrestage } from '../../services/aggregation/curves/prestage.ts';
import { prestageEmissions } from '../../services/aggregation/curves/service.ts';
import { RollingStage } from '../../services/aggregation/rolling/rolling.stage.ts';
import {
  aggregationEmissions,
  provisionalBlocks,
  rollingEmissions,
} from '../../services/aggregation/service.ts';
import { EnrichStage, nextAskOf } from '../../services/enrichment/enrich.stage.ts';
import { enrichmentEmissions } from '../../services/enrichment/service.ts';
import { NormalizeStage, type RawInput } from '../../services/normalization/normalize.stage.ts';
import { normalizationEmissions } from '../../services/normalization/service.ts';
import { ProjectLatestStage } from '../../services/projection/project-latest.stage.ts';
import { projectionEmissions } from '../../services/projection/service.ts';
import { barEventsOf, lateEventsOf, latestEventsOf, rawEventsOf, rollingEventsOf } from './batch-events.ts';
import { type ChainParts, lastDuration, metadataOf, Outcome, rawMemory } from './chain-parts.ts';
import { decodeRawInput } from './decode-input.ts';
import { StageWatch } from './stage-watch.ts';

/** Raw topics to served, in one process and one pass. */
export class FusedChain implements Chain<RawInput> {
  readonly name = 'fused';
  private readonly parts: ChainParts;
  private readonly normalize;
  private readonly enrich;
  private readonly aggregate;
  private readonly roll;
  private readonly rolling: RollingStage;
  private readonly project;
  private readonly prestage: CurvePrestage;
  private readonly watch = new StageWatch();
  private readonly raw: RawBatch;

  constructor(parts: ChainParts) {
    this.parts = parts;
    this.raw = rawMemory(parts.names);
    this.normalize = new StageRun(new NormalizeStage(parts.settings.normalization, parts.names));
    this.enrich = new StageRun(new EnrichStage(parts.settings.enrichment));
    this.aggregate = new StageRun(new AggregateStage(parts.settings.aggregation, parts.names));
    this.prestage = new CurvePrestage(parts.settings.curves, parts.names);
    this.rolling = new RollingStage(parts.settings.aggregation, parts.names);
    this.roll = new StageRun(this.rolling);
    this.project = new StageRun(new ProjectLatestStage(parts.names));
  }

  get running(): StageName | null {
    return this.watch.running;
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<RawInput> {
    return decodeRawInput(slices, from, to, this.raw);
  }

  async reset(plan: Plan): Promise<void> {
    const context = { names: this.parts.names, plan };
    for (const run of [this.normalize, this.enrich, this.aggregate, this.roll, this.project])
      await run.reset(context, this.parts.ask);
  }

  discard(): void {
    for (const run of [this.normalize, this.enrich, this.aggregate, this.roll, this.project]) run.discard();
  }

  async process(input: RawInput, plan: Plan): Promise<ChainOutcome> {
    const { names, ask, wire, settings } = this.parts;
    const context: StageContext = { names, plan };
    const outcome = new Outcome();
    const { events } = outcome;
    this.watch.begin();
    const normalized = await this.watch.over(this.normalize, input, context, ask, events);
    events.push(...rawEventsOf(input.raw), ...lateEventsOf(normalized.output.ticks));
    outcome.add('normalization', normalized, normalizationEmissions(normalized, wire));
    const enriched = await this.watch.over(this.enrich, normalized.output.ticks, context, ask, events);
    outcome.add('enrichment', enriched, enrichmentEmissions(enriched, wire));
    const bars = await this.watch.over(this.aggregate, enriched.output, context, ask, events);
    events.push(...barEventsOf(bars.output, settings.aggregation.intervals, lastDuration(events)));
    outcome.add('aggregation', bars, [
      ...aggregationEmissions(bars, settings.aggregation, metadataOf(this.parts), wire),
      ...prestageEmissions(this.prestage.inputsOf(enriched.output), wire),
    ]);
    const rolled = await this.watch.behind(this.roll, bars.output.statements, context, ask);
    const metrics = rolled.result.output;
    events.push(...rollingEventsOf(metrics, settings.aggregation.intervals, rolled.durationMs));
    const lengths = this.rolling.windows.names;
    outcome.write(rollingEmissions(metrics, settings.aggregation, lengths, metadataOf(this.parts), wire));
    const latest = await this.watch.over(this.project, enriched.output, context, ask, events);
    events.push(...latestEventsOf(latest.output, lastDuration(events)));
    outcome.add('projection', latest, projectionEmissions(latest, wire));
    return outcome;
  }

  nextDeadline(): number | null {
    const [bars, taxa] = [this.aggregate.current, this.enrich.current];
    if (bars === null) return null;
    return Math.min(nextWorkOf(bars), taxa === null ? Infinity : nextAskOf(taxa));
  }

  drain(): readonly Emission[] {
    const state = this.aggregate.current;
    if (state === null) return [];
    return provisionalBlocks(
      state.windows.provisional(),
      this.parts.settings.aggregation,
      metadataOf(this.parts),
    );
  }
}
