/**
 * Held windows: those of a batch whose bars have to be made anew from stored ticks, because they are closed, or because
 * a value was corrected or withdrawn.
 */

import { type BarInterval, windowStart } from '../../core/math/bar-interval.ts';
import { clearBar, foldTick, notePosition } from '../../core/math/bars.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { SourcePositions } from '../../core/stage/plan.ts';
import type { Answers, Question, SeriesRange } from '../../core/stage/question.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import { appendHistory, firstCounting, type Window } from './bar-history.ts';
import { type OpenWindows, SlotState } from './open-windows.ts';

/** Windows further apart than this are asked for on their own. */
const FAR = 7 * DAY;

/** Zone whose midnight begins the 1d window of an instrument. */
export type ZoneOf = (instrument: number) => string;

/** The windows that one batch holds back, and the questions whose answers settle them. */
export class HeldWindows {
  private readonly names: Names;
  private readonly windows: Window[] = [];
  private readonly clocks: number[] = [];
  private readonly series = new PairIds();
  private readonly keys = new PairIds();
  private readonly indexOf: Map<Micros, number>[] = [];

  constructor(names: Names) {
    this.names = names;
  }

  /** Holds a window, once. */
  add(window: Window, clock: number): void {
    const key = this.keys.idOf(this.series.idOf(window.tenant, window.instrument), window.interval);
    const starts = (this.indexOf[key] ??= new Map());
    if (starts.has(window.start)) return;
    starts.set(window.start, this.windows.push(window) - 1);
    this.clocks.push(clock);
  }

  /** True when nothing is held. */
  get isEmpty(): boolean {
    return this.windows.length === 0;
  }

  /** True when the window is held. */
  has(tenant: number, instrument: number, interval: number, start: Micros): boolean {
    return this.windows.length > 0 && this.find(tenant, instrument, interval, start) !== -1;
  }

  private find(tenant: number, instrument: number, interval: number, start: Micros): number {
    return this.indexOf[this.keys.idOf(this.series.idOf(tenant, instrument), interval)]?.get(start) ?? -1;
  }

  /**
   * The stored ticks and bars of the held windows: two questions per tenant and stretch of time. Ticks are wanted up to
   * the raw positions that the batch reaches: silver may be ahead of a stage that reads a topic, and what it will be
   * given later must not be counted twice.
   */
  questions(partition: number, until: SourcePositions): Question[] {
    return this.ranges().flatMap((range): Question[] => [
      { kind: 'ticks', table: 'silver_ticks', before: { partition, positions: until }, ...range },
      { kind: 'bars', ...range },
    ]);
  }

  /** The ticks of the held windows that were stored before a plan: for the rebuild of a state. */
  ticksBefore(partition: number, positions: SourcePositions): Question[] {
    return this.ranges().map((range) => ({
      kind: 'ticks',
      table: 'silver_ticks',
      before: { partition, positions },
      ...range,
    }));
  }

  /** Stretches of time that hold all windows. They do not overlap, and those far apart are asked for on their own. */
  private ranges(): SeriesRange[] {
    const byTenant = new Map<number, { from: Micros; to: Micros; instruments: Set<number> }[]>();
    for (const window of [...this.windows].sort((a, b) => a.start - b.start)) {
      const ranges = byTenant.get(window.tenant) ?? [];
      byTenant.set(window.tenant, ranges);
      const last = ranges[ranges.length - 1];
      if (last === undefined || window.start > last.to + FAR)
        ranges.push({ from: window.start, to: window.end, instruments: new Set([window.instrument]) });
      else {
        last.to = Math.max(last.to, window.end);
        last.instruments.add(window.instrument);
      }
    }
    return [...byTenant].flatMap(([tenant, ranges]) =>
      ranges.map(({ from, to, instruments }) => ({
        tenant: this.names.tenants.nameOf(tenant),
        instruments: [...instruments].map((id) => this.names.instruments.nameOf(id)),
        from,
        to,
      })),
    );
  }

  /**
   * States the history of each held window anew, takes back stored rows that are not part of it, and brings the slots
   * of windows that are still open up to date. Rows that the batch stated of these windows before are replaced.
   */
  settle(
    input: TickBatch,
    answers: Answers,
    open: OpenWindows,
    statements: BarBatch,
    provisional: BarBatch,
    intervals: readonly BarInterval[],
    zoneOf: ZoneOf,
  ): void {
    const ticks = new TickBatch(this.names, input.length);
    const stored = new BarBatch(this.names);
    for (const answer of answers) {
      if (answer.kind === 'ticks')
        for (let i = 0; i < answer.ticks.length; i++) ticks.append(answer.ticks, i);
      if (answer.kind === 'bars') for (let j = 0; j < answer.bars.length; j++) stored.append(answer.bars, j);
    }
    for (let i = 0; i < input.length; i++) ticks.append(input, i);
    this.removeRows(statements);
    const rowsOf = this.rowsByWindow(ticks, intervals, zoneOf);
    const storedOf = this.storedByWindow(stored);
    this.windows.forEach((_, w) => {
      const first = statements.length;
      this.refill(w, ticks, rowsOf[w], open, statements, provisional);
      this.retract(ticks, rowsOf[w], stored, storedOf[w], statements, first);
    });
  }

