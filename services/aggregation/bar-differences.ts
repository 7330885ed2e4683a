/**
 * What is stored of bars against what their ticks say: the rows of `bars` that have to be written again (I1, I3). Pure: a
 * backfill asks the store, and writes what this says. The rows are those of `bar-history.ts`, as everywhere.
 */

import { fitsDelivery, windowEnd, windowStart } from '../../core/math/bar-interval.ts';
import { notePosition } from '../../core/math/bars.ts';
import { sumToWords } from '../../core/math/exact-sum.ts';
import { BarBatch, BarStatus } from '../../core/model/bar-batch.ts';
import { compareIds } from '../../core/model/hash128.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { appendHistory, firstCounting } from './bar-history.ts';
import type { WindowRules } from './restore-state.ts';

/**
 * Why a row is written: `missing`, nothing is stored under its window and known time; `other`, something else is;
 * `leftover`, a stored row is part of no history and is taken back.
 */
export type BarReason = 'missing' | 'other' | 'leftover';

/** Rows to write, each with its reason. */
export interface BarDifferences {
  readonly rows: BarBatch;
  readonly reasons: readonly BarReason[];
  /** Windows that were compared. */
  readonly compared: number;
}

/** Which windows are compared: those that start in `starts` and end after `endsAfter`. */
export interface WindowScope {
  readonly starts: Interval;
  readonly endsAfter: Micros;
}

interface ComparedWindow {
  readonly tenant: number;
  readonly instrument: number;
  readonly interval: number;
  readonly start: Micros;
  readonly end: Micros;
  readonly ticks: number[];
  readonly stored: number[];
}

/**
 * Compares by window. `ticks` holds all stored ticks of the windows of the scope, `stored` their bar rows, provisional
 * ones left out; rows outside the scope are passed over. `now` is the clock that closes windows nothing more came for.
 * Of a window that is still open nothing is missed: to state its first row is the business of whoever runs.
 *
 * A row keeps the position of the stored one that it replaces where that is greater: it takes its place, and whatever
 * the aggregation writes later wins over it.
 */
export function barDifferences(
  ticks: TickBatch,
  stored: BarBatch,
  rules: WindowRules,
  scope: WindowScope,
  now: Micros,
): BarDifferences {
  const out: { rows: BarBatch; reasons: BarReason[] } = { rows: new BarBatch(ticks.names), reasons: [] };
  const windows = windowsOf(ticks, stored, rules, scope);
  for (const window of windows) compare(window, ticks, stored, rules, now, out);
  return { ...out, compared: windows.length };
}

function compare(
  window: ComparedWindow,
  ticks: TickBatch,
  stored: BarBatch,
  rules: WindowRules,
  now: Micros,
  out: { rows: BarBatch; reasons: BarReason[] },
): void {
  const { start, end } = window;
  const first = firstCounting(ticks, window.ticks, start, end);
  const closesAt = end + (first === -1 ? 0 : rules.lateness(ticks.dataset[first]));
  const history = new BarBatch(ticks.names, 1);
  const { closed } = appendHistory({ ...window, closesAt }, ticks, window.ticks, now, history);
  const isStated = closed || closesAt <= now;
  // By another clock the window may have been closed before: what it stated then is no leftover.
  if (!isStated) appendHistory({ ...window, closesAt }, ticks, window.ticks, Infinity, history);
  const rowOf = new Map<Micros, number>();
  for (const s of window.stored) rowOf.set(stored.knownAt[s], s);
  for (let j = 0; j < history.length; j++) {
    const s = rowOf.get(history.knownAt[j]);
    rowOf.delete(history.knownAt[j]);
    if (s === undefined && !isStated) continue;
    if (s !== undefined && isSame(history, j, stored, s)) continue;
    const at = out.rows.append(history, j);
    if (s !== undefined) out.rows.srcOffset[at] = Math.max(out.rows.srcOffset[at], stored.srcOffset[s]);
    out.reasons.push(s === undefined ? 'missing' : 'other');
  }
  for (const s of rowOf.values()) {
    if (stored.status[s] === BarStatus.retracted) continue;
    const at = out.rows.append(stored, s);
    out.rows.status[at] = BarStatus.retracted;
    for (const i of window.ticks) notePosition(out.rows, at, ticks, i);
    out.reasons.push('leftover');
  }
}

