/**
 * The stages over stores in memory, with tenants, topics and policies of the test's own choice. Rows of silver, bars
 * and served are kept as the warehouse keeps them: the greatest position wins per key.
 */

import { bigSumAt } from '../../../core/math/exact-sum.ts';
import { BAR_STATUS_NAMES, BarBatch } from '../../../core/model/bar-batch.ts';
import { formatDecimal, formatScaled } from '../../../core/model/decimal.ts';
import type { EnrichedBatch } from '../../../core/model/enriched-batch.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import { TickBatch } from '../../../core/model/tick-batch.ts';
import type { TaxonomyEntry } from '../../../core/ports/reference-store.ts';
import type { Plan } from '../../../core/stage/plan.ts';
import type { Answer, Question } from '../../../core/stage/question.ts';
import type { StageResult } from '../../../core/stage/stage.ts';
import { StageRun } from '../../../core/stage/stage-run.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { AggregateStage } from '../../../services/aggregation/aggregate.stage.ts';
import type { Bars } from '../../../services/aggregation/aggregation-state.ts';
import { type AggregationSettings, aggregationSchema } from '../../../services/aggregation/config.ts';
import { type EnrichmentSettings, enrichmentSchema } from '../../../services/enrichment/config.ts';
import { EnrichStage } from '../../../services/enrichment/enrich.stage.ts';
import { type NormalizationSettings, normalizationSchema } from '../../../services/normalization/config.ts';
import { type Normalized, NormalizeStage } from '../../../services/normalization/normalize.stage.ts';
import { type LatestRows, ProjectLatestStage } from '../../../services/projection/project-latest.stage.ts';
import { MemoryStores } from '../../support/memory-world.ts';
import { planOf, type RowSpec, rawRows, tickText } from './raw-input.ts';

const series = (dataset: string, extra: object = {}) => ({
  market: 'NYISO',
  dataset,
  kind: 'series',
  product: 'DA',
  lateness: '2h',
  horizon: '30d',
  fields: {
    lmp: { price: true, min: '-1000', max: '5000' },
    load: { min: '0' },
  },
  ...extra,
});

export const RULES: NormalizationSettings = normalizationSchema.parse({
  version: 1,
  datasets: [
    series('da_lmp'),
    series('da_lmp_final', { lateness: '1d' }),
    series('rt_lmp', { product: 'RT', lateness: '10m', negative_prices: false }),
    {
      market: 'ANY',
      dataset: 'trade',
      kind: 'trade',
      product: 'TRADE',
      lateness: '10m',
      horizon: '10m',
      fields: { price: { price: true }, volume: { min: '0' }, bid: {}, ask: {}, other: {} },
    },
  ],
});

export const POLICY: AggregationSettings = aggregationSchema.parse({
  version: 1,
  intervals: ['1m', '5m', '1h', '1d'],
  lateness: { default: '10m', datasets: { da_lmp: '2h', da_lmp_final: '1d' } },
});

export interface Outcome {
  readonly normalized: StageResult<Normalized>;
  readonly enriched: StageResult<EnrichedBatch>;
  readonly bars: StageResult<Bars>;
  readonly latest: StageResult<LatestRows>;
}

/** What a world is made of; what is left out is that of this file. */
export interface WorldOptions {
  readonly policy?: AggregationSettings;
  readonly rules?: NormalizationSettings;
  readonly taxonomy?: EnrichmentSettings;
  /** Entries of the reference tables, the same for every tenant. */
  readonly entries?: readonly TaxonomyEntry[];
}

export class StageWorld {
  readonly stores: MemoryStores;
  readonly policy: AggregationSettings;
  /** Questions asked since the last `restart`, in order. */
  readonly asked: Question[] = [];
  private readonly rules: NormalizationSettings;
  private next = 0;
  private normalize;
  private enrich;
  aggregate;
  private project;

  private readonly entries: readonly TaxonomyEntry[];

  constructor(options: WorldOptions = {}) {
    this.stores = new MemoryStores();
    this.policy = options.policy ?? POLICY;
    this.rules = options.rules ?? RULES;
    const { names } = this.stores;
    this.normalize = new StageRun(new NormalizeStage(this.rules, names));
    this.enrich = new StageRun(new EnrichStage(options.taxonomy ?? enrichmentSchema.parse({ version: 1 })));
    this.entries = options.entries ?? [];
    this.aggregate = new StageRun(new AggregateStage(this.policy, names));
    this.project = new StageRun(new ProjectLatestStage(names));
  }

  /** Throws every state away, as a killed process does. */
  restart(): void {
    for (const run of [this.normalize, this.enrich, this.aggregate, this.project]) run.discard();
    this.asked.length = 0;
  }

  /** Lets the next plan begin `count` offsets earlier: as after a crash before the commit. */
  rewind(count: number): void {
    this.next -= count;
  }

  private readonly ask = async (questions: readonly Question[]): Promise<readonly Answer[]> => {
    this.asked.push(...questions);
    const answers = await this.stores.ask(questions);
    return answers.map((answer, k) => {
      if (answer.kind !== 'taxonomy') return ofTenant(answer, questions[k], this.stores.names);
      return { ...answer, entries: new Map(this.entries.map((entry) => [entry.instrumentId, entry])) };
    });
  };

