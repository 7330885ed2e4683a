/**
 * Aggregation: ticks to bars (gold; F1, F2).
 *
 * Ticks of open windows are folded as they come. A window that is closed, or whose ticks are corrected or withdrawn,
 * is held: the runner fetches its ticks and the window's history is made anew by `bar-history.ts`, the same function
 * that answers as-of reads. Both ways state the same rows.
 */

import {
  type BarInterval,
  fitsDelivery,
  LONGEST_DAY,
  parseBarInterval,
  windowEnd,
  windowInto,
  windowStart,
} from '../../core/math/bar-interval.ts';
import { foldTick } from '../../core/math/bars.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { SlotSet } from '../../core/model/slot-set.ts';
import { Present, TickBatch, valuesIn } from '../../core/model/tick-batch.ts';
import { countDrop, type DropReason } from '../../core/stage/conservation.ts';
import { lanesOf, type SourcePositions } from '../../core/stage/plan.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import { parseDuration } from '../../core/time/duration.ts';
import type { Micros } from '../../core/time/instant.ts';
import { marketZone } from '../../core/time/market-day.ts';
import type { AggregationSettings } from './config.ts';
import { Gather } from './gather.ts';
import { HeldWindows } from './held-windows.ts';
import { OpenWindows, SlotState } from './open-windows.ts';
import { UnseenBars } from './unseen-bars.ts';

/** What aggregation has to say about a batch: it stands until the next one, whose bars are put in the same memory. */
export interface Bars {
  /** Rows for the table and the topics: final, revised, empty, retracted. */
  readonly statements: BarBatch;
  /** Bars of windows that were touched since the last flush and are still open; none between two flushes. */
  readonly provisional: BarBatch;
}

/** What aggregation remembers of a partition between batches. */
export interface AggregationState {
  readonly windows: OpenWindows;
  /** Windows of the batch at hand that wait for their stored ticks. */
  held: HeldWindows;
  /** Ticks of the batch at hand, for windows that are held. */
  input: TickBatch | null;
  /** Slots that the batch at hand has folded ticks into. */
  readonly touched: SlotSet;
  /** What there is to say about the batch at hand. */
  readonly output: Bars;
  readonly gather: Gather;
  /** Open windows whose bars have changed since they were last shown. */
  readonly unseen: UnseenBars;
  /** For each partition of a raw topic, by `laneOf`, the offset from which on ticks are new. */
  readonly appliedUntil: Map<number, number>;
  /** While the state is rebuilt: windows of which only the store knows all ticks. */
  reopening: HeldWindows | null;
}

/** One number for a partition of a raw topic; partitions are numbered below 2^31. */
const laneOf = (topic: number, partition: number): number => topic * 2 ** 31 + partition;

/** The earliest time at which the clock alone has something to do: to close a window, or to show changed bars. */
export function nextWorkOf(state: AggregationState): Micros {
  return Math.min(state.windows.nextDeadline(), state.unseen.dueAt);
}

/** The stage that makes bars. Its state is rebuilt from stored ticks of windows that are still open. */
export class AggregateStage implements Stage<AggregationState, EnrichedBatch, Bars> {
  readonly name = 'aggregation';
  /** Intervals of the policy, in its order: `BarBatch.interval` indexes them. */
  readonly intervals: readonly BarInterval[];
  private readonly settings: AggregationSettings;
  private readonly names: Names;
  private readonly latenessOf: Micros[] = [];
  /** Slots that the tick at hand was folded into, by interval; -1 for none. */
  private readonly slotOf: Int32Array;

  constructor(settings: AggregationSettings, names: Names) {
    this.settings = settings;
    this.names = names;
    this.intervals = settings.intervals.map((name) => parseBarInterval(name) ?? { name, length: 0 });
    this.slotOf = new Int32Array(this.intervals.length);
  }

  /** Lateness of a dataset by its dense id. */
  lateness(dataset: number): Micros {
    let lateness = this.latenessOf[dataset];
    if (lateness === undefined) {
      const { datasets, default: otherwise } = this.settings.lateness;
      lateness = parseDuration(datasets[this.names.datasets.nameOf(dataset)] ?? otherwise) ?? 0;
      this.latenessOf[dataset] = lateness;
    }
    return lateness;
  }

