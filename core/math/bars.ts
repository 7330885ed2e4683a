/**
 * The bar function: ticks into open, high, low, close and exact sums.
 *
 * Folding is commutative: open and close are decided by (event time, source sequence, event id), everything else is a
 * minimum, a maximum or an exact sum. So a bar is a pure function of the set of its ticks (reference: domain 3.2).
 */

import type { BarBatch } from '../model/bar-batch.ts';
import { compareDecimals, copyDecimal, setMantissa } from '../model/decimal.ts';
import { compareIds } from '../model/hash128.ts';
import { Flag } from '../model/quality-flags.ts';
import { Present, type TickBatch } from '../model/tick-batch.ts';
import { SECOND } from '../time/instant.ts';
import { addProductToSum, addSumToSum, addToSum, clearSum } from './exact-sum.ts';

/** Flags that a bar takes over from its ticks: those that do not depend on the order of arrival. */
export const BAR_FLAGS =
  Flag.PRICE_NEGATIVE | Flag.OUT_OF_RANGE | Flag.VOLUME_SPIKE | Flag.LATE_ARRIVAL | Flag.ROUNDED;

const seconds = new Int32Array(2);

/** Makes row j an empty bar; the caller sets its key columns. */
export function clearBar(bars: BarBatch, j: number): void {
  bars.count[j] = 0;
  bars.seconds[j] = 0;
  bars.flags[j] = 0;
  bars.knownAt[j] = 0;
  bars.srcOffset[j] = bars.srcTopic[j] = bars.srcPartition[j] = bars.trace[j] = 0;
  clearSum(bars.volume, j);
  clearSum(bars.notional, j);
  clearSum(bars.priceSeconds, j);
  for (let w = 2 * j; w < 2 * j + 2; w++) bars.open[w] = bars.high[w] = bars.low[w] = bars.close[w] = 0;
  bars.openTime[j] = bars.openSequence[j] = bars.closeTime[j] = bars.closeSequence[j] = 0;
  for (let w = 4 * j; w < 4 * j + 4; w++) bars.openId[w] = bars.closeId[w] = 0;
}

/**
 * Folds tick i into bar j: price, sums, count, and the greatest known time. A tick without a price changes nothing but
 * the source position. The bar's key columns are not touched.
 */
export function foldTick(bars: BarBatch, j: number, ticks: TickBatch, i: number): void {
  notePosition(bars, j, ticks, i);
  const present = ticks.present[i];
  if ((present & Present.PRICE) === 0) return;
  const first = bars.count[j] === 0;
  if (first || compareDecimals(ticks.price, i, bars.high, j) > 0) copyDecimal(ticks.price, i, bars.high, j);
  if (first || compareDecimals(ticks.price, i, bars.low, j) < 0) copyDecimal(ticks.price, i, bars.low, j);
  if (first || orderOf(ticks, i, bars.openTime, bars.openSequence, bars.openId, j) < 0) {
    copyDecimal(ticks.price, i, bars.open, j);
    noteOrder(ticks, i, bars.openTime, bars.openSequence, bars.openId, j);
  }
  if (first || orderOf(ticks, i, bars.closeTime, bars.closeSequence, bars.closeId, j) > 0) {
    copyDecimal(ticks.price, i, bars.close, j);
    noteOrder(ticks, i, bars.closeTime, bars.closeSequence, bars.closeId, j);
  }
  if ((present & Present.SIZE) !== 0) {
    addToSum(bars.volume, j, ticks.size, i);
    addProductToSum(bars.notional, j, ticks.price, i, ticks.size, i);
  }
  const held = Math.floor((ticks.eventEnd[i] - ticks.eventStart[i]) / SECOND);
  if (held > 0) {
    setMantissa(seconds, 0, held);
    addProductToSum(bars.priceSeconds, j, ticks.price, i, seconds, 0);
    bars.seconds[j] += held;
  }
  bars.count[j] += 1;
  bars.flags[j] |= ticks.flags[i] & BAR_FLAGS;
  if (ticks.knownAt[i] > bars.knownAt[j]) bars.knownAt[j] = ticks.knownAt[i];
}

