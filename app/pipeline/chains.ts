/**
 * Chains: the four stages fused, and each alone. The same stages, the same emissions; only the input differs.
 */

import type { DeadLetter, StageName } from '../../core/model/dead-letter.ts';
import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { RawBatch } from '../../core/model/raw-batch.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Plan } from '../../core/stage/plan.ts';
import type { Chain, ChainOutcome, Decoded } from '../../core/stage/runner-contract.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import { stageEvents } from '../../core/stage/stage-events.ts';
import { type Ask, StageRun } from '../../core/stage/stage-run.ts';
import type { Wire } from '../../core/stage/wire.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import {
  type AggregationState,
  type Bars,
  nextWorkOf,
} from '../../services/aggregation/aggregation-state.ts';
import { aggregationEmissions, provisionalBlocks } from '../../services/aggregation/service.ts';
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
import { barEventsOf, lateEventsOf, latestEventsOf, rawEventsOf, rejectionEventsOf } from './batch-events.ts';
import {
  decodeEnrichedInput,
  decodeRawInput,
  decodeTickInput,
  type EnrichedInput,
  type TickInput,
} from './decode-input.ts';
import type { StageSettings } from './settings.ts';
import { StageWatch } from './stage-watch.ts';

/** What every chain is made of. */
export interface ChainParts {
  readonly names: Names;
  readonly settings: StageSettings;
  readonly settingsHash: string;
  readonly wire: Wire;
  readonly ask: Ask;
}

/** Collects what the stages of one plan have to say. */
class Outcome implements ChainOutcome {
  readonly emissions: Emission[] = [];
  readonly balances: ChainOutcome['balances'][number][] = [];
  readonly rejected: DeadLetter[] = [];
  readonly events: ChainOutcome['events'][number][] = [];

  add<Out>(stage: StageName, result: StageResult<Out>, emissions: readonly Emission[]): void {
    for (const emission of emissions) this.emissions.push(emission);
    this.balances.push([stage, result.balance]);
    this.rejected.push(...result.rejected);
    this.events.push(...stageEvents(result), ...rejectionEventsOf(stage, result.rejected));
  }
}

/** How long the stage told of last took, in milliseconds. */
const lastDuration = (events: Outcome['events']): number =>
  Number(events.findLast((event) => event.name === 'stage.finished')?.facts['duration_ms'] ?? 0);

/** Memory for the rows of one plan after the other. */
const rawMemory = (names: Names): RawBatch => new RawBatch(names, new Uint8Array(0), 0, 0);

const metadataOf = (parts: ChainParts): string => JSON.stringify({ settings: parts.settingsHash });

/** Raw topics to served, in one process and one pass. */
export class FusedChain implements Chain<RawInput> {
  readonly name = 'fused';
  private readonly parts: ChainParts;
  private readonly normalize;
  private readonly enrich;
  private readonly aggregate;
  private readonly project;
  private readonly watch = new StageWatch();
  private readonly raw: RawBatch;

  constructor(parts: ChainParts) {
    this.parts = parts;
    this.raw = rawMemory(parts.names);
    this.normalize = new StageRun(new NormalizeStage(parts.settings.normalization, parts.names));
    this.enrich = new StageRun(new EnrichStage(parts.settings.enrichment));
    this.aggregate = new StageRun(new AggregateStage(parts.settings.aggregation, parts.names));
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
    for (const run of [this.normalize, this.enrich, this.aggregate, this.project])
      await run.reset(context, this.parts.ask);
  }

