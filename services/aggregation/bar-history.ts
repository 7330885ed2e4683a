/**
 * The history of one window: which bar rows there are, as a pure function of the ticks of the window.
 *
 * Ticks are taken in the order in which they became known. While the window is open nothing is stated. It closes with
 * the known time at which all expected intervals have landed, or at its end plus lateness; its first row sums up what
 * was known until then, and from there on each known time at which something changed has a row of its own. Whoever
 * asks for a moment between finds the row with the greatest known time up to it (DESIGN 5b, "Bars").
 */

import { fitsWindow } from '../../core/math/bar-interval.ts';
import { clearBar, foldTick, notePosition } from '../../core/math/bars.ts';
import { type BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import { compareIds } from '../../core/model/hash128.ts';
import { naturalKeyOf, valuesOf } from '../../core/model/identity.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import { Present, type TickBatch } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';

/** A window of one series. */
export interface Window {
  readonly tenant: number;
  readonly instrument: number;
  /** Index in the policy's list of intervals. */
  readonly interval: number;
  readonly start: Micros;
  readonly end: Micros;
  /** End plus lateness. */
  readonly closesAt: Micros;
}

/** What the history says beside its rows. */
export interface HistoryEnd {
  /** True when rows were stated: the window is closed as of `clock`. */
  readonly closed: boolean;
  /** Ticks that count at the end, in no particular order. */
  readonly current: readonly number[];
  /** Micros of the window that they cover. */
  readonly covered: Micros;
  /** The known time at which all expected intervals had landed; Infinity when they had not before it closed. */
  readonly completeAt: Micros;
  /** The last known time at which something changed; 0 when nothing ever did. */
  readonly changedAt: Micros;
}

/** Rows of `ticks` that belong to a window, as indices. */
export type TickRows = readonly number[];

/**
 * Appends the rows of the window's history to `out`. `rows` may hold duplicates of an event id; `clock` is the known
 * time that the dataset has reached.
 */
export function appendHistory(
  window: Window,
  ticks: TickBatch,
  rows: TickRows,
  clock: Micros,
  out: BarBatch,
): HistoryEnd {
  const order = [...rows].sort(
    (a, b) => ticks.knownAt[a] - ticks.knownAt[b] || compareIds(ticks.id, a, ticks.id, b),
  );
  const versions = new Versions(ticks, window);
  let closed = false;
  let pendingAt: Micros | null = null;
  let changedAt: Micros = 0;
  let completeAt: Micros = Infinity;
  const state = (knownAt: Micros): void => {
    pendingAt = null;
    // A window that closes without a value has nothing to say; only one that had a bar says that it is empty now.
    if (!closed && versions.current().length === 0) return;
    stateRow(
      window,
      ticks,
      versions.current(),
      order,
      knownAt,
      closed ? BarStatus.revised : BarStatus.final,
      out,
    );
    closed = true;
  };
  for (let at = 0; at < order.length; ) {
    const knownAt = ticks.knownAt[order[at]];
    if (!closed && knownAt >= window.closesAt && pendingAt !== null) state(pendingAt);
    let changed = false;
    for (; at < order.length && ticks.knownAt[order[at]] === knownAt; at++) {
      if (at > 0 && compareIds(ticks.id, order[at], ticks.id, order[at - 1]) === 0) continue;
      if (versions.take(order[at])) changed = true;
    }
    if (!changed) continue;
    changedAt = knownAt;
    if (!closed && knownAt < window.closesAt && versions.complete()) completeAt = knownAt;
    if (closed || knownAt >= window.closesAt || versions.complete()) state(knownAt);
    else pendingAt = knownAt;
  }
  if (!closed && pendingAt !== null && clock >= window.closesAt) state(pendingAt);
  return { closed, current: versions.current(), covered: versions.covered, completeAt, changedAt };
}

/** The bar of a window as known at a moment, whether or not it was closed then; false when nothing was known. */
export function barAsKnown(
  window: Window,
  ticks: TickBatch,
  rows: TickRows,
  asOf: Micros,
  out: BarBatch,
): boolean {
  const order = rows
    .filter((i) => ticks.knownAt[i] <= asOf)
    .sort((a, b) => ticks.knownAt[a] - ticks.knownAt[b] || compareIds(ticks.id, a, ticks.id, b));
  const versions = new Versions(ticks, window);
  let knownAt = -Infinity;
  for (const i of order) if (versions.take(i)) knownAt = ticks.knownAt[i];
  const current = versions.current();
  if (current.length === 0) return false;
  stateRow(window, ticks, current, order, knownAt, BarStatus.provisional, out);
  return true;
}

/** False for a withdrawn value, a version without a price, or one longer than the window: it counts in no bar. */
export function countsIn(ticks: TickBatch, i: number, start: Micros, end: Micros): boolean {
  const { flags, present, eventStart, eventEnd } = ticks;
  const isValue = (flags[i] & Flag.CANCELLED) === 0 && (present[i] & Present.PRICE) !== 0;
  return isValue && fitsWindow(start, end, eventEnd[i] - eventStart[i]);
}

/**
 * The row of the first known value that counts in a window; -1 for none. Its dataset says how long the window waits, so
 * that this is a function of the values alone, also where several datasets have values of one instrument.
 */
export function firstCounting(ticks: TickBatch, rows: TickRows, start: Micros, end: Micros): number {
  let first = -1;
  for (const i of rows) {
    if (!countsIn(ticks, i, start, end)) continue;
    if (
      first === -1 ||
      (ticks.knownAt[i] - ticks.knownAt[first] || compareIds(ticks.id, i, ticks.id, first)) < 0
    )
      first = i;
  }
  return first;
}

/** The version of each natural key that counts, as ticks are taken in the order of their known times. */
class Versions {
  covered: Micros = 0;
  private readonly ticks: TickBatch;
  private readonly window: Window;
  // A recompute touches few keys, so text keys do here what columns do in the main path.
  private readonly byKey = new Map<string, number>();
  private readonly key = new Uint32Array(4);
  private readonly value = new Uint32Array(8);

  constructor(ticks: TickBatch, window: Window) {
    this.ticks = ticks;
    this.window = window;
  }

  /** Takes the next version; false when it says what the version before it said. */
  take(i: number): boolean {
    const { ticks, key, value } = this;
    naturalKeyOf(ticks, i, key, 0);
    const name = key.join();
    const before = this.byKey.get(name);
    if (before === undefined && this.absent(i)) {
      this.byKey.set(name, i);
      return false;
    }
    if (before !== undefined) {
      if (this.absent(before) && this.absent(i)) return false;
      valuesOf(ticks, before, this.absent(before), value, 0);
      valuesOf(ticks, i, this.absent(i), value, 1);
      if (compareIds(value, 0, value, 1) === 0) return false;
      this.covered -= this.coverOf(before);
    }
    this.byKey.set(name, i);
    this.covered += this.coverOf(i);
    return true;
  }

  complete(): boolean {
    return this.covered >= this.window.end - this.window.start;
  }

  current(): number[] {
    return [...this.byKey.values()].filter((i) => !this.absent(i));
  }

  private absent(i: number): boolean {
    return !countsIn(this.ticks, i, this.window.start, this.window.end);
  }

  private coverOf(i: number): Micros {
    return this.absent(i) ? 0 : this.ticks.eventEnd[i] - this.ticks.eventStart[i];
  }
}

function stateRow(
  window: Window,
  ticks: TickBatch,
  current: readonly number[],
  all: TickRows,
  knownAt: Micros,
  status: BarStatus,
  out: BarBatch,
): void {
  const j = out.reserve();
  clearBar(out, j);
  out.tenant[j] = window.tenant;
  out.instrument[j] = window.instrument;
  out.interval[j] = window.interval;
  out.start[j] = window.start;
  out.end[j] = window.end;
  for (const i of current) foldTick(out, j, ticks, i);
  // The position covers every tick that was looked at, so that a recompute always beats the row it replaces.
  for (const i of all) notePosition(out, j, ticks, i);
  out.knownAt[j] = knownAt;
  out.status[j] = out.count[j] === 0 ? BarStatus.empty : status;
}