  /** Makes slots from stored ticks, without stating anything: for the rebuild of a state. */
  reseed(ticks: TickBatch, open: OpenWindows, intervals: readonly BarInterval[], zoneOf: ZoneOf): void {
    const unstated = new BarBatch(this.names);
    const rowsOf = this.rowsByWindow(ticks, intervals, zoneOf);
    for (let w = 0; w < this.windows.length; w++) this.refill(w, ticks, rowsOf[w], open, unstated, unstated);
  }

  private refill(
    w: number,
    ticks: TickBatch,
    rows: readonly number[],
    open: OpenWindows,
    statements: BarBatch,
    provisional: BarBatch,
  ): void {
    const clock = this.ownerOf(w, ticks, rows, open);
    const window = { ...this.windows[w], closesAt: open.clocks.closingBy(clock, this.windows[w].end) };
    const first = statements.length;
    const end = appendHistory(window, ticks, rows, open.clocks.knownAt(clock), statements);
    const { closed, current, covered, changedAt } = end;
    const isPast = window.closesAt <= open.clocks.knownAt(clock);
    let slot = open.find(window.tenant, window.instrument, window.interval, window.start);
    if (slot === -1) {
      if (isPast ? current.length === 0 : !closed && changedAt === 0) return;
      slot = isPast ? open.keepClosed(window, clock) : open.open(window, clock);
    } else if (!isPast) open.closeBy(slot, clock, window.closesAt);
    const { bars } = open;
    clearBar(bars, slot);
    for (const i of current) foldTick(bars, slot, ticks, i);
    for (const i of rows) notePosition(bars, slot, ticks, i);
    bars.knownAt[slot] = changedAt;
    open.covered[slot] = covered;
    open.clock[slot] = clock;
    // A window that is past its deadline is closed, whether or not it had anything to state.
    open.state[slot] = closed || isPast ? SlotState.closed : SlotState.open;
    open.statedFrom[slot] = Math.min(end.completeAt, window.closesAt);
    bars.status[slot] =
      statements.length > first ? statements.status[statements.length - 1] : BarStatus.provisional;
    if (!closed && !isPast && current.length > 0) provisional.append(bars, slot);
  }

  /** The clock by which a window closes: that of its first known value. */
  private ownerOf(w: number, ticks: TickBatch, rows: readonly number[], open: OpenWindows): number {
    const { start, end } = this.windows[w];
    const first = firstCounting(ticks, rows, start, end);
    return first === -1
      ? this.clocks[w]
      : open.clocks.idOf(ticks.tenant[first], ticks.source[first], ticks.dataset[first]);
  }

  /** Takes back stored rows that are no part of the history; those taken back before too, so that a plan run again says the same. */
  private retract(
    ticks: TickBatch,
    rows: readonly number[],
    stored: BarBatch,
    storedRows: readonly number[],
    statements: BarBatch,
    first: number,
  ): void {
    const stated = new Set<Micros>();
    for (let j = first; j < statements.length; j++) stated.add(statements.knownAt[j]);
    for (const s of storedRows) {
      if (stated.has(stored.knownAt[s])) continue;
      const j = statements.append(stored, s);
      statements.status[j] = BarStatus.retracted;
      for (const i of rows) notePosition(statements, j, ticks, i);
    }
  }

  private removeRows(statements: BarBatch): void {
    let kept = 0;
    for (let j = 0; j < statements.length; j++) {
      if (
        this.has(statements.tenant[j], statements.instrument[j], statements.interval[j], statements.start[j])
      )
        continue;
      if (kept !== j) statements.copyInto(kept, statements, j);
      kept++;
    }
    statements.length = kept;
  }

  private rowsByWindow(ticks: TickBatch, intervals: readonly BarInterval[], zoneOf: ZoneOf): number[][] {
    const rows: number[][] = this.windows.map(() => []);
    for (let i = 0; i < ticks.length; i++) {
      const tenant = ticks.tenant[i];
      const instrument = ticks.instrument[i];
      for (let k = 0; k < intervals.length; k++) {
        const w = this.find(
          tenant,
          instrument,
          k,
          windowStart(intervals[k], zoneOf(instrument), ticks.eventStart[i]),
        );
        if (w !== -1) rows[w].push(i);
      }
    }
    return rows;
  }

  private storedByWindow(stored: BarBatch): number[][] {
    const rows: number[][] = this.windows.map(() => []);
    for (let j = 0; j < stored.length; j++) {
      const w = this.find(stored.tenant[j], stored.instrument[j], stored.interval[j], stored.start[j]);
      if (w !== -1) rows[w].push(j);
    }
    return rows;
  }
}
