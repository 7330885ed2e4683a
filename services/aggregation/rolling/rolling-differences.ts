/**
 * What is stored of rolling metrics against what the stored bars say: the rows that have to be written again. Pure: a
 * rebuild asks the store, and writes what this says. The rows are those of the stage, as everywhere.
 */

import { bigSumAt } from '../../../core/math/exact-sum.ts';
import type { BarBatch } from '../../../core/model/bar-batch.ts';
import { compareDecimals } from '../../../core/model/decimal.ts';
import { RollingBatch, RollingStatus } from '../../../core/model/rolling-batch.ts';
import type { Interval } from '../../../core/time/interval.ts';
import type { RollingStage } from './rolling.stage.ts';

/**
 * Why a row is written: `missing`, nothing is stored under its window and known time; `other`, something else is;
 * `leftover`, a stored row that readers see follows from no bar and is taken back.
 */
export type RollingReason = 'missing' | 'other' | 'leftover';

/** Rows to write, each with its reason. */
export interface RollingDifferences {
  readonly rows: RollingBatch;
  readonly reasons: readonly RollingReason[];
  /** Rows that the bars say. */
  readonly compared: number;
}

/**
 * Compares the rows of windows that end after `ends.start`, up to and with `ends.end`. `bars` holds every stored statement
 * about the bars that lie in them, provisional ones left out; `stored` every row of them that the policy of the stage has;
 * what lies outside is passed over. A row keeps the position of the stored one that it
 * replaces where that is greater: it takes its place, and whatever is stated later wins over it.
 */
export function rollingDifferences(
  bars: BarBatch,
  stored: RollingBatch,
  stage: RollingStage,
  ends: Interval,
): RollingDifferences {
  const { state } = stage.open();
  // What it would ask for is all there.
  stage.questions(bars, state);
  const { output } = stage.apply(bars, state, []);
  const rows = new RollingBatch(bars.names);
  const reasons: RollingReason[] = [];
  const left = new Map<string, number>();
  for (let s = 0; s < stored.length; s++) if (endsIn(stored, s, ends)) left.set(keyOf(stored, s), s);
  let compared = 0;
  for (let i = 0; i < output.length; i++) {
    if (!endsIn(output, i, ends)) continue;
    compared++;
    const key = keyOf(output, i);
    const s = left.get(key);
    left.delete(key);
    if (s !== undefined && isSame(output, i, stored, s)) continue;
    // What was taken back and is not stored need not be taken back.
    if (s === undefined && output.status[i] === RollingStatus.retracted) continue;
    take(rows, output, i, stored, s);
    reasons.push(s === undefined ? 'missing' : 'other');
  }
  for (const s of left.values()) {
    if (stored.status[s] === RollingStatus.retracted) continue;
    const j = rows.append(stored, s);
    rows.status[j] = RollingStatus.retracted;
    reasons.push('leftover');
  }
  return { rows, reasons, compared };
}

function take(rows: RollingBatch, output: RollingBatch, i: number, stored: RollingBatch, s?: number): void {
  const j = rows.append(output, i);
  if (s === undefined || stored.srcOffset[s] <= rows.srcOffset[j]) return;
  rows.srcTopic[j] = stored.srcTopic[s];
  rows.srcPartition[j] = stored.srcPartition[s];
  rows.srcOffset[j] = stored.srcOffset[s];
}

const endsIn = (b: RollingBatch, i: number, { start, end }: Interval): boolean =>
  b.end[i] > start && b.end[i] <= end;

function keyOf(b: RollingBatch, i: number): string {
  return [b.tenant[i], b.instrument[i], b.interval[i], b.window[i], b.end[i], b.knownAt[i]].join();
}

/** True when readers see the same: of what was taken back they see nothing, of an emptied window no figures. */
function isSame(a: RollingBatch, i: number, b: RollingBatch, j: number): boolean {
  if (a.status[i] !== b.status[j]) return false;
  if (a.status[i] === RollingStatus.retracted) return true;
  if (a.start[i] !== b.start[j] || a.bars[i] !== b.bars[j] || a.expected[i] !== b.expected[j]) return false;
  if (a.present[i] !== b.present[j] || a.flags[i] !== b.flags[j]) return false;
  const narrow = (x: Int32Array, y: Int32Array): boolean => compareDecimals(x, i, y, j) === 0;
  // A sum may stand in its limbs in more than one way.
  const wide = (x: Float64Array, y: Float64Array): boolean => bigSumAt(x, i) === bigSumAt(y, j);
  return (
    narrow(a.mean, b.mean) &&
    narrow(a.high, b.high) &&
    narrow(a.low, b.low) &&
    wide(a.vwap, b.vwap) &&
    wide(a.deviation, b.deviation) &&
    wide(a.score, b.score) &&
    wide(a.rmsChange, b.rmsChange)
  );
}