/** Folds bar i of another batch into bar j: the outcome is that of folding its ticks one by one. It must have some. */
export function mergeBar(bars: BarBatch, j: number, others: BarBatch, i: number): void {
  if (others.srcOffset[i] >= bars.srcOffset[j]) {
    bars.srcOffset[j] = others.srcOffset[i];
    bars.srcTopic[j] = others.srcTopic[i];
    bars.srcPartition[j] = others.srcPartition[i];
    bars.trace[j] = others.trace[i];
  }
  const first = bars.count[j] === 0;
  if (first || compareDecimals(others.high, i, bars.high, j) > 0) copyDecimal(others.high, i, bars.high, j);
  if (first || compareDecimals(others.low, i, bars.low, j) < 0) copyDecimal(others.low, i, bars.low, j);
  if (first || openOrder(others, i, bars, j) < 0) {
    copyDecimal(others.open, i, bars.open, j);
    bars.openTime[j] = others.openTime[i];
    bars.openSequence[j] = others.openSequence[i];
    for (let w = 0; w < 4; w++) bars.openId[4 * j + w] = others.openId[4 * i + w];
  }
  if (first || closeOrder(others, i, bars, j) > 0) {
    copyDecimal(others.close, i, bars.close, j);
    bars.closeTime[j] = others.closeTime[i];
    bars.closeSequence[j] = others.closeSequence[i];
    for (let w = 0; w < 4; w++) bars.closeId[4 * j + w] = others.closeId[4 * i + w];
  }
  addSumToSum(bars.volume, j, others.volume, i);
  addSumToSum(bars.notional, j, others.notional, i);
  addSumToSum(bars.priceSeconds, j, others.priceSeconds, i);
  bars.seconds[j] += others.seconds[i];
  bars.count[j] += others.count[i];
  bars.flags[j] |= others.flags[i];
  if (others.knownAt[i] > bars.knownAt[j]) bars.knownAt[j] = others.knownAt[i];
}

function openOrder(a: BarBatch, i: number, b: BarBatch, j: number): number {
  return (
    a.openTime[i] - b.openTime[j] ||
    a.openSequence[i] - b.openSequence[j] ||
    compareIds(a.openId, i, b.openId, j)
  );
}

function closeOrder(a: BarBatch, i: number, b: BarBatch, j: number): number {
  return (
    a.closeTime[i] - b.closeTime[j] ||
    a.closeSequence[i] - b.closeSequence[j] ||
    compareIds(a.closeId, i, b.closeId, j)
  );
}

/** Raises the source position of bar j to that of tick i, without folding it: for ticks that no longer count. */
export function notePosition(bars: BarBatch, j: number, ticks: TickBatch, i: number): void {
  if (ticks.srcOffset[i] < bars.srcOffset[j]) return;
  bars.srcOffset[j] = ticks.srcOffset[i];
  bars.srcTopic[j] = ticks.srcTopic[i];
  bars.srcPartition[j] = ticks.srcPartition[i];
  bars.trace[j] = ticks.trace[i];
}

function orderOf(
  ticks: TickBatch,
  i: number,
  time: Float64Array,
  sequence: Float64Array,
  id: Uint32Array,
  j: number,
): number {
  return ticks.eventStart[i] - time[j] || ticks.sequence[i] - sequence[j] || compareIds(ticks.id, i, id, j);
}

function noteOrder(
  ticks: TickBatch,
  i: number,
  time: Float64Array,
  sequence: Float64Array,
  id: Uint32Array,
  j: number,
): void {
  time[j] = ticks.eventStart[i];
  sequence[j] = ticks.sequence[i];
  for (let w = 0; w < 4; w++) id[4 * j + w] = ticks.id[4 * i + w];
}