  /** Zone whose midnight begins the 1d window of an instrument. */
  zoneOf(instrument: number): string {
    return this.settings.day === 'utc'
      ? 'UTC'
      : marketZone(this.names.instruments.partsOf(instrument).market);
  }

  open(plan: { partition: number; since: SourcePositions }): {
    state: AggregationState;
    rebuild: readonly Question[];
  } {
    const state: AggregationState = {
      windows: new OpenWindows(this.names, (dataset) => this.lateness(dataset)),
      held: new HeldWindows(this.names),
      input: null,
      touched: new SlotSet(),
      output: { statements: new BarBatch(this.names), provisional: new BarBatch(this.names) },
      gather: new Gather(this.intervals, this.names),
      unseen: new UnseenBars(parseDuration(this.settings.flush) ?? 0),
      appliedUntil: new Map(),
      reopening: null,
    };
    this.markApplied(state, plan.since, plan.partition);
    return { state, rebuild: [{ kind: 'known-times', partition: plan.partition, before: plan.since }] };
  }

  restore(state: AggregationState, answers: Answers, context: StageContext): readonly Question[] {
    const questions: Question[] = [];
    const ticks = new TickBatch(this.names, 1);
    for (const answer of answers) {
      if (answer.kind === 'ticks')
        for (let i = 0; i < answer.ticks.length; i++) ticks.append(answer.ticks, i);
      if (answer.kind !== 'known-times') continue;
      for (const { tenant, source, dataset, knownAt } of answer.times) {
        const names = this.names;
        const id = names.datasets.idOf(dataset);
        state.windows.advance(
          state.windows.clockOf(names.tenants.idOf(tenant), names.sources.idOf(source), id),
          knownAt,
          [],
        );
        questions.push({
          kind: 'partition-ticks',
          partition: context.plan.partition,
          tenant,
          source,
          dataset,
          from: knownAt - this.lateness(id) - LONGEST_DAY,
          before: context.plan.since,
        });
      }
    }
    if (questions.length > 0) return questions;
    if (state.reopening === null) {
      state.reopening = this.restoreWindows(state, ticks);
      const more = state.reopening.ticksBefore(context.plan.partition, context.plan.since);
      if (more.length > 0) return more;
    } else this.reseed(state.reopening, ticks, state);
    state.reopening = null;
    state.windows.markReopened(context.plan.clock);
    return [];
  }

  /** A producer with keys of its own lets one partition of ticks draw from several of a raw topic. */
  private markApplied(state: AggregationState, positions: SourcePositions, own: number): void {
    for (const { topic, partition, next } of lanesOf(positions, own))
      state.appliedUntil.set(laneOf(this.names.topics.idOf(topic), partition), next);
  }

  private reseed(held: HeldWindows, ticks: TickBatch, state: AggregationState): void {
    held.reseed(ticks, state.windows, this.intervals, (instrument) => this.zoneOf(instrument));
  }

  /**
   * Makes the slots of windows that are not past their deadline, from the ticks that silver has of them. Returns those
   * of which another dataset may have older ticks.
   */
  private restoreWindows(state: AggregationState, ticks: TickBatch): HeldWindows {
    const held = new HeldWindows(this.names);
    const elsewhere = new HeldWindows(this.names);
    for (let i = 0; i < ticks.length; i++) {
      const clock = state.windows.clockOf(ticks.tenant[i], ticks.source[i], ticks.dataset[i]);
      for (let k = 0; k < this.intervals.length; k++) {
        if (!fitsDelivery(this.intervals[k], ticks.eventEnd[i] - ticks.eventStart[i])) continue;
        const zone = this.zoneOf(ticks.instrument[i]);
        const start = windowStart(this.intervals[k], zone, ticks.eventStart[i]);
        const end = windowEnd(this.intervals[k], zone, start);
        const closesAt = state.windows.closingBy(clock, end);
        if (closesAt <= state.windows.knownAt(clock)) continue;
        const [tenant, instrument] = [ticks.tenant[i], ticks.instrument[i]];
        const group = state.windows.mayHaveValues(tenant, clock, end) ? elsewhere : held;
        group.add({ tenant, instrument, interval: k, start, end, closesAt }, clock);
      }
    }
    this.reseed(held, ticks, state);
    return elsewhere;
  }

