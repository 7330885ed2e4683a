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
  parseBarInterval,
  windowInto,
} from '../../core/math/bar-interval.ts';
import { foldTick } from '../../core/math/bars.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { EnrichedBatch } from '../../core/model/enriched-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { SlotSet } from '../../core/model/slot-set.ts';
import { Present, TickBatch, valuesIn } from '../../core/model/tick-batch.ts';
import { countDrop, type DropReason } from '../../core/stage/conservation.ts';
import type { SourcePositions } from '../../core/stage/plan.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { Stage, StageContext, StageResult } from '../../core/stage/stage.ts';
import { parseDuration } from '../../core/time/duration.ts';
import type { Micros } from '../../core/time/instant.ts';
import { marketZone } from '../../core/time/market-day.ts';
import { type AggregationState, type Bars, laneOf, markApplied } from './aggregation-state.ts';
import type { AggregationSettings } from './config.ts';
import { Gather } from './gather.ts';
import { HeldWindows } from './held-windows.ts';
import { OpenWindows } from './open-windows.ts';
import { restoreState } from './restore-state.ts';
import { UnseenBars } from './unseen-bars.ts';
import { closeDue, flushTouched } from './window-closing.ts';

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
    markApplied(state, this.names, plan.since, plan.partition);
    return { state, rebuild: [{ kind: 'known-times', partition: plan.partition, before: plan.since }] };
  }

  restore(state: AggregationState, answers: Answers, context: StageContext): readonly Question[] {
    return restoreState(state, answers, context, this);
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
      const clock = windows.clocks.idOf(ticks.tenant[i], ticks.source[i], ticks.dataset[i]);
      if (windows.clocks.isAhead(clock, ticks.knownAt, i)) windows.advance(clock, ticks.knownAt[i], due);
      if (due.length > 0) {
        gather.flush(windows);
        closeDue(due, windows, held, touched, released, output.statements);
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
    if (context.plan.from === context.plan.to && windows.clocks.nextDeadline() <= context.plan.clock) {
      windows.expire(context.plan.clock, due);
      closeDue(due, windows, held, touched, released, output.statements);
    }
    flushTouched(touched, state, held, output);
    state.unseen.show(windows, context.plan.clock, output.provisional);
    touched.clear();
    windows.release(released);
    windows.letGo();
    markApplied(state, this.names, context.plan.until, context.plan.partition);
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
      let slot = windows.latestWith(tenant, instrument, k, ticks.eventStart, i);
      if (slot === -1) {
        windowInto(interval, zone, ticks.eventStart, i, span);
        slot = windows.findSpan(tenant, instrument, k);
      }
      const mustHold = rewrites || (!held.isEmpty && held.has(tenant, instrument, k, span[0]));
      if (slot !== -1 && !mustHold && windows.mayExtend(slot, clock, ticks, i))
        extend(windows.bars, slot, ticks, i, touched, statements);
      else if (slot === -1 || mustHold || windows.mustRemake(slot, clock, ticks, i)) {
        const closesAt = windows.clocks.closingBy(clock, span[1]);
        const isPast = closesAt <= windows.clocks.knownAt(clock);
        if (slot !== -1 || mustHold || isPast || windows.clocks.mayHaveValues(tenant, clock, span[1])) {
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
