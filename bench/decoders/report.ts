/**
 * `make bench BENCH=--decoders`: speed of the decoders, and memory of `carbon decode` on a file of 200 MB, into
 * docs/performance.md.
 */

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { machineLine, writeBetween } from '../results.ts';
import { tableChunks } from './bodies.ts';
import type { Speed } from './speed.ts';

/** Megabytes per second and core that each form is held to. */
const GOALS: Readonly<Record<Speed['form'], number>> = { csv: 20, xml: 10 };
const LARGE_BYTES = 200_000_000;

/** Measures, prints, and writes the table of the page at `root`. `scratch` is a folder for the large file. */
export function measureDecoders(root: string, scratch: string): void {
  const speeds = node(root, ['bench/decoders/speed.ts']).stdout.trim().split('\n');
  const rows = speeds.map((text) => {
    const { market, dataset, form, megabytes, values, megabytes_per_second } = JSON.parse(text) as Speed;
    return `| ${market} ${dataset} | ${form.toUpperCase()} | ${megabytes} MB, ${Math.round(values / 1000)} k values | ${megabytes_per_second} | ${GOALS[form]} |`;
  });
  const table = [
    '| body | form | size | MB/s per core | goal |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    large(root, scratch),
  ].join('\n');
  console.log(table);
  writeBetween(root, 'decoders', `${machineLine()}\n\n${table}`);
}

/** One sentence on a file of a week of five-minute prices. */
function large(root: string, scratch: string): string {
  const file = join(scratch, 'week.csv');
  const fd = openSync(file, 'w');
  for (const chunk of tableChunks('MISO', LARGE_BYTES)) writeSync(fd, chunk);
  closeSync(fd);
  const meter = join(scratch, 'meter.cjs');
  const counts = join(scratch, 'counts.json');
  writeFileSync(
    meter,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(counts)}, JSON.stringify(process.resourceUsage())))`,
  );
  const sink = openSync('/dev/null', 'w');
  node(root, ['--require', meter, 'app/cli/main.ts', 'decode', file, '--json'], sink);
  closeSync(sink);
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(
    readFileSync(counts, 'utf8'),
  ) as NodeJS.ResourceUsage;
  rmSync(file);
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  return `\`carbon decode\` of 200 MB of CSV, read twice and printed as 11 million lines: ${seconds.toFixed(0)} s of CPU, ${Math.round(maxRSS / 1000)} MB of memory at the most (goal: under 300).`;
}

function node(root: string, args: readonly string[], output: 'pipe' | number = 'pipe'): { stdout: string } {
  const child = spawnSync(join(root, 'scripts/node'), ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', output, 'pipe'],
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  return { stdout: child.stdout ?? '' };
}