  questions(): readonly Question[] {
    return [];
  }

  apply(
    input: EnrichedBatch,
    state: AggregationState,
    _answers: Answers,
    context: StageContext,
  ): StageResult<Bars> {
    const { ticks } = input;
    const { windows, touched, gather } = state;
    const held = new HeldWindows(this.names);
    state.held = held;
    state.input = ticks;
    const { output } = state;
    output.statements.clear();
    output.provisional.clear();
    const dropped: Partial<Record<DropReason, number>> = {};
    touched.clear();
    const due: number[] = [];
    const released: number[] = [];
    let values = 0;
    let heldValues = 0;
    let lane = -1;
    let appliedUntil = 0;
    for (let i = 0; i < ticks.length; i++) {
      const count = valuesIn(ticks.present[i]);
      values += count;
      const from = laneOf(ticks.srcTopic[i], ticks.srcPartition[i]);
      if (from !== lane) {
        lane = from;
        appliedUntil = state.appliedUntil.get(lane) ?? 0;
      }
      if (ticks.srcOffset[i] < appliedUntil) {
        countDrop(dropped, 'REDELIVERED', count);
        continue;
      }
      const clock = windows.clockOf(ticks.tenant[i], ticks.source[i], ticks.dataset[i]);
      if (windows.isAhead(clock, ticks.knownAt, i)) windows.advance(clock, ticks.knownAt[i], due);
      if (due.length > 0) {
        gather.flush(windows);
        this.close(due, windows, held, touched, released, output.statements);
      }
      const suits = gather.suits(ticks, i);
      if (suits && gather.take(ticks, i, clock)) continue;
      if (!suits) gather.flush(windows);
      const fate = this.place(ticks, i, clock, windows, held, touched, output.statements);
      if (fate === NOWHERE) countDrop(dropped, 'NOT_AGGREGATED', count);
      if (fate === FOLDED && suits) gather.open(ticks, i, clock, windows, this.slotOf);
      if (fate !== HELD) continue;
      heldValues += count;
      gather.flush(windows);
    }
    gather.flush(windows);
    if (context.plan.from === context.plan.to && windows.nextDeadline() <= context.plan.clock) {
      windows.expire(context.plan.clock, due);
      this.close(due, windows, held, touched, released, output.statements);
    }
    this.flush(touched, state, held, output);
    state.unseen.show(windows, context.plan.clock, output.provisional);
    touched.clear();
    windows.release(released);
    windows.letGo();
    this.markApplied(state, context.plan.until, context.plan.partition);
    const drops = Object.values(dropped).reduce((sum, n) => sum + n, 0);
    return {
      output,
      rejected: [],
      anomalies: [],
      balance: {
        in: values,
        out: values - heldValues - drops,
        rejected: 0,
        held: heldValues,
        dropped,
        reinstated: 0,
      },
      held: held.questions(context.plan.partition, context.plan.until),
    };
  }

  /** Folds a tick into its windows, or holds them. */
  private place(
    ticks: TickBatch,
    i: number,
    clock: number,
    windows: OpenWindows,
    held: HeldWindows,
    touched: SlotSet,
    statements: BarBatch,
  ): Fate {
    const rewrites = (ticks.flags[i] & (Flag.REVISED | Flag.CANCELLED)) !== 0;
    if ((ticks.present[i] & Present.PRICE) === 0 && !rewrites) return NOWHERE;
    const tenant = ticks.tenant[i];
    const instrument = ticks.instrument[i];
    const delivery = ticks.eventEnd[i] - ticks.eventStart[i];
    const { span } = windows;
    const zone = this.zoneOf(instrument);
    let fate: Fate = NOWHERE;
    for (let k = 0; k < this.intervals.length; k++) {
      const interval = this.intervals[k];
      this.slotOf[k] = -1;
      // A value that replaces another may be longer than that one was, and then takes it out of this window.
      if (!fitsDelivery(interval, delivery) && !rewrites) continue;
      windowInto(interval, zone, ticks.eventStart, i, span);
      let slot = windows.findSpan(tenant, instrument, k);
      const mustHold = rewrites || (!held.isEmpty && held.has(tenant, instrument, k, span[0]));
      if (slot !== -1 && !mustHold && windows.mayExtend(slot, clock, ticks, i))
        extend(windows.bars, slot, ticks, i, touched, statements);
      else if (slot === -1 || mustHold || windows.mustRemake(slot, clock, ticks, i)) {
        const closesAt = windows.closingBy(clock, span[1]);
        const isPast = closesAt <= windows.knownAt(clock);
        if (slot !== -1 || mustHold || isPast || windows.mayHaveValues(tenant, clock, span[1])) {
          held.add({ tenant, instrument, interval: k, start: span[0], end: span[1], closesAt }, clock);
          fate = HELD;
          continue;
        }
        slot = windows.begin(tenant, instrument, k, clock);
      }
      foldTick(windows.bars, slot, ticks, i);
      windows.covered[slot] += ticks.eventEnd[i] - ticks.eventStart[i];
      touched.add(slot);
      this.slotOf[k] = slot;
      if (fate === NOWHERE) fate = FOLDED;
    }
    return fate;
  }

