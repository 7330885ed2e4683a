/**
 * `make bench BENCH=--long`: the memory of the embedded profile when it has nothing to do, and over ten minutes at each of
 * two offered rates: one that it keeps up with, and half a million ticks a second, of which the raw topic takes all and the
 * pipeline what it can. A slope is that of the second half, when everything has found its size.
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
  readonly offered?: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
  readonly rss_slope_mb_per_minute?: number | null;
  readonly rss_slope_error?: number | null;
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

/** Measures and writes the table. `run` runs `trades/embedded.ts` with arguments; `file` is a set of trades. */
export async function measureLong(
  root: string,
  scratch: string,
  file: string,
  rates: readonly number[],
  run: (args: readonly string[]) => LongRun,
): Promise<void> {
  const ours = join(scratch, 'ours');
  console.error('idle: carbon up for a minute');
  const idle = await idleMemory(root, ours);
  const rows = [['idle', '', '', '', Math.round(idle), '']];
  for (const rate of rates) {
    console.error(`${rate} ticks/s for ${SECONDS / 60} minutes`);
    const long = run([`again:${file}`, ours, String(rate), String(SECONDS)]);
    rmSync(ours, { recursive: true, force: true });
    const [records, offered] = [long.records ?? 0, long.offered ?? 0];
    const thousands = (ticks: number): string => `${(ticks / long.seconds / 1000).toFixed(0)} k`;
    rows.push([
      `${rate / 1000} k ticks/s offered for ${SECONDS / 60} minutes`,
      thousands(offered),
      thousands(records),
      ((long.cpu_seconds / records) * 1e6).toFixed(1),
      Math.round(long.peak_rss_mb),
      `${long.rss_slope_mb_per_minute?.toFixed(1)} ± ${long.rss_slope_error?.toFixed(1)}`,
    ]);
  }
  const table = [
    '| load | into the raw topic, ticks/s | ticks and bars, ticks/s | CPU-s per million | resident MB, at most | slope, MB a minute |',
    '|---|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
  writeBetween(root, 'long', `${machineLine()}\n\n${table}`);
  console.log(table);
}
