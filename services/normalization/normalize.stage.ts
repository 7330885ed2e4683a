/**
 * Normalization: raw events to ticks (bronze to silver; D1-D5).
 *
 * Gives every value one fate: tick, rejected with a code, or dropped with a reason. Versions of one natural key are
 * told apart exactly: the same again is DUPLICATE, the same values as the version known just before are UNCHANGED,
 * other values are a revision. Repeats are kept beside silver, because an older version that arrives late can turn a
 * repeat into a statement again (docs/semantics.md).
 */

import type { DeadLetter } from '../../core/model/dead-letter.ts';
import { formatUuid } from '../../core/model/hash128.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { TickBatch, valuesIn } from '../../core/model/tick-batch.ts';
import { countDrop, type DropReason } from '../../core/stage/conservation.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import type { Micros } from '../../core/time/instant.ts';
import { AskedRanges } from './asked-ranges.ts';
import type { NormalizationSettings } from './config.ts';
import { Preparer } from './prepare.ts';
import type { Prepared } from './prepared.ts';
import { findById, reinstate } from './reinstated.ts';
import { RuleTable } from './rules.ts';
import { Counted } from './tally.ts';
import { loadVersions, VersionMemory } from './version-memory.ts';
import { Verdict } from './version-table.ts';

/** What arrives: decoded rows, and records that no form of the raw topic fits. */
export interface RawInput {
  readonly raw: RawBatch;
  readonly undecodable: readonly DeadLetter[];
}

/** What normalization has to say about a batch: it stands until the next one, whose rows are put in the same memory. */
export interface Normalized {
  /** New values and revisions, in the order of arrival: silver. */
  readonly ticks: TickBatch;
  /** Values published again unchanged: kept beside silver, seen by no stage after this one. */
  readonly repeats: TickBatch;
  /** Event ids of repeats of earlier batches that have to be read back to be reinstated. */
  readonly awaited: readonly string[];
}

/** What normalization remembers of a partition: the versions of natural keys it has seen or asked for. */
export interface NormalizationState {
  readonly versions: VersionMemory;
  /** (tenant, instrument) to the event time from which on all its stored versions are in `versions`. */
  readonly series: PairIds;
  readonly loadedFrom: Micros[];
  prepared: Prepared | null;
}

/**
 * Versions remembered of a partition; silver answers for what is forgotten. The half that is always kept should reach
 * further back than values are late, or plan after plan has to ask.
 */
const MEMORY = 600_000;

/** The stage that makes ticks of raw events. Its state is a cache of silver: what it lacks is asked again. */
export class NormalizeStage implements Stage<NormalizationState, RawInput, Normalized> {
  readonly name = 'normalization';
  private readonly preparer: Preparer;
  private readonly accepted: TickBatch;
  private readonly memory: number;

  constructor(settings: NormalizationSettings, names: Names, memory = MEMORY) {
    this.memory = memory;
    this.preparer = new Preparer(new RuleTable(settings, names), names);
    this.accepted = new TickBatch(names);
  }

  open(): { state: NormalizationState; rebuild: readonly Question[] } {
    // Nothing to rebuild: the first batch asks for the versions of its own series.
    const state = {
      versions: new VersionMemory(this.memory),
      series: new PairIds(),
      loadedFrom: [],
      prepared: null,
    };
    return { state, rebuild: [] };
  }

  restore(): readonly Question[] {
    return [];
  }

  questions(input: RawInput, state: NormalizationState, context: StageContext): readonly Question[] {
    const { loadedFrom } = state;
    const from = state.versions.makeRoom();
    for (let k = 0; k < loadedFrom.length; k++) if (loadedFrom[k] < from) loadedFrom[k] = from;
    const prepared = this.preparer.prepare(input.raw);
    state.prepared = prepared;
    return this.missingRanges(prepared.ticks, state, context);
  }

  /** Questions for the series and the range of event time of which versions are not in memory; they are from now on. */
  private missingRanges(ticks: TickBatch, state: NormalizationState, context: StageContext): Question[] {
    const missing = new AskedRanges();
    for (let i = 0; i < ticks.length; i++) {
      const loaded = state.loadedFrom[state.series.idOf(ticks.tenant[i], ticks.instrument[i])] ?? Infinity;
      const start = ticks.eventStart[i];
      if (loaded > start) missing.add(ticks.tenant[i], ticks.instrument[i], start, loaded);
    }
    missing.forEach((tenant, instrument, from) => {
      const series = state.series.idOf(tenant, instrument);
      while (state.loadedFrom.length <= series) state.loadedFrom.push(Infinity);
      state.loadedFrom[series] = Math.min(from, state.loadedFrom[series]);
    });
    return missing.questions(['silver_ticks', 'silver_repeats'], context);
  }

