/**
 * `make bench`: the trades job end to end beside ClickHouse's own route, the cost of many instruments, latency at a
 * fixed rate, and the steps of the chain. Correctness first: a run that is not exact is not timed.
 *
 * Rates are of one machine and one hour: compare ratios within a run. Each figure is the median of `ROUNDS` runs, ours
 * and the peer's by turns. Writes bench/out/latest.json and the table in docs/performance.md.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { measureDecoders } from './decoders/report.ts';
import { tradeChunks } from './trades/generate.ts';

/** One line of bench/out/latest.json. */
interface Result {
  readonly job: string;
  readonly variant: string;
  readonly ticks_per_second: number;
  readonly cpu_seconds_per_million: number;
  readonly peak_rss_mb: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly p50_ms?: number;
  readonly p95_ms?: number;
  readonly p99_ms?: number;
}

interface Run {
  readonly records?: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 1 : 3;
const TICKS = quick ? 500_000 : 2_000_000;
const RATE = 100_000;
const SEED = 7;
const root = resolve(import.meta.dirname, '..');
const out = join(root, 'bench/out');
const scratch = join(out, 'data');
/** What a machine with a backlog is given; small plans are for latency. */
const THROUGHPUT = { DATA_PROC_MAX_BATCH_BYTES: '33554432' };

function dataSet(ticks: number, instruments: number): string {
  const path = join(out, `d1-${ticks}-${instruments}.ndjson`);
  if (existsSync(path)) return path;
  const fd = openSync(path, 'w');
  for (const { bytes } of tradeChunks({ ticks, instruments, seed: SEED })) writeSync(fd, bytes);
  return path;
}

function run(script: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawnSync(join(root, 'scripts/node'), [join(root, 'bench/trades', script), ...args], {
    env: { ...process.env, DATA_PROC_LOG_LEVEL: 'error', ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const last = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0)
    throw new Error(
      `${script} ${args.join(' ')} ended with ${child.status}: ${last} ${child.stderr.slice(-2000)}`,
    );
  console.error(`  ${script} ${last}`);
  return JSON.parse(last) as Run;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

function summary(
  job: string,
  variant: string,
  ticks: number,
  runs: readonly Run[],
  peer: number | null,
): Result {
  const rate = ticks / median(runs.map((r) => r.seconds));
  const [{ p50_ms, p95_ms, p99_ms }] = runs;
  return {
    job,
    variant,
    ticks_per_second: Math.round(rate),
    cpu_seconds_per_million: Number(((median(runs.map((r) => r.cpu_seconds)) / ticks) * 1e6).toFixed(2)),
    peak_rss_mb: Math.round(median(runs.map((r) => r.peak_rss_mb))),
    peer: peer === null ? null : Math.round(peer),
    ratio: peer === null ? null : Number((rate / peer).toFixed(2)),
    ...(typeof p50_ms === 'number' ? { p50_ms, p95_ms: p95_ms ?? 0, p99_ms: p99_ms ?? 0 } : {}),
  };
}

function main(): void {
  mkdirSync(scratch, { recursive: true });
  const results: Result[] = [];
  const ours = join(scratch, 'ours');
  const theirs = join(scratch, 'peer');

  console.error('gate: bars against SQL over the same file');
  const file = dataSet(TICKS, 1000);
  run('embedded.ts', [file, ours], THROUGHPUT);
  run('gate.ts', [file, ours]);

  console.error('throughput, by turns with the peer');
  const runs: Run[] = [];
  const peers: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    peers.push(run('peer.ts', [file, theirs]));
    runs.push(run('embedded.ts', [file, ours], THROUGHPUT));
  }
  const peer = TICKS / median(peers.map((r) => r.seconds));
  results.push(summary('json-to-bars', 'clickhouse route (chDB)', TICKS, peers, null));
  results.push(summary('json-to-bars', 'embedded, 1k instruments', TICKS, runs, peer));

  console.error('cost of many instruments');
  for (const instruments of [10_000, 100_000])
    results.push(
      summary(
        'json-to-bars',
        `embedded, ${instruments / 1000}k instruments`,
        TICKS,
        [run('embedded.ts', [dataSet(TICKS, instruments), ours], THROUGHPUT)],
        null,
      ),
    );

  console.error(`latency at ${RATE} ticks/s offered, open loop`);
  const seconds = quick ? 5 : 15;
  const load = run('embedded.ts', [dataSet(2_000_000, 1000), ours, String(RATE), String(seconds)]);
  results.push(summary('latency', `${RATE / 1000}k ticks/s offered`, load.records ?? 0, [load], null));

  rmSync(scratch, { recursive: true, force: true });
  writeFileSync(join(out, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  const table = tableOf(results);
  if (!quick) writeTable(table);
  console.log(table);
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(
    (r) =>
      `| ${r.job} | ${r.variant} | ${(r.ticks_per_second / 1000).toFixed(0)} k | ${r.cpu_seconds_per_million} | ${r.peak_rss_mb} | ${r.ratio ?? ''} | ${r.p50_ms === undefined ? '' : `${r.p50_ms} / ${r.p95_ms} / ${r.p99_ms}`} |`,
  );
  return [
    '| job | variant | ticks/s | CPU-s per million | peak MB | ratio to peer | p50 / p95 / p99 ms |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** Puts the table between its marks in docs/performance.md. */
function writeTable(table: string): void {
  const path = join(root, 'docs/performance.md');
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to === -1) throw new Error(`${path} has no place for the table`);
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}, ${TICKS / 1e6} M ticks, median of ${ROUNDS}`;
  writeFileSync(path, `${text.slice(0, from + BEGIN.length)}\n${machine}\n\n${table}\n${text.slice(to)}`);
}

if (process.argv.includes('--decoders')) {
  mkdirSync(scratch, { recursive: true });
  measureDecoders(root, scratch);
} else main();