  discard(): void {
    for (const run of [this.normalize, this.enrich, this.aggregate, this.project]) run.discard();
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
    outcome.add(
      'aggregation',
      bars,
      aggregationEmissions(bars, settings.aggregation, metadataOf(this.parts), wire),
    );
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

/** What the chains of one stage share. */
abstract class SingleChain<State, In, Out, Input> implements Chain<Input> {
  readonly name: StageName;
  protected readonly parts: ChainParts;
  protected readonly run: StageRun<State, In, Out>;
  private readonly watch = new StageWatch();

  constructor(parts: ChainParts, stage: Stage<State, In, Out>) {
    this.parts = parts;
    this.name = stage.name;
    this.run = new StageRun(stage);
  }

  get running(): StageName | null {
    return this.watch.running;
  }

  abstract decode(slices: readonly LogSlice[], from: number, to: number): Decoded<Input>;
  protected abstract inputOf(decoded: Input): In;
  /** What the decoder did not hand on. */
  protected abstract setAside(decoded: Input): SetAside;
  protected abstract emissions(result: StageResult<Out>): readonly Emission[];
  /** What telemetry is told of the batch beside the balance. `durationMs` is how long the stage took. */
  protected abstract tellOf(input: Input, output: Out, durationMs: number): readonly TelemetryEvent[];

  reset(plan: Plan): Promise<void> {
    return this.run.reset({ names: this.parts.names, plan }, this.parts.ask);
  }

  discard(): void {
    this.run.discard();
  }

  async process(input: Input, plan: Plan): Promise<ChainOutcome> {
    const context = { names: this.parts.names, plan };
    const outcome = new Outcome();
    const { events } = outcome;
    this.watch.begin();
    const result = await this.watch.over(
      this.run,
      this.inputOf(input),
      context,
      this.parts.ask,
      events,
      (own) => withSetAside(own, this.setAside(input)),
    );
    events.push(...this.tellOf(input, result.output, lastDuration(events)));
    outcome.add(this.name, result, this.emissions(result));
    return outcome;
  }

  nextDeadline(): number | null {
    return Infinity;
  }

  drain(): readonly Emission[] {
    return [];
  }
}

/** Records that could not be read, and how many values stood there twice. */
type SetAside = Pick<TickInput, 'undecodable' | 'redelivered'>;

/** A record that could not be read counts as one value in and rejected, a value that stood there twice as dropped. */
function withSetAside<Out>(
  result: StageResult<Out>,
  { undecodable, redelivered }: SetAside,
): StageResult<Out> {
  if (undecodable.length + redelivered === 0) return result;
  const { balance } = result;
  const again = redelivered + (balance.dropped.REDELIVERED ?? 0);
  return {
    ...result,
    rejected: [...undecodable, ...result.rejected],
    balance: {
      ...balance,
      in: balance.in + undecodable.length + redelivered,
      rejected: balance.rejected + undecodable.length,
      dropped: again === 0 ? balance.dropped : { ...balance.dropped, REDELIVERED: again },
    },
  };
}

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

/** The enriched topic to bars. */
export class AggregationChain extends SingleChain<AggregationState, EnrichedBatch, Bars, EnrichedInput> {
  constructor(parts: ChainParts) {
    super(parts, new AggregateStage(parts.settings.aggregation, parts.names));
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<EnrichedInput> {
    return decodeEnrichedInput(slices, from, to, this.parts.names, this.name);
  }

  protected inputOf(decoded: EnrichedInput): EnrichedBatch {
    return decoded.enriched;
  }

  protected setAside(decoded: EnrichedInput): SetAside {
    return decoded;
  }

  protected tellOf(_input: EnrichedInput, output: Bars, durationMs: number): readonly TelemetryEvent[] {
    return barEventsOf(output, this.parts.settings.aggregation.intervals, durationMs);
  }

  protected emissions(result: StageResult<Bars>): readonly Emission[] {
    return aggregationEmissions(
      result,
      this.parts.settings.aggregation,
      metadataOf(this.parts),
      this.parts.wire,
    );
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
export class ProjectionChain extends SingleChain<ProjectionState, EnrichedBatch, LatestRows, EnrichedInput> {
  constructor(parts: ChainParts) {
    super(parts, new ProjectLatestStage(parts.names));
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<EnrichedInput> {
    return decodeEnrichedInput(slices, from, to, this.parts.names, this.name);
  }

  protected inputOf(decoded: EnrichedInput): EnrichedBatch {
    return decoded.enriched;
  }

  protected setAside(decoded: EnrichedInput): SetAside {
    return decoded;
  }

  protected tellOf(_input: EnrichedInput, output: LatestRows, durationMs: number): readonly TelemetryEvent[] {
    return latestEventsOf(output, durationMs);
  }

  protected emissions(result: StageResult<LatestRows>): readonly Emission[] {
    return projectionEmissions(result, this.parts.wire);
  }
}
