/**
 * Made-up clearing prices of reserves, as a pure function of (seed, market, run, product, interval): low mostly, nothing at
 * times, and dearer where energy is. No published number is in here.
 */

import { HOUR, type Micros } from '../core/time/instant.ts';
import { draw, drawIndex, drawSigned, wordOf } from './draw.ts';
import { needAt, type PriceProcess, rounded } from './price-process.ts';

/** The price of a product of a run (`da`, `rt`) in the interval that begins at `start`: an integer at the market's decimals. */
export function reservePriceOf(process: PriceProcess, run: string, product: string, start: Micros): number {
  const word = wordOf(`${process.market}/${run}/${product}`);
  const hour = Math.floor(start / HOUR);
  if (draw(process.seed, word, 60, hour) < 0.1) return 0;
  const { shape } = needAt(process.zone, start);
  const level = process.level * 0.8 * shape * draw(process.seed, word, 61, hour) ** 2;
  return rounded(level * (1 + 0.1 * drawSigned(process.seed, word, 62, start)) * 10 ** process.decimals);
}

/** The same after a correction that changes a share of the prices, by a hundredth up to one and a half. */
export function correctedReserve(
  process: PriceProcess,
  run: string,
  product: string,
  start: Micros,
  share: number,
): number {
  const price = reservePriceOf(process, run, product, start);
  const word = wordOf(`${process.market}/${run}/${product}`);
  if (draw(process.seed, word, 63, start) >= share) return price;
  return price + (1 + drawIndex(150, process.seed, word, 64, start)) * 10 ** (process.decimals - 2);
}
