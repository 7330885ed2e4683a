/** The chains of one stage: the same stages as in `fused-chain.ts`, each with a topic for its input. */

import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Plan } from '../../core/stage/plan.ts';
import type { Decoded } from '../../core/stage/runner-contract.ts';
import type { StageContext, StageResult } from '../../core/stage/stage.ts';
import { StageRun } from '../../core/stage/stage-run.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import {
  type AggregationState,
  type Bars,
  nextWorkOf,
} from '../../services/aggregation/aggregation-state.ts';
import { CurvePrestage } from '../../services/aggregation/curves/prestage.ts';
import { prestageEmissions } from '../../services/aggregation/curves/service.ts';
import { RollingStage } from '../../services/aggregation/rolling/rolling.stage.ts';
import {
  aggregationEmissions,
  provisionalBlocks,
  rollingEmissions,
} from '../../services/aggregation/service.ts';
import {
  type Enriched,
  type EnrichmentState,
  EnrichStage,
  nextAskOf,
} from '../../services/enrichment/enrich.stage.ts';
import { enrichmentEmissions } from '../../services/enrichment/service.ts';
import {
  type NormalizationState,
  type Normalized,
  NormalizeStage,
  type RawInput,
} from '../../services/normalization/normalize.stage.ts';
import { normalizationEmissions } from '../../services/normalization/service.ts';
import {
  type LatestRows,
  type ProjectionState,
  ProjectLatestStage,
} from '../../services/projection/project-latest.stage.ts';
import { projectionEmissions } from '../../services/projection/service.ts';
import { barEventsOf, lateEventsOf, latestEventsOf, rawEventsOf, rollingEventsOf } from './batch-events.ts';
import { type ChainParts, metadataOf, type Outcome, rawMemory } from './chain-parts.ts';
import {
  decodeEnrichedInput,
  decodeRawInput,
  decodeTickInput,
  type EnrichedInput,
  type TickInput,
} from './decode-input.ts';
import { type SetAside, SingleChain } from './single-chain.ts';
import type { StageWatch } from './stage-watch.ts';

/** Raw topics to silver and the tick topic. */
export class NormalizationChain extends SingleChain<NormalizationState, RawInput, Normalized, RawInput> {
  private readonly raw = rawMemory(this.parts.names);

  constructor(parts: ChainParts) {
    super(parts, new NormalizeStage(parts.settings.normalization, parts.names));
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<RawInput> {
    return decodeRawInput(slices, from, to, this.raw);
  }

  protected inputOf(decoded: RawInput): RawInput {
    return decoded;
  }

  protected setAside(): SetAside {
    return { undecodable: [], redelivered: 0 };
  }

  protected tellOf(input: RawInput, output: Normalized): readonly TelemetryEvent[] {
    return [...rawEventsOf(input.raw), ...lateEventsOf(output.ticks)];
  }

  protected emissions(result: StageResult<Normalized>): readonly Emission[] {
    return normalizationEmissions(result, this.parts.wire);
  }
}

/** The tick topic to the enriched topic. */
export class EnrichmentChain extends SingleChain<EnrichmentState, TickBatch, Enriched, TickInput> {
  constructor(parts: ChainParts) {
    super(parts, new EnrichStage(parts.settings.enrichment));
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<TickInput> {
    return decodeTickInput(slices, from, to, this.parts.names, this.name);
  }

  override nextDeadline(): number | null {
    const state = this.run.current;
    return state === null ? Infinity : nextAskOf(state);
  }

  protected inputOf(decoded: TickInput): TickBatch {
    return decoded.ticks;
  }

  protected setAside(decoded: TickInput): SetAside {
    return decoded;
  }

  protected tellOf(): readonly TelemetryEvent[] {
    return [];
  }

  protected emissions(result: StageResult<Enriched>): readonly Emission[] {
    return enrichmentEmissions(result, this.parts.wire);
  }
}

/** What the chains that read the enriched topic share. */
abstract class EnrichedChain<State, Out> extends SingleChain<State, EnrichedBatch, Out, EnrichedInput> {
  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<EnrichedInput> {
    return decodeEnrichedInput(slices, from, to, this.parts.names, this.name);
  }

  protected inputOf(decoded: EnrichedInput): EnrichedBatch {
    return decoded.enriched;
  }

  protected setAside(decoded: EnrichedInput): SetAside {
    return decoded;
  }
}

/** The enriched topic to bars, these to rolling metrics, and ticks to inputs of curves. */
export class AggregationChain extends EnrichedChain<AggregationState, Bars> {
  private readonly prestage = new CurvePrestage(this.parts.settings.curves, this.parts.names);
  private readonly rolling = new RollingStage(this.parts.settings.aggregation, this.parts.names);
  private readonly roll = new StageRun(this.rolling);

  constructor(parts: ChainParts) {
    super(parts, new AggregateStage(parts.settings.aggregation, parts.names));
  }

  override async reset(plan: Plan): Promise<void> {
    await super.reset(plan);
    await this.roll.reset({ names: this.parts.names, plan }, this.parts.ask);
  }

  override discard(): void {
    super.discard();
    this.roll.discard();
  }

  protected override async follow(
    { statements }: Bars,
    context: StageContext,
    watch: StageWatch,
    outcome: Outcome,
  ): Promise<void> {
    const { ask, settings, wire } = this.parts;
    const { result, durationMs } = await watch.behind(this.roll, statements, context, ask);
    const { intervals } = settings.aggregation;
    outcome.events.push(...rollingEventsOf(result.output, intervals, durationMs));
    const lengths = this.rolling.windows.names;
    outcome.write(
      rollingEmissions(result.output, settings.aggregation, lengths, metadataOf(this.parts), wire),
    );
  }

  protected tellOf(_input: EnrichedInput, output: Bars, durationMs: number): readonly TelemetryEvent[] {
    return barEventsOf(output, this.parts.settings.aggregation.intervals, durationMs);
  }

  protected emissions(result: StageResult<Bars>, input: EnrichedBatch): readonly Emission[] {
    const { settings, wire } = this.parts;
    return [
      ...aggregationEmissions(result, settings.aggregation, metadataOf(this.parts), wire),
      ...prestageEmissions(this.prestage.inputsOf(input), wire),
    ];
  }

  override nextDeadline(): number | null {
    const state = this.run.current;
    return state === null ? null : nextWorkOf(state);
  }

  override drain(): readonly Emission[] {
    const state = this.run.current;
    if (state === null) return [];
    return provisionalBlocks(
      state.windows.provisional(),
      this.parts.settings.aggregation,
      metadataOf(this.parts),
    );
  }
}

/** The enriched topic to the served tables. */
export class ProjectionChain extends EnrichedChain<ProjectionState, LatestRows> {
  constructor(parts: ChainParts) {
    super(parts, new ProjectLatestStage(parts.names));
  }

  protected tellOf(_input: EnrichedInput, output: LatestRows, durationMs: number): readonly TelemetryEvent[] {
    return latestEventsOf(output, durationMs);
  }

  protected emissions(result: StageResult<LatestRows>): readonly Emission[] {
    return projectionEmissions(result, this.parts.wire);
  }
}
