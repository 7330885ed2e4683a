/**
 * Projection: the latest value of each instrument (served; G1).
 *
 * Latest is the greatest (event start, known time, source sequence, event id) among values that are not withdrawn.
 * Day-ahead series are served hours before delivery; the interval that holds now is a question of reading
 * (view served_in_delivery).
 */

import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import { compareIds } from '../../core/model/hash128.ts';
import { naturalKeyOf } from '../../core/model/identity.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { SlotSet } from '../../core/model/slot-set.ts';
import { TickBatch, valuesIn } from '../../core/model/tick-batch.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import type { Micros } from '../../core/time/instant.ts';

/** Served rows that a batch changes: one per instrument. */
export interface LatestRows {
  readonly ticks: TickBatch;
  /** 1 where the instrument has no value any more. */
  readonly gone: Uint8Array;
}

/** What projection remembers of a partition: the served row of each series it has met. */
export interface ProjectionState {
  readonly series: PairIds;
  /** Row of `latest` by series; absent while nothing is known of it. */
  readonly rowOf: number[];
  readonly loaded: SlotSet;
  /** The served row of each series, and whether it is gone. */
  readonly latest: TickBatch;
  readonly gone: boolean[];
  /** The batch at hand, and the series in it that wait for older values. */
  input: TickBatch | null;
  readonly waiting: Set<number>;
  readonly changed: SlotSet;
}

/**
 * The stage that keeps the latest value of each series. Its state is filled from served_latest as series appear.
 */
export class ProjectLatestStage implements Stage<ProjectionState, EnrichedBatch, LatestRows> {
  readonly name = 'projection';
  private readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  open(): { state: ProjectionState; rebuild: readonly Question[] } {
    const state: ProjectionState = {
      series: new PairIds(),
      rowOf: [],
      loaded: new SlotSet(),
      latest: new TickBatch(this.names),
      gone: [],
      input: null,
      waiting: new Set(),
      changed: new SlotSet(),
    };
    return { state, rebuild: [] };
  }

  restore(): readonly Question[] {
    return [];
  }

  questions(input: EnrichedBatch, state: ProjectionState): readonly Question[] {
    const { ticks } = input;
    const wanted = new Map<number, Set<number>>();
    for (let i = 0; i < ticks.length; i++) {
      const series = state.series.idOf(ticks.tenant[i], ticks.instrument[i]);
      if (state.loaded.has(series)) continue;
      let instruments = wanted.get(ticks.tenant[i]);
      if (instruments === undefined) wanted.set(ticks.tenant[i], (instruments = new Set()));
      instruments.add(ticks.instrument[i]);
    }
    return [...wanted].map(([tenant, instruments]) => {
      for (const instrument of instruments) state.loaded.add(state.series.idOf(tenant, instrument));
      return {
        kind: 'latest',
        tenant: this.names.tenants.nameOf(tenant),
        instruments: [...instruments].map((id) => this.names.instruments.nameOf(id)),
      };
    });
  }

  apply(
    input: EnrichedBatch,
    state: ProjectionState,
    answers: Answers,
    _context: StageContext,
  ): StageResult<LatestRows> {
    for (const answer of answers) {
      if (answer.kind !== 'latest') continue;
      for (let i = 0; i < answer.ticks.length; i++) this.serve(state, answer.ticks, i, answer.gone[i] === 1);
    }
    const { ticks } = input;
    state.input = ticks;
    state.waiting.clear();
    state.changed.clear();
    let values = 0;
    let held = 0;
    let superseded = 0;
    for (let i = 0; i < ticks.length; i++) {
      const count = valuesIn(ticks.present[i]);
      values += count;
      const series = state.series.idOf(ticks.tenant[i], ticks.instrument[i]);
      const row = state.rowOf[series];
      if (state.waiting.size > 0 && state.waiting.has(series)) held += count;
      else if ((ticks.flags[i] & Flag.CANCELLED) !== 0) {
        if (row !== undefined && ticks.eventStart[i] < state.latest.eventStart[row]) superseded += count;
        else {
          state.waiting.add(series);
          held += count;
        }
      } else if (row !== undefined && !state.gone[row] && compareServed(ticks, i, state.latest, row) < 0)
        superseded += count;
      else if ((ticks.flags[i] & Flag.REVISED) !== 0) {
        // Another version is known: it may be a later one that withdraws this value, come before it.
        state.waiting.add(series);
        held += count;
      } else {
        this.serve(state, ticks, i, false);
        state.changed.add(series);
      }
    }
    return {
      output:
        state.waiting.size === 0
          ? this.changedRows(state)
          : { ticks: new TickBatch(this.names, 1), gone: new Uint8Array(0) },
      rejected: [],
      anomalies: [],
      balance: {
        in: values,
        out: values - held - superseded,
        rejected: 0,
        held,
        dropped: superseded === 0 ? {} : { SUPERSEDED: superseded },
        reinstated: 0,
      },
      held: state.waiting.size === 0 ? [] : this.heldQuestions(state, ticks),
    };
  }

