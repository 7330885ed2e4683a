/**
 * Heap that the chain allocates per value (docs/performance.md). The bounds are counts of bytes, about twice what was
 * measured: a row that becomes an object again is found, a change of the machine is not.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { ChainReport } from '../../../bench/chain-run.ts';
import { METER_FLAGS } from '../../../bench/heap-meter.ts';

/** Most bytes per value: of a load with a bar per value, and of one with many values in a bar. */
const BOUNDS: Readonly<Record<string, readonly [dayAhead: number, trades: number]>> = {
  decode: [80, 220],
  normalize: [170, 180],
  'encode ticks': [280, 260],
  enrich: [20, 20],
  'encode enriched': [180, 150],
  aggregate: [500, 360],
  'encode bars': [320, 150],
  // A bar that closes a window of 24 costs an object of its figures, and no object per bar of the window.
  roll: [2400, 30],
  'encode rolling': [300, 20],
  project: [40, 10],
  'encode latest': [380, 40],
};

const bench = resolve(import.meta.dirname, '../../../bench/heap-allocation.ts');
const reports = execFileSync(process.execPath, [bench, '--values', '36000', '--json'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((line): ChainReport => JSON.parse(line));

reports.forEach((report, load) => {
  test(`${report.name}: every step stays below its bound of heap per value`, (t) => {
    assert.equal(report.values, 36_000);
    assert.equal(report.rejected, 0);
    assert.ok(report.bars > 0);
    assert.deepEqual(Object.keys(report.sections), Object.keys(BOUNDS));
    for (const [step, { heap }] of Object.entries(report.sections)) {
      const perValue: number = heap / report.values;
      t.diagnostic(`${step}: ${perValue.toFixed(1)} B`);
      assert.ok(
        perValue < BOUNDS[step][load],
        `${step} allocates ${perValue.toFixed(1)} B per value, more than ${BOUNDS[step][load]}: ` +
          'look for an object, a string or a closure per row',
      );
    }
  });
});

test('the meter sees an object per row, and nothing where there is none', () => {
  const meter = JSON.stringify(resolve(import.meta.dirname, '../../../bench/heap-meter.ts'));
  const program = `
    import { HeapMeter } from ${meter};
    const meter = new HeapMeter();
    const column = new Int32Array(100_000);
    let kept = null;
    await meter.measure('objects', () => { for (let i = 0; i < 100_000; i++) kept = { i, before: kept === null }; });
    await meter.measure('columns', () => { for (let i = 0; i < 100_000; i++) column[i] = i; });
    console.log([...meter.sections.values()].map(({ heap }) => heap / 100_000).join(' '));`;
  const flags = [...METER_FLAGS, '--input-type=module', '--eval', program];
  const [objects, columns] = execFileSync(process.execPath, flags, { encoding: 'utf8' })
    .trim()
    .split(' ')
    .map(Number);
  assert.ok(objects > 30 && objects < 80, `${objects}`);
  assert.ok(columns < 2, `${columns}`);
});