  /** Runs rows as one plan through the fused chain; `clock` is the plan's reading of the clock. */
  async run(rows: readonly RowSpec[], clock: string | number = 0): Promise<Outcome> {
    const from = this.next;
    this.next += rows.length;
    const context = { names: this.stores.names, plan: planOf(from, this.next, clock) };
    for (const run of [this.normalize, this.enrich, this.aggregate, this.project])
      if (run.current === null) await run.reset(context, this.ask);
    const raw = rawRows(this.stores.names, rows, from);
    const normalized = await this.normalize.process({ raw, undecodable: [] }, context, this.ask);
    return this.finish(normalized, context.plan);
  }

  private async finish(normalized: StageResult<Normalized>, plan: Plan): Promise<Outcome> {
    const context = { names: this.stores.names, plan };
    const enriched = await this.enrich.process(normalized.output.ticks, context, this.ask);
    const bars = await this.aggregate.process(enriched.output, context, this.ask);
    const latest = await this.project.process(enriched.output, context, this.ask);
    this.stores.writeTicks(this.stores.silver, normalized.output.ticks);
    this.stores.writeTicks(this.stores.repeats, normalized.output.repeats);
    this.stores.writeBars(bars.output.statements);
    this.stores.writeLatest(latest.output.ticks, latest.output.gone);
    return { normalized, enriched, bars, latest };
  }

  /** The plan that a runner cuts when nothing comes: the clock alone closes windows. */
  async close(clock: string | number): Promise<BarBatch> {
    const context = { names: this.stores.names, plan: planOf(this.next, this.next, clock) };
    const nothing = { ticks: new TickBatch(this.stores.names, 1), taxonomyOf: new Uint32Array(0), taxa: [] };
    const bars = await this.aggregate.process(nothing, context, this.ask);
    this.stores.writeBars(bars.output.statements);
    return bars.output.statements;
  }

  /** Stored bars as text, sorted; `interval` picks one kind. Retracted rows are left out unless asked for. */
  bars(interval?: string, retracted = false): string[] {
    return [...this.stores.bars.values()]
      .filter((bar) => retracted || BAR_STATUS_NAMES[bar.status[0]] !== 'retracted')
      .filter((bar) => interval === undefined || this.policy.intervals[bar.interval[0]] === interval)
      .map((bar) => barText(bar, 0, this.policy.intervals))
      .sort();
  }

  /** Served rows as text, sorted: tenant, instrument, event start, price; `gone` where there is none. */
  served(): string[] {
    const { names } = this.stores;
    return [...this.stores.latest.values()]
      .map(({ tick, gone }) => {
        const who = `${names.tenants.nameOf(tick.tenant[0])} ${names.instruments.nameOf(tick.instrument[0])}`;
        return gone
          ? `${who} gone`
          : `${who} ${formatInstant(tick.eventStart[0])} ${formatDecimal(tick.price, 0)}`;
      })
      .sort();
  }

  /** Silver as text, sorted. */
  silver(): string[] {
    return [...this.stores.silver.values()].map((tick) => tickText(tick, 0)).sort();
  }
}

/** Answers of the support stores hold all tenants; the warehouse's hold the one that was asked for. */
function ofTenant(answer: Answer, question: Question, names: MemoryStores['names']): Answer {
  if (!('tenant' in question)) return answer;
  const tenant = names.tenants.idOf(question.tenant);
  if (answer.kind === 'ticks') {
    const ticks = new TickBatch(names, 1);
    for (let i = 0; i < answer.ticks.length; i++)
      if (answer.ticks.tenant[i] === tenant) ticks.append(answer.ticks, i);
    return { kind: 'ticks', ticks };
  }
  if (answer.kind === 'bars') {
    const bars = new BarBatch(names, 1);
    for (let j = 0; j < answer.bars.length; j++)
      if (answer.bars.tenant[j] === tenant) bars.append(answer.bars, j);
    return { kind: 'bars', bars };
  }
  if (answer.kind !== 'latest') return answer;
  const ticks = new TickBatch(names, 1);
  const gone: number[] = [];
  for (let i = 0; i < answer.ticks.length; i++) {
    if (answer.ticks.tenant[i] !== tenant) continue;
    ticks.append(answer.ticks, i);
    gone.push(answer.gone[i]);
  }
  return { kind: 'latest', ticks, gone: Uint8Array.from(gone) };
}

/** A bar as one line of text. */
export function barText(bars: BarBatch, j: number, intervals: readonly string[]): string {
  const { names } = bars;
  return [
    names.tenants.nameOf(bars.tenant[j]),
    names.instruments.nameOf(bars.instrument[j]),
    intervals[bars.interval[j]],
    formatInstant(bars.start[j]),
    formatInstant(bars.end[j]),
    `known ${formatInstant(bars.knownAt[j])}`,
    BAR_STATUS_NAMES[bars.status[j]],
    [bars.open, bars.high, bars.low, bars.close].map((column) => formatDecimal(column, j)).join('/'),
    `volume ${formatScaled(bigSumAt(bars.volume, j), 8)}`,
    `notional ${formatScaled(bigSumAt(bars.notional, j), 16)}`,
    `seconds ${bars.seconds[j]}`,
    `count ${bars.count[j]}`,
    flagNames(bars.flags[j]).join('+'),
  ].join(' | ');
}