  apply(
    input: RawInput,
    state: NormalizationState,
    answers: Answers,
    context: StageContext,
  ): StageResult<Normalized> {
    answers.forEach((answer, at) => {
      if (answer.kind === 'ticks') loadVersions(state.versions, answer.ticks, at % 2 === 1);
    });
    const prepared = state.prepared ?? this.preparer.prepare(input.raw);
    state.prepared = null;
    const { ticks: candidates, groupOf, tally, findings } = prepared;
    const ticks = this.accepted.clear();
    const repeats = new TickBatch(context.names, 1);
    const awaited: string[] = [];
    const dropped: Partial<Record<DropReason, number>> = { ...prepared.dropped };
    const successor = new Uint32Array(4);
    const versions = {
      keys: prepared.keys,
      starts: candidates.eventStart,
      knownAt: candidates.knownAt,
      values: prepared.values,
      ids: candidates.id,
    };
    let reinstated = 0;
    /** Candidates from here on are ticks that have not been taken over yet. */
    let run = 0;
    for (let i = 0; i < candidates.length; i++) {
      const values = valuesIn(candidates.present[i]);
      const verdict = state.versions.add(versions, i);
      if (verdict === Verdict.duplicate || verdict === Verdict.unchanged) {
        ticks.appendRange(candidates, run, i);
        run = i + 1;
      }
      if (verdict === Verdict.duplicate) {
        countDrop(dropped, 'DUPLICATE', values);
        tally.add(groupOf[i], Counted.duplicates, values);
        continue;
      }
      if (verdict === Verdict.unchanged) {
        countDrop(dropped, 'UNCHANGED', values);
        tally.add(groupOf[i], Counted.unchanged, values);
        repeats.append(candidates, i);
        continue;
      }
      if (verdict !== Verdict.first) {
        candidates.flags[i] |= verdict === Verdict.conflict ? Flag.REVISED | Flag.CONFLICTING : Flag.REVISED;
        tally.add(groupOf[i], Counted.revised, values);
      }
      if ((candidates.flags[i] & Flag.LATE_ARRIVAL) !== 0)
        tally.addLate(groupOf[i], candidates.knownAt[i] - candidates.eventEnd[i]);
      tally.add(groupOf[i], Counted.ticks, values);
      if (verdict === Verdict.first || !state.versions.successorToReinstate(successor)) continue;
      const own = findById(repeats, successor);
      if (own === -1) {
        awaited.push(formatUuid(successor, 0));
        continue;
      }
      reinstated += valuesIn(repeats.present[own]);
      ticks.appendRange(candidates, run, i + 1);
      run = i + 1;
      reinstate(
        ticks,
        repeats,
        own,
        candidates.srcTopic[i],
        candidates.srcPartition[i],
        candidates.srcOffset[i],
      );
    }
    ticks.appendRange(candidates, run, candidates.length);
    const rejected = [...input.undecodable, ...prepared.rejected];
    let rejectedValues = 0;
    for (const letter of rejected) rejectedValues += letter.values;
    let undecodableValues = 0;
    for (const letter of input.undecodable) {
      undecodableValues += letter.values;
      findings.ofLetter(letter);
      tally.add(
        tally.groupOf(context.names.tenants.idOf(letter.tenant), 0, 0),
        Counted.rejected,
        letter.values,
      );
    }
    findings.ofFlags(ticks);
    return {
      output: { ticks, repeats, awaited },
      rejected,
      anomalies: findings.anomalies(),
      events: tally.events(context.names),
      balance: {
        in: input.raw.valueCount + prepared.bareCancels + undecodableValues,
        out: ticks.countValues(),
        rejected: rejectedValues,
        held: 0,
        dropped,
        reinstated,
      },
      held: awaited.length === 0 ? [] : repeatsOf(candidates, context),
    };
  }

  settle(
    result: StageResult<Normalized>,
    _state: NormalizationState,
    answers: Answers,
  ): StageResult<Normalized> {
    const { ticks, repeats, awaited } = result.output;
    const wanted = new Set(awaited);
    let reinstated = 0;
    for (const answer of answers) {
      if (answer.kind !== 'ticks') continue;
      for (let i = 0; i < answer.ticks.length; i++) {
        const eventId = formatUuid(answer.ticks.id, i);
        if (!wanted.delete(eventId)) continue;
        reinstated += valuesIn(answer.ticks.present[i]);
        // Positions never fall within a batch: a reader downstream takes what lies behind it as delivered before.
        const last = ticks.length - 1;
        const { srcTopic, srcPartition, srcOffset } = ticks;
        reinstate(ticks, answer.ticks, i, srcTopic[last], srcPartition[last], srcOffset[last]);
      }
    }
    return {
      ...result,
      output: { ticks, repeats, awaited: [] },
      balance: {
        ...result.balance,
        out: ticks.countValues(),
        reinstated: result.balance.reinstated + reinstated,
      },
      held: [],
    };
  }
}

/** Where the repeats that have to come back are stored. */
function repeatsOf(candidates: TickBatch, context: StageContext): Question[] {
  const ranges = new AskedRanges();
  for (let i = 0; i < candidates.length; i++) {
    const start = candidates.eventStart[i];
    ranges.add(candidates.tenant[i], candidates.instrument[i], start, start + 1);
  }
  return ranges.questions(['silver_repeats'], context);
}
