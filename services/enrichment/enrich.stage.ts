/**
 * Enrichment: ticks with taxonomy (E1-E3).
 *
 * The reference tables come first, then the rules of the taxonomy file; an instrument that neither knows is flagged
 * MISSING_METADATA, kept, and counted. So is one that the tables could not be asked about, until they can be.
 */

import type { Anomaly } from '../../core/model/anomaly.ts';
import type { EnrichedBatch, LearnedTaxonomy, Taxonomy } from '../../core/model/enriched-batch.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { TaxonomyEntry } from '../../core/ports/reference-store.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Answers, Question, TaxonomyQuestion } from '../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';
import { classify, lacksMetadata, UNKNOWN_TAXONOMY, withTags } from './classify.ts';
import type { EnrichmentSettings } from './config.ts';

/** How long a series that could not be asked about goes by what is at hand, before it is asked about again. */
const ASK_AGAIN = 2 * SECOND;

/** What enrichment remembers of a partition: answers of the reference store, until they expire. */
export interface EnrichmentState {
  readonly series: PairIds;
  /** By series: its taxonomy, and the plan's clock reading until which it is kept. */
  readonly taxonomy: Taxonomy[];
  readonly keptUntil: Micros[];
  /** Series that were never answered for: their taxonomy is that of the rules, and their ticks are flagged. */
  readonly owed: Set<number>;
  /** Version of the reference data that the answers are of: with another one all are asked again. */
  version: number;
  asked: TaxonomyQuestion[];
  /** Series of the batch at hand that are asked about. */
  misses: number;
}

/** Enriched ticks, and what has been learnt about instruments on the way. */
export interface Enriched extends EnrichedBatch {
  readonly learned: readonly LearnedTaxonomy[];
}

/** The stage that gives each tick its taxonomy. Its state needs no rebuilding: what it lacks is asked again. */
export class EnrichStage implements Stage<EnrichmentState, TickBatch, Enriched> {
  readonly name = 'enrichment';
  private readonly settings: EnrichmentSettings;
  private readonly ttl: Micros;

  constructor(settings: EnrichmentSettings) {
    this.settings = settings;
    this.ttl = parseDuration(settings.cache_ttl) ?? 0;
  }

  open(): { state: EnrichmentState; rebuild: readonly Question[] } {
    return {
      state: {
        series: new PairIds(),
        taxonomy: [],
        keptUntil: [],
        owed: new Set(),
        version: -1,
        asked: [],
        misses: 0,
      },
      rebuild: [],
    };
  }

  restore(): readonly Question[] {
    return [];
  }

  questions(input: TickBatch, state: EnrichmentState, context: StageContext): readonly Question[] {
    const wanted = new Map<number, Set<number>>();
    const want = (tenant: number, instrument: number): void => {
      wanted.getOrInsertComputed(tenant, () => new Set()).add(instrument);
    };
    if (state.version !== context.plan.referenceVersion) {
      state.version = context.plan.referenceVersion;
      state.keptUntil.fill(0);
    }
    for (let i = 0; i < input.length; i++) {
      const series = state.series.idOf(input.tenant[i], input.instrument[i]);
      const until = state.keptUntil[series];
      if (until !== undefined && until > context.plan.clock) continue;
      want(input.tenant[i], input.instrument[i]);
    }
    state.misses = [...wanted.values()].reduce((sum, instruments) => sum + instruments.size, 0);
    // Those that an answer is owed for, whether this batch has ticks of them or not.
    for (const series of state.owed)
      if (state.keptUntil[series] <= context.plan.clock)
        want(state.series.firstOf(series), state.series.secondOf(series));
    const { names } = context;
    state.asked = [...wanted].map(([tenant, instruments]) => ({
      kind: 'taxonomy',
      tenant: names.tenants.nameOf(tenant),
      instruments: [...instruments].map((id) => names.instruments.nameOf(id)),
    }));
    return state.asked;
  }

  apply(
    input: TickBatch,
    state: EnrichmentState,
    answers: Answers,
    context: StageContext,
  ): StageResult<Enriched> {
    const learned = this.remember(state, answers, context);
    const taxa: Taxonomy[] = [];
    const lacking: boolean[] = [];
    const indexOf = new Int32Array(state.series.size).fill(-1);
    const taxonomyOf = new Uint32Array(input.length);
    const ticks = input.withOwnFlags();
    const missing = new MissingCases(input);
    for (let i = 0; i < input.length; i++) {
      const series = state.series.idOf(input.tenant[i], input.instrument[i]);
      let index = indexOf[series];
      if (index === -1) {
        index = taxa.push(state.taxonomy[series]) - 1;
        lacking.push(lacksMetadata(taxa[index]));
        indexOf[series] = index;
      }
      taxonomyOf[i] = index;
      if (!lacking[index] && !state.owed.has(series)) continue;
      ticks.flags[i] |= Flag.MISSING_METADATA;
      missing.add(i);
    }
    const values = input.countValues();
    return {
      output: { ticks, taxonomyOf, taxa, learned },
      rejected: [],
      anomalies: missing.anomalies(),
      balance: { in: values, out: values, rejected: 0, held: 0, dropped: {}, reinstated: 0 },
      held: [],
      events: input.length === 0 ? [] : [lookupEvent(input.length, state.misses, missing.total)],
    };
  }

