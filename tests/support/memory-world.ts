/**
 * The four stages over stores in memory: fast enough to run thousands of generated days. Silver, repeats, bars and
 * served rows are kept as the warehouse keeps them (the last position wins per key); questions are answered from them.
 */

import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import { compareIds, formatUuid } from '../../core/model/hash128.ts';
import { naturalKeyOf } from '../../core/model/identity.ts';
import { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { RollingBatch } from '../../core/model/rolling-batch.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { Plan, SourcePositions } from '../../core/stage/plan.ts';
import type { Answer, Answers, KnownTime, Question } from '../../core/stage/question.ts';
import { StageRun } from '../../core/stage/stage-run.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import { aggregationSchema } from '../../services/aggregation/config.ts';
import { RollingStage } from '../../services/aggregation/rolling/rolling.stage.ts';
import { enrichmentSchema } from '../../services/enrichment/config.ts';
import { EnrichStage } from '../../services/enrichment/enrich.stage.ts';
import { normalizationSchema } from '../../services/normalization/config.ts';
import { NormalizeStage } from '../../services/normalization/normalize.stage.ts';
import { ProjectLatestStage } from '../../services/projection/project-latest.stage.ts';
import { RAW_TOPIC, type RawEventSpec, rawBatchOf } from './raw-events.ts';

const NORMALIZATION = normalizationSchema.parse({
  version: 1,
  datasets: [
    {
      market: 'NYISO',
      dataset: 'da_lmp',
      kind: 'series',
      product: 'DA',
      lateness: '2h',
      horizon: '30d',
      fields: { lmp: { price: true } },
    },
    {
      market: 'ANY',
      dataset: 'trade',
      kind: 'trade',
      product: 'TRADE',
      lateness: '10m',
      horizon: '10m',
      fields: { price: { price: true }, volume: {} },
    },
  ],
});
const ENRICHMENT = enrichmentSchema.parse({ version: 1 });
export const AGGREGATION = aggregationSchema.parse({
  version: 1,
  intervals: ['1m', '5m', '1h', '1d'],
  lateness: { default: '10m', datasets: { da_lmp: '2h' } },
  rolling: [
    { interval: '1h', windows: ['3h'] },
    { interval: '5m', windows: ['15m'] },
  ],
});

/** Row `i` alone. */
function singleRow(rows: RollingBatch, i: number): RollingBatch {
  const one = new RollingBatch(rows.names, 1);
  one.append(rows, i);
  return one;
}

/** What survives a crash. */
export class MemoryStores {
  readonly names = new Names();
  readonly silver = new Map<string, TickBatch>();
  readonly repeats = new Map<string, TickBatch>();
  readonly bars = new Map<string, BarBatch>();
  readonly rolling = new Map<string, RollingBatch>();
  readonly latest = new Map<string, { tick: TickBatch; gone: boolean }>();
  private readonly tokens = new Set<string>();

  /** False for a block whose token is known: the warehouse drops it, whatever it holds. */
  isNew(token: string): boolean {
    if (this.tokens.has(token)) return false;
    this.tokens.add(token);
    return true;
  }

  private copy(from: TickBatch, i: number): TickBatch {
    const one = new TickBatch(this.names, 1);
    one.append(from, i);
    return one;
  }

  writeTicks(table: Map<string, TickBatch>, ticks: TickBatch): void {
    for (let i = 0; i < ticks.length; i++) {
      const key = formatUuid(ticks.id, i);
      const before = table.get(key);
      if (before === undefined || before.srcOffset[0] <= ticks.srcOffset[i])
        table.set(key, this.copy(ticks, i));
    }
  }

  writeBars(bars: BarBatch): void {
    for (let j = 0; j < bars.length; j++) {
      const key = [
        bars.tenant[j],
        bars.instrument[j],
        bars.interval[j],
        bars.start[j],
        bars.knownAt[j],
      ].join();
      const before = this.bars.get(key);
      if (before !== undefined && before.srcOffset[0] > bars.srcOffset[j]) continue;
      const one = new BarBatch(this.names, 1);
      one.append(bars, j);
      this.bars.set(key, one);
    }
  }

  writeRolling(rows: RollingBatch): void {
    for (let i = 0; i < rows.length; i++) {
      const { tenant, instrument, interval, window, end, knownAt } = rows;
      const key = [tenant[i], instrument[i], interval[i], window[i], end[i], knownAt[i]].join();
      const before = this.rolling.get(key);
      if (before === undefined || before.srcOffset[0] <= rows.srcOffset[i])
        this.rolling.set(key, singleRow(rows, i));
    }
  }

  writeLatest(ticks: TickBatch, gone: Uint8Array): void {
    for (let i = 0; i < ticks.length; i++) {
      const key = `${ticks.tenant[i]},${ticks.instrument[i]}`;
      const before = this.latest.get(key);
      if (before !== undefined && before.tick.srcOffset[0] > ticks.srcOffset[i]) continue;
      this.latest.set(key, { tick: this.copy(ticks, i), gone: gone[i] === 1 });
    }
  }

  async ask(questions: readonly Question[]): Promise<Answers> {
    return questions.map((question) => this.answer(question));
  }

  private answer(question: Question): Answer {
    const { names } = this;
    if (question.kind === 'taxonomy') return { kind: 'taxonomy', entries: new Map(), version: 1 };
    if (question.kind === 'known-times') {
      const times = new Map<string, KnownTime>();
      for (const tick of this.silver.values()) {
        if (!isBefore(tick, question.before)) continue;
        const key = `${tick.tenant[0]},${tick.source[0]},${tick.dataset[0]}`;
        const knownAt = Math.max(times.get(key)?.knownAt ?? 0, tick.knownAt[0]);
        times.set(key, {
          tenant: names.tenants.nameOf(tick.tenant[0]),
          source: names.sources.nameOf(tick.source[0]),
          dataset: names.datasets.nameOf(tick.dataset[0]),
          knownAt,
        });
      }
      return { kind: 'known-times', times: [...times.values()] };
    }
    if (question.kind === 'bars') {
      const bars = new BarBatch(names);
      for (const bar of this.bars.values())
        if (
          question.instruments.includes(names.instruments.nameOf(bar.instrument[0])) &&
          bar.start[0] >= question.from &&
          bar.start[0] < question.to
        )
          bars.append(bar, 0);
      return { kind: 'bars', bars };
    }
    const ticks = new TickBatch(names);
    if (question.kind === 'latest') {
      const gone: number[] = [];
      for (const { tick, gone: isGone } of this.latest.values()) {
        if (!question.instruments.includes(names.instruments.nameOf(tick.instrument[0]))) continue;
        ticks.append(tick, 0);
        gone.push(isGone ? 1 : 0);
      }
      return { kind: 'latest', ticks, gone: Uint8Array.from(gone) };
    }
    if (question.kind === 'newest')
      return { kind: 'ticks', ticks: this.newest(question.instruments, question.count) };
    if (question.kind === 'curve-inputs') throw new Error('this world has no curves');
    const table =
      question.kind === 'ticks' && question.table === 'silver_repeats' ? this.repeats : this.silver;
    for (const tick of table.values()) {
      if (tick.eventStart[0] < question.from) continue;
      if (question.kind === 'partition-ticks') {
        if (names.datasets.nameOf(tick.dataset[0]) !== question.dataset || !isBefore(tick, question.before))
          continue;
      } else {
        if (
          !question.instruments.includes(names.instruments.nameOf(tick.instrument[0])) ||
          tick.eventStart[0] >= question.to
        )
          continue;
        const own = question.before?.positions[names.topics.nameOf(tick.srcTopic[0])];
        if (own !== undefined && tick.srcOffset[0] >= own) continue;
      }
      ticks.append(tick, 0);
    }
    return { kind: 'ticks', ticks };

    function isBefore(tick: TickBatch, before: SourcePositions): boolean {
      const end = before[names.topics.nameOf(tick.srcTopic[0])];
      return end !== undefined && tick.srcOffset[0] < end;
    }
  }

  private newest(instruments: readonly string[], count: number): TickBatch {
    const versions = new Map<string, TickBatch>();
    const key = new Uint32Array(4);
    for (const tick of this.silver.values()) {
      if (!instruments.includes(this.names.instruments.nameOf(tick.instrument[0]))) continue;
      naturalKeyOf(tick, 0, key, 0);
      const before = versions.get(key.join());
      if (
        before === undefined ||
        (tick.knownAt[0] - before.knownAt[0] || compareIds(tick.id, 0, before.id, 0)) > 0
      )
        versions.set(key.join(), tick);
    }
    const found = new TickBatch(this.names);
    for (const instrument of instruments)
      [...versions.values()]
        .filter(
          (t) =>
            this.names.instruments.nameOf(t.instrument[0]) === instrument &&
            (t.flags[0] & Flag.CANCELLED) === 0,
        )
        .sort(
          (a, b) =>
            b.eventStart[0] - a.eventStart[0] ||
            b.knownAt[0] - a.knownAt[0] ||
            b.sequence[0] - a.sequence[0] ||
            compareIds(b.id, 0, a.id, 0),
        )
        .slice(0, count)
        .forEach((t) => {
          found.append(t, 0);
        });
    return found;
  }
}

/** Where a simulated crash strikes: before which of the writes of a plan. */
export type CrashAt =
  | 'none'
  | 'before-silver'
  | 'before-bars'
  | 'before-rolling'
  | 'before-latest'
  | 'before-commit';

/** The chain over memory, batch by batch. */
export class MemoryWorld {
  readonly stores: MemoryStores;
  private readonly events: readonly RawEventSpec[];
  private normalize;
  private enrich;
  readonly aggregate: StageRun<
    ReturnType<AggregateStage['open']>['state'],
    EnrichedBatch,
    { statements: BarBatch; provisional: BarBatch }
  >;
  private readonly roll;
  private project;

  constructor(events: readonly RawEventSpec[], stores = new MemoryStores()) {
    this.events = events;
    this.stores = stores;
    this.normalize = new StageRun(new NormalizeStage(NORMALIZATION, stores.names));
    this.enrich = new StageRun(new EnrichStage(ENRICHMENT));
    this.aggregate = new StageRun(new AggregateStage(AGGREGATION, stores.names));
    this.roll = new StageRun(new RollingStage(AGGREGATION, stores.names));
    this.project = new StageRun(new ProjectLatestStage(stores.names));
  }

  /** Throws all states away, as a killed process does. */
  restart(): void {
    for (const run of [this.normalize, this.enrich, this.aggregate, this.roll, this.project]) run.discard();
  }

  /** Runs the plan `[from, to)` through the fused chain; a crash leaves what was written before it. */
  async runFused(from: number, to: number, crash: CrashAt = 'none', clock = 0): Promise<boolean> {
    const plan = { ...planOf(from, to), clock };
    const { names } = this.stores;
    const context = { names, plan };
    const ask = (questions: readonly Question[]) => this.stores.ask(questions);
    const offsets = Array.from({ length: to - from }, (_, k) => from + k);
    const raw = rawBatchOf(names, this.events.slice(from, to), offsets);
    for (const run of [this.normalize, this.enrich, this.aggregate, this.project])
      if (run.current === null) await run.reset(context, ask);
    const normalized = await this.normalize.process({ raw, undecodable: [] }, context, ask);
    const enriched = await this.enrich.process(normalized.output.ticks, context, ask);
    const bars = await this.aggregate.process(enriched.output, context, ask);
    const rolled = await this.roll.process(bars.output.statements, context, ask);
    const latest = await this.project.process(enriched.output, context, ask);
    if (crash === 'before-silver') return false;
    this.stores.writeTicks(this.stores.silver, normalized.output.ticks);
    this.stores.writeTicks(this.stores.repeats, normalized.output.repeats);
    if (crash === 'before-bars') return false;
    this.writeBars(plan, bars.output.statements);
    if (crash === 'before-rolling') return false;
    this.writeRolling(plan, rolled.output);
    if (crash === 'before-latest') return false;
    this.stores.writeLatest(latest.output.ticks, latest.output.gone);
    return crash !== 'before-commit';
  }

  /** A block of bars has the token of its plan, so that the same plan again adds nothing. */
  private writeBars({ from, to, clock }: Plan, bars: BarBatch): void {
    if (this.stores.isNew(`${from} ${to} ${clock}`)) this.stores.writeBars(bars);
  }

  private writeRolling({ from, to, clock }: Plan, rows: RollingBatch): void {
    if (this.stores.isNew(`rolling ${from} ${to} ${clock}`)) this.stores.writeRolling(rows);
  }

  /** Runs the plan that the runner cuts when nothing comes any more: the clock alone closes windows. */
  async closeByClock(clock: number, at = this.events.length): Promise<void> {
    const context = { names: this.stores.names, plan: { ...planOf(at, at), clock } };
    const nothing = { ticks: new TickBatch(this.stores.names, 1), taxonomyOf: new Uint32Array(0), taxa: [] };
    const ask = (questions: readonly Question[]) => this.stores.ask(questions);
    const bars = await this.aggregate.process(nothing, context, ask);
    const rolled = await this.roll.process(bars.output.statements, context, ask);
    this.writeBars(context.plan, bars.output.statements);
    this.writeRolling(context.plan, rolled.output);
  }

  /** Runs normalization alone and returns its ticks: what goes to the tick topic. */
  async runNormalization(from: number, to: number): Promise<TickBatch> {
    const { names } = this.stores;
    const context = { names, plan: planOf(from, to) };
    const ask = (questions: readonly Question[]) => this.stores.ask(questions);
    const offsets = Array.from({ length: to - from }, (_, k) => from + k);
    const raw = rawBatchOf(names, this.events.slice(from, to), offsets);
    const { output } = await this.normalize.process({ raw, undecodable: [] }, context, ask);
    this.stores.writeTicks(this.stores.silver, output.ticks);
    this.stores.writeTicks(this.stores.repeats, output.repeats);
    // What the stage says stands until its next batch; a topic keeps it.
    const kept = new TickBatch(names);
    kept.appendRange(output.ticks, 0, output.ticks.length);
    return kept;
  }

  /** Runs the three stages after normalization over ticks read from its topic; `since` is how far they had come. */
  async runDownstream(ticks: TickBatch, since: number): Promise<void> {
    const { names } = this.stores;
    let until = since;
    for (let i = 0; i < ticks.length; i++) until = Math.max(until, ticks.srcOffset[i] + 1);
    const plan = { ...planOf(0, 1), since: { [RAW_TOPIC]: since }, until: { [RAW_TOPIC]: until } };
    const context = { names, plan };
    const ask = (questions: readonly Question[]) => this.stores.ask(questions);
    const enriched = await this.enrich.process(ticks, context, ask);
    const bars = await this.aggregate.process(enriched.output, context, ask);
    const rolled = await this.roll.process(bars.output.statements, context, ask);
    const latest = await this.project.process(enriched.output, context, ask);
    this.stores.writeBars(bars.output.statements);
    this.stores.writeRolling(rolled.output);
    this.stores.writeLatest(latest.output.ticks, latest.output.gone);
  }
}

function planOf(from: number, to: number): Plan {
  return {
    group: 'test',
    topic: RAW_TOPIC,
    partition: 0,
    from,
    to,
    since: { [RAW_TOPIC]: from },
    until: { [RAW_TOPIC]: to },
    settingsHash: '',
    referenceVersion: 1,
    clock: 0,
    codeVersion: 'test',
    fence: 1,
  };
}

/** True for rows that readers see as statements. */
export function isStatement(status: number): boolean {
  return status !== BarStatus.provisional && status !== BarStatus.retracted;
}
