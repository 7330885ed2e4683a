/** What the benchmarks write: bench/out/latest.json for programs, and tables in docs/performance.md for people. */

import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { tradeChunks } from './trades/generate.ts';

/** One line of bench/out/latest.json. */
export interface Result {
  readonly profile: 'embedded' | 'cluster';
  readonly job: string;
  readonly variant: string;
  readonly ticks_per_second: number;
  /** Ours; with `broker_…` and `store_…` beside it where those are processes of their own. */
  readonly cpu_seconds_per_million: number;
  readonly peak_rss_mb: number;
  /** Ticks a second of the peer in the same run. */
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly broker_cpu_seconds_per_million?: number;
  /** The warehouse. */
  readonly store_cpu_seconds_per_million?: number;
  /** PostgreSQL, Redis and the registry together. */
  readonly other_cpu_seconds_per_million?: number;
  readonly p50_ms?: number;
  readonly p95_ms?: number;
  readonly p99_ms?: number;
}

/** The one in the middle; of two, the greater. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1];

/** Value at a quantile of sorted values, rounded; null when there are none. */
export function quantile(sorted: readonly number[], q: number): number | null {
  return sorted.length === 0 ? null : Math.round(sorted[Math.floor((sorted.length - 1) * q)]);
}

/** Replaces the results of one profile in latest.json; those of the other stay. */
export function keepResults(out: string, profile: Result['profile'], results: readonly Result[]): void {
  const path = join(out, 'latest.json');
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result[]) : [];
  const others = before.filter((result) => (result.profile ?? 'embedded') !== profile);
  const kept = profile === 'embedded' ? [...results, ...others] : [...others, ...results];
  writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`);
}

/** The machine and the day, for the line above a table. */
export function machineLine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Puts text between the marks `<!-- NAME:begin -->` and `<!-- NAME:end -->` of docs/performance.md. */
export function writeBetween(root: string, name: string, text: string): void {
  const path = join(root, 'docs/performance.md');
  const page = readFileSync(path, 'utf8');
  const begin = `<!-- ${name}:begin -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- ${name}:end -->`);
  if (from === -1 || to === -1) throw new Error(`${path} has no place for the table ${name}`);
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}

const SEED = 7;

/** Data set D1 as a file, made when it is missing; `start` as in `TradeSet`. */
export function dataSet(out: string, ticks: number, instruments: number, start?: number): string {
  const path = join(out, `d1-${ticks}-${instruments}${start === undefined ? '' : `-${start}`}.ndjson`);
  if (existsSync(path)) return path;
  const fd = openSync(path, 'w');
  const set = { ticks, instruments, seed: SEED, ...(start === undefined ? {} : { start }) };
  for (const { bytes } of tradeChunks(set)) writeSync(fd, bytes);
  return path;
}
