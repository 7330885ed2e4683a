/**
 * `make bench BENCH=--long`: the memory of the embedded profile when it has nothing to do, and over ten minutes at a fixed
 * rate with the data made as it goes. A slope is that of the second half, when everything has found its size.
 */

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { machineLine, writeBetween } from './results.ts';

const SECONDS = 600;
const IDLE_SECONDS = 60;

/** What a run of `trades/embedded.ts` says of its memory. */
export interface LongRun {
  readonly records?: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
  readonly rss_slope_mb_per_minute?: number | null;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Resident memory in MB of `carbon up` after a minute without work. */
async function idleMemory(root: string, dir: string): Promise<number> {
  rmSync(dir, { recursive: true, force: true });
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'app/cli/main.ts'), '--data', dir, 'up'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATA_PROC_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await sleep(1000 * IDLE_SECONDS);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024;
  } finally {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }
}

/** Measures and writes the table. `run` runs `trades/embedded.ts` with arguments. */
export async function measureLong(
  root: string,
  scratch: string,
  rate: number,
  run: (args: readonly string[]) => LongRun,
): Promise<void> {
  const ours = join(scratch, 'ours');
  console.error('idle: carbon up for a minute');
  const idle = await idleMemory(root, ours);
  console.error(`${rate} ticks/s for ${SECONDS / 60} minutes`);
  const long = run([`d1:${Math.round(rate * SECONDS * 1.02)}:1000`, ours, String(rate), String(SECONDS)]);
  const ticks = long.records ?? 0;
  const rows = [
    ['idle', '', Math.round(idle), ''],
    [
      `${(rate / 1000).toFixed(0)} k ticks/s offered for ${SECONDS / 60} minutes`,
      `${(ticks / long.seconds / 1000).toFixed(0)} k, ${((long.cpu_seconds / ticks) * 1e6).toFixed(1)}`,
      Math.round(long.peak_rss_mb),
      long.rss_slope_mb_per_minute ?? '',
    ],
  ];
  const table = [
    '| load | ticks/s done, CPU-s per million | resident MB, at most | slope, MB a minute |',
    '|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
  writeBetween(root, 'long', `${machineLine()}\n\n${table}`);
  console.log(table);
}