  /**
   * For each waiting series as many stored values as the batch could withdraw, and one more; and all versions of the
   * values that the batch has of it, because a value that came before may be withdrawn by one that is stored already.
   */
  private heldQuestions(state: ProjectionState, ticks: TickBatch): Question[] {
    const wanted = new Map<number, { instruments: Set<number>; cancels: number; from: Micros; to: Micros }>();
    for (let i = 0; i < ticks.length; i++) {
      if (!state.waiting.has(state.series.idOf(ticks.tenant[i], ticks.instrument[i]))) continue;
      let tenant = wanted.get(ticks.tenant[i]);
      const at = ticks.eventStart[i];
      if (tenant === undefined)
        wanted.set(ticks.tenant[i], (tenant = { instruments: new Set(), cancels: 0, from: at, to: at }));
      tenant.instruments.add(ticks.instrument[i]);
      tenant.from = Math.min(tenant.from, at);
      tenant.to = Math.max(tenant.to, at);
      if ((ticks.flags[i] & Flag.CANCELLED) !== 0) tenant.cancels++;
    }
    return [...wanted].flatMap(([tenantId, { instruments: ids, cancels, from, to }]): Question[] => {
      const tenant = this.names.tenants.nameOf(tenantId);
      const instruments = [...ids].map((id) => this.names.instruments.nameOf(id));
      return [
        { kind: 'newest', tenant, instruments, count: cancels + 1 },
        { kind: 'ticks', table: 'silver_ticks', tenant, instruments, from, to: to + 1, before: null },
      ];
    });
  }

  settle(result: StageResult<LatestRows>, state: ProjectionState, answers: Answers): StageResult<LatestRows> {
    const pool = new TickBatch(this.names);
    for (const answer of answers)
      if (answer.kind === 'ticks') for (let i = 0; i < answer.ticks.length; i++) pool.append(answer.ticks, i);
    if (state.input !== null) for (let i = 0; i < state.input.length; i++) pool.append(state.input, i);
    state.input = null;
    const best = this.newestOfWaiting(state, pool);
    for (const series of state.waiting) {
      const found = best.get(series);
      if (found === undefined) this.withdraw(state, pool, series);
      else this.serve(state, pool, found, false);
      state.changed.add(series);
    }
    state.waiting.clear();
    const { balance } = result;
    return {
      ...result,
      output: this.changedRows(state),
      balance: { ...balance, out: balance.out + balance.held, held: 0 },
      held: [],
    };
  }

  /** The greatest value of each waiting series whose newest version is not withdrawn. */
  private newestOfWaiting(state: ProjectionState, pool: TickBatch): Map<number, number> {
    const versions = new Map<string, number>();
    const key = new Uint32Array(4);
    for (let i = 0; i < pool.length; i++) {
      if (!state.waiting.has(state.series.idOf(pool.tenant[i], pool.instrument[i]))) continue;
      naturalKeyOf(pool, i, key, 0);
      const name = key.join();
      const known = versions.get(name);
      if (
        known === undefined ||
        (pool.knownAt[i] - pool.knownAt[known] || compareIds(pool.id, i, pool.id, known)) > 0
      )
        versions.set(name, i);
    }
    const best = new Map<number, number>();
    for (const i of versions.values()) {
      if ((pool.flags[i] & Flag.CANCELLED) !== 0) continue;
      const series = state.series.idOf(pool.tenant[i], pool.instrument[i]);
      const known = best.get(series);
      if (known === undefined || compareServed(pool, i, pool, known) > 0) best.set(series, i);
    }
    return best;
  }

  /** Serves the statement that the instrument has no value any more, at the position of what withdrew the last one. */
  private withdraw(state: ProjectionState, pool: TickBatch, series: number): void {
    for (let i = pool.length - 1; i >= 0; i--) {
      if (state.series.idOf(pool.tenant[i], pool.instrument[i]) !== series) continue;
      this.serve(state, pool, i, true);
      return;
    }
  }

  private serve(state: ProjectionState, from: TickBatch, i: number, gone: boolean): void {
    const series = state.series.idOf(from.tenant[i], from.instrument[i]);
    const row = state.rowOf[series];
    if (row === undefined) {
      state.rowOf[series] = state.latest.append(from, i);
    } else {
      // The greatest position wins in the store, of whatever topic it is, so a row never goes back behind the one that
      // it replaces.
      const keep = Math.max(state.latest.srcOffset[row], from.srcOffset[i]);
      state.latest.copyInto(row, from, i);
      state.latest.srcOffset[row] = keep;
    }
    const at = state.rowOf[series];
    // What the taxonomy knows is not a property of the value, and silver, which stands in after a cancel, has it not.
    state.latest.flags[at] &= ~Flag.MISSING_METADATA;
    state.gone[at] = gone;
  }

  private changedRows(state: ProjectionState): LatestRows {
    const { changed } = state;
    const ticks = new TickBatch(this.names, changed.length);
    const gone = new Uint8Array(changed.length);
    for (let place = 0; place < changed.length; place++) {
      const series = changed.at(place);
      const j = ticks.append(state.latest, state.rowOf[series]);
      gone[j] = state.gone[state.rowOf[series]] ? 1 : 0;
    }
    return { ticks, gone };
  }
}

/** Order of two values for serving: event start, known time, sequence, event id. */
function compareServed(a: TickBatch, i: number, b: TickBatch, j: number): number {
  return (
    a.eventStart[i] - b.eventStart[j] ||
    a.knownAt[i] - b.knownAt[j] ||
    a.sequence[i] - b.sequence[j] ||
    compareIds(a.id, i, b.id, j)
  );
}