  /** States the bars of slots whose deadline has passed, unless they were stated or are held, and keeps the slots. */
  private close(
    due: number[],
    windows: OpenWindows,
    held: HeldWindows,
    touched: SlotSet,
    released: number[],
    statements: BarBatch,
  ): void {
    const { bars } = windows;
    for (let k = 0; k < due.length; k++) {
      const slot = due[k];
      const isHeld = held.has(
        bars.tenant[slot],
        bars.instrument[slot],
        bars.interval[slot],
        bars.start[slot],
      );
      if (isHeld || bars.count[slot] === 0) {
        windows.forget(slot);
        touched.delete(slot);
        released.push(slot);
        continue;
      }
      if (windows.state[slot] !== SlotState.closed) {
        stateBar(windows, slot, statements);
        touched.delete(slot);
      }
      windows.keep(slot);
    }
    due.length = 0;
  }

  /**
   * States the bars of touched windows that are closed, or that the batch has completed; the others are shown at the
   * next flush.
   */
  private flush(touched: SlotSet, state: AggregationState, held: HeldWindows, output: Bars): void {
    const { windows, unseen } = state;
    const { bars } = windows;
    for (let place = 0; place < touched.length; place++) {
      const slot = touched.at(place);
      if (slot === -1) continue;
      if (held.has(bars.tenant[slot], bars.instrument[slot], bars.interval[slot], bars.start[slot])) continue;
      if (windows.state[slot] === SlotState.closed) output.statements.append(bars, slot);
      else if (windows.isComplete(slot)) {
        windows.statedFrom[slot] = bars.knownAt[slot];
        stateBar(windows, slot, output.statements);
      } else unseen.add(slot);
    }
  }

  settle(result: StageResult<Bars>, state: AggregationState, answers: Answers): StageResult<Bars> {
    const { statements, provisional } = result.output;
    const input = state.input ?? new TickBatch(this.names, 1);
    state.held.settle(input, answers, state.windows, statements, provisional, this.intervals, (instrument) =>
      this.zoneOf(instrument),
    );
    state.input = null;
    state.windows.letGo();
    const { balance } = result;
    return { ...result, balance: { ...balance, out: balance.out + balance.held, held: 0 }, held: [] };
  }
}

/** States the bar of a slot as final and closes it. */
function stateBar(windows: OpenWindows, slot: number, statements: BarBatch): void {
  windows.bars.status[slot] = BarStatus.final;
  windows.state[slot] = SlotState.closed;
  statements.append(windows.bars, slot);
}

/** Makes a closed slot ready for a tick: a later known time is a statement of its own, after that of the one before. */
function extend(
  bars: BarBatch,
  slot: number,
  ticks: TickBatch,
  i: number,
  touched: SlotSet,
  statements: BarBatch,
): void {
  if (ticks.knownAt[i] === bars.knownAt[slot]) return;
  if (touched.has(slot)) statements.append(bars, slot);
  bars.status[slot] = BarStatus.revised;
}

const NOWHERE = 0;
const FOLDED = 1;
const HELD = 2;
type Fate = typeof NOWHERE | typeof FOLDED | typeof HELD;