  settle(result: StageResult<Enriched>): StageResult<Enriched> {
    return result;
  }

  /**
   * Takes in what the reference store said; returns what was not known so before. Where it could not be asked, what was
   * known goes on to hold, and what was not is a guess by the rules: nothing is learnt from it.
   */
  private remember(state: EnrichmentState, answers: Answers, context: StageContext): LearnedTaxonomy[] {
    const { names, plan } = context;
    const learned: LearnedTaxonomy[] = [];
    state.asked.forEach((question, at) => {
      const answer = answers[at];
      if (answer.kind !== 'taxonomy') return;
      const tenant = names.tenants.idOf(question.tenant);
      for (const id of question.instruments) {
        const instrument = names.instruments.ids.idOf(id);
        const series = state.series.idOf(tenant, instrument);
        const before = state.taxonomy[series];
        const isAnswered = answer.unanswered?.has(id) !== true;
        // Entries of an older version than that of the plan are all that is at hand while the store is away.
        const isCurrent = isAnswered && answer.version >= plan.referenceVersion;
        state.keptUntil[series] = plan.clock + (isCurrent ? this.ttl : ASK_AGAIN);
        if (!isAnswered && before !== undefined) continue;
        const entry = answer.entries.get(id);
        const parts = names.instruments.partsOf(instrument);
        const found =
          entry === undefined
            ? (classify(this.settings, parts, answer.version) ?? UNKNOWN_TAXONOMY)
            : fromEntry(entry, answer.version);
        const taxonomy = withTags(this.settings, parts, found);
        state.taxonomy[series] = taxonomy;
        const wasOwed = state.owed.delete(series);
        if (!isAnswered) state.owed.add(series);
        else if (before === undefined || wasOwed || !saysTheSame(before, taxonomy))
          learned.push({ tenant: question.tenant, instrumentId: id, ...taxonomy });
      }
    });
    state.asked = [];
    return learned;
  }
}

/** The clock reading at which series are to be asked about again although no tick of them comes; Infinity for none. */
export function nextAskOf(state: EnrichmentState): Micros {
  let next = Infinity;
  for (const series of state.owed) next = Math.min(next, state.keptUntil[series]);
  return next;
}

function saysTheSame(a: Taxonomy, b: Taxonomy): boolean {
  return (
    a.commodity === b.commodity &&
    a.region === b.region &&
    a.productTier === b.productTier &&
    a.confidence === b.confidence &&
    a.tags.join('\n') === b.tags.join('\n')
  );
}

function fromEntry(entry: TaxonomyEntry, version: number): Taxonomy {
  return {
    commodity: entry.commodity,
    region: entry.region,
    productTier: entry.productTier,
    tags: entry.tags,
    confidence: entry.confidence,
    version,
  };
}

/** Ticks of which something is not known, by tenant and dataset: the first, and how many. */
class MissingCases {
  total = 0;
  private readonly ticks: TickBatch;
  private readonly groups = new PairIds();
  private readonly firsts: number[] = [];
  private readonly counts: number[] = [];

  constructor(ticks: TickBatch) {
    this.ticks = ticks;
  }

  add(i: number): void {
    const group = this.groups.idOf(this.ticks.tenant[i], this.ticks.dataset[i]);
    if (group === this.firsts.length) {
      this.firsts.push(i);
      this.counts.push(0);
    }
    this.counts[group]++;
    this.total++;
  }

  anomalies(): Anomaly[] {
    return this.firsts.map((first, group) => missingMetadata(this.ticks, first, this.counts[group]));
  }
}

/**
 * `enrichment.lookup`: a look-up is one tick; the first tick of a series that is not kept is a miss. `missing` counts
 * ticks flagged MISSING_METADATA.
 */
function lookupEvent(ticks: number, misses: number, missing: number): TelemetryEvent {
  const facts = { stage: 'enrichment', type: 'metadata', hits: ticks - misses, misses, missing };
  return { name: 'enrichment.lookup', level: 'debug', facts };
}

function missingMetadata(ticks: TickBatch, first: number, count: number): Anomaly {
  const names = ticks.names;
  return {
    tenant: names.tenants.nameOf(ticks.tenant[first]),
    traceId: names.traces.nameOf(ticks.trace[first]),
    knownAt: ticks.knownAt[first],
    type: 'MISSING_METADATA',
    severity: 'info',
    stage: 'enrichment',
    market: names.instruments.partsOf(ticks.instrument[first]).market,
    dataset: names.datasets.nameOf(ticks.dataset[first]),
    instrumentId: names.instruments.nameOf(ticks.instrument[first]),
    ts: ticks.eventStart[first],
    message: 'commodity, region or product tier of the instrument are not known',
    count,
    context: {},
  };
}
