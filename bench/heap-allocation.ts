/**
 * Shows that no object is made per row between decode and API: bytes of heap that each step of the chain allocates
 * per value (docs/performance.md).
 *
 * `scripts/node bench/heap-allocation.ts [--values 200000] [--json]`; it starts itself again with the flags it needs.
 */

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dayAheadLoad, tradeLoad } from './chain-load.ts';
import { type ChainReport, runChain } from './chain-run.ts';
import { METER_FLAGS } from './heap-meter.ts';

const WARM_UP = 3;

/** The report as a table: one line per step. */
function tableOf(report: ChainReport): string {
  const { name, plans, values, bars, rejected, collections, sections } = report;
  const lines = Object.entries(sections).map(([step, { heap, external, milliseconds }]) => [
    step,
    (heap / values).toFixed(1),
    (external / values).toFixed(0),
    ((milliseconds * 1e6) / values).toFixed(0),
  ]);
  const sum = { heap: 0, external: 0, milliseconds: 0 };
  for (const { heap, external, milliseconds } of Object.values(sections)) {
    sum.heap += heap;
    sum.external += external;
    sum.milliseconds += milliseconds;
  }
  lines.push([
    'all',
    (sum.heap / values).toFixed(1),
    (sum.external / values).toFixed(0),
    ((sum.milliseconds * 1e6) / values).toFixed(0),
  ]);
  const widths = [16, 14, 22, 10];
  const text = [['step', 'heap B/value', 'typed arrays B/value', 'ns/value'], ...lines]
    .map((cells) =>
      cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join(''),
    )
    .join('\n');
  const speed = Math.round(values / (sum.milliseconds / 1000)).toLocaleString('en');
  return `${name}: ${values} values in ${plans} plans, ${bars} bars, ${rejected} rejected; ${speed} values/s; ${collections} collections\n${text}\n`;
}

const { values: options } = parseArgs({
  options: { values: { type: 'string', default: '200000' }, json: { type: 'boolean', default: false } },
});

if (globalThis.gc === undefined) {
  const child = spawnSync(
    process.execPath,
    [...METER_FLAGS, import.meta.filename, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = child.status ?? 1;
} else {
  const root = resolve(import.meta.dirname, '..');
  const count = Number(options.values);
  for (const load of [dayAheadLoad(count), tradeLoad(count)]) {
    const report = await runChain(root, load, WARM_UP);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${tableOf(report)}\n`);
  }
}
