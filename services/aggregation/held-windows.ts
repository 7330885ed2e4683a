/**
 * Held windows: those of a batch whose bars have to be made anew from stored ticks, because they are closed, or because
 * a value was corrected or withdrawn.
 */

import { type BarInterval, fitsDelivery, windowStart } from '../../core/math/bar-interval.ts';
import { clearBar, foldTick, notePosition } from '../../core/math/bars.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { TickBatch } from '../../core/model/tick-batch.ts';
import type { Answers, Question } from '../../core/stage/question.ts';
import type { Micros } from '../../core/time/instant.ts';
import { appendHistory, type Window } from './bar-history.ts';
import { type OpenWindows, SlotState } from './open-windows.ts';

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

  /** True when the window is held. */
  has(tenant: number, instrument: number, interval: number, start: Micros): boolean {
    return this.windows.length > 0 && this.find(tenant, instrument, interval, start) !== -1;
  }

  private find(tenant: number, instrument: number, interval: number, start: Micros): number {
    return this.indexOf[this.keys.idOf(this.series.idOf(tenant, instrument), interval)]?.get(start) ?? -1;
  }

  /** The stored ticks and bars of the held windows: two questions per tenant, over the range that holds them all. */
  questions(): Question[] {
    const ranges = new Map<number, { from: Micros; to: Micros; instruments: Set<number> }>();
    for (const window of this.windows) {
      let range = ranges.get(window.tenant);
      if (range === undefined)
        ranges.set(window.tenant, (range = { from: window.start, to: window.end, instruments: new Set() }));
      range.from = Math.min(range.from, window.start);
      range.to = Math.max(range.to, window.end);
      range.instruments.add(window.instrument);
    }
    return [...ranges].flatMap(([tenant, { from, to, instruments }]): Question[] => {
      const range = {
        tenant: this.names.tenants.nameOf(tenant),
        instruments: [...instruments].map((id) => this.names.instruments.nameOf(id)),
        from,
        to,
      };
      return [
        { kind: 'ticks', table: 'silver_ticks', before: null, ...range },
        { kind: 'bars', ...range },
      ];
    });
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
    const window = this.windows[w];
    const clock = this.clocks[w];
    const { closed, current, covered, changedAt } = appendHistory(
      window,
      ticks,
      rows,
      open.knownAt(clock),
      statements,
    );
    if (window.closesAt <= open.knownAt(clock)) return;
    let slot = open.find(window.tenant, window.instrument, window.interval, window.start);
    if (slot === -1) slot = open.open(window, clock);
    clearBar(open.bars, slot);
    for (const i of current) foldTick(open.bars, slot, ticks, i);
    for (const i of rows) notePosition(open.bars, slot, ticks, i);
    open.bars.knownAt[slot] = changedAt;
    open.covered[slot] = covered;
    open.state[slot] = closed ? SlotState.closed : SlotState.open;
    if (!closed && current.length > 0) provisional.append(open.bars, slot);
  }

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
      if (stored.status[s] === BarStatus.retracted || stated.has(stored.knownAt[s])) continue;
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
        if (!fitsDelivery(intervals[k], ticks.eventEnd[i] - ticks.eventStart[i])) continue;
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