/** Windows that have a value or a stored row, each with all ticks that begin in it, those that count nowhere too. */
function windowsOf(
  ticks: TickBatch,
  stored: BarBatch,
  rules: WindowRules,
  scope: WindowScope,
): ComparedWindow[] {
  const found = new Map<string, ComparedWindow>();
  const isAsked = (start: Micros, end: Micros): boolean =>
    contains(scope.starts, start) && end > scope.endsAfter;
  const windowAt = (
    tenant: number,
    instrument: number,
    interval: number,
    start: Micros,
  ): ComparedWindow | null => {
    const key = keyOf(tenant, instrument, interval, start);
    const known = found.get(key);
    if (known !== undefined) return known;
    const end = windowEnd(rules.intervals[interval], rules.zoneOf(instrument), start);
    if (!isAsked(start, end)) return null;
    const window = { tenant, instrument, interval, start, end, ticks: [], stored: [] };
    found.set(key, window);
    return window;
  };
  for (let s = 0; s < stored.length; s++)
    windowAt(stored.tenant[s], stored.instrument[s], stored.interval[s], stored.start[s])?.stored.push(s);
  const each = (visit: (i: number, k: number, start: Micros) => void): void => {
    for (let i = 0; i < ticks.length; i++)
      for (let k = 0; k < rules.intervals.length; k++)
        visit(i, k, windowStart(rules.intervals[k], rules.zoneOf(ticks.instrument[i]), ticks.eventStart[i]));
  };
  each((i, k, start) => {
    if (fitsDelivery(rules.intervals[k], ticks.eventEnd[i] - ticks.eventStart[i]))
      windowAt(ticks.tenant[i], ticks.instrument[i], k, start);
  });
  each((i, k, start) => {
    found.get(keyOf(ticks.tenant[i], ticks.instrument[i], k, start))?.ticks.push(i);
  });
  return [...found.values()];
}

function keyOf(tenant: number, instrument: number, interval: number, start: Micros): string {
  return `${tenant},${instrument},${interval},${start}`;
}

/** Equal in all that a reader sees of a bar; position, trace and settings are not looked at. */
function isSame(a: BarBatch, i: number, b: BarBatch, j: number): boolean {
  return (
    SINGLE.every((column) => a[column][i] === b[column][j]) &&
    PRICES.every((column) => wordsEqual(a[column], i, b[column], j, 2)) &&
    SUMS.every((column) => sumsEqual(a[column], i, b[column], j)) &&
    compareIds(a.openId, i, b.openId, j) === 0 &&
    compareIds(a.closeId, i, b.closeId, j) === 0
  );
}

const SINGLE = [
  'end',
  'status',
  'openTime',
  'openSequence',
  'closeTime',
  'closeSequence',
  'seconds',
  'count',
  'flags',
] as const;
const PRICES = ['open', 'high', 'low', 'close'] as const;
const SUMS = ['volume', 'notional', 'priceSeconds'] as const;

function wordsEqual(a: Int32Array, i: number, b: Int32Array, j: number, width: number): boolean {
  for (let w = 0; w < width; w++) if (a[width * i + w] !== b[width * j + w]) return false;
  return true;
}

const words = new Int32Array(8);

/** Sums of one value may be spread over their limbs in more than one way. */
function sumsEqual(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
  sumToWords(a, i, words, 0);
  sumToWords(b, j, words, 1);
  return wordsEqual(words, 0, words, 1, 4);
}
