/** The made-up prices: what they promise, whatever the market prints of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../core/time/instant.ts';
import { offsetAt } from '../../../core/time/zone.ts';
import { draw, shuffled } from '../../../simulators/draw.ts';
import { nodeOf, type PriceProcess, partsAt, totalOf } from '../../../simulators/price-process.ts';
import { utc } from './ask.ts';

const process: PriceProcess = {
  seed: 11,
  market: 'CAISO',
  zone: 'America/Los_Angeles',
  decimals: 2,
  level: 42,
  sun: 62,
};
const nodes = Array.from({ length: 30 }, (_, k) => nodeOf(process, `NODE_${k}`));
const FIVE = 5 * MINUTE;

test('draws are uniform, independent of their order, and change with every word', () => {
  const values = Array.from({ length: 10_000 }, (_, k) => draw(1, 2, k));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, String(mean));
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assert.equal(new Set(values).size, values.length);
  assert.equal(draw(1, 2, 77), values[77]);
  // Beyond 32 bits every bit counts: times are such words.
  assert.notEqual(draw(1, 2 ** 40), draw(1, 2 ** 41));
  const items = Array.from({ length: 50 }, (_, k) => k);
  assert.deepEqual(
    shuffled(items, 3).sort((a, b) => a - b),
    items,
  );
  assert.notDeepEqual(shuffled(items, 3), items);
});

test('energy is common to all nodes, and every part is a whole number of cents', () => {
  for (let start = utc('2025-04-01'); start < utc('2025-04-02'); start += FIVE) {
    const parts = nodes.map((node) => partsAt(process, 'rt', node, start, FIVE));
    assert.equal(new Set(parts.map(({ energy }) => energy)).size, 1);
    for (const each of parts) {
      for (const value of Object.values(each))
        assert.ok(Number.isSafeInteger(value) && !Object.is(value, -0));
      assert.equal(totalOf(each), each.energy + each.congestion + each.loss + each.greenhouse);
    }
  }
});

test('middays of spring go below zero, those of autumn do not', () => {
  const negative = (from: string, days: number): number => {
    let count = 0;
    for (let start = utc(from); start < utc(from) + days * DAY; start += HOUR) {
      const energy = partsAt(process, 'da', nodes[0], start, HOUR).energy;
      const hour = Math.floor(((start + offsetAt(process.zone, start)) % DAY) / HOUR);
      if (energy >= 0) continue;
      count++;
      assert.ok(hour >= 8 && hour <= 17, `below zero at ${hour}:00`);
    }
    return count;
  };
  assert.ok(negative('2025-03-20', 60) >= 20);
  assert.equal(negative('2025-09-20', 60), 0);
});

test('spikes are rare, large, one or two intervals long, with normal neighbours', () => {
  let run = 0;
  let spikes = 0;
  for (let start = utc('2025-01-01'); start < utc('2025-03-01'); start += FIVE) {
    const energy = partsAt(process, 'rt', nodes[0], start, FIVE).energy / 100;
    if (energy >= 500) {
      assert.ok(energy <= 5000);
      run++;
      continue;
    }
    assert.ok(energy < 150, String(energy));
    if (run > 0) {
      spikes++;
      // Two may fall side by side.
      assert.ok(run <= 4, `${run} intervals`);
    }
    run = 0;
  }
  assert.ok(spikes >= 4 && spikes <= 30, String(spikes));
});

test('congestion is near zero mostly, and large with both signs rarely', () => {
  const values: number[] = [];
  for (let start = utc('2025-01-01'); start < utc('2025-02-01'); start += HOUR)
    for (const node of nodes) values.push(partsAt(process, 'rt', node, start, HOUR).congestion / 100);
  const share = (test: (value: number) => boolean): number => values.filter(test).length / values.length;
  assert.ok(share((value) => Math.abs(value) < 5) > 0.85);
  assert.ok(share((value) => value > 50) > 0 && share((value) => value < -50) > 0);
  assert.ok(share((value) => Math.abs(value) > 50) < 0.05);
});

test('another seed, node or run is another price; the length of the list of nodes is nothing to a node', () => {
  const start = utc('2025-05-05T18:00:00Z');
  const price = (seed: number, run: string, name: string): number => {
    const other = { ...process, seed };
    return totalOf(partsAt(other, run, nodeOf(other, name), start, HOUR));
  };
  assert.equal(price(1, 'da', 'A'), price(1, 'da', 'A'));
  assert.notEqual(price(1, 'da', 'A'), price(2, 'da', 'A'));
  assert.notEqual(price(1, 'da', 'A'), price(1, 'rt', 'A'));
  assert.notEqual(price(1, 'da', 'A'), price(1, 'da', 'B'));
});
